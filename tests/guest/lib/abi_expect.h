/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the programs that check the module's ABI share: expectations of commands, each a line
 * "ok - NAME" or "not ok - NAME (why)", for tests/guest/abi/test_abi.sh to count.
 */
#ifndef ABI_EXPECT_H
#define ABI_EXPECT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "bench_dev.h"

typedef int (*command_fn)(struct bench *b, unsigned int cmd, void *arg);

/* The way that commands go, or who gives them: before each name. */
static const char *how;

static inline void report(bool good, const char *why, const char *fmt, ...)
{
	va_list args;

	printf("%s - %s: ", good ? "ok" : "not ok", how);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	if (!good)
		printf(" (%s)", why);
	printf("\n");
	fflush(stdout);
}

static inline void expect(int got, int want, const char *name)
{
	char why[100];

	snprintf(why, sizeof(why), "got %d %s, expected %d %s", got, strerror(-got), want,
		 strerror(-want));
	report(got == want, why, "%s", name);
}

static inline void expect_true(bool good, const char *name)
{
	report(good, "it is not so", "%s", name);
}

/* A refusal of PREPARE comes with one plain line that has these words. */
static inline void expect_refusal(struct bench *b, command_fn command, int want,
				  const char *words, const char *name)
{
	int got = command(b, IOMMUBENCH_IOC_PREPARE, &b->run);
	size_t length = strnlen(b->message, sizeof(b->message));
	char why[400];
	bool good = got == want && length && length < sizeof(b->message) &&
		    !strchr(b->message, '\n') && strstr(b->message, words);

	snprintf(why, sizeof(why), "got %d, expected %d, with '%s' in '%.*s'", got, want, words,
		 (int)length, b->message);
	report(good, why, "%s", name);
	bench_describe(b);
}

#endif /* ABI_EXPECT_H */
