/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IOMMUBENCH_RUN_CALIBRATE_H
#define IOMMUBENCH_RUN_CALIBRATE_H

#include "run/types.h"

unsigned long bench_clock_resolution(void);
void bench_calibrate(struct bench_thread *t);

#endif /* IOMMUBENCH_RUN_CALIBRATE_H */
