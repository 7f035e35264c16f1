# SPDX-License-Identifier: GPL-2.0-only
#
# The lab's own kernels and the boards that run them. Included by lab/lab.mk, with lab/qemu/qemu.mk.
#
# make lab-kernels       all of them
# A kernel's name is lab-VERSION or lab-VERSION-VARIANT; VERSION may be "newest".

# From the boards' files: those that the lab's QEMU runs, and the kernels built here that any of them names.
LAB_OWN := $(shell for file in lab/boards/*; do (. "./$$file" && echo $$board_kernels && \
	[ "$$board_qemu" != build/lab/qemu-system-aarch64 ] || echo "$$file"); done)
LAB_OWN_BOARDS := $(notdir $(filter lab/boards/%,$(LAB_OWN)))
LAB_OWN_KERNELS := $(sort $(filter lab-%,$(LAB_OWN)))

.PHONY: lab-kernels

# Each in its own folder, like Debian's; a more specific rule than theirs.
build/lab/lab-%/kernel: FORCE
	@mkdir -p $(@D)
	@lab/kernel/build lab-$* > $@.new || { rm -f $@.new; exit 3; }
	@cmp -s $@.new $@ || cp $@.new $@; rm $@.new

lab-kernels: $(LAB_OWN_KERNELS:%=build/lab/%/kernel)

# Under the name that the boards call it by.
$(LAB_OWN_BOARDS:%=lab-%): build/lab/$(KERNEL)/initramfs.cpio build/lab/qemu-system-aarch64
.PHONY: $(LAB_OWN_BOARDS:%=lab-%)

.SECONDARY: $(LAB_OWN_KERNELS:%=build/lab/%/module/kmod_iommu_test.ko) $(LAB_OWN_KERNELS:%=build/lab/%/kernel)
