/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way to the module: ioctl or io_uring, and the signals that end a run.
 */
#ifndef IOMMUBENCH_RUN_LINK_H
#define IOMMUBENCH_RUN_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "device/device.h"
#include "run/memory_report.h"
#include "run/ring.h"
#include "run/series.h"
#include "text/progress.h"

/**
 * struct run_link - how commands reach the module, for as long as the device is open
 * @fd: the open device
 * @signals: file that SIGINT, SIGTERM and SIGHUP come from
 * @ring: what commands go through if it is open; otherwise they go by ioctl
 * @shared: what takes long goes through a ring of several devices, the rest by ioctl
 * @interrupts: signals seen so far
 * @handled: signals of @interrupts that runs were stopped for
 * @progress: line of a measurement that has many runs, NULL for a line for each run
 * @series: gets the intervals of the runs, NULL for none
 * @prepared: called between PREPARE and START, or NULL
 * @prepared_arg: handed to @prepared
 * @memory: receives where each run's memory was, or NULL
 */
struct run_link {
	int fd;
	int signals;
	struct ring ring;
	bool shared;
	unsigned int interrupts;
	unsigned int handled;
	struct progress *progress;
	struct series *series;
	void (*prepared)(void *arg);
	void *prepared_arg;
	struct memory_report *memory;
};

/**
 * enum transport_choice - how commands go to the module
 * @TRANSPORT_AUTO: io_uring where the kernel has it
 * @TRANSPORT_URING: io_uring, or fail
 * @TRANSPORT_IOCTL: plain ioctl
 */
enum transport_choice {
	TRANSPORT_AUTO = 0,
	TRANSPORT_URING,
	TRANSPORT_IOCTL,
};

/**
 * run_catch_signals() - take SIGINT, SIGTERM and SIGHUP as input from now on
 *
 * Return: the file to read them from, or -1 after one line on stderr.
 */
int run_catch_signals(void);

/**
 * run_connect() - settle how commands reach the module
 * @link: receives, give it back with run_disconnect() before the device is closed
 * @d: an open device
 * @signals: from run_catch_signals()
 * @choice: enum transport_choice
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int run_connect(struct run_link *link, const struct device *d, int signals, int choice);

/**
 * run_disconnect() - give the ring back
 * @link: the way to the module, connected or all zeroes
 */
void run_disconnect(struct run_link *link);

/**
 * run_transport() - the word for how commands go
 * @link: the way to the module, connected
 */
const char *run_transport(const struct run_link *link);

/**
 * run_interrupted() - has the user asked to stop?
 * @link: the way to the module, connected
 */
bool run_interrupted(struct run_link *link);

/**
 * run_read_signals() - count the signals that have come
 * @link: the way to the module, connected
 */
void run_read_signals(struct run_link *link);

/**
 * run_command() - send one command that does not wait
 * @link: the way to the module, connected
 * @cmd: an IOMMUBENCH_IOC_*
 * @arg: its struct, or NULL
 *
 * Return: 0, or a negative errno.
 */
int run_command(struct run_link *link, unsigned int cmd, void *arg);

#endif
