# SPDX-License-Identifier: GPL-2.0-only
#
# What is measured is compared: with the kernel's own benchmark, and with what was put into the device
# models. Included by lab/lab.mk.
#
# make bench-peer        dma_map_benchmark and map-unmap side by side
# make bench-truth       latencies put in, and what is measured of them
# make bench-flush       same, of the flush strategies
# make bench-iopf        same, of the stages of I/O page faults
# make bench-counters    what counting events does to what is measured beside it

.PHONY: bench-peer bench-truth bench-flush bench-iopf bench-counters
bench-peer:
	@lab/bench/peer
bench-truth:
	@lab/bench/truth
bench-flush:
	@lab/bench/flush
bench-iopf:
	@lab/bench/iopf
bench-counters:
	@lab/bench/counters

# In the guest, by way of VFIO.
build/bench/walk: lab/bench/walk.c include/iommubench/dmatest-regs.h build/lab/sysroot
	@mkdir -p $(@D)
	@$(LAB_CROSS)gcc --sysroot=$$(cat build/lab/sysroot) -std=gnu11 -O2 -Wall -Wextra -Werror \
		-D_GNU_SOURCE -Iinclude -o $@ $<

# Helpers of the guest tests, which do without the tool.
build/bench/flush_run: tests/guest/flush/flush_run.c tests/guest/lib/bench_dev.h
build/bench/smmu_count: tests/guest/counters/smmu_count.c
build/bench/flush_run build/bench/smmu_count: $(wildcard include/uapi/*.h) include/iommubench/hist.h build/lab/sysroot
	@mkdir -p $(@D)
	@$(LAB_CROSS)gcc --sysroot=$$(cat build/lab/sysroot) -std=gnu11 -O2 -Wall -Wextra -Werror \
		-D_GNU_SOURCE -Iinclude/uapi -Iinclude -o $@ $(filter %.c,$^) -luring

# The program that drives the kernel's benchmark is built with the kernel.
build/bench/dma_map_benchmark: build/lab/lab-6.12/kernel
	@mkdir -p $(@D)
	@cp $$(cat $<)/bin/dma_map_benchmark $@
