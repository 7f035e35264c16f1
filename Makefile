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

# "make -f elsewhere/Makefile clean" would be about the caller's folder.
ifneq ($(filter-out Makefile,$(patsubst ./%,%,$(firstword $(MAKEFILE_LIST)))),)
$(error this Makefile is of its own folder only: expected make -C FOLDER, not make -f)
endif

# A text as one word of the shell, whatever is in it.
quote = '$(subst ','\'',$1)'
space := $() $()

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
ALL_CFLAGS = -std=gnu11 $(CFLAGS) $(WARNINGS) -Iinclude -Iinclude/uapi -Isrc -D_GNU_SOURCE \
	     -DIOMMUBENCH_VERSION='"$(VERSION)"' -DIOMMUBENCH_DATADIR=$(call quote,"$(subst ",\",$(subst \,\\,$(DATADIR)))") \
	     $(IN_SYSROOT)
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
NEEDS := jansson.h:libjansson-dev numa.h:libnuma-dev hwloc.h:libhwloc-dev liburing.h:liburing-dev \
	 perfmon/pfmlib.h:libpfm4-dev libmount/libmount.h:libmount-dev blkid/blkid.h:libblkid-dev

.PHONY: all tools module unit check demo install uninstall install-module clean help compile_commands.json
all: tools

tools: $(BUILD)/iommubench

$(BUILD)/iommubench: $(TOOL_OBJS) $(LIB_OBJS) $(BUILD)/sources
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(LIBS)

# What the compiler noted of headers is only good for the names that this file gives.
$(BUILD)/obj/%.o: src/%.c Makefile | $(BUILD)/needs
	@mkdir -p $(@D)
	$(call say,CC,$(<:.c=.o))
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

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

# The two files below hold what they were made for, and are made anew when that has changed.
define remember
ifneq ($$(file <$1),$$(strip $2))
.PHONY: $1
endif
endef

# The list of sources: when one is gone, so is its object, and what that was linked into is linked
# again.
$(eval $(call remember,$(BUILD)/sources,$(TOOL_SRC) $(LIB_SRC)))
$(BUILD)/sources:
	@mkdir -p $(@D)
	@rm -f $(filter-out $(TOOL_OBJS) $(LIB_OBJS),$(wildcard $(addprefix $(BUILD)/obj/,*.o */*.o */*/*.o)))
	@printf '%s\n' '$(strip $(TOOL_SRC) $(LIB_SRC))' > $@

# The compiler and the headers that were found. What is missing is named, and looked for again the
# next time.
PREPROCESS = $(CC) $(ALL_CFLAGS) -E -x c - >/dev/null 2>&1
$(eval $(call remember,$(BUILD)/needs,$(CC) $(SYSROOT) $(NEEDS)))
$(BUILD)/needs:
	@command -v $(firstword $(CC)) >/dev/null || { echo "$(CC) is missing: apt install gcc$(if $(CROSS_COMPILE),-aarch64-linux-gnu)" >&2; exit 3; }
	@printf '#include <%s>\n' $(foreach n,$(NEEDS),$(firstword $(subst :, ,$n))) | $(PREPROCESS) || { \
		for n in $(NEEDS); do \
			echo "#include <$${n%%:*}>" | $(PREPROCESS) || \
				echo "$${n%%:*} is missing: apt install $${n##*:}" >&2; \
		done; exit 3; }
	@mkdir -p $(@D)
	@printf '%s\n' '$(strip $(CC) $(SYSROOT) $(NEEDS))' > $@

# How each file is compiled, for clangd, clang-tidy and the like.
json = $(subst ",\",$(subst \,\\,$1))
comma := ,
compiled = {"directory": "$(call json,$(CURDIR))", "file": "$1", "output": "$(call json,$2)", \
	"command": "$(call json,$(CC) $(ALL_CFLAGS) -c -o $2 $1)"}
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
	tests/run

# One source can be built for several kernels at the same time, each into a MODULE_OUT of its own. With
# IOMMUBENCH_LAB=m, which no host needs, there is a second module, with the engines of virtual boards.
# A copy there whose source is gone must not be found by an #include.
module_dir = $(if $(filter /%,$(firstword $(MODULE_OUT))),,$(CURDIR)/)$(MODULE_OUT)
module:
	@test -f $(call quote,$(KDIR)/Makefile) || { printf '%s\n' $(call quote,no kernel build tree at $(KDIR)$(\
		): apt install linux-headers-$(shell uname -r), or give KDIR=) >&2; exit 3; }
	@mkdir -p $(call quote,$(module_dir))
	@for f in $$(cat $(call quote,$(module_dir)/sources) 2>/dev/null); do \
		test -e $(MODULE_SRC)/$$f || rm -f $(call quote,$(module_dir))/$$f; done
	@cd $(MODULE_SRC) && set -- Kbuild *.[ch] */*.[ch] && cp -up --parents "$$@" $(call quote,$(module_dir)/) && \
		printf '%s\n' "$$@" > $(call quote,$(module_dir)/sources)
	@rm -rf $(call quote,$(module_dir)/include) && cp -Rp include $(call quote,$(module_dir)/)
	$(call say,MODULE,$(MODULE_OUT)/kmod_iommu_test.ko)
	+$(Q)$(call kbuild,modules)

# kbuild TARGET...: the kernel's own make for the module. It knows no folder with a space or a colon in its name,
# where it works on a copy.
kbuild = set -e; out=$(call quote,$(module_dir)); work=$$out; \
	case $$out in *[[:space:]:]*) work=$$(mktemp -d); trap 'rm -rf "$$work"' EXIT; cp -Rp "$$out/." "$$work";; esac; \
	$(MAKE) -C $(call quote,$(KDIR)) M="$$work" $(if $(Q),-s) $1; \
	test "$$work" = "$$out" || cp -Rp "$$work/." "$$out"

# What is asked for is taken for the shell as one word each, and what is taken away is what was put there, by name.
PLOTS := $(notdir $(wildcard scripts/plots/*.gp))
SCHEMAS := $(notdir $(wildcard results/schema/*.json))
PAGES := $(notdir $(wildcard man/*.1))
COMMANDS := iommubench-bind iommubench-unbind
to_bin = $(call quote,$(DESTDIR)$(BINDIR))
to_sbin = $(call quote,$(DESTDIR)$(SBINDIR))
to_data = $(call quote,$(DESTDIR)$(DATADIR))
to_man = $(call quote,$(DESTDIR)$(MANDIR))
install: tools
	$(call say,INSTALL,$(DESTDIR)$(BINDIR)/iommubench)
	$(Q)install -d $(to_bin) $(to_sbin) $(to_data)/plots $(to_data)/schema $(to_man)/man1
	$(Q)install -m 0755 $(BUILD)/iommubench $(to_bin)/
	$(call say,INSTALL,$(DESTDIR)$(SBINDIR)/iommubench-*)
	$(Q)install -m 0755 $(COMMANDS:%=scripts/%) $(to_sbin)/
	$(call say,INSTALL,$(DESTDIR)$(DATADIR))
	$(Q)install -m 0644 $(PLOTS:%=scripts/plots/%) $(to_data)/plots/
	$(Q)install -m 0644 $(SCHEMAS:%=results/schema/%) $(to_data)/schema/
	$(call say,INSTALL,$(DESTDIR)$(MANDIR)/man1/iommubench*.1)
	$(Q)install -m 0644 $(PAGES:%=man/%) $(to_man)/man1/

uninstall:
	$(call say,REMOVE,$(DESTDIR)$(PREFIX))
	$(Q)rm -f $(to_bin)/iommubench $(foreach f,$(COMMANDS),$(to_sbin)/$f) $(foreach f,$(PAGES),$(to_man)/man1/$f)
	$(Q)rm -f $(foreach f,$(PLOTS),$(to_data)/plots/$f) $(foreach f,$(SCHEMAS),$(to_data)/schema/$f)
	$(Q)for dir in $(to_data)/plots $(to_data)/schema $(to_data); do \
		test ! -d "$$dir" || rmdir --ignore-fail-on-non-empty "$$dir"; done

install-module: module
	$(if $(findstring $(space),$(DESTDIR)),@echo 'kbuild cannot install where there is a space in the name' >&2; exit 2)
	+$(Q)$(call kbuild,$(if $(DESTDIR),INSTALL_MOD_PATH=$(call quote,$(DESTDIR))) modules_install)

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
	@echo 'make install-module   the module, where modprobe finds it'
	@echo 'make compile_commands.json    how each file is compiled, for clangd and clang-tidy'
	@echo 'make clean            remove build/'
	@echo 'V=1 shows whole commands, make -s no more than errors.'
	@echo 'CROSS_COMPILE=aarch64-linux-gnu- SYSROOT=DIR make builds the tool for arm64.'

-include lab/lab.mk
