/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A pager in user space: it has the device's domain in an iommufd, reads the faults
 * of the device from the domain's queue, maps pages of an arena, and answers.
 */
#ifndef IOMMUBENCH_IOPF_PAGER_H
#define IOMMUBENCH_IOPF_PAGER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include <iommubench.h>

#include "device/iommufd.h"
#include "iopf/arena.h"

#define PAGER_MAX_THREADS	64

/**
 * struct pager - the pager
 * @device: the open device
 * @arena: what the device sees; armed
 * @place_bytes: what is mapped at a slot when it faults
 * @nr_threads: threads that are to answer
 * @delay_ns: how long one thinks before it maps
 * @iova: where the device sees the first slot
 * @iommufd: the iommufd, in which the domain is
 * @bound: the device is bound to @iommufd
 * @stop: event that ends the threads
 * @threads: the threads that were started, @running of them
 * @running: see @threads
 * @marks: where it notes when it did what, NULL when nobody wants to know
 * @marks_bytes: bytes at @marks that are mapped
 */
struct pager {
	int device;
	const struct arena *arena;
	uint64_t place_bytes;
	unsigned int nr_threads;
	uint64_t delay_ns;
	uint64_t iova;
	struct iommufd iommufd;
	bool bound;
	int stop;
	pthread_t threads[PAGER_MAX_THREADS];
	unsigned int running;
	struct iommubench_iopf_mark *marks;
	size_t marks_bytes;
};

/**
 * pager_open() - take the device's DMA over, and be ready for its faults
 * @p: the fields up to @delay_ns are set; give it back with pager_close() in any case
 * @present: map those slots first that shall not fault
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int pager_open(struct pager *p, bool present);

/**
 * pager_watch() - note from now on when a fault is read and answered
 * @p: the pager, open
 * @offset: where in the device's file the module wants to see that
 * @slots: number of slots, each of which has a mark there
 */
void pager_watch(struct pager *p, uint64_t offset, uint64_t slots);

/**
 * pager_close() - give the device's DMA back to the kernel
 * @p: open, as far as pager_open() came
 *
 * A run that still goes on is stopped.
 */
void pager_close(struct pager *p);

#endif
