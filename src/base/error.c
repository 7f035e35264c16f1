// SPDX-License-Identifier: GPL-2.0-only
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/plain.h"

static bool verbose;
static struct error *kept;

/* One write for the whole line, so that lines of two programs do not mix. */
static void print_line(const char *fmt, va_list args)
{
	char line[1024];

	vsnprintf(line, sizeof(line), fmt, args);
	/* What the user typed may hold a line break or worse; a message stays one line. */
	plain(line);
	fprintf(stderr, "iommubench: %s\n", line);
}

int error_set(struct error *e, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, args);
	va_end(args);
	plain(e->text);
	return -1;
}

int error_fail(enum exit_status status, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	if (kept) {
		vsnprintf(kept->text, sizeof(kept->text), fmt, args);
		plain(kept->text);
	} else {
		print_line(fmt, args);
	}
	va_end(args);
	return status;
}

void error_keep(struct error *e)
{
	kept = e;
}

void error_note(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	print_line(fmt, args);
	va_end(args);
}

void error_detail(const char *fmt, ...)
{
	va_list args;

	if (!verbose)
		return;
	va_start(args, fmt);
	print_line(fmt, args);
	va_end(args);
}

void error_set_verbose(bool on)
{
	verbose = on;
}

void die(enum exit_status status, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	print_line(fmt, args);
	va_end(args);
	exit(status);
}
