/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The end of a measurement: the result reaches the user, and the exit status
 * says how it went.
 */
#ifndef IOMMUBENCH_OUTPUT_DELIVERY_H
#define IOMMUBENCH_OUTPUT_DELIVERY_H

#include <stdbool.h>

#include "cli/options.h"
#include "result/result.h"

/**
 * struct delivery_end - how the runs of a device ended
 * @end: enum iommubench_end
 * @late: they were cut short because they took too long
 * @why: what cut them short, or what a check found; empty if nothing
 * @result: what they gave
 * @device: name of the device
 */
struct delivery_end {
	int end;
	bool late;
	const char *why;
	const struct result *result;
	const char *device;
};

/**
 * delivery_judge() - how a measurement ended
 * @ends: ends of the devices, one entry each
 * @nr: entries at @ends
 * @several: messages say which device they are about
 *
 * Return: an enum exit_status, after one line on stderr for each device for which it is not
 * EXIT_DONE.
 */
int delivery_judge(const struct delivery_end *ends, unsigned int nr, bool several);

/**
 * delivery_spread() - print how far the runs of a result are apart, if there were several
 * @r: the result
 */
void delivery_spread(struct result *r);

/**
 * output_deliver() - write a result to the file that was asked for, and print it
 * @o: the options
 * @r: the result
 *
 * In a folder the file is called after the subcommand.
 *
 * A result that cannot go where it should goes to standard output: it is never
 * lost.
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int output_deliver(const struct options *o, struct result *r);

#endif
