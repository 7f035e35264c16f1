/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The engines of virtual boards, for the table of lab.c.
 */
#ifndef IOMMUBENCH_LAB_INTERNAL_H
#define IOMMUBENCH_LAB_INTERNAL_H

#include "engine/types.h"

extern const struct bench_engine_ops bench_engine_edu;
extern const struct bench_engine_ops bench_engine_dmatest;

#endif /* IOMMUBENCH_LAB_INTERNAL_H */
