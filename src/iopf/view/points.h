/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The points of a set of iopf results: what was measured, at which load, stage by stage.
 */
#ifndef IOMMUBENCH_IOPF_VIEW_POINTS_H
#define IOMMUBENCH_IOPF_VIEW_POINTS_H

#include <stdbool.h>

#include "points/folder.h"
#include "points/name.h"

/* As many as those of all modes together, and some. */
#define IOPF_MAX_STAGES	10

/* What points are named by: all but their load. */
extern const struct point_setting iopf_settings[];

/**
 * struct iopf_params - what a point was measured with
 * @fault: the kind of fault
 * @mode: how the device waits for the page
 * @rate: accesses a second that were to begin, 0 when each began at the end of another one
 * @outstanding: accesses that each thread kept under way
 */
struct iopf_params {
	const char *fault;
	const char *mode;
	double rate;
	double outstanding;
};

/**
 * iopf_params_load() - read what a result was measured with
 * @result: a result of iopf
 *
 * Return: a struct iopf_params, which the caller frees.
 */
void *iopf_params_load(const json_t *result);

/**
 * iopf_of() - what a point was measured with
 * @point: point of a set of iopf results
 */
const struct iopf_params *iopf_of(const struct point *point);

/**
 * iopf_device() - what an access that faulted took, from the moment that it began
 * @point: the point, or NULL
 *
 * Return: the latencies; those of refused accesses when all were; NULL when there are none.
 */
const struct point_phase *iopf_device(const struct point *point);

/**
 * iopf_refused() - whether all accesses that faulted were refused
 * @point: the point
 */
bool iopf_refused(const struct point *point);

/**
 * iopf_under_way() - accesses that were under way at once, at most
 * @point: the point
 */
double iopf_under_way(const struct point *point);

/**
 * iopf_lower_load() - whether a point was measured at a lower load than another one
 * @a: the point that may have had the lower load
 * @b: the point that it is compared with
 *
 * Without a rate comes before any rate.
 */
bool iopf_lower_load(const struct point *a, const struct point *b);

/**
 * struct iopf_stage - a stage of a point
 * @name: such as "handler"
 * @phase: its latencies, or NULL
 * @reason: why the kernel does not show it, or NULL when it does
 */
struct iopf_stage {
	const char *name;
	const struct point_phase *phase;
	const char *reason;
};

/**
 * iopf_stages() - the stages of a point, in their order
 * @point: the point
 * @stages: receives IOPF_MAX_STAGES of them at most
 *
 * Return: how many.
 */
unsigned int iopf_stages(const struct point *point, struct iopf_stage *stages);

/**
 * iopf_has_stages() - whether any stage was measured
 * @point: the point
 */
bool iopf_has_stages(const struct point *point);

/**
 * iopf_no_cpu() - why there are no such faults of the CPU
 * @point: the point
 *
 * Return: a clause, or NULL when there are.
 */
const char *iopf_no_cpu(const struct point *point);

/**
 * iopf_ratio() - how many times as long the device takes
 * @point: the point
 * @ppm: percentile, in millionths
 *
 * Return: the ratio, or 0 when the CPU took no such faults.
 */
double iopf_ratio(const struct point *point, unsigned int ppm);

#endif
