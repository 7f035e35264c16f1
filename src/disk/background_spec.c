// SPDX-License-Identifier: GPL-2.0-only
/*
 * What --background takes.
 */
#include "disk/background_spec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "disk/load.h"
#include "text/parse.h"

#define MAX_THREADS	256

/* Memory for all buffers together. */
#define MAX_BUFFER_BYTES	1073741824ULL

#define EXPECTED	"expected io or io:KEY=VALUE,... with device, size, depth, threads, pattern, span or rate"

enum key {
	KEY_DEVICE,
	KEY_SIZE,
	KEY_DEPTH,
	KEY_THREADS,
	KEY_PATTERN,
	KEY_SPAN,
	KEY_RATE,
};

static const struct choice key_choices[] = {
	{ "device", KEY_DEVICE },
	{ "size", KEY_SIZE },
	{ "depth", KEY_DEPTH },
	{ "threads", KEY_THREADS },
	{ "pattern", KEY_PATTERN },
	{ "span", KEY_SPAN },
	{ "rate", KEY_RATE },
	{ NULL },
};

static const struct choice pattern_choices[] = {
	{ "random", 1 },
	{ "sequential", 0 },
	{ NULL },
};

static int take(struct background_spec *spec, int key, const char *value, struct error *e)
{
	uint64_t number;
	int word;

	switch (key) {
	case KEY_DEVICE:
		if (!*value || strlen(value) >= sizeof(spec->device))
			return error_set(e, "device=%s is not the name of a block device", value);
		snprintf(spec->device, sizeof(spec->device), "%s", value);
		return 0;
	case KEY_SIZE:
		if (parse_size(value, &number, e))
			return -1;
		if (!number || number % 512 || number > IO_MAX_BYTES)
			return error_set(e, "size=%s is not a multiple of 512 up to 64M", value);
		spec->bytes = (uint32_t)number;
		return 0;
	case KEY_DEPTH:
		if (parse_number(value, 1, IO_MAX_DEPTH, &number, e))
			return -1;
		spec->depth = (unsigned int)number;
		return 0;
	case KEY_THREADS:
		if (parse_number(value, 1, MAX_THREADS, &number, e))
			return -1;
		spec->threads = (unsigned int)number;
		return 0;
	case KEY_PATTERN:
		if (parse_choice(value, pattern_choices, &word, e))
			return -1;
		spec->random = word;
		return 0;
	case KEY_RATE:
		if (parse_rate(value, &spec->rate_mhz, e))
			return -1;
		return spec->rate_mhz ? 0 : error_set(e, "rate=%s would never do anything", value);
	default:
		if (parse_size(value, &spec->span, e))
			return -1;
		return spec->span ? 0 : error_set(e, "span=%s is too small", value);
	}
}

static int take_item(struct background_spec *spec, char *item, struct error *e)
{
	char *equals = strchr(item, '=');
	int key;

	if (!equals)
		return error_set(e, "'%s' has no value, " EXPECTED, item);
	*equals = '\0';
	if (parse_choice(item, key_choices, &key, e))
		return -1;
	return take(spec, key, equals + 1, e);
}

int background_parse(const char *text, struct background_spec *spec, struct error *e)
{
	static const struct choice kinds[] = { { "io", 0 }, { NULL } };
	char *copy = xstrdup(text), *rest = copy, *item;
	int ret = 0, kind;

	*spec = (struct background_spec){
		.text = text, .bytes = 4096, .depth = 8, .threads = 1, .random = true,
	};
	item = strsep(&rest, ":");
	if (parse_choice(item, kinds, &kind, e))
		ret = error_set(e, "'%s' is no kind of load, " EXPECTED, text);
	while (!ret && rest && (item = strsep(&rest, ",")))
		ret = take_item(spec, item, e);
	if (!ret && (uint64_t)spec->bytes * spec->depth > MAX_BUFFER_BYTES / spec->threads)
		ret = error_set(e, "'%s' would take more than 1G for buffers", text);
	free(copy);
	return ret;
}
