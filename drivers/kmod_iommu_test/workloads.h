/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IOMMUBENCH_WORKLOADS_H
#define IOMMUBENCH_WORKLOADS_H

#include <linux/types.h>

struct bench_workload_ops;

const struct bench_workload_ops *bench_workload(u32 workload);

#endif /* IOMMUBENCH_WORKLOADS_H */
