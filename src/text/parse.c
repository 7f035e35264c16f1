// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers, sizes, times, rates and words that people write.
 */
#include "text/parse.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A suffix and how many of the smallest unit it stands for. */
struct unit {
	const char *suffix;
	uint64_t factor;
};

static const struct unit size_units[] = {
	{ "", 1 },
	{ "K", 1ULL << 10 }, { "k", 1ULL << 10 }, { "KiB", 1ULL << 10 },
	{ "M", 1ULL << 20 }, { "MiB", 1ULL << 20 },
	{ "G", 1ULL << 30 }, { "GiB", 1ULL << 30 },
	{ "T", 1ULL << 40 }, { "TiB", 1ULL << 40 },
	{ NULL },
};

static const struct unit duration_units[] = {
	{ "ns", 1 },
	{ "us", 1000 },
	{ "ms", 1000000 },
	{ "s", 1000000000 },
	{ "m", 60000000000 },
	{ "h", 3600000000000 },
	{ NULL },
};

static const struct unit rate_units[] = {
	{ "", 1000 }, { "/s", 1000 },
	{ "k", 1000000 }, { "k/s", 1000000 }, { "K", 1000000 }, { "K/s", 1000000 },
	{ "M", 1000000000 }, { "M/s", 1000000000 },
	{ "G", 1000000000000 }, { "G/s", 1000000000000 },
	{ NULL },
};

static const struct unit count_units[] = {
	{ "", 1 },
	{ "k", 1000 }, { "K", 1000 },
	{ "M", 1000000 },
	{ "G", 1000000000 },
	{ NULL },
};

/* Digits, perhaps a point and digits, and a suffix; exact, without floating point. */
static int parse_scaled(const char *text, const struct unit *units, const char *expected,
			uint64_t max, uint64_t *value, struct error *e)
{
	unsigned __int128 number = 0, scale = 1;
	const struct unit *unit;
	const char *p = text;
	bool fraction = false;

	if (!isdigit((unsigned char)*p))
		return error_set(e, "'%s' is not %s", text, expected);
	for (; isdigit((unsigned char)*p) || (*p == '.' && !fraction); p++) {
		if (*p == '.') {
			fraction = true;
			if (!isdigit((unsigned char)p[1]))
				return error_set(e, "'%s' is not %s", text, expected);
			continue;
		}
		number = number * 10 + (unsigned int)(*p - '0');
		if (fraction)
			scale *= 10;
		/* Keeps number * factor and scale within 128 bits. */
		if (number > UINT64_MAX || scale > UINT64_MAX)
			return error_set(e, "'%s' has too many digits, expected %s", text,
					 expected);
	}
	for (unit = units; unit->suffix; unit++)
		if (!strcmp(unit->suffix, p))
			break;
	if (!unit->suffix)
		return error_set(e, "'%s' is not %s", text, expected);
	number *= unit->factor;
	if (number % scale)
		return error_set(e, "'%s' is finer than can be told apart, expected %s", text,
				 expected);
	number /= scale;
	if (number > max)
		return error_set(e, "'%s' is too large, expected %s", text, expected);
	*value = (uint64_t)number;
	return 0;
}

int parse_size(const char *text, uint64_t *bytes, struct error *e)
{
	return parse_scaled(text, size_units, "a size such as 4096, 4K, 2M or 1G, and at most 1048576T",
			    PARSE_MAX_BYTES, bytes, e);
}

int parse_duration(const char *text, uint64_t *ns, struct error *e)
{
	/* The one number that means the same in every unit. */
	if (!strcmp(text, "0")) {
		*ns = 0;
		return 0;
	}
	return parse_scaled(text, duration_units,
			    "a time with its unit such as 5us, 100ms, 2s or 1m", UINT64_MAX, ns, e);
}

int parse_rate(const char *text, uint64_t *mhz, struct error *e)
{
	return parse_scaled(text, rate_units,
			    "a rate per second such as 500, 10k/s or 1.5M, and at most 1G/s",
			    PARSE_MAX_RATE_MHZ, mhz, e);
}

int parse_count(const char *text, uint64_t *count, struct error *e)
{
	return parse_scaled(text, count_units,
			    "a whole number such as 1000, 10k or 1M, and at most 1000000G",
			    PARSE_MAX_COUNT, count, e);
}

int parse_number(const char *text, uint64_t min, uint64_t max, uint64_t *value, struct error *e)
{
	static const struct unit plain[] = { { "", 1 }, { NULL } };
	char expected[80];
	uint64_t number;

	snprintf(expected, sizeof(expected), "a number from %" PRIu64 " to %" PRIu64, min, max);
	if (strchr(text, '.'))
		return error_set(e, "'%s' is not %s", text, expected);
	if (parse_scaled(text, plain, expected, UINT64_MAX, &number, e))
		return -1;
	if (number < min || number > max)
		return error_set(e, "'%s' is not %s", text, expected);
	*value = number;
	return 0;
}

static const struct choice *missed;

const struct choice *parse_choices_missed(void)
{
	const struct choice *choices = missed;

	missed = NULL;
	return choices;
}

int parse_choice(const char *text, const struct choice *choices, int *value, struct error *e)
{
	const struct choice *c;
	char list[256] = "";
	size_t used = 0;

	for (c = choices; c->word; c++) {
		if (!strcmp(c->word, text)) {
			*value = c->value;
			return 0;
		}
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s",
					 used ? ", " : "", c->word);
		if (used >= sizeof(list))
			used = sizeof(list) - 1;
	}
	missed = choices;
	return error_set(e, "'%s' is not one of %s", text, list);
}

const char *choice_word(const struct choice *choices, int value)
{
	const struct choice *c;

	for (c = choices; c->word; c++)
		if (c->value == value)
			return c->word;
	return "unknown";
}

const char *format_size(uint64_t bytes, char *buf, size_t n)
{
	static const char suffixes[] = "KMGT";
	int i = -1;

	while (bytes && !(bytes % 1024) && i < 3) {
		bytes /= 1024;
		i++;
	}
	if (i < 0)
		snprintf(buf, n, "%" PRIu64, bytes);
	else
		snprintf(buf, n, "%" PRIu64 "%c", bytes, suffixes[i]);
	return buf;
}
