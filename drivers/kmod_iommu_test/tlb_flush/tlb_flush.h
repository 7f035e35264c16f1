/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IOMMUBENCH_TLB_FLUSH_TLB_FLUSH_H
#define IOMMUBENCH_TLB_FLUSH_TLB_FLUSH_H

#include "run/types.h"

extern const struct bench_workload_ops bench_tlb_flush;

#endif /* IOMMUBENCH_TLB_FLUSH_TLB_FLUSH_H */
