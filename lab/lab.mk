# SPDX-License-Identifier: GPL-2.0-only
#
# The virtual boards: what lab/run boots, built in build/lab/KERNEL/. Included by the Makefile.
#
# make lab                           everything that the boards need
# make lab-BOARD [KERNEL=VERSION]    what one of them needs
# make lab-sparse-VERSION            the module as that kernel has it, looked at by sparse
# make demo                          results, pictures and a page in results/demo/

# The calls below for another machine need none of this.
ifeq ($(CROSS_COMPILE),)

.PHONY: lab lab-fetch lab-checkpatch demo FORCE
.DELETE_ON_ERROR:

LAB_KERNELS := 6.1 6.12
# Those that "make lab" does without: what needs one has it made.
LAB_RARE_KERNELS := 6.12-16k
LAB_CROSS := aarch64-linux-gnu-
KERNEL ?= $(lastword $(LAB_KERNELS))

include lab/kernel/kernel.mk
include lab/qemu/qemu.mk
include lab/bench/bench.mk

lab: $(LAB_KERNELS:%=build/lab/%/initramfs.cpio)
# Boards of the distribution's QEMU and kernels; the others are in lab/kernel/kernel.mk.
LAB_DEBIAN_BOARDS := $(filter-out $(LAB_OWN_BOARDS),$(notdir $(wildcard lab/boards/*)))
.PHONY: $(LAB_DEBIAN_BOARDS:%=lab-%)
$(LAB_DEBIAN_BOARDS:%=lab-%): build/lab/$(KERNEL)/initramfs.cpio
lab-fetch: $(LAB_KERNELS:%=build/lab/%/kernel) build/lab/sysroot

# Files that hold the path of a cache entry. They are looked after in each run, and are only written
# when the path has changed.
build/lab/%/kernel: FORCE
	@mkdir -p $(@D)
	@lab/fetch-kernel $* > $@.new || { rm -f $@.new; exit 3; }
	@cmp -s $@.new $@ || cp $@.new $@; rm $@.new
build/lab/sysroot: FORCE
	@mkdir -p $(@D)
	@lab/fetch-sysroot > $@.new || { rm -f $@.new; exit 3; }
	@cmp -s $@.new $@ || { rm -rf build/arm64; cp $@.new $@; }; rm $@.new
lab-checkpatch:
	@lab/fetch-checkpatch

# The tool for arm64 has rules of its own, which know what is up to date.
build/arm64/iommubench: build/lab/sysroot FORCE
	@$(MAKE) -s BUILD=build/arm64 CROSS_COMPILE=$(LAB_CROSS) SYSROOT=$$(cat $<) tools

LAB_MODULE_SRC := $(wildcard $(addprefix drivers/kmod_iommu_test/,*.[ch] */*.[ch]) include/*/*.h) \
	drivers/kmod_iommu_test/Kbuild
# Both modules, the second with the boards' own engines. One stands for both, as they are always built together.
# With the kernel's extra warnings here, so that the tests need not compile it once more for them.
LAB_MODULE = $(MAKE) -s ARCH=arm64 CROSS_COMPILE=$(LAB_CROSS) KDIR=$$(cat build/lab/$*/kernel)/build \
	MODULE_OUT=build/lab/$*/module CONFIG_DEBUG_INFO_BTF_MODULES= IOMMUBENCH_LAB=m W=1 module
build/lab/%/module/kmod_iommu_test.ko: build/lab/%/kernel $(LAB_MODULE_SRC)
	+@$(LAB_MODULE)
	@touch $@

# Each file of the module looked at by sparse.
lab-sparse-%: build/lab/%/module/kmod_iommu_test.ko FORCE
	+@$(LAB_MODULE) C=2

LAB_SCRIPTS := scripts/iommubench-bind scripts/iommubench-unbind
build/lab/%/initramfs.cpio: build/lab/%/module/kmod_iommu_test.ko build/lab/%/kernel build/lab/sysroot \
		build/arm64/iommubench $(LAB_SCRIPTS) lab/make-initramfs lab/guest/init
	lab/make-initramfs $@ $$(cat build/lab/$*/kernel) $$(cat build/lab/sysroot) build/arm64/iommubench \
		build/lab/$*/module $(LAB_SCRIPTS)

LAB_ALL_DEBIAN := $(LAB_KERNELS) $(LAB_RARE_KERNELS)
.SECONDARY: $(LAB_ALL_DEBIAN:%=build/lab/%/module/kmod_iommu_test.ko) $(LAB_ALL_DEBIAN:%=build/lab/%/kernel)

demo:
	@. scripts/lib.sh; tell_missing demo
	+@$(MAKE) --no-print-directory tools
	@lab/demo

endif
