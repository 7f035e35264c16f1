# SPDX-License-Identifier: GPL-2.0-only
#
# The lab's own QEMU, for boards that the distribution's does not have. Included by lab/lab.mk.

.PHONY: lab-qemu check-qemu

# A link to the program in the cache. Looked after in each run; it only changes with the program.
build/lab/qemu-system-aarch64: FORCE
	@mkdir -p $(@D)
	@program=$$(lab/qemu/build) && \
		{ [ "$$(readlink $@)" = "$$program" ] || ln -sfn "$$program" $@; }

lab-qemu: build/lab/qemu-system-aarch64

# The device models' tests
check-qemu: build/lab/qemu-system-aarch64
	@BUILD=$(CURDIR)/build lab/qemu/tests/run $(CURDIR)/$<
