/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * When a fault of the device was where in the kernel: kprobes that live as long as a
 * run and note the clock, by PASID and address.
 */
#ifndef IOMMUBENCH_IOPF_STAGES_H
#define IOMMUBENCH_IOPF_STAGES_H

#include <linux/kprobes.h>
#include <linux/types.h>
#include <linux/xarray.h>

struct device;
struct iopf_stages;

/**
 * struct iopf_mark - when an access' fault was where, in ticks; 0 when it was not seen
 * @report: the queue's interrupt handler handed it on
 * @mm: memory management took it up
 * @response: it was to be answered
 */
struct iopf_mark {
	u64 report;
	u64 mm;
	u64 response;
};

#define IOPF_PROBES	3
/* The first of them is passed by faults that are not memory management's as well. */
#define IOPF_PROBES_REPORT	1
/* In place of a PASID that is none: those of address spaces are above. */
#define IOPF_SPACE_NO_PASID	0

/**
 * struct iopf_probe - one place in the kernel
 * @kp: the kprobe
 * @stages: what its handler works for
 * @on: @kp is registered
 */
struct iopf_probe {
	struct kprobe kp;
	struct iopf_stages *stages;
	bool on;
};

/**
 * struct iopf_stages - the faults that are looked for, and what was seen
 * @dev: device whose faults they are
 * @start: first address
 * @step_bytes: from one to the next
 * @accesses: accesses in each address space
 * @spaces: by PASID, the number of the address space
 * @marks: of @accesses for each address space, in that order
 * @probe: the places
 */
struct iopf_stages {
	struct device *dev;
	u64 start;
	u64 step_bytes;
	u64 accesses;
	struct xarray spaces;
	struct iopf_mark *marks;
	struct iopf_probe probe[IOPF_PROBES];
};

int iopf_stages_init(struct iopf_stages *stages, struct device *dev, u64 start, u64 step_bytes,
		     u64 accesses, unsigned int spaces);
int iopf_stages_add_space(struct iopf_stages *stages, u32 pasid, unsigned int space);
u32 iopf_stages_watch(struct iopf_stages *stages, unsigned int probes);
void iopf_stages_free(struct iopf_stages *stages);
u32 iopf_stages_probe_ticks(void);

static inline struct iopf_mark *iopf_stages_mark(const struct iopf_stages *stages,
						 unsigned int space, u64 index)
{
	return &stages->marks[space * stages->accesses + index];
}

#endif /* IOMMUBENCH_IOPF_STAGES_H */
