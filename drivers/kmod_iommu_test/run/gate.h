/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the threads of a run stand still: for a moment, for each other, at a gate that the tool
 * opens, and between phases.
 */
#ifndef IOMMUBENCH_RUN_GATE_H
#define IOMMUBENCH_RUN_GATE_H

#include <linux/types.h>

#include "run/types.h"

void bench_sleep_until(struct bench_run *run, u64 tick);
void bench_run_barrier(struct bench_run *run);
void bench_run_gate(struct bench_thread *t, enum iommubench_thread_state state);
int bench_run_open_gate(struct bench_run *run);
void bench_run_phase(struct bench_thread *t, u32 phase, u32 ops);
u64 bench_run_share(const struct bench_thread *t, u64 done, unsigned int block);

#endif /* IOMMUBENCH_RUN_GATE_H */
