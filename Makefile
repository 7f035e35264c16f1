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

# CROSS_COMPILE and SYSROOT build the tool for another machine, into a folder of its own.
CROSS_COMPILE ?=
SYSROOT ?=
ifneq ($(CROSS_COMPILE),)
CC := $(CROSS_COMPILE)gcc
TOOL_ARCH := $(patsubst aarch64,arm64,$(firstword $(subst -, ,$(notdir $(CROSS_COMPILE)))))
else
TOOL_ARCH := host
endif
BUILD ?= build/$(TOOL_ARCH)
# Files have one name however that was given, or what they depend on would not be found by it.
override BUILD := $(abspath $(BUILD))

KDIR ?= /lib/modules/$(shell uname -r)/build
MODULE_SRC := drivers/kmod_iommu_test
MODULE_OUT ?= build/module

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	    -Wwrite-strings -Wvla -Wno-unused-parameter -Wno-missing-field-initializers -Werror
CFLAGS ?= -O2 -g
ALL_CFLAGS = -std=gnu11 $(CFLAGS) $(WARNINGS) -Iinclude -Iinclude/uapi -Isrc -D_GNU_SOURCE \
	     -DIOMMUBENCH_VERSION='"$(VERSION)"' -DIOMMUBENCH_DATADIR='"$(DATADIR)"' \
	     $(if $(SYSROOT),--sysroot=$(SYSROOT))
ALL_LDFLAGS = $(LDFLAGS) $(if $(SYSROOT),--sysroot=$(SYSROOT))
LIBS := -ljansson -lnuma -lhwloc -luring -lpfm -lm

LIB_SRC := src/kinds.c $(wildcard src/*/*.c src/*/*/*.c)
LIB_OBJS := $(patsubst src/%.c,$(BUILD)/obj/%.o,$(sort $(LIB_SRC)))
TOOL_OBJS := $(patsubst src/%.c,$(BUILD)/obj/%.o,$(filter-out $(LIB_SRC),$(sort $(wildcard src/*.c))))
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c))

# Which package has what the build cannot do without.
NEEDS := jansson.h:libjansson-dev numa.h:libnuma-dev hwloc.h:libhwloc-dev liburing.h:liburing-dev \
	 perfmon/pfmlib.h:libpfm4-dev

.PHONY: all tools module unit check demo install uninstall install-module clean help need
all: tools

tools: $(BUILD)/iommubench

$(BUILD)/iommubench: $(TOOL_OBJS) $(LIB_OBJS)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/obj/%.o: src/%.c | need
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Each test is linked to what it uses only, which takes half as long.
$(BUILD)/tests/%: tests/unit/%.c $(BUILD)/obj/lib.a | need
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -MF $@.d -o $@ $< $(BUILD)/obj/lib.a $(ALL_LDFLAGS) -lcmocka $(LIBS)

$(BUILD)/obj/lib.a: $(LIB_OBJS)
	@rm -f $@
	$(AR) rcs $@ $^

-include $(TOOL_OBJS:.o=.d) $(LIB_OBJS:.o=.d) $(UNIT_TESTS:%=%.d)

need:
	@command -v $(CC) >/dev/null || { echo "$(CC) is missing: apt install gcc$(if $(CROSS_COMPILE),-aarch64-linux-gnu)" >&2; exit 3; }
	@for n in $(NEEDS); do \
		echo "#include <$${n%%:*}>" | $(CC) $(ALL_CFLAGS) -E -x c - >/dev/null 2>&1 || \
		{ echo "$${n%%:*} is missing: apt install $${n##*:}" >&2; exit 3; }; done

unit: $(UNIT_TESTS)

check:
	tests/run

# Several kernels can be built from the one source at the same time, each into its own MODULE_OUT.
module:
	@test -f "$(KDIR)/Makefile" || { echo "no kernel build tree at $(KDIR): apt install linux-headers-$$(uname -r), or give KDIR=" >&2; exit 3; }
	@mkdir -p $(MODULE_OUT)
	@cd $(MODULE_SRC) && cp -up --parents Kbuild *.[ch] */*.[ch] $(abspath $(MODULE_OUT))/
	@printf '%s\n' 'ccflags-y += -I$(CURDIR)/include -I$(CURDIR)/include/uapi' > $(MODULE_OUT)/include.mk
	$(MAKE) -C $(KDIR) M=$(abspath $(MODULE_OUT)) $(if $(V),,-s) modules

install: tools
	install -D -m 0755 $(BUILD)/iommubench $(DESTDIR)$(BINDIR)/iommubench
	install -d $(DESTDIR)$(SBINDIR) $(DESTDIR)$(DATADIR)/plots $(DESTDIR)$(DATADIR)/schema $(DESTDIR)$(MANDIR)/man1
	install -m 0755 scripts/iommubench-bind scripts/iommubench-unbind $(DESTDIR)$(SBINDIR)/
	install -m 0644 scripts/plots/*.gp $(DESTDIR)$(DATADIR)/plots/
	install -m 0644 results/schema/*.json $(DESTDIR)$(DATADIR)/schema/
	install -m 0644 man/*.1 $(DESTDIR)$(MANDIR)/man1/

uninstall:
	rm -f $(DESTDIR)$(BINDIR)/iommubench $(DESTDIR)$(SBINDIR)/iommubench-bind $(DESTDIR)$(SBINDIR)/iommubench-unbind
	rm -f $(patsubst man/%,$(DESTDIR)$(MANDIR)/man1/%,$(wildcard man/*.1))
	rm -rf $(DESTDIR)$(DATADIR)

install-module: module
	$(MAKE) -C $(KDIR) M=$(abspath $(MODULE_OUT)) $(if $(DESTDIR),INSTALL_MOD_PATH=$(DESTDIR)) modules_install

clean:
	rm -rf build

help:
	@echo 'make                  the tool for this machine, build/host/iommubench'
	@echo 'make module [KDIR=]   the kernel module, build/module/kmod_iommu_test.ko'
	@echo 'make demo             run map/unmap on the virtual boards; pictures in results/demo/'
	@echo 'make bench-peer       map-unmap beside the kernel'"'"'s dma_map_benchmark, on a virtual board'
	@echo 'make bench-truth      latencies put into a virtual board, and what is measured of them'
	@echo 'make bench-iopf       latencies put into faults, and the stages that they come back in'
	@echo 'make bench-counters   what counting events does to what is measured beside it'
	@echo 'make check            every test; tests/run -h tells how to run some of them'
	@echo 'make unit             build the unit tests only'
	@echo 'make install          into DESTDIR/PREFIX; make uninstall takes it back'
	@echo 'make install-module   the module, where modprobe finds it'
	@echo 'make clean            remove build/'
	@echo 'CROSS_COMPILE=aarch64-linux-gnu- SYSROOT=DIR make builds the tool for arm64.'

-include lab/lab.mk
