/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Measuring I/O on a disk: its domain types one after the other, and all points in each.
 */
#ifndef IOMMUBENCH_IO_MEASURE_H
#define IOMMUBENCH_IO_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "cli/sweep.h"
#include "device/block.h"
#include "disk/load.h"
#include "measure/session.h"
#include "output/point_files.h"
#include "text/progress.h"

/**
 * struct io_point - one combination of what can be swept
 * @type: enum iommubench_domain_type, -1 for what the group has
 * @bytes: size of a request
 * @depth: requests under way, of each thread
 */
struct io_point {
	int type;
	uint32_t bytes;
	unsigned int depth;
};

/**
 * struct io_skipped - points that this machine cannot do
 * @point: the first of them
 * @points: number of points that have the domain type and the reason of @point
 * @why: the reason
 * @status: enum exit_status that it deserves
 */
struct io_skipped {
	struct io_point point;
	size_t points;
	struct error why;
	int status;
};

/**
 * struct io - one invocation
 * @s: options, device and CPUs
 * @job: what the threads do, but for size and depth, which are those of the point
 * @disk: what --device says
 * @overwrite: the device that may be written to, as the user typed it
 * @types: domain types; empty: what the group has
 * @sizes: bytes of a request
 * @depths: requests under way
 * @block: the disk
 * @user: who else uses it
 * @name: of the disk when it was found; a new binding may give it another
 * @switched: its driver was bound anew
 * @files: what was measured, and where it goes
 * @skipped: points that were not measured, on the heap
 * @nr_skipped: entries at @skipped
 * @nr_points: number of points in all
 * @progress: line for all of them
 * @failed: points with failed requests
 * @end: enum iommubench_end of the last point
 */
struct io {
	struct session s;
	struct io_job job;
	const char *disk;
	const char *overwrite;
	struct sweep types;
	struct sweep sizes;
	struct sweep depths;
	struct block block;
	char user[160];
	char name[BLOCK_NAME_BYTES];
	bool switched;
	struct point_files files;
	struct io_skipped *skipped;
	size_t nr_skipped;
	size_t nr_points;
	struct progress progress;
	size_t failed;
	int end;
};

/**
 * io_type_word() - the word for a domain type in names of points
 * @type: enum iommubench_domain_type, -1 for what the group has
 */
const char *io_type_word(int type);

/**
 * io_find_disk() - find the disk and check that it can do what is asked for
 * @io: options are read; its disk, job and session receive
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int io_find_disk(struct io *io);

/**
 * io_measure() - do all points, until one of them is interrupted
 * @io: its disk was found; its files receive results, its skipped what cannot be done
 *
 * Return: EXIT_DONE however the points ended, or an enum exit_status after one line on stderr.
 */
int io_measure(struct io *io);

/**
 * io_put_back() - end the session, with the disk there again for what comes next in a script
 * @io: its disk was looked for, whatever came of that
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int io_put_back(struct io *io);

#endif
