/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The points of a set of io results.
 */
#ifndef IOMMUBENCH_IO_VIEW_POINTS_H
#define IOMMUBENCH_IO_VIEW_POINTS_H

#include <stdbool.h>
#include <stdint.h>

#include "points/folder.h"
#include "points/name.h"

/* What panels and rows are named by: all but queue depth and domain type. */
extern const struct point_setting io_settings[];

/* Domain types in the order in which they are told, ended by NULL. */
extern const char *const io_domains[];

/**
 * struct io_params - what a point was measured with
 * @domain: as words_domain() says
 * @size: bytes of a request
 * @depth: requests that each thread kept under way
 */
struct io_params {
	const char *domain;
	uint64_t size;
	double depth;
};

/**
 * io_params_load() - read what a result was measured with
 * @result: a result of io
 *
 * Return: a struct io_params, which the caller frees.
 */
void *io_params_load(const json_t *result);

/**
 * io_of() - what a point was measured with
 * @point: point of a set of io results
 */
const struct io_params *io_of(const struct point *point);

/**
 * io_measured() - whether there is something to show: requests at some queue depth
 * @point: the point
 */
bool io_measured(const struct point *point);

/**
 * io_shallower() - whether a point had fewer requests under way than another one
 * @a: the point that may have had fewer
 * @b: the point that it is compared with
 */
bool io_shallower(const struct point *a, const struct point *b);

/**
 * io_phase() - latencies of a point: of its reads, or of its writes when there are no reads
 * @point: the point
 *
 * Return: the phase, or NULL.
 */
const struct point_phase *io_phase(const struct point *point);

/**
 * io_cpu() - CPU time of a request
 * @point: the point
 * @part: "busy" for all CPUs with interrupts, "thread" for the threads
 *
 * Return: nanoseconds, 0 when that is not known.
 */
double io_cpu(const struct point *point, const char *part);

/**
 * io_find() - a point of a panel
 * @folder: the folder
 * @panel: any point with its settings
 * @domain: domain type
 * @depth: queue depth
 *
 * Return: the point, or NULL when that was not measured.
 */
const struct point *io_find(const struct folder *folder, const struct point *panel,
			    const char *domain, double depth);

#endif
