/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory for a device, or a CPU, to run into: made so that an access to each of
 * its slots faults in a known way, and made so again before each pass.
 */
#ifndef IOMMUBENCH_IOPF_ARENA_H
#define IOMMUBENCH_IOPF_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <iommubench.h>

#include "base/error.h"
#include "iommubench/hist.h"
#include "place/memory_policy.h"

/**
 * enum arena_kind - what an access runs into
 * @ARENA_ZERO: anonymous memory that was never touched; a read gets the zero page
 * @ARENA_ANON: anonymous memory that was never touched; a write gets a page of its own
 * @ARENA_COW: anonymous memory that was read; a write copies
 * @ARENA_FILE_COLD: a private mapping of a file that is on its disk only
 * @ARENA_FILE_WARM: of a file that is in the page cache
 * @ARENA_HUGE: anonymous memory that comes in huge pages
 * @ARENA_MPROTECT: memory that was read only, and then made writable
 * @ARENA_UNMAPPED: addresses where nothing is mapped
 * @ARENA_INFLIGHT: anonymous memory that is unmapped while accesses are under way
 * @ARENA_EXIT: anonymous memory of a process that has ended
 * @ARENA_KILLED: anonymous memory of a process that is killed while accesses are under way
 * @ARENA_KINDS: number of kinds
 */
enum arena_kind {
	ARENA_ZERO = 0,
	ARENA_ANON,
	ARENA_COW,
	ARENA_FILE_COLD,
	ARENA_FILE_WARM,
	ARENA_HUGE,
	ARENA_MPROTECT,
	ARENA_UNMAPPED,
	ARENA_INFLIGHT,
	ARENA_EXIT,
	ARENA_KILLED,
	ARENA_KINDS,
};

/**
 * enum arena_memory - where anonymous memory comes from
 * @ARENA_MMAP: mmap()
 * @ARENA_MALLOC: malloc()
 * @ARENA_STACK: the main thread's stack
 * @ARENA_FILE: a shared mapping of a file without blocks, in place of anonymous memory
 */
enum arena_memory {
	ARENA_MMAP = 0,
	ARENA_MALLOC,
	ARENA_STACK,
	ARENA_FILE,
};

/**
 * struct arena - the memory, and what is known of it
 * @kind: what accesses run into
 * @memory: where it comes from
 * @write: accesses write
 * @locked: mlock() it before each pass, so that nothing faults
 * @bytes: its size, a multiple of @step
 * @step: from one access to the next, a multiple of the page size
 * @pages: pages of a slot that an access needs, 0 for one
 * @prefault: so many of a hundred slots are touched before a pass
 * @seed: chooses the slots of @prefault
 * @data: what is in a file at the first slot; elsewhere what is written there
 * @data_step: so much more at each further slot
 * @path: the file, or the folder for one; NULL for the default
 * @policy: which nodes its pages come from, whoever brings them in; NULL for any
 * @base: first slot, valid after arena_arm()
 * @block: what malloc() returned
 * @fd: the file, -1 for none
 */
struct arena {
	enum arena_kind kind;
	enum arena_memory memory;
	bool write;
	bool locked;
	size_t bytes;
	size_t step;
	unsigned int pages;
	unsigned int prefault;
	uint64_t seed;
	uint64_t data;
	uint64_t data_step;
	const char *path;
	const struct memory_policy *policy;
	char *base;
	void *block;
	int fd;
};

/**
 * arena_open() - take what all passes share
 * @a: the arena, described; give it back with arena_close() in any case
 * @e: receives what is wrong
 *
 * Return: 0, or -1.
 */
int arena_open(struct arena *a, struct error *e);

/**
 * arena_arm() - make it so that all slots fault, but for those to be touched before
 * @a: the arena, open
 * @e: receives what is wrong
 *
 * Return: 0, or -1.
 */
int arena_arm(struct arena *a, struct error *e);

/**
 * arena_upgrade() - ARENA_MPROTECT: make it writable
 * @a: the arena, armed
 * @e: receives what is wrong
 *
 * Return: 0, or -1.
 */
int arena_upgrade(struct arena *a, struct error *e);

/**
 * arena_of_space() - the same in another address space, where its data are its own
 * @a: the arena, described
 * @space: number of the address space, as the module counts them
 */
static inline struct arena arena_of_space(const struct arena *a, unsigned int space)
{
	struct arena own = *a;

	own.data += (uint64_t)space * IOMMUBENCH_MAX_IOPF_ACCESSES * a->data_step;
	return own;
}

/**
 * arena_is_absent() - whether no page of it is there after arena_arm()
 * @a: the arena, described
 */
static inline bool arena_is_absent(const struct arena *a)
{
	return !a->locked && !a->prefault && a->kind != ARENA_COW && a->kind != ARENA_MPROTECT;
}

/**
 * arena_slots() - how many slots there are
 * @a: the arena, described
 */
static inline uint64_t arena_slots(const struct arena *a)
{
	return a->bytes / a->step;
}

/**
 * arena_is_prefaulted() - whether a slot is touched before each pass
 * @a: the arena, described
 * @slot: number of the slot
 */
bool arena_is_prefaulted(const struct arena *a, uint64_t slot);

/**
 * arena_value() - what is, or is written, at a slot
 * @a: the arena, described
 * @slot: number of the slot
 */
static inline uint64_t arena_value(const struct arena *a, uint64_t slot)
{
	return a->data + slot * a->data_step;
}

/**
 * arena_touch() - let the CPU run into the slots as the device does, and time each
 * @a: the arena, armed, and upgraded
 * @slots: number of slots to touch, from the first one on
 * @hist: receives ticks of ticks_now() for each slot that was not touched before
 */
void arena_touch(const struct arena *a, uint64_t slots, struct iommubench_hist *hist);

/**
 * arena_wrong() - how many of the first slots do not hold what was to be written there
 * @a: the arena, written to by the device
 * @pid: process whose memory it is, 0 for this process
 * @slots: number of slots to look at, from the first one on
 *
 * Return: slots that are wrong, or -1 when they cannot be read.
 */
int64_t arena_wrong(const struct arena *a, int pid, uint64_t slots);

/**
 * arena_huge() - how much of it is in huge pages, in bytes
 * @a: the arena, touched
 */
uint64_t arena_huge(const struct arena *a);

/**
 * arena_unmap_under_way() - ARENA_INFLIGHT: unmap slots that the device is coming to
 * @a: the arena, armed; all of it is unmapped afterwards, once the device has been there or has not
 *	come for some time
 */
void arena_unmap_under_way(struct arena *a);

/**
 * arena_process_ends() - whether the memory is that of a process that ends in each pass
 * @kind: what accesses run into
 */
static inline bool arena_process_ends(enum arena_kind kind)
{
	return kind == ARENA_EXIT || kind == ARENA_KILLED;
}

/**
 * arena_may_refuse() - whether an access may be refused or not, as chance will have it
 * @kind: what accesses run into
 */
static inline bool arena_may_refuse(enum arena_kind kind)
{
	return kind == ARENA_INFLIGHT || kind == ARENA_KILLED;
}

/**
 * arena_wait_reached() - wait until an access has made a slot present, but not for long
 * @a: the arena, armed
 * @pid: process whose memory it is
 * @slot: number of the slot
 */
void arena_wait_reached(const struct arena *a, int pid, uint64_t slot);

/**
 * arena_close() - give it back
 * @a: open, or all zeroes but for fd -1
 */
void arena_close(struct arena *a);

/**
 * arena_stack_limit() - how large an arena on the stack can be
 */
size_t arena_stack_limit(void);

/**
 * arena_huge_bytes() - size of a huge page of anonymous memory, which follows that of a page
 */
size_t arena_huge_bytes(void);

#endif
