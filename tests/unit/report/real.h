/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Results that were really measured, as tests of the report change them, and what it says of them.
 * Included after cmocka.h and folder.h.
 */
#ifndef IOMMUBENCH_TESTS_UNIT_REPORT_REAL_H
#define IOMMUBENCH_TESTS_UNIT_REPORT_REAL_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "points/folder.h"
#include "points/kind.h"

/* A result that was really measured, of each of two kinds. */
#define MAPS	"tests/cli/result.json"
#define FLUSHES	"tests/cli/tlb-flush.json"

/**
 * real() - a result that a test changes
 * @path: MAPS or FLUSHES
 */
static inline json_t *real(const char *path)
{
	json_t *j = json_load_file(path, 0, NULL);

	assert_non_null(j);
	return j;
}

/**
 * put() - set what is at a path, all but the last part of which is there
 * @at: where the path begins
 * @path: keys with dots between them
 * @value: JSON, or NULL to take it away
 */
static inline void put(json_t *at, const char *path, const char *value)
{
	const char *dot;
	char key[64];

	while ((dot = strchr(path, '.'))) {
		snprintf(key, sizeof(key), "%.*s", (int)(dot - path), path);
		at = json_object_get(at, key);
		assert_non_null(at);
		path = dot + 1;
	}
	if (value) {
		json_t *new = json_loads(value, JSON_DECODE_ANY, NULL);

		assert_non_null(new);
		json_object_set_new(at, path, new);
	} else {
		json_object_del(at, path);
	}
}

/**
 * save() - write it to the folder
 * @j: the result, given back
 * @file: its name there
 */
static inline void save(json_t *j, const char *file)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	assert_int_equal(json_dump_file(j, path, 0), 0);
	json_decref(j);
}

/**
 * terminal_of_folder() - what report prints for people
 * @results: the folder
 *
 * Return: a string that the caller frees.
 */
static inline char *terminal_of_folder(const struct folder *results)
{
	const struct result_kind *kind;
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	assert_non_null(out);
	for (kind = kind_next(NULL); kind; kind = kind_next(kind))
		if (folder_has_kind(results, kind))
			kind->tables(results, kind, (struct terminal_style){ 0 }, out);
	fclose(out);
	return text;
}

/**
 * json_of_folder() - the comparisons that report prints for programs
 * @results: the folder
 *
 * Return: a string that the caller frees.
 */
static inline char *json_of_folder(const struct folder *results)
{
	const struct result_kind *kind;
	json_t *list = json_array();
	char *text;

	for (kind = kind_next(NULL); kind; kind = kind_next(kind))
		kind->json(results, kind, list);
	text = json_dumps(list, JSON_REAL_PRECISION(12));
	json_decref(list);
	return text;
}

#endif
