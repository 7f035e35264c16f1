/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What --background takes.
 */
#ifndef IOMMUBENCH_DISK_BACKGROUND_SPEC_H
#define IOMMUBENCH_DISK_BACKGROUND_SPEC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/**
 * struct background_spec - what --background says
 * @text: as the user typed it; NULL: there is to be no load
 * @device: block device, "" for the only one that is free
 * @bytes: size of a request
 * @depth: requests that each thread keeps under way
 * @threads: threads that make the load
 * @random: requests are at random places
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
 * @spec: receives what was read
 * @e: receives what is wrong
 *
 * Return: 0, or -1.
 */
int background_parse(const char *text, struct background_spec *spec, struct error *e);

#endif
