/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the params of every result say in the same way.
 */
#ifndef IOMMUBENCH_MEASURE_PARAMS_H
#define IOMMUBENCH_MEASURE_PARAMS_H

#include <jansson.h>

#include "measure/session.h"
#include "measure/totals.h"

/**
 * params_put_threads() - threads and where they run
 * @params: the object
 * @s: the session, connected
 */
void params_put_threads(json_t *params, const struct session *s);

/**
 * params_put_length() - how long and how often
 * @params: the object
 * @s: the session, connected
 */
void params_put_length(json_t *params, const struct session *s);

/**
 * params_put_device() - what the device must have, and how commands reach it
 * @params: the object
 * @s: the session, connected
 */
void params_put_device(json_t *params, const struct session *s);

/**
 * params_put_placement() - say where memory was, and warn of what disturbs the CPUs
 * @r: the result
 * @s: connected; what disturbs is watched anew from here on, for the next result
 * @threads: threads of the run
 */
void params_put_placement(struct result *r, const struct session *s, unsigned int threads);

/**
 * params_put_group() - warn of the other members of the device's IOMMU group
 * @r: the result
 * @s: the session, connected; what was measured is in the group's default domain, which they share
 */
void params_put_group(struct result *r, const struct session *s);

/**
 * params_put_faults() - say what the IOMMU's driver told of refused accesses, and warn when that is
 *	nothing
 * @r: the result
 * @s: the session, connected, with session_begin_faults() since the result before
 * @t: has the checks that say how many accesses were refused; without any nothing is said
 */
void params_put_faults(struct result *r, const struct session *s, const struct totals *t);

#endif
