/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether all that was bound came back: looked at before and after, from outside
 * the code that binds.
 */
#ifndef IOMMUBENCH_PASID_LEAK_H
#define IOMMUBENCH_PASID_LEAK_H

#include <stdbool.h>
#include <stdint.h>

#include "device/device.h"
#include "result/result.h"

/* Up to so many PASIDs, a domain is attached to each to see that it can be. */
#define PASID_LEAK_COUNTED	64

/**
 * struct pasid_stock - what there is at one moment
 * @live: PASIDs bound by anybody
 * @reserved: PASIDs kept from others
 * @domains: domains of the module
 * @binds: binds on the device so far
 * @unbinds: unbinds on the device so far
 * @lowest_pasid: the lowest that is free; 0 when none can be had
 * @capacity: domains that can be attached at once, each with an address space
 *	identifier and a context descriptor; -1 when there are too many to count
 * @mms: address spaces of all processes, also of ended ones that somebody refers
 *	to; -1 when the kernel does not tell
 */
struct pasid_stock {
	uint64_t live;
	uint64_t reserved;
	uint64_t domains;
	uint64_t binds;
	uint64_t unbinds;
	unsigned int lowest_pasid;
	int64_t capacity;
	int64_t mms;
};

/**
 * struct pasid_leaks - two looks, and what they say
 * @before: stock before anything was bound
 * @after: stock when nothing is bound any more
 * @ended: processes that were bound and ended in between
 * @unknown: the device went away in between, so that it cannot be told
 */
struct pasid_leaks {
	struct pasid_stock before;
	struct pasid_stock after;
	uint64_t ended;
	bool unknown;
};

/**
 * pasid_leak_begin() - take stock
 * @leaks: receives the stock; pasid_leak_end() adds to it
 * @d: an open device that nobody else uses
 * @count_all: find out the capacity as well, see &struct pasid_stock
 */
void pasid_leak_begin(struct pasid_leaks *leaks, const struct device *d, bool count_all);

/**
 * pasid_leak_end() - take stock again
 * @leaks: from pasid_leak_begin()
 * @d: the device, open
 * @ended: processes that were bound and ended meanwhile
 *
 * What the kernel frees a little later is waited for.
 */
void pasid_leak_end(struct pasid_leaks *leaks, const struct device *d, uint64_t ended);

/**
 * pasid_leak_first() - the first thing that is missing
 * @leaks: what pasid_leak_end() has found
 * @text: receives it in plain words
 * @n: room at @text
 *
 * Return: whether something is.
 */
bool pasid_leak_first(const struct pasid_leaks *leaks, char *text, size_t n);

/**
 * pasid_leak_report() - put the object "leaks" and its checks into a result, unless unknown
 * @leaks: what pasid_leak_end() has found
 * @r: the result
 */
void pasid_leak_report(const struct pasid_leaks *leaks, struct result *r);

#endif
