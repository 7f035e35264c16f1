/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IOMMUBENCH_IOPF_IOPF_H
#define IOMMUBENCH_IOPF_IOPF_H

#include "run/types.h"

extern const struct bench_workload_ops bench_iopf;

#endif /* IOMMUBENCH_IOPF_IOPF_H */
