/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * --background: a load beside what is measured, with figures of its own.
 *
 * There is one kind, io: reads of a disk behind an IOMMU by threads of this process,
 * which stay off the CPUs that are measured as far as others are left.
 */
#ifndef IOMMUBENCH_DISK_BACKGROUND_H
#define IOMMUBENCH_DISK_BACKGROUND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "place/placement.h"
#include "result/result.h"

/**
 * struct background_spec - what --background says
 * @text: as the user typed it; NULL: there is to be no load
 * @device: block device, "" for the only one that is free
 * @bytes: of a request
 * @depth: requests that each thread keeps under way
 * @threads: how many
 * @random: at random places
 * @span: bytes of the disk that are used, 0 for all
 * @rate_mhz: requests due in 1000 seconds over all threads, 0: as fast as they come
 */
struct background_spec {
	const char *text;
	char device[128];
	uint32_t bytes;
	unsigned int depth;
	unsigned int threads;
	bool random;
	uint64_t span;
	uint64_t rate_mhz;
};

/**
 * background_parse() - read what --background says
 * @text: "io", or "io:KEY=VALUE" with more of them after commas: device, size, depth,
 *	threads, pattern, span, rate
 * @spec: receives
 * @e: receives what is wrong
 *
 * Return: 0, or -1.
 */
int background_parse(const char *text, struct background_spec *spec, struct error *e);

struct background;

/**
 * background_start() - let the load begin
 * @b: receives, give it back with background_stop(); NULL when there is to be none
 * @spec: what it does
 * @apart: CPUs that are measured; the calling process has stepped aside from them
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int background_start(struct background **b, const struct background_spec *spec,
		     const struct placement *apart);

/**
 * background_report() - put what it did since the last result into a result
 * @b: the load, or NULL
 * @r: the result
 *
 * It goes on after that, counted anew.
 */
void background_report(struct background *b, struct result *r);

/**
 * background_stop() - end it
 * @b: the load, or NULL
 */
void background_stop(struct background *b);

#endif
