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
 * delivery_judge() - how a measurement ended
 * @end: enum iommubench_end
 * @why: what cut it short, or what a check found; empty if nothing
 * @r: its result
 * @device: name of the device
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int delivery_judge(int end, const char *why, const struct result *r, const char *device);

/**
 * delivery_spread() - print how far the runs of a result are apart, if there were several
 * @r: the result
 */
void delivery_spread(struct result *r);

/**
 * deliver() - write a result to the file that was asked for, and print it
 * @o: the options
 * @r: the result
 *
 * A result that cannot go where it should goes to standard output: it is never
 * lost.
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int deliver(const struct options *o, struct result *r);

#endif
