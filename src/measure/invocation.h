/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An invocation that measures, from its first device to the last that is given back: takes the
 * devices that the options name or all, begins each, measures, ends each, and tells how it went.
 */
#ifndef IOMMUBENCH_MEASURE_INVOCATION_H
#define IOMMUBENCH_MEASURE_INVOCATION_H

#include <stdbool.h>

#include "measure/devices.h"
#include "measure/session.h"
#include "output/point_files.h"

/**
 * struct invocation - what a subcommand does with its devices
 * @s: initialised, with parsed options. One device is measured with it, each of several with a
 *	copy, whose device is another one
 * @domain_type: enum iommubench_domain_type to switch each device to first, -1 for none
 * @points: more than one thing is measured on each device, or was to be
 * @lenient: see &struct devices
 * @arg: handed to the functions
 * @check: a device is open: settles whether it can do what is asked for
 * @threads: most threads that any run of a device will have, NULL for what the options say
 * @measure: all devices are connected
 * @conclude: they have been given back, but their names and options are there: tells how it went,
 *	NULL where @measure has told
 * @devices: the devices, from invocation_run()
 * @sessions: sessions of several devices
 *
 * The functions return an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
struct invocation {
	struct session *s;
	int domain_type;
	bool points;
	bool lenient;
	void *arg;
	int (*check)(void *arg, struct session *s);
	unsigned int (*threads)(const void *arg);
	int (*measure)(void *arg);
	int (*conclude)(void *arg);
	struct devices devices;
	struct session *sessions;
};

/**
 * invocation_run() - do all of it
 * @v: described; give it back with invocation_free()
 *
 * Nothing that was measured on one device is lost over what happens to another.
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int invocation_run(struct invocation *v);

/**
 * invocation_free() - give back what is left of the devices
 * @v: the invocation, after its last run
 */
void invocation_free(struct invocation *v);

#endif
