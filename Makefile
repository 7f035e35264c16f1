# SPDX-License-Identifier: GPL-2.0-only
#
# iommubench: `make help` lists what can be made.

VERSION := 0.1.0

PREFIX ?= /usr/local
DESTDIR ?=
DATADIR ?= $(PREFIX)/share/iommubench
MANDIR ?= $(PREFIX)/share/man
SBINDIR ?= $(PREFIX)/sbin
BINDIR ?= $(PREFIX)/bin
BASHCOMPDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHCOMPDIR ?= $(PREFIX)/share/zsh/site-functions
# The tool is told where its data will be, whatever folder it is called in.
$(foreach d,PREFIX DATADIR MANDIR SBINDIR BINDIR BASHCOMPDIR ZSHCOMPDIR,$(if $(filter /%,$(firstword $($d))),,\
	$(error $d is "$($d)": expected a path that begins with /)))

# "make -f elsewhere/Makefile clean" would be about the caller's folder.
ifneq ($(filter-out Makefile,$(patsubst ./%,%,$(firstword $(MAKEFILE_LIST)))),)
$(error this Makefile is of its own folder only: expected make -C FOLDER, not make -f)
endif

# A text as one word of the shell, whatever is in it.
quote = '$(subst ','\'',$1)'
space := $() $()
comma := ,

# Each rule tells in one line which file it makes. V=1 shows its whole command instead, make -s
# neither.
ifneq ($(V),1)
Q := @
say = $(if $(findstring s,$(firstword -$(MAKEFLAGS))),,@printf '  %-8s%s\n' $1 $(call quote,$(subst $(CURDIR)/,,$2)))
endif

# CROSS_COMPILE and SYSROOT build the tool for another machine, into a folder of its own.
CROSS_COMPILE ?=
SYSROOT ?=
ifneq ($(CROSS_COMPILE),)
CC := $(CROSS_COMPILE)gcc
# Debian has no such package for each compiler, but the names of those that it has are made like this.
CROSS_PACKAGE := gcc-$(subst _,-,$(patsubst %-,%,$(notdir $(CROSS_COMPILE))))
AR := $(CROSS_COMPILE)ar
TOOL_ARCH := $(patsubst aarch64,arm64,$(firstword $(subst -, ,$(notdir $(CROSS_COMPILE)))))
else
TOOL_ARCH := host
endif
BUILD ?= build/$(TOOL_ARCH)
# A file has one name however BUILD was given: the compiler writes that name into what the file
# depends on. In the tree the name begins there, as make has no names with a space and the tree's may have one.
one_word = $(subst $(space),?,$1)
override BUILD := $(subst $(call one_word,$(CURDIR))/,,$(abspath \
	$(call one_word,$(if $(filter /%,$(firstword $(BUILD))),,$(CURDIR)/)$(BUILD))))
ifneq ($(findstring ?,$(BUILD)),)
$(error BUILD is "$(subst ?,$(space),$(BUILD))": expected a folder in the tree, or one without a space in its name)
endif

KDIR ?= /lib/modules/$(shell uname -r)/build
MODULE_SRC := drivers/kmod_iommu_test
MODULE_OUT ?= build/module

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	    -Wwrite-strings -Wvla -Wno-unused-parameter -Wno-missing-field-initializers -Werror
CFLAGS ?= -O2 -g
ALL_CFLAGS = $(CFLAGS) -std=gnu11 $(WARNINGS) -Iinclude -Iinclude/uapi -Isrc -D_GNU_SOURCE \
	     -DIOMMUBENCH_VERSION='"$(VERSION)"' $(IN_SYSROOT)
# These alone are told where the tool's data will be, and compiled again when that changes.
KNOW_DATADIR := src/plot/gnuplot.c
flags_of = $(ALL_CFLAGS)$(if $(filter $(KNOW_DATADIR),$1), -DIOMMUBENCH_DATADIR=$(call quote,"$(subst ",\",$(subst \,\\,$(DATADIR)))"))
IN_SYSROOT = $(if $(SYSROOT),$(call quote,--sysroot=$(SYSROOT)))
ALL_LDFLAGS = $(LDFLAGS) $(IN_SYSROOT)
LIBS := -ljansson -lnuma -lhwloc -luring -lpfm -lmount -lblkid -lm

# The subcommands and their table are the tool's own. All else is the library, which unit tests
# are linked to as well.
LIB_SRC := $(sort $(wildcard src/*/*.c src/*/*/*.c src/kinds.c))
TOOL_SRC := $(filter-out $(LIB_SRC),$(sort $(wildcard src/*.c)))
UNIT_SRC := $(sort $(wildcard tests/unit/test_*.c tests/unit/*/test_*.c))
LIB_OBJS := $(LIB_SRC:src/%.c=$(BUILD)/obj/%.o)
TOOL_OBJS := $(TOOL_SRC:src/%.c=$(BUILD)/obj/%.o)
UNIT_TESTS := $(UNIT_SRC:tests/unit/%.c=$(BUILD)/tests/%)

# The headers that the tool cannot be built without, each with the Debian package that has it.
NEEDS := stdio.h:libc6-dev jansson.h:libjansson-dev numa.h:libnuma-dev hwloc.h:libhwloc-dev liburing.h:liburing-dev \
	 perfmon/pfmlib.h:libpfm4-dev libmount/libmount.h:libmount-dev blkid/blkid.h:libblkid-dev
need_packages = $(foreach n,$(NEEDS),$(lastword $(subst :, ,$n)))

.PHONY: all tools module unit check demo install uninstall install-module uninstall-module clean help \
	compile_commands.json
all: tools

tools: $(BUILD)/iommubench

$(BUILD)/iommubench: $(TOOL_OBJS) $(LIB_OBJS) $(BUILD)/sources
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(LIBS)

# What the compiler noted of headers is only good for the names that this file gives.
$(BUILD)/obj/%.o: src/%.c Makefile | $(BUILD)/needs
	@mkdir -p $(@D)
	$(call say,CC,$(<:.c=.o))
	$(Q)$(CC) $(call flags_of,$<) -MMD -MP -c -o $@ $<
$(KNOW_DATADIR:src/%.c=$(BUILD)/obj/%.o): $(BUILD)/datadir

# A test gets from the library only what it uses, which links in half the time.
$(BUILD)/tests/%: tests/unit/%.c $(BUILD)/obj/lib.a Makefile | $(BUILD)/needs
	@mkdir -p $(@D)
	$(call say,TEST,$(<:.c=))
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -MF $@.d -o $@ $< $(BUILD)/obj/lib.a $(ALL_LDFLAGS) -lcmocka $(LIBS)

$(BUILD)/obj/lib.a: $(LIB_OBJS) $(BUILD)/sources
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) rcs $@ $(filter %.o,$^)

-include $(TOOL_OBJS:.o=.d) $(LIB_OBJS:.o=.d) $(UNIT_TESTS:%=%.d)

# The files below hold what they were made for, and are made anew when that has changed: both texts are in each other,
# or they are not the same.
differs = $(if $(and $(findstring <$1>,<$2>),$(findstring <$2>,<$1>)),,differs)
remember = $(if $(call differs,$(file <$1),$2),$(eval .PHONY: $1))

# The list of sources: when one is gone, so is its object, and what that was linked into is linked
# again.
$(call remember,$(BUILD)/sources,$(strip $(TOOL_SRC) $(LIB_SRC)))
$(BUILD)/sources:
	@mkdir -p $(@D)
	@rm -f $(filter-out $(TOOL_OBJS) $(LIB_OBJS),$(wildcard $(addprefix $(BUILD)/obj/,*.o */*.o */*/*.o)))
	@printf '%s\n' '$(strip $(TOOL_SRC) $(LIB_SRC))' > $@

# Where the tool's data will be.
$(call remember,$(BUILD)/datadir,$(DATADIR))
$(BUILD)/datadir:
	@mkdir -p $(@D)
	@printf '%s\n' $(call quote,$(DATADIR)) > $@

# The compiler, its options and the headers that were found. All that is missing is named at once, and looked for again
# the next time. Options are tried without a header first, then with one that the compiler finds without them.
NO_COMPILER = $(if $(CROSS_COMPILE),$(CC) is missing$(comma) which CROSS_COMPILE=$(CROSS_COMPILE) asks for: apt install $(CROSS_PACKAGE),$(if \
	$(filter default file,$(origin CC)),$(CC) is missing: apt install gcc $(need_packages),CC is $(CC)$(comma) which is not \
	there: expected a C compiler such as gcc))
NO_HEADERS = $(if $(SYSROOT),in SYSROOT=$(SYSROOT)$(comma) expected the Debian packages,$(if $(CROSS_COMPILE),for \
	CROSS_COMPILE=$(CROSS_COMPILE)$(comma) expected a SYSROOT=DIR with the Debian packages,apt install))
PREPROCESS = $(CC) $(ALL_CFLAGS) -E -x c - >/dev/null 2>&1
COMPILE = LC_ALL=C $(CC) $(ALL_CFLAGS) -S -o /dev/null -x c - 2>&1
needed_for = $(strip $(CC) $(SYSROOT) $(CFLAGS) $(NEEDS))
$(call remember,$(BUILD)/needs,$(needed_for))
$(BUILD)/needs:
	@command -v $(firstword $(CC)) >/dev/null || { printf '%s\n' $(call quote,$(NO_COMPILER)) >&2; exit 3; }
	@sh -nc $(call quote,: $(CFLAGS)) 2>/dev/null || { \
		printf '%s\n' $(call quote,CFLAGS is $(CFLAGS): expected as many quotes as end) >&2; exit 2; }
	@$(if $(SYSROOT),test -d $(call quote,$(SYSROOT)) || { \
		printf '%s\n' $(call quote,SYSROOT is $(SYSROOT)$(comma) which is no folder) >&2; exit 3; })
	@refused() { printf '%s: %s\n' $(call quote,CFLAGS is $(CFLAGS)$(comma) and $(CC) does not compile with it) \
			"$$(printf '%s\n' "$$error" | grep -m 1 -i error). Give other options, or leave CFLAGS out" \
			>&2; exit 2; }; \
		error=$$(echo 'extern int one;' | $(COMPILE)) || refused; \
		! echo '#include <stdio.h>' | $(CC) $(IN_SYSROOT) -E -x c - >/dev/null 2>&1 || \
			error=$$(echo '#include <stdio.h>' | $(COMPILE)) || refused
	@printf '#include <%s>\n' $(foreach n,$(NEEDS),$(firstword $(subst :, ,$n))) | $(PREPROCESS) || { \
		headers= packages=; for n in $(NEEDS); do \
			echo "#include <$${n%%:*}>" | $(PREPROCESS) || \
				{ headers="$$headers $${n%%:*}" packages="$$packages $${n##*:}"; }; \
		done; printf '%s\n' "missing headers:$$headers: "$(call quote,$(NO_HEADERS))"$$packages" >&2; exit 3; }
	@mkdir -p $(@D)
	@printf '%s\n' $(call quote,$(needed_for)) > $@

# How each file is compiled, for clangd, clang-tidy and the like.
json = $(subst ",\",$(subst \,\\,$1))
compiled = {"directory": "$(call json,$(CURDIR))", "file": "$1", "output": "$(call json,$2)", \
	"command": "$(call json,$(CC) $(call flags_of,$1) -c -o $2 $1)"}
compile_commands.json:
	$(call say,GEN,$@)
	$(file >$@,[)
	$(foreach s,$(LIB_SRC) $(TOOL_SRC),$(file >>$@,$(call compiled,$s,$(s:src/%.c=$(BUILD)/obj/%.o))$(comma)))
	$(foreach s,$(UNIT_SRC),$(file >>$@,$(call compiled,$s,$(s:tests/unit/%.c=$(BUILD)/tests/%.o))$(if \
		$(filter $(lastword $(UNIT_SRC)),$s),,$(comma))))
	$(file >>$@,])
	@:

unit: $(UNIT_TESTS)

check:
	@. scripts/lib.sh; tell_missing check
	tests/run

# One source can be built for several kernels at the same time, each into a MODULE_OUT of its own. With
# IOMMUBENCH_LAB=m, which no host needs, there is a second module, with the engines of virtual boards.
# A copy there whose source is gone must not be found by an #include.
module_dir = $(if $(filter /%,$(firstword $(MODULE_OUT))),,$(CURDIR)/)$(MODULE_OUT)
module:
	$(check_kdir)
	@mkdir -p $(call quote,$(module_dir))
	@for f in $$(cat $(call quote,$(module_dir)/sources) 2>/dev/null); do \
		test -e $(MODULE_SRC)/$$f || rm -f $(call quote,$(module_dir))/$$f; done
	@cd $(MODULE_SRC) && set -- Kbuild *.[ch] */*.[ch] && cp -up --parents "$$@" $(call quote,$(module_dir)/) && \
		printf '%s\n' "$$@" > $(call quote,$(module_dir)/sources)
	@rm -rf $(call quote,$(module_dir)/include) && cp -Rp include $(call quote,$(module_dir)/)
	$(call say,MODULE,$(MODULE_OUT)/kmod_iommu_test.ko)
	+$(Q)$(call kbuild,modules)

# What is told of a kernel's build tree that the module cannot be built in, in one line.
kdir_file = $(call quote,$(KDIR)/$1)
kdir_wrong = { printf '%s\n' $(call quote,$1) >&2; exit 3; }
NO_KDIR = $(if $(filter file,$(origin KDIR)),no kernel build tree at $(KDIR): apt install linux-headers-$(shell uname -r)$(comma) \
	or give KDIR=,KDIR is $(KDIR)$(comma) where no Makefile is: expected a kernel's build tree$(comma) such as \
	/lib/modules/VERSION/build)
UNCONFIGURED_KDIR = KDIR is $(KDIR)$(comma) but has no include/config/auto.conf: expected a kernel's build tree after its \
	make modules_prepare$(comma) such as /lib/modules/VERSION/build
# kdir_arch CONFIG,ARCH,CROSS_COMPILE: unless this is for that ARCH.
kdir_arch = ! grep -q '^CONFIG_$1=y' $(call kdir_file,include/config/auto.conf) || $(call kdir_wrong,KDIR is $(KDIR)$(comma) the \
	build tree of a kernel for $2: give ARCH=$2$3)
ARCH_HERE := $(patsubst aarch64,arm64,$(patsubst i%86,x86,$(patsubst x86_64,x86,$(or $(ARCH),$(shell uname -m)))))
define check_kdir
	@test -f $(call kdir_file,Makefile) || $(call kdir_wrong,$(NO_KDIR))
	@test -f $(call kdir_file,include/config/auto.conf) || $(call kdir_wrong,$(UNCONFIGURED_KDIR))
	@$(if $(filter arm64,$(ARCH_HERE)),:,$(call kdir_arch,ARM64,arm64, CROSS_COMPILE=aarch64-linux-gnu-))
	@$(if $(filter x86,$(ARCH_HERE)),:,$(call kdir_arch,X86,x86, CROSS_COMPILE=x86_64-linux-gnu-))
	@$(if $(CROSS_COMPILE),$(if $(LLVM),,command -v $(CROSS_COMPILE)gcc >/dev/null || $(call kdir_wrong,$(NO_COMPILER))))
endef

# kbuild TARGET...: the kernel's own make for the module. It knows no folder with a space or a colon in its name,
# where it works on a copy.
kbuild = set -e; out=$(call quote,$(module_dir)); work=$$out; \
	case $$out in *[[:space:]:]*) work=$$(mktemp -d); trap 'rm -rf "$$work"' EXIT; cp -Rp "$$out/." "$$work";; esac; \
	$(MAKE) -C $(call quote,$(KDIR)) M="$$work" $(if $(Q),-s) $1; \
	test "$$work" = "$$out" || cp -Rp "$$work/." "$$out"

# What is asked for is taken for the shell as one word each, and what is taken away is what was put there, by name.
PLOTS := $(notdir $(wildcard scripts/plots/*.gp))
SCHEMAS := $(notdir $(wildcard results/schema/*.json))
PAGES_1 := $(notdir $(wildcard man/*.1))
PAGES_8 := $(notdir $(wildcard man/*.8))
COMMANDS := iommubench-bind iommubench-unbind
to = $(call quote,$(DESTDIR)$1)
to_bin = $(call to,$(BINDIR))
to_sbin = $(call to,$(SBINDIR))
to_data = $(call to,$(DATADIR))
to_man = $(call to,$(MANDIR))
to_bash = $(call to,$(BASHCOMPDIR))
to_zsh = $(call to,$(ZSHCOMPDIR))
install: tools
	$(call say,INSTALL,$(DESTDIR)$(BINDIR)/iommubench)
	$(Q)install -d $(to_bin) $(to_sbin) $(to_data)/plots $(to_data)/schema $(to_man)/man1 $(to_man)/man8 \
		$(to_bash) $(to_zsh)
	$(Q)install -m 0755 $(BUILD)/iommubench $(to_bin)/
	$(call say,INSTALL,$(DESTDIR)$(SBINDIR)/iommubench-*)
	$(Q)install -m 0755 $(COMMANDS:%=scripts/%) $(to_sbin)/
	$(call say,INSTALL,$(DESTDIR)$(DATADIR))
	$(Q)install -m 0644 $(PLOTS:%=scripts/plots/%) $(to_data)/plots/
	$(Q)install -m 0644 $(SCHEMAS:%=results/schema/%) $(to_data)/schema/
	$(call say,INSTALL,$(DESTDIR)$(MANDIR)/man[18]/iommubench*)
	$(Q)install -m 0644 $(PAGES_1:%=man/%) $(to_man)/man1/
	$(Q)install -m 0644 $(PAGES_8:%=man/%) $(to_man)/man8/
	$(call say,INSTALL,$(DESTDIR)$(BASHCOMPDIR)/iommubench)
	$(Q)install -m 0644 scripts/completion/iommubench.bash $(to_bash)/iommubench
	$(call say,INSTALL,$(DESTDIR)$(ZSHCOMPDIR)/_iommubench)
	$(Q)install -m 0644 scripts/completion/_iommubench $(to_zsh)/

# A folder that is empty then goes as well, and so do those that it alone was in, up to DESTDIR. Those that any system
# has stay.
of_system := $(if $(filter / /usr /usr/local,$(call one_word,$(DESTDIR:/=)$(PREFIX))),yes)
uninstall:
	$(call say,REMOVE,$(DESTDIR)$(PREFIX))
	$(Q)rm -f $(to_bin)/iommubench $(foreach f,$(COMMANDS),$(to_sbin)/$f) $(to_bash)/iommubench $(to_zsh)/_iommubench \
		$(foreach f,$(PAGES_1),$(to_man)/man1/$f) $(foreach f,$(PAGES_8),$(to_man)/man8/$f)
	$(Q)rm -f $(foreach f,$(PLOTS),$(to_data)/plots/$f) $(foreach f,$(SCHEMAS),$(to_data)/schema/$f)
	$(Q)cd $(call quote,$(or $(DESTDIR),/)) 2>/dev/null || exit 0; \
		for dir in $(call quote,$(DATADIR)/plots) $(call quote,$(DATADIR)/schema) $(call quote,$(DATADIR)) \
			$(call quote,$(MANDIR)/man1) $(call quote,$(MANDIR)/man8) $(call quote,$(BASHCOMPDIR)); do \
			rmdir ".$$dir" 2>/dev/null; done; rmdir ".$${dir%/*}" 2>/dev/null; \
		$(if $(of_system),,for dir in $(foreach v,DATADIR MANDIR BASHCOMPDIR ZSHCOMPDIR SBINDIR BINDIR,$(call \
			quote,$($v))); do rest=.$$dir; while test "$$rest" != .; do rmdir "$$rest" 2>/dev/null; \
			rest=$${rest%/*}; done; done;) :

# Where kbuild puts a module by itself, by its version. It calls depmod only where it has the kernel's System.map, which
# headers alone lack.
module_release = release=$$($(MAKE) -s --no-print-directory -C $(call quote,$(KDIR)) kernelrelease) && test -n "$$release"
MODULE_DIRS = $(or $(INSTALL_MOD_DIR),updates extra)
MODULES := kmod_iommu_test kmod_iommu_test_lab
install-module: module
	$(if $(findstring $(space),$(DESTDIR)),@echo 'kbuild cannot install where there is a space in the name' >&2; exit 2)
	+$(Q)$(call kbuild,$(if $(DESTDIR),INSTALL_MOD_PATH=$(call quote,$(DESTDIR))) modules_install)
	$(if $(DESTDIR)$(INSTALL_MOD_PATH),,+$(Q)$(module_release) && PATH=$$PATH:/usr/sbin:/sbin depmod "$$release")

uninstall-module:
	$(check_kdir)
	$(call say,REMOVE,$(DESTDIR)/lib/modules/*/kmod_iommu_test*.ko)
	+$(Q)$(module_release) || exit 3; cd $(call quote,$(or $(DESTDIR),$(INSTALL_MOD_PATH),/)) 2>/dev/null || exit 0; \
		all=lib/modules/$$release; for dir in $(MODULE_DIRS); do \
			rm -f $(foreach m,$(MODULES),$(addprefix "$$all/$$dir"/$m,.ko .ko.gz .ko.xz .ko.zst)); \
			rmdir "$$all/$$dir" 2>/dev/null; done; \
		$(if $(DESTDIR)$(INSTALL_MOD_PATH),rmdir -p "$$all" 2>/dev/null; test ! -e "$$all/modules.dep" || ,)PATH=$$PATH:/usr/sbin:/sbin depmod -b . "$$release"

clean:
	$(call say,CLEAN,build)
	$(Q)rm -rf build compile_commands.json

help:
	@echo 'make                  the tool for this machine, build/host/iommubench'
	@echo 'make module [KDIR=]   the kernel module, build/module/kmod_iommu_test.ko; with IOMMUBENCH_LAB=m also'
	@echo '                      kmod_iommu_test_lab.ko, which drives the engines of virtual boards'
	@echo 'make demo             run map/unmap on the virtual boards; pictures in results/demo/'
	@echo 'make bench-peer       map-unmap beside the kernel'"'"'s dma_map_benchmark, on a virtual board'
	@echo 'make bench-truth      latencies put into a virtual board, and what is measured of them'
	@echo 'make bench-iopf       latencies put into faults, and the stages that they come back in'
	@echo 'make bench-counters   what counting events does to what is measured beside it'
	@echo 'make check            every test; tests/run -h tells how to run some of them'
	@echo 'make unit             build the unit tests only'
	@echo 'make install          into DESTDIR/PREFIX; make uninstall takes it back'
	@echo 'make install-module   the module, where modprobe finds it; make uninstall-module takes it back'
	@echo 'make compile_commands.json    how each file is compiled, for clangd and clang-tidy'
	@echo 'make clean            remove build/'
	@echo 'V=1 shows whole commands, make -s no more than errors.'
	@echo 'CROSS_COMPILE=aarch64-linux-gnu- SYSROOT=DIR make builds the tool for arm64.'

-include lab/lab.mk
