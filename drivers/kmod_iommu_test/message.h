/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One plain line for the person at the tool: what was wrong, what was expected,
 * what to do.
 */
#ifndef IOMMUBENCH_MESSAGE_H
#define IOMMUBENCH_MESSAGE_H

#include <linux/kernel.h>
#include <linux/types.h>

#include <uapi/iommubench.h>

/**
 * struct bench_message - a line on its way to the tool
 * @text: empty, or NUL-terminated
 */
struct bench_message {
	char text[IOMMUBENCH_MESSAGE_BYTES];
};

/**
 * bench_refuse() - explain an error and return it
 * @msg: receives the line
 * @err: the negative errno
 * @fmt: the line, without a line break
 *
 * Return: @err.
 */
__printf(3, 4)
int bench_refuse(struct bench_message *msg, int err, const char *fmt, ...);

int bench_message_to_user(const struct bench_message *msg, u64 user, u32 bytes);

#endif /* IOMMUBENCH_MESSAGE_H */
