# SPDX-License-Identifier: GPL-2.0-only
#
# What is measured is compared: with the kernel's own benchmark, and with what was put into the device
# models. Included by lab/lab.mk.
#
# make bench-peer        dma_map_benchmark and map-unmap side by side
# make bench-truth       latencies put in, and what is measured of them
# make bench-truth-iopf  the same for I/O page faults, stage by stage

.PHONY: bench-peer bench-truth bench-truth-iopf
bench-peer:
	@lab/bench/peer
bench-truth:
	@lab/bench/truth
bench-truth-iopf:
	@lab/bench/truth-iopf

# In the guest, by way of VFIO.
build/bench/walk: lab/bench/walk.c include/iommubench/dmatest-regs.h build/lab/sysroot
	@mkdir -p $(@D)
	@$(LAB_CROSS)gcc --sysroot=$$(cat build/lab/sysroot) -std=gnu11 -O2 -Wall -Wextra -Werror \
		-D_GNU_SOURCE -Iinclude -o $@ $<

# The program that drives the kernel's benchmark is built with the kernel.
build/bench/dma_map_benchmark: build/lab/lab-6.12/kernel
	@mkdir -p $(@D)
	@cp $$(cat $<)/bin/dma_map_benchmark $@
