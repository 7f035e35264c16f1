/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a point of an iopf measurement gave, as a result.
 */
#ifndef IOMMUBENCH_IOPF_RESULT_H
#define IOMMUBENCH_IOPF_RESULT_H

#include "iopf/point.h"
#include "measure/session.h"
#include "result/result.h"

/**
 * iopf_result() - make a result of a point
 * @p: the point, measured
 * @s: the session, connected
 * @machine: from machine_describe(); the reference is taken over
 */
struct result *iopf_result(const struct iopf_point *p, const struct session *s, json_t *machine);

/**
 * iopf_print() - for people: what the table of phases does not say
 * @r: the result of a point
 */
void iopf_print(struct result *r);

#endif
