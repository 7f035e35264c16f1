/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a result says about I/O.
 */
#ifndef IOMMUBENCH_IO_RESULT_H
#define IOMMUBENCH_IO_RESULT_H

#include <jansson.h>

#include "device/block.h"
#include "disk/load.h"
#include "measure/session.h"
#include "measure/totals.h"

/**
 * struct io_sums - what several runs of one point gave, beside their totals
 * @ops: requests that count
 * @bytes: bytes that those requests moved
 * @failed: requests that failed
 * @cpu: sums; its resolution is that of all runs together
 */
struct io_sums {
	uint64_t ops;
	uint64_t bytes;
	uint64_t failed;
	struct io_cpu cpu;
};

/* Names of the phases in results. */
extern const char *const io_phase_names[IO_PHASES];

/**
 * io_sums_add() - add a run
 * @sums: the sums
 * @o: what the run left
 */
void io_sums_add(struct io_sums *sums, const struct io_outcome *o);

/**
 * io_report() - the result of a point
 * @s: options and CPUs
 * @b: the disk
 * @job: what was done to it
 * @domain_type: enum iommubench_domain_type that was asked for, -1 for none
 * @user: who else uses the disk, "" when nobody does
 * @t: all runs
 * @sums: what they gave beside that
 *
 * Return: the result.
 */
struct result *io_report(const struct session *s, const struct block *b, const struct io_job *job,
			 int domain_type, const char *user, const struct totals *t,
			 const struct io_sums *sums);

#endif
