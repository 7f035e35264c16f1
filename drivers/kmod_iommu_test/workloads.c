// SPDX-License-Identifier: GPL-2.0-only
/*
 * The workloads that a run may have. One row each.
 */
#include <linux/kernel.h>

#include <uapi/iommubench.h>

#include "iopf/iopf.h"
#include "map_unmap/map_unmap.h"
#include "tlb_flush/tlb_flush.h"
#include "workloads.h"

static const struct bench_workload_ops *const workloads[] = {
	[IOMMUBENCH_WORKLOAD_MAP_UNMAP] = &bench_map_unmap,
	[IOMMUBENCH_WORKLOAD_TLB_FLUSH] = &bench_tlb_flush,
	[IOMMUBENCH_WORKLOAD_IOPF] = &bench_iopf,
};

/**
 * bench_workload() - the operations of a workload
 * @workload: enum iommubench_workload as the tool gave it, unchecked
 *
 * Return: its row, or NULL when there is no such workload.
 */
const struct bench_workload_ops *bench_workload(u32 workload)
{
	return workload < ARRAY_SIZE(workloads) ? workloads[workload] : NULL;
}
