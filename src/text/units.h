/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Figures with units, for people.
 */
#ifndef IOMMUBENCH_TEXT_UNITS_H
#define IOMMUBENCH_TEXT_UNITS_H

#include <stdint.h>

/* Room that any of these figures fits in. */
#define UNITS_BYTES	32

struct units {
	char text[UNITS_BYTES];
};

/**
 * units_time() - a length of time in three digits, such as "2.81 us"
 * @ns: nanoseconds; what is not finite becomes "-", also with the two that follow
 */
struct units units_time(double ns);

/**
 * units_time_utf8() - the same with the letter mu
 * @ns: nanoseconds
 */
struct units units_time_utf8(double ns);

/**
 * units_rate() - a number in three digits, such as "346 k"
 * @n: the number
 */
struct units units_rate(double n);

/**
 * units_size() - a number of bytes, such as "64 KiB"
 * @bytes: the number
 */
struct units units_size(uint64_t bytes);

#endif
