// SPDX-License-Identifier: GPL-2.0-only
/*
 * The three places that every I/O page fault of an address space passes: the
 * IOMMU driver reports it, memory management takes it up, it is answered. What
 * the kernel does between two of them is a stage.
 */
#include <linux/device.h>
#include <linux/iommu.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/ptrace.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include <uapi/iommubench.h>

#include "clock.h"
#include "compat.h"
#include "iopf/stages.h"

#define PROBE_SAMPLES	65

static struct iopf_stages *stages_of(struct kprobe *kp)
{
	return container_of(kp, struct iopf_probe, kp)->stages;
}

/* Return: what is known of the access that a fault belongs to, NULL when it is none of ours. */
static struct iopf_mark *find_mark(struct iopf_stages *stages, const struct iommu_fault *fault)
{
	u64 addr, index;
	void *space;

	if (!fault)
		return NULL;
	addr = fault->prm.addr;
	space = xa_load(&stages->spaces,
			fault->prm.flags & IOMMU_FAULT_PAGE_REQUEST_PASID_VALID ?
			fault->prm.pasid : IOPF_SPACE_NO_PASID);
	if (!space || addr < stages->start)
		return NULL;
	/* A group of page requests reaches from an access' first page to before the next one. */
	index = div64_u64(addr - stages->start, stages->step_bytes);
	if (index >= stages->accesses)
		return NULL;
	return iopf_stages_mark(stages, xa_to_value(space), index);
}

/* The first of a group of page requests counts. */
static int on_report(struct kprobe *kp, struct pt_regs *regs)
{
	u64 now = bench_clock();
	struct iopf_stages *stages = stages_of(kp);
	struct iopf_mark *mark;

	if (regs_get_kernel_argument(regs, 0) != (unsigned long)stages->dev)
		return 0;
	/* What is reported begins with the fault, in all kernels. */
	mark = find_mark(stages, (const void *)regs_get_kernel_argument(regs, 1));
	if (mark && !mark->report)
		WRITE_ONCE(mark->report, now);
	return 0;
}

/* For a group of faults. Others may have the same PASIDs, and fault at the same addresses. */
static struct iopf_mark *find_mark_of_group(struct iopf_stages *stages, const void *group)
{
	if (!group || bench_device_of_group(group) != stages->dev)
		return NULL;
	return find_mark(stages, bench_fault_of_group(group));
}

static int on_mm(struct kprobe *kp, struct pt_regs *regs)
{
	u64 now = bench_clock();
	struct iopf_mark *mark;

	mark = find_mark_of_group(stages_of(kp), bench_group_of_work((void *)
				  regs_get_kernel_argument(regs, 0)));
	if (mark)
		WRITE_ONCE(mark->mm, now);
	return 0;
}

static int on_response(struct kprobe *kp, struct pt_regs *regs)
{
	u64 now = bench_clock();
	struct iopf_mark *mark;

	mark = find_mark_of_group(stages_of(kp), (void *)regs_get_kernel_argument(regs, 0));
	if (mark)
		WRITE_ONCE(mark->response, now);
	return 0;
}

static const struct {
	const char *symbol;
	kprobe_pre_handler_t handler;
} places[IOPF_PROBES] = {
	{ "iommu_report_device_fault", on_report },
	{ BENCH_SYMBOL_FAULT_WORK, on_mm },
	{ BENCH_SYMBOL_FAULT_RESPONSE, on_response },
};

/**
 * iopf_stages_init() - describe the faults that will come
 * @stages: receives; give it back with iopf_stages_free()
 * @dev: device whose faults they are
 * @start: first address
 * @step_bytes: from one to the next
 * @accesses: accesses in each address space
 * @spaces: number of address spaces
 *
 * Return: 0 or -ENOMEM; either way iopf_stages_free() may be called.
 */
int iopf_stages_init(struct iopf_stages *stages, struct device *dev, u64 start, u64 step_bytes,
		     u64 accesses, unsigned int spaces)
{
	stages->dev = dev;
	stages->start = start;
	stages->step_bytes = step_bytes;
	stages->accesses = accesses;
	xa_init(&stages->spaces);
	stages->marks = kvcalloc(array_size(accesses, spaces), sizeof(*stages->marks), GFP_KERNEL);
	return stages->marks ? 0 : -ENOMEM;
}

/**
 * iopf_stages_add_space() - say which PASID an address space has
 * @stages: the stages, not watched yet
 * @pasid: the PASID, or IOPF_SPACE_NO_PASID
 * @space: number of the address space
 *
 * Return: 0 or a negative errno.
 */
int iopf_stages_add_space(struct iopf_stages *stages, u32 pasid, unsigned int space)
{
	return xa_err(xa_store(&stages->spaces, pasid, xa_mk_value(space), GFP_KERNEL));
}

/**
 * iopf_stages_watch() - note from now on when a fault is where
 * @stages: with all its address spaces
 * @probes: places on a fault's way that are probed, the first ones, IOPF_PROBES or less
 *
 * Context: process, may sleep.
 * Return: bits of enum iommubench_iopf_stage that can be told apart: of the kernel's own, those
 * between two places that this kernel has and that can be probed.
 */
u32 iopf_stages_watch(struct iopf_stages *stages, unsigned int probes)
{
	u32 seen = 0;
	unsigned int i;

	for (i = 0; i < probes; i++) {
		struct iopf_probe *probe = &stages->probe[i];

		if (!places[i].symbol)
			continue;
		*probe = (struct iopf_probe){
			.kp.symbol_name = places[i].symbol,
			.kp.pre_handler = places[i].handler,
			.stages = stages,
		};
		probe->on = !register_kprobe(&probe->kp);
	}
	if (stages->probe[0].on)
		seen |= BIT(IOMMUBENCH_IOPF_STAGE_HANDLER);
	if (stages->probe[0].on && stages->probe[1].on)
		seen |= BIT(IOMMUBENCH_IOPF_STAGE_MM);
	if (stages->probe[1].on && stages->probe[2].on)
		seen |= BIT(IOMMUBENCH_IOPF_STAGE_FAULT);
	if (stages->probe[2].on)
		seen |= BIT(IOMMUBENCH_IOPF_STAGE_RESPONSE);
	return seen;
}

/**
 * iopf_stages_free() - take the probes out and give the memory back
 * @stages: from iopf_stages_init(), or all zeroes
 *
 * Context: process, sleeps until no handler runs any more.
 */
void iopf_stages_free(struct iopf_stages *stages)
{
	unsigned int i;

	if (!stages->dev)
		return;
	for (i = 0; i < IOPF_PROBES; i++)
		if (stages->probe[i].on)
			unregister_kprobe(&stages->probe[i].kp);
	xa_destroy(&stages->spaces);
	kvfree(stages->marks);
	memset(stages, 0, sizeof(*stages));
}

/* Like a place in the kernel: something is called, and that is all. */
static noinline void probe_target(void)
{
	barrier();
}

static int on_target(struct kprobe *kp, struct pt_regs *regs)
{
	return 0;
}

static int compare_ticks(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

static u64 probe_target_median(void)
{
	u64 samples[PROBE_SAMPLES], before;
	unsigned int i;

	for (i = 0; i < PROBE_SAMPLES; i++) {
		before = bench_clock();
		probe_target();
		samples[i] = bench_clock() - before;
	}
	sort(samples, PROBE_SAMPLES, sizeof(*samples), compare_ticks, NULL);
	return samples[PROBE_SAMPLES / 2];
}

/**
 * iopf_stages_probe_ticks() - what it costs to run into a kprobe
 *
 * Context: process, may sleep.
 * Return: ticks, 0 when it cannot be told.
 */
u32 iopf_stages_probe_ticks(void)
{
	struct kprobe kp = {
		.addr = (kprobe_opcode_t *)probe_target,
		.pre_handler = on_target,
	};
	u64 without = probe_target_median(), with;

	if (register_kprobe(&kp))
		return 0;
	with = probe_target_median();
	unregister_kprobe(&kp);
	return with > without ? with - without : 0;
}
