/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One point of an iopf measurement: a kind of fault under one load, and what came of it.
 */
#ifndef IOMMUBENCH_IOPF_POINT_H
#define IOMMUBENCH_IOPF_POINT_H

#include <stdbool.h>
#include <stdint.h>

#include <iommubench.h>

#include "iommubench/hist.h"
#include "iopf/arena.h"
#include "measure/totals.h"
#include "text/parse.h"

/**
 * enum iopf_mode - how the device waits for a page, and who gets it
 * @IOPF_MODE_AUTO: as the device can
 * @IOPF_MODE_STALL: the IOMMU holds its accesses
 * @IOPF_MODE_PRI: it asks for pages
 * @IOPF_MODE_IOMMUFD: as the device can; user space answers, not the kernel
 */
enum iopf_mode {
	IOPF_MODE_AUTO = 0,
	IOPF_MODE_STALL,
	IOPF_MODE_PRI,
	IOPF_MODE_IOMMUFD,
};

/**
 * struct iopf_point - what is measured, and what came out
 * @arena: what accesses run into
 * @mode: enum iopf_mode
 * @outstanding: accesses that a thread has under way
 * @nr_spaces: address spaces; 1 is this process's own, more are those of others
 * @prg_pages: pages that the device asks for at once
 * @think_ns: pause of a thread after an access
 * @timeout_ns: when an access counts as never answered
 * @stages: time the kernel's stages
 * @cpu: let the CPU take the faults as well, to compare with
 * @kernel: IOPF_MODE_IOMMUFD: let the kernel answer the faults as well, to compare with
 * @pagers: IOPF_MODE_IOMMUFD: threads that answer
 * @pager_delay_ns: IOPF_MODE_IOMMUFD: what they do besides
 * @totals: sums over runs, without phases
 * @phases: by enum iommubench_iopf_phase, in nanoseconds
 * @counts: sums over threads and passes, by enum iommubench_iopf_count
 * @passes: passes over all slots in all runs
 * @shown: bits of enum iommubench_iopf_stage that this kernel shows
 * @answered: the kernel answers faults, it does not deny them all
 * @clock_error_ns: how far the device's and the kernel's clock may be apart
 * @probe_ns: cost of a kprobe, 0 without
 * @kernel_hist: IOPF_MODE_IOMMUFD: the faults that the kernel answered, in nanoseconds
 * @kernel_reason: why it did not, "" when it did
 * @cpu_hist: the CPU's faults, in ticks of ticks_now()
 * @written: slots that the device was to write
 * @wrong: slots of @written where something else was found
 * @unread: the slots of other processes could not be looked at
 * @huge_bytes: in huge pages after the last pass of ARENA_HUGE
 * @huge_missing: the device touched more than that
 * @lost_events: how often the kernel told of an overflow of the event queue
 * @lost_requests: how often the kernel told of an overflow of the page request queue
 */
struct iopf_point {
	struct arena arena;
	int mode;
	unsigned int outstanding;
	unsigned int nr_spaces;
	unsigned int prg_pages;
	uint64_t think_ns;
	uint64_t timeout_ns;
	bool stages;
	bool cpu;
	bool kernel;
	unsigned int pagers;
	uint64_t pager_delay_ns;
	struct totals totals;
	struct iommubench_hist phases[IOMMUBENCH_IOPF_PHASES];
	uint64_t counts[IOMMUBENCH_IOPF_COUNTS];
	uint64_t passes;
	uint32_t shown;
	bool answered;
	uint32_t clock_error_ns;
	uint32_t probe_ns;
	struct iommubench_hist kernel_hist;
	char kernel_reason[IOMMUBENCH_MESSAGE_BYTES];
	struct iommubench_hist cpu_hist;
	uint64_t written;
	uint64_t wrong;
	bool unread;
	uint64_t huge_bytes;
	bool huge_missing;
	uint64_t lost_events;
	uint64_t lost_requests;
};

/* Words for enum arena_kind, enum arena_memory and enum iopf_mode. */
extern const struct choice iopf_kind_choices[];
extern const struct choice iopf_memory_choices[];
extern const struct choice iopf_mode_choices[];

/**
 * iopf_must_fail() - whether every access is to be refused
 * @p: the point, described
 */
bool iopf_must_fail(const struct iopf_point *p);

/**
 * iopf_no_cpu_reason() - why the CPU takes no such faults
 * @p: the point, described
 *
 * Return: a clause, or NULL when it does.
 */
const char *iopf_no_cpu_reason(const struct iopf_point *p);

/**
 * iopf_point_free() - give a point back
 * @p: the point
 */
void iopf_point_free(struct iopf_point *p);

#endif
