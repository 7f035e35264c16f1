// SPDX-License-Identifier: GPL-2.0-only
/*
 * What figures of a result can be.
 */
#include "result/bounds.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <iommubench.h>

#define PATH_BYTES	128

const struct result_bound result_bounds[] = {
	{ "params.address_spaces", 1, 1024 },
	/* 0: it was to be chosen, and the run ended before. */
	{ "params.batch", 0, IOMMUBENCH_MAX_BATCH },
	{ "batch", 1, IOMMUBENCH_MAX_BATCH },
	{ "frequency_hz", 0, 1e15 },
	{ "mappings", 1, 1 << 20 },
	/* In millionths of a nanosecond up to seconds. */
	{ "ns_per_unit", 0.000001, 1e9 },
	/* -1: nobody knows. */
	{ "numa_node", -1, 65535 },
	{ "outstanding", 1, 1024 },
	{ "pagers", 1, 1024 },
	{ "params.live", 0, 1 << 20 },
	{ "params.processes", 1, 4096 },
	{ "prefault_percent", 0, 100 },
	{ "queue_depth", 1, 4096 },
	{ "range_bytes", 1, 1ULL << 60 },
	{ "ratio", 0, 1 },
	{ "repeat", 1, 10000 },
	{ "running_ratio", 0, 1, true },
	{ "runs", 2, 10000 },
	/* All that 63 bits can hold. */
	{ "seed", 0, 9223372036854775807.0 },
	{ "size_bytes", 1, 1ULL << 40 },
	{ "threads", 1, IOMMUBENCH_MAX_THREADS },
	{ "write_percent", 0, 100 },
	{ NULL }
};

const struct result_room result_rooms[] = {
	{ "checks", 256 },
	{ "counters", 100000 },
	{ "cpus", 65536 },
	{ "intervals", 600 },
	{ "lifecycle", 256 },
	{ "phases", 64 },
	{ "repeats", 10000 },
	{ "threads", 65536 },
	{ "warnings", 1000 },
	{ NULL }
};

/* A part of a result: each knows which part it is in, so that it can be named. */
struct place {
	const struct place *in;
	const char *key;
	size_t index;
};

static size_t put_path(const struct place *at, char *text, size_t n)
{
	size_t used;

	if (!at)
		return 0;
	used = put_path(at->in, text, n);
	if (used >= n)
		return used;
	if (!at->key)
		return used + (size_t)snprintf(text + used, n - used, "[%zu]", at->index);
	return used + (size_t)snprintf(text + used, n - used, "%s%.40s", used ? "." : "",
				       at->key);
}

/* Elements of a list are what its key says. */
static const struct place *named(const struct place *at)
{
	while (at && !at->key)
		at = at->in;
	return at;
}

const struct result_bound *result_bound_of(const char *in, const char *key)
{
	static const struct result_bound any = { "", 0, RESULT_FIGURE_MAX };
	const struct result_bound *b;
	const char *dot;

	for (b = result_bounds; b->key; b++) {
		dot = strchr(b->key, '.');
		if (strcmp(dot ? dot + 1 : b->key, key))
			continue;
		if (!dot || (!strncmp(b->key, in, (size_t)(dot - b->key)) &&
			     !in[dot - b->key]))
			return b;
	}
	return &any;
}

static const struct result_bound *bound_at(const struct place *at)
{
	const struct place *key = named(at), *in = key ? named(key->in) : NULL;

	return result_bound_of(in ? in->key : "", key ? key->key : "");
}

static bool number_kept(const json_t *value, const struct place *at, char *err, size_t n)
{
	const struct result_bound *b = bound_at(at);
	double number = json_number_value(value);
	char path[PATH_BYTES];

	if (isfinite(number) && number >= b->min && number <= b->max &&
	    !(b->above && number <= b->min))
		return true;
	put_path(at, path, sizeof(path));
	snprintf(err, n, "%s is %.6g, and can only be from %.6g to %.6g", path, number, b->min,
		 b->max);
	return false;
}

static bool value_kept(const json_t *value, const struct place *at, char *err, size_t n);

static bool list_kept(const json_t *list, const struct place *at, char *err, size_t n)
{
	const struct result_room *room = result_rooms;
	struct place element = { .in = at };
	char path[PATH_BYTES];
	json_t *value;

	while (at && at->key && room->key && strcmp(room->key, at->key))
		room++;
	if (at && at->key && room->key && json_array_size(list) > room->max) {
		put_path(at, path, sizeof(path));
		snprintf(err, n, "%s has %zu elements, and can only have %zu", path,
			 json_array_size(list), room->max);
		return false;
	}
	json_array_foreach((json_t *)list, element.index, value)
		if (!value_kept(value, &element, err, n))
			return false;
	return true;
}

static bool value_kept(const json_t *value, const struct place *at, char *err, size_t n)
{
	struct place part = { .in = at };
	char path[PATH_BYTES];
	json_t *inside;

	switch (json_typeof(value)) {
	case JSON_INTEGER:
	case JSON_REAL:
		return number_kept(value, at, err, n);
	case JSON_ARRAY:
		return list_kept(value, at, err, n);
	case JSON_OBJECT:
		json_object_foreach((json_t *)value, part.key, inside)
			if (!value_kept(inside, &part, err, n))
				return false;
		return true;
	case JSON_NULL:
		return true;
	default:
		if (!*bound_at(at)->key)
			return true;
		put_path(at, path, sizeof(path));
		snprintf(err, n, "%s is no number", path);
		return false;
	}
}

bool result_bounds_kept(const json_t *result, char *err, size_t n)
{
	return value_kept(result, NULL, err, n);
}
