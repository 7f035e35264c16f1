/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's log, record by record.
 */
#ifndef IOMMUBENCH_BASE_KMSG_H
#define IOMMUBENCH_BASE_KMSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No record that the kernel gives is longer. */
#define KMSG_RECORD_BYTES	8192

/**
 * struct kmsg_record - one record
 * @time_us: when it was written, by the kernel's clock of the log, in microseconds since the boot
 * @text: its text, without a newline; in @buf
 * @buf: the record as the kernel gives it
 */
struct kmsg_record {
	uint64_t time_us;
	const char *text;
	char buf[KMSG_RECORD_BYTES];
};

/**
 * kmsg_open() - have the log
 * @from_now: only what is written from now on, not what is there
 *
 * Return: an open file, or -1 when the log is not for this user or is not there.
 */
int kmsg_open(bool from_now);

/**
 * kmsg_next() - the next record
 * @fd: from kmsg_open(), or -1
 * @record: receives it; records that were overwritten before they were read are left out
 *
 * Return: whether there is one now.
 */
bool kmsg_next(int fd, struct kmsg_record *record);

#endif
