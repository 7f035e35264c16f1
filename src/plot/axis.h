/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Axes of pictures: what is on them decides their ends, their tics and whether they need room for
 * zero, which a logarithm cannot show: that is a band before the smallest value.
 */
#ifndef IOMMUBENCH_PLOT_AXIS_H
#define IOMMUBENCH_PLOT_AXIS_H

#include <stdbool.h>
#include <stdio.h>

/**
 * struct plot_range - the ends of a logarithmic axis
 * @min: 1, 2 or 5 times a power of ten
 * @max: 1, 2 or 5 times a power of ten
 */
struct plot_range {
	double min;
	double max;
};

/**
 * enum plot_unit - what an axis counts
 * @PLOT_TIME: nanoseconds
 * @PLOT_NUMBER: numbers, such as 1, 10, 1 k
 * @PLOT_DOUBLES: numbers that are doubled from tic to tic
 */
enum plot_unit {
	PLOT_TIME = 0,
	PLOT_NUMBER,
	PLOT_DOUBLES,
};

/**
 * struct plot_axis - a logarithmic axis
 * @unit: what it counts; all else begins as 0
 * @low: smallest value above 0, or 0 when there is none
 * @high: largest value
 * @zero: there are values that are 0
 */
struct plot_axis {
	enum plot_unit unit;
	double low;
	double high;
	bool zero;
};

/**
 * plot_axis_add() - a value that is to be on an axis
 * @a: the axis
 * @value: the value; nothing that is no number
 */
void plot_axis_add(struct plot_axis *a, double value);

/**
 * plot_axis_place() - where a value is drawn
 * @a: the axis, with all of its values
 * @value: the value
 *
 * Return: the value, or the middle of the band for zero; what is no number stays none, and is not
 * drawn.
 */
double plot_axis_place(const struct plot_axis *a, double value);

/**
 * plot_axis_put_arrays() - make room for axes in a script
 * @f: the script
 * @name: "x" or "y"
 * @n: number of axes
 *
 * They are NAME_min[], NAME_band[], NAME_max[] and NAME_tics[], which is a command.
 */
void plot_axis_put_arrays(FILE *f, const char *name, unsigned int n);

/**
 * plot_axis_put() - an axis for a script
 * @f: the script
 * @name: "x" or "y"
 * @i: number of the axis, from 1
 * @a: the axis, with all of its values
 */
void plot_axis_put(FILE *f, const char *name, unsigned int i, const struct plot_axis *a);

/**
 * plot_axis_put_linear() - an axis of nanoseconds that begins at 0 and is not logarithmic
 * @f: the script
 * @name: "x" or "y"
 * @i: number of the axis, from 1
 * @high: largest value; there will be no tic above it
 * @max: end of the axis
 */
void plot_axis_put_linear(FILE *f, const char *name, unsigned int i, double high, double max);

/**
 * plot_rate_tics() - tics of a logarithmic axis of numbers
 * @axis: "x" or "y"
 * @range: ends of the axis
 * @more: tics that go before, such as "\"0\" 0.5", or ""
 *
 * Return: a command that the caller frees; its strings are in double quotes.
 */
char *plot_rate_tics(const char *axis, struct plot_range range, const char *more);

/**
 * plot_time_tics() - the same of nanoseconds
 * @axis: "x" or "y"
 * @range: ends of the axis
 * @more: tics that go before, or ""
 *
 * Return: a command that the caller frees; its strings are in double quotes.
 */
char *plot_time_tics(const char *axis, struct plot_range range, const char *more);

/**
 * plot_log_range() - from the next step below to the next step above
 * @low: smallest value, above 0
 * @high: largest value
 */
struct plot_range plot_log_range(double low, double high);

/**
 * plot_put_time_tics() - tics of a logarithmic axis of nanoseconds, with units
 * @f: the script
 * @axis: "x" or "y"
 * @range: ends of the axis
 * @as_log10: the axis is linear and shows the logarithm
 * @every: decades from one tic with a text to the next
 * @more: tics that go before, such as "'0' 1.5", or ""
 */
void plot_put_time_tics(FILE *f, const char *axis, struct plot_range range, bool as_log10,
			unsigned int every, const char *more);

#endif
