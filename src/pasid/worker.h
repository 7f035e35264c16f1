/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What churn.c and the processes that it starts share.
 */
#ifndef IOMMUBENCH_PASID_WORKER_H
#define IOMMUBENCH_PASID_WORKER_H

#include <stdbool.h>
#include <stdint.h>

#include <iommubench.h>

#include "device/device.h"
#include "pasid/plan.h"

/* Samples on their way from one thread; a power of two. */
#define CHURN_RING		1024

/* Keeps what one side writes off the cache lines of the other, also where they come in pairs. */
#define CHURN_GAP		16

/* What a sample can be besides a value for enum churn_phase. */
#define CHURN_REFUSED		0x100
#define CHURN_GOT_THROUGH	0x101
#define CHURN_RETRY		0x102
#define CHURN_ERROR_TICKS	0x103
#define CHURN_RIGHT_SPACE	0x104
#define CHURN_WRONG_SPACE	0x105

/**
 * struct churn_sample - one thing that a thread saw; BIND is the first of each bind, UNBIND
 * the last
 * @what: enum churn_phase or CHURN_*
 * @pasid: BIND: number of the PASID
 * @value: in the unit of @what
 */
struct churn_sample {
	uint32_t what;
	uint32_t pasid;
	uint64_t value;
};

enum churn_worker_state {
	CHURN_STARTING = 0,
	CHURN_READY,
	CHURN_DONE,
};

/**
 * struct churn_worker - one thread, in shared memory; each field has one writer
 * @state: thread: enum churn_worker_state
 * @error: thread: errno of what failed
 * @message: thread: line about that
 * @ops: thread: counted binds
 * @started_ns: thread: when it began to count
 * @ended_ns: thread: when it last counted
 * @gap1: see CHURN_GAP
 * @head: thread: samples written so far
 * @gap2: see CHURN_GAP
 * @tail: caller: samples read so far
 * @gap3: see CHURN_GAP
 * @ring: thread: sample n is at n modulo CHURN_RING
 */
struct churn_worker {
	uint32_t state;
	int32_t error;
	char message[IOMMUBENCH_MESSAGE_BYTES];
	uint64_t ops;
	uint64_t started_ns;
	uint64_t ended_ns;
	uint64_t gap1[CHURN_GAP];
	uint64_t head;
	uint64_t gap2[CHURN_GAP];
	uint64_t tail;
	uint64_t gap3[CHURN_GAP];
	struct churn_sample ring[CHURN_RING];
};

enum churn_stage {
	CHURN_WAIT = 0,
	CHURN_WARMUP,
	CHURN_COUNTING,
	CHURN_STOP,
};

/**
 * struct churn_shared - memory shared by all processes of a churn
 * @stage: caller: enum churn_stage
 * @gap: see CHURN_GAP
 * @workers: by process, then thread
 */
struct churn_shared {
	uint32_t stage;
	uint64_t gap[CHURN_GAP];
	struct churn_worker workers[];
};

/**
 * churn_process() - what a process that was forked for a churn does
 * @plan: the plan
 * @d: the device
 * @shared: the shared memory
 * @process: number of the process, from 0
 * @parent: who forked it; it does not outlive that one
 */
void churn_process(const struct churn_plan *plan, const struct device *d,
		   struct churn_shared *shared, unsigned int process, int parent)
	__attribute__((noreturn));

#endif
