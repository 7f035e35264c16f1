/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the code under test says on standard error, for tests that expect it.
 */
#ifndef IOMMUBENCH_TESTS_UNIT_CAPTURE_H
#define IOMMUBENCH_TESTS_UNIT_CAPTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int capture_saved = -1, capture_file = -1;

/**
 * capture_begin() - keep standard error to ourselves
 */
static inline void capture_begin(void)
{
	fflush(stderr);
	capture_saved = dup(STDERR_FILENO);
	capture_file = memfd_create("stderr", 0);
	if (capture_saved < 0 || capture_file < 0 || dup2(capture_file, STDERR_FILENO) < 0)
		abort();
}

/**
 * capture_end() - let it go again
 * @lines: receives how many lines there were
 *
 * Return: what was said, which the next call overwrites.
 */
static inline const char *capture_end(unsigned int *lines)
{
	static char text[4096];
	ssize_t n;
	char *c;

	fflush(stderr);
	n = pread(capture_file, text, sizeof(text) - 1, 0);
	dup2(capture_saved, STDERR_FILENO);
	close(capture_saved);
	close(capture_file);
	text[n > 0 ? n : 0] = '\0';
	for (*lines = 0, c = text; *c; c++)
		*lines += *c == '\n';
	return text;
}

#endif
