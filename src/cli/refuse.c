// SPDX-License-Identifier: GPL-2.0-only
/*
 * Refusing an option that is wrong, and options whose value is checked at once.
 */
#include "cli/refuse.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <iommubench.h>

/* Where a refusal goes instead of ending the program, while options_try() is under way. */
static struct refusal {
	jmp_buf place;
} *refusal;

int options_try(const struct argp *argp, char *option, void *input)
{
	char *argv[3] = { option, option };
	struct refusal here;

	if (setjmp(here.place)) {
		refusal = NULL;
		return -1;
	}
	refusal = &here;
	argp_parse(argp, 2, argv, ARGP_SILENT, NULL, input);
	refusal = NULL;
	return 0;
}

void options_usage_error(const struct argp_state *state, const char *option, const struct error *e)
{
	if (refusal)
		longjmp(refusal->place, 1);
	fprintf(stderr, "%s: %s%s%s\n", state->name, option ? option : "", option ? ": " : "",
		e->text);
	exit(EXIT_USAGE);
}

void options_refuse(const struct argp_state *state, const char *option, const char *fmt, ...)
{
	char text[sizeof(struct error)];
	struct error e;
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	error_set(&e, "%s", text);
	options_usage_error(state, option, &e);
}

void options_require(const struct argp_state *state, const char *option, int ret,
		     const struct error *e)
{
	if (ret)
		options_usage_error(state, option, e);
}

int options_word(const char *text, const struct choice *choices, const char *option,
		 const struct argp_state *state)
{
	struct error e;
	int value;

	options_require(state, option, parse_choice(text, choices, &value, &e), &e);
	return value;
}

uint64_t options_time(const char *text, uint64_t min, const char *option,
		      const struct argp_state *state)
{
	const uint64_t max_hours = IOMMUBENCH_MAX_TIME_NS / 3600000000000;
	struct error e;
	uint64_t ns;

	options_require(state, option, parse_duration(text, &ns, &e), &e);
	if (ns < min)
		options_refuse(state, option, "'%s' is too short, expected more than 0", text);
	if (ns > IOMMUBENCH_MAX_TIME_NS)
		options_refuse(state, option, "'%s' is too long, expected at most %" PRIu64 "h",
			       text, max_hours);
	return ns;
}

uint64_t options_number(const char *text, uint64_t min, uint64_t max, const char *option,
			const struct argp_state *state)
{
	struct error e;
	uint64_t n;

	options_require(state, option, parse_number(text, min, max, &n, &e), &e);
	return n;
}

uint64_t options_size(const char *text, const char *option, const struct argp_state *state)
{
	struct error e;
	uint64_t bytes;

	options_require(state, option, parse_size(text, &bytes, &e), &e);
	if (!bytes)
		options_refuse(state, option, "'%s' is too small, expected more than 0", text);
	return bytes;
}

uint64_t options_count(const char *text, uint64_t min, uint64_t max, const char *option,
		       const struct argp_state *state)
{
	struct error e;
	uint64_t n;

	options_require(state, option, parse_count(text, &n, &e), &e);
	if (n < min)
		options_refuse(state, option, "'%s' is too small, expected at least %" PRIu64, text,
			       min);
	if (n > max)
		options_refuse(state, option, "'%s' is too large, expected at most %" PRIu64, text,
			       max);
	return n;
}

void options_mapping_size(uint64_t bytes, const char *option, const struct argp_state *state)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	char size[32], limit[32];

	format_size(bytes, size, sizeof(size));
	if (!bytes || bytes % page)
		options_refuse(state, option,
			       "%s is not a whole number of pages, expected a multiple of %s", size,
			       format_size(page, limit, sizeof(limit)));
	if (bytes > IOMMUBENCH_MAX_MAPPING_BYTES)
		options_refuse(state, option, "%s does not fit, expected at most %s", size,
			       format_size(IOMMUBENCH_MAX_MAPPING_BYTES, limit, sizeof(limit)));
}

uint64_t options_rate(const char *text, const char *option, const struct argp_state *state)
{
	struct error e;
	uint64_t mhz;

	options_require(state, option, parse_rate(text, &mhz, &e), &e);
	if (!mhz)
		options_refuse(state, option, "'%s' would never do anything, expected more than 0",
			       text);
	return mhz;
}
