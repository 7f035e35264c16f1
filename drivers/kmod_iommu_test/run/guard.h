/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IOMMUBENCH_RUN_GUARD_H
#define IOMMUBENCH_RUN_GUARD_H

struct bench_run;

void bench_guard_init(struct bench_run *run);
void bench_guard_begin(struct bench_run *run);
void bench_guard_end(struct bench_run *run);

#endif /* IOMMUBENCH_RUN_GUARD_H */
