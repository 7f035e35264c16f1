/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Log-linear latency histogram, one implementation for kernel and user space.
 *
 * A value below 256 has a bucket of its own. Above that, each power of two is
 * cut into 128 equal buckets, so that a bucket is never wider than 1/128 of
 * the smallest value in it. Everything is a plain u64 in fixed memory: adding
 * takes constant time, allocates nothing, takes no lock and cannot fail.
 *
 * A histogram has one writer. Readers may look at it while it is written: each
 * u64 is then some recent value, but the fields need not agree until the
 * writer has stopped.
 *
 * The unit is the caller's. The kernel module adds clock ticks.
 */
#ifndef _IOMMUBENCH_HIST_H
#define _IOMMUBENCH_HIST_H

#ifdef __KERNEL__
#include <linux/bitops.h>
#include <linux/string.h>
#include <linux/types.h>
#else
#include <linux/types.h>
#include <stdbool.h>
#include <string.h>
#endif

/* 128 buckets to a power of two: relative error <= 1/128. */
#define IOMMUBENCH_HIST_SUB_BITS	7
/* 2^40: over 60 s of a clock as fast as 10 GHz. */
#define IOMMUBENCH_HIST_VALUE_BITS	40
#define IOMMUBENCH_HIST_BUCKETS						\
	((IOMMUBENCH_HIST_VALUE_BITS - IOMMUBENCH_HIST_SUB_BITS + 1)	\
	 << IOMMUBENCH_HIST_SUB_BITS)

/**
 * struct iommubench_hist - a histogram; all zeroes is the empty one
 * @count: values added
 * @sum: their exact sum, modulo 2^64
 * @min: exact smallest value, meaningless while @count is 0
 * @max: exact largest value, 0 while @count is 0
 * @squares_low: lower half of the exact sum of the values' squares, modulo 2^128
 * @squares_high: upper half of it; both are 0 where the squares of some values are not known,
 *	see iommubench_hist_squares_known()
 * @reserved: zero
 * @buckets: number of values in each range, see iommubench_hist_bucket_low(); the
 *	last one also holds all values of 2^40 and above
 */
struct iommubench_hist {
	__u64 count;
	__u64 sum;
	__u64 min;
	__u64 max;
	__u64 squares_low;
	__u64 squares_high;
	__u64 reserved[2];
	__u64 buckets[IOMMUBENCH_HIST_BUCKETS];
};

/**
 * struct iommubench_hist_entry - one bucket that was hit, for storage
 * @index: number of the bucket
 * @reserved: zero
 * @count: number of values in it, never 0
 */
struct iommubench_hist_entry {
	__u32 index;
	__u32 reserved;
	__u64 count;
};

static inline unsigned int iommubench_hist_log2(__u64 value)
{
#ifdef __KERNEL__
	return fls64(value) - 1;
#else
	return 63 - __builtin_clzll(value);
#endif
}

/**
 * iommubench_hist_index() - the bucket that a value falls into
 * @value: any value; 2^40 and above fall into the last bucket
 */
static inline unsigned int iommubench_hist_index(__u64 value)
{
	unsigned int shift;

	if (value < (2ULL << IOMMUBENCH_HIST_SUB_BITS))
		return (unsigned int)value;
	if (value >> IOMMUBENCH_HIST_VALUE_BITS)
		return IOMMUBENCH_HIST_BUCKETS - 1;
	shift = iommubench_hist_log2(value) - IOMMUBENCH_HIST_SUB_BITS;
	return (shift << IOMMUBENCH_HIST_SUB_BITS) + (unsigned int)(value >> shift);
}

/**
 * iommubench_hist_bucket_width() - the number of values that share a bucket
 * @index: number of the bucket, below IOMMUBENCH_HIST_BUCKETS
 */
static inline __u64 iommubench_hist_bucket_width(unsigned int index)
{
	unsigned int octave = index >> IOMMUBENCH_HIST_SUB_BITS;

	return octave < 2 ? 1 : 1ULL << (octave - 1);
}

/**
 * iommubench_hist_bucket_low() - the smallest value of a bucket
 * @index: number of the bucket, below IOMMUBENCH_HIST_BUCKETS
 */
static inline __u64 iommubench_hist_bucket_low(unsigned int index)
{
	unsigned int octave = index >> IOMMUBENCH_HIST_SUB_BITS;
	__u64 sub = index & ((1U << IOMMUBENCH_HIST_SUB_BITS) - 1);

	if (octave < 2)
		return index;
	return (sub + (1ULL << IOMMUBENCH_HIST_SUB_BITS)) << (octave - 1);
}

/**
 * iommubench_hist_init() - make a histogram empty
 * @h: the histogram
 */
static inline void iommubench_hist_init(struct iommubench_hist *h)
{
	memset(h, 0, sizeof(*h));
}

/* Adds to the sum of squares. */
static inline void iommubench_hist_carry(struct iommubench_hist *h, __u64 high, __u64 low)
{
	h->squares_low += low;
	h->squares_high += high + (h->squares_low < low);
}

/* Squares a value of more than 32 bits by its halves; others fit into 64 bits. */
static inline void iommubench_hist_add_square(struct iommubench_hist *h, __u64 value)
{
	__u64 upper = value >> 32, lower = (__u32)value, cross;

	if (__builtin_expect(!upper, 1)) {
		iommubench_hist_carry(h, 0, value * value);
		return;
	}
	cross = upper * lower;
	iommubench_hist_carry(h, upper * upper, lower * lower);
	/* Twice, at 32 bits. */
	iommubench_hist_carry(h, cross >> 31, cross << 33);
}

/**
 * iommubench_hist_squares_known() - whether the sum of squares is that of all values
 * @h: the histogram
 *
 * It is not in what was written before there was such a sum, or merged with that.
 */
static inline bool iommubench_hist_squares_known(const struct iommubench_hist *h)
{
	return h->squares_low || h->squares_high || !h->max;
}

/**
 * iommubench_hist_add() - count one value; for the timed path
 * @h: the histogram, which this caller alone writes
 * @value: the value, in the caller's unit
 */
static inline void iommubench_hist_add(struct iommubench_hist *h, __u64 value)
{
	if (value < h->min || !h->count)
		h->min = value;
	if (value > h->max)
		h->max = value;
	h->sum += value;
	iommubench_hist_add_square(h, value);
	h->count++;
	h->buckets[iommubench_hist_index(value)]++;
}

/**
 * iommubench_hist_merge() - add all of one histogram to another
 * @into: the histogram that grows
 * @from: the histogram that is added and stays as it is
 */
static inline void iommubench_hist_merge(struct iommubench_hist *into,
					 const struct iommubench_hist *from)
{
	unsigned int i;

	if (!from->count)
		return;
	if (iommubench_hist_squares_known(into) && iommubench_hist_squares_known(from)) {
		iommubench_hist_carry(into, from->squares_high, from->squares_low);
	} else {
		into->squares_low = 0;
		into->squares_high = 0;
	}
	if (!into->count || from->min < into->min)
		into->min = from->min;
	if (from->max > into->max)
		into->max = from->max;
	into->count += from->count;
	into->sum += from->sum;
	for (i = 0; i < IOMMUBENCH_HIST_BUCKETS; i++)
		into->buckets[i] += from->buckets[i];
}

/* The extremes of the values in the buckets, as far as the buckets tell. */
static inline void iommubench_hist_bound(struct iommubench_hist *h)
{
	unsigned int first = 0, last = IOMMUBENCH_HIST_BUCKETS - 1;
	__u64 low, high;

	if (!h->count) {
		h->min = 0;
		h->max = 0;
		return;
	}
	while (first < last && !h->buckets[first])
		first++;
	while (last > first && !h->buckets[last])
		last--;
	low = iommubench_hist_bucket_low(first);
	high = iommubench_hist_bucket_low(last) + iommubench_hist_bucket_width(last) - 1;
	if (h->min < low)
		h->min = low;
	/* The last bucket has no upper end. */
	if (last < IOMMUBENCH_HIST_BUCKETS - 1 && h->max > high)
		h->max = high;
}

/**
 * iommubench_hist_subtract() - what was added between two snapshots
 * @h: the later snapshot; becomes the interval
 * @earlier: the earlier snapshot of the same histogram
 *
 * Count, sums and buckets of the interval are exact. Its min and max cannot be
 * known from two snapshots: they become the tightest bounds that the buckets
 * and the later extremes give, off by at most 1/128.
 *
 * Return: false, with @h unchanged, when @earlier is not contained in @h.
 */
static inline bool iommubench_hist_subtract(struct iommubench_hist *h,
					    const struct iommubench_hist *earlier)
{
	unsigned int i;

	if (earlier->count > h->count)
		return false;
	for (i = 0; i < IOMMUBENCH_HIST_BUCKETS; i++)
		if (earlier->buckets[i] > h->buckets[i])
			return false;
	h->count -= earlier->count;
	h->sum -= earlier->sum;
	if (iommubench_hist_squares_known(h) && iommubench_hist_squares_known(earlier)) {
		h->squares_high -= earlier->squares_high + (h->squares_low < earlier->squares_low);
		h->squares_low -= earlier->squares_low;
	} else {
		h->squares_low = 0;
		h->squares_high = 0;
	}
	for (i = 0; i < IOMMUBENCH_HIST_BUCKETS; i++)
		h->buckets[i] -= earlier->buckets[i];
	iommubench_hist_bound(h);
	return true;
}

/**
 * iommubench_hist_value_at() - the value at a rank
 * @h: the histogram
 * @rank: 1 for the smallest value up to @h->count for the largest
 *
 * Return: the middle of the bucket that holds that rank, kept within the exact
 * min and max; off by at most 1/256 of the true value. 0 when @h is empty.
 */
static inline __u64 iommubench_hist_value_at(const struct iommubench_hist *h, __u64 rank)
{
	__u64 seen = 0, value;
	unsigned int i;

	if (!h->count)
		return 0;
	if (rank <= 1)
		return h->min;
	if (rank >= h->count)
		return h->max;
	for (i = 0; i < IOMMUBENCH_HIST_BUCKETS - 1; i++) {
		seen += h->buckets[i];
		if (seen >= rank)
			break;
	}
	value = iommubench_hist_bucket_low(i) + iommubench_hist_bucket_width(i) / 2;
	if (value < h->min)
		return h->min;
	if (value > h->max)
		return h->max;
	return value;
}

/**
 * iommubench_hist_pack() - list the buckets that were hit
 * @h: the histogram
 * @entries: the caller's array for the list, in order of value; may be NULL when @room is 0
 * @room: number of entries that fit into @entries
 *
 * Return: the number of buckets that were hit, of which the first @room were stored.
 */
static inline unsigned int iommubench_hist_pack(const struct iommubench_hist *h,
						struct iommubench_hist_entry *entries,
						unsigned int room)
{
	unsigned int i, n = 0;

	for (i = 0; i < IOMMUBENCH_HIST_BUCKETS; i++) {
		if (!h->buckets[i])
			continue;
		if (n < room) {
			entries[n].index = i;
			entries[n].reserved = 0;
			entries[n].count = h->buckets[i];
		}
		n++;
	}
	return n;
}

/**
 * iommubench_hist_unpack() - rebuild a histogram from what was stored of it
 * @h: the histogram, whose former content is lost
 * @entries: the list, as iommubench_hist_pack() makes it
 * @n: number of entries in the list
 * @sum: the stored sum
 * @min: the stored min
 * @max: the stored max
 *
 * The sum of squares is not known then, unless the caller sets it.
 *
 * Return: false, with @h empty, when the list cannot come from a histogram:
 * an index out of range or out of order, a count of 0, counts that overflow, or
 * extremes that lie outside the first and last bucket.
 */
static inline bool iommubench_hist_unpack(struct iommubench_hist *h,
					  const struct iommubench_hist_entry *entries,
					  unsigned int n, __u64 sum, __u64 min, __u64 max)
{
	__u64 count = 0;
	unsigned int i;

	iommubench_hist_init(h);
	if (!n)
		return !sum && !min && !max;
	if (min > max)
		return false;
	for (i = 0; i < n; i++) {
		if (entries[i].index >= IOMMUBENCH_HIST_BUCKETS || !entries[i].count ||
		    (i && entries[i].index <= entries[i - 1].index))
			return false;
		count += entries[i].count;
		if (count < entries[i].count)
			return false;
	}
	if (iommubench_hist_index(min) != entries[0].index ||
	    iommubench_hist_index(max) != entries[n - 1].index)
		return false;
	for (i = 0; i < n; i++)
		h->buckets[entries[i].index] = entries[i].count;
	h->count = count;
	h->sum = sum;
	h->min = min;
	h->max = max;
	return true;
}

#endif /* _IOMMUBENCH_HIST_H */
