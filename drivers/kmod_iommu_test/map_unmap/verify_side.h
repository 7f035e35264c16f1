/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A mapping that is looked at: what the CPU puts there, what the device reads and writes there, and
 * what the CPU finds then.
 */
#ifndef IOMMUBENCH_MAP_UNMAP_VERIFY_SIDE_H
#define IOMMUBENCH_MAP_UNMAP_VERIFY_SIDE_H

#include <linux/dma-direction.h>
#include <linux/types.h>

#include "map_unmap/internal.h"
#include "memory/maintain.h"

struct bench_engine;

/* Of a mapping that is looked at as a whole, as many pages at most. */
#define VERIFY_PAGES		128U

/**
 * struct verify_side - a mapping that is looked at
 * @slot: what is mapped, and where
 * @dir: what it is mapped for
 * @offset: where in it the checked part begins, whole pages
 * @words: where that is for the CPU
 * @iova: where that is for the device, and was before the unmap
 * @seed: of the pattern that the CPU has put there last
 * @mapped: it is mapped
 * @proved: the device has read that pattern there since it was mapped, so that what it writes there
 *	goes to this memory and to no other
 * @written: the device was told to write there, and nobody has looked yet
 * @maintained: the checked part, to be cleaned and invalidated
 */
struct verify_side {
	struct mu_slot *slot;
	enum dma_data_direction dir;
	size_t offset;
	u64 *words;
	u64 iova;
	u64 seed;
	bool mapped;
	bool proved;
	bool written;
	struct bench_maintained maintained;
};

/**
 * struct verify_seen - what came of an access of the device
 * @words: words that were to be read or written
 * @hits: those that arrived; of a write that is to be refused, those that are not as before
 * @through: the access was done, as the engine says, and if it does not say it for certain, never
 * @told: @found is what the device read
 * @found: the first two words of it
 */
struct verify_seen {
	size_t words;
	size_t hits;
	bool through;
	bool told;
	u64 found[2];
};

/**
 * struct mu_verify - the verifier
 * @run: the run
 * @mt: its own mappings
 * @engine: what makes the device access memory
 * @targets: what is looked at
 * @nr_targets: entries at @targets
 * @witness: what a copy goes to or comes from
 * @bytes: size of a checked part
 * @serial: patterns so far
 * @rounds: rounds so far
 * @translated: something translates, so that accesses can be refused
 * @lazy: invalidations may be put off for a while
 * @alone: nobody else maps for the device or for others that it shares its addresses with
 * @smeared: the device may have written where a worker had mapped in the meantime
 * @denies_reads: a read through a mapping that the device may only write was refused
 * @at: where the pages of a mapping that is looked at as a whole are for the device
 * @whose: what is said of memory that was found in place of ours
 */
struct mu_verify {
	struct bench_run *run;
	struct mu_thread *mt;
	struct bench_engine *engine;
	struct verify_side targets[MU_VERIFY_SLOTS - 1];
	unsigned int nr_targets;
	struct verify_side witness;
	size_t bytes;
	u64 serial;
	u64 rounds;
	bool translated;
	bool lazy;
	bool alone;
	bool smeared;
	bool denies_reads;
	u64 at[VERIFY_PAGES];
	char whose[64];
};

bool verify_can(const struct mu_verify *v, u64 feature);
bool verify_copies(const struct mu_verify *v);
u64 verify_mark(const struct mu_verify *v, u64 seed);
u64 verify_next_seed(struct mu_verify *v);

int verify_side_open(struct mu_verify *v, struct verify_side *side, enum dma_data_direction dir);
int verify_side_open_at(struct mu_verify *v, struct verify_side *side, enum dma_data_direction dir,
			const struct verify_side *place);
int verify_side_open_as_is(struct mu_verify *v, struct verify_side *side);
u64 verify_side_at(const struct mu_verify *v, const struct verify_side *side, size_t offset);
int verify_side_unmap(struct mu_verify *v, struct verify_side *side);
void verify_side_sync(struct mu_verify *v);
void verify_side_close(struct mu_verify *v, struct verify_side *side);

int verify_read(struct mu_verify *v, struct verify_side *side, size_t bytes,
		struct verify_seen *seen);
int verify_read_again(struct mu_verify *v, struct verify_side *side, size_t bytes,
		      struct verify_seen *seen);
int verify_write(struct mu_verify *v, struct verify_side *side, size_t bytes,
		 struct verify_seen *seen);
size_t verify_written(struct mu_verify *v, struct verify_side *side);
size_t verify_untouched(struct mu_verify *v, const struct verify_side *side, size_t bytes);
int verify_probe(struct mu_verify *v, u64 iova, u64 seed, struct verify_seen *seen);
bool verify_elsewhere(const struct mu_verify *v, const struct verify_seen *seen);
const char *verify_whose(struct mu_verify *v, const struct verify_seen *seen);

#endif /* IOMMUBENCH_MAP_UNMAP_VERIFY_SIDE_H */
