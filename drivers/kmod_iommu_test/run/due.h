/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is due at a rate, and what becomes of it when the time is over.
 *
 * Whatever was due before the end counts: it is begun after the end, if a stall kept it from being
 * begun before, and what cannot be begun then either is counted as offered and late. Else a stall
 * at the end of a run would leave no trace in it.
 */
#ifndef IOMMUBENCH_RUN_DUE_H
#define IOMMUBENCH_RUN_DUE_H

#include <linux/types.h>

#include "run/types.h"

u64 bench_due_last(const struct bench_run *run, u64 until, bool record);
u64 bench_due_end(const struct bench_run *run, u64 until);
void bench_due_account(struct bench_thread *t, u64 left, u64 samples);

#endif /* IOMMUBENCH_RUN_DUE_H */
