// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kinds of results, looked up in what kinds_use() was given.
 */
#include "points/kind.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "result/read.h"
#include "result/words.h"

static const struct result_kind *const none[] = { NULL };
static const struct result_kind *const *kinds = none;

void kinds_use(const struct result_kind *const *list)
{
	kinds = list;
}

const struct result_kind *kind_next(const struct result_kind *last)
{
	size_t i;

	if (!last)
		return kinds[0];
	for (i = 0; kinds[i] != last; i++)
		;
	return kinds[i + 1];
}

const struct result_kind *kind_of(const json_t *result)
{
	const char *subcommand = result_text(result, "tool.subcommand");
	size_t i;

	for (i = 0; kinds[i]; i++)
		if (!strcmp(kinds[i]->subcommand, subcommand))
			return kinds[i];
	return NULL;
}

const struct result_kind *kind_like(const json_t *result)
{
	const struct result_kind *kind = kind_of(result);

	return kind ? kind : kinds[0];
}

static const char *fault(const json_t *result)
{
	const struct result_kind *kind = kind_of(result);

	return kind && kind->fault ? kind->fault(result) : NULL;
}

bool kind_valid(const json_t *result, char *err, size_t n)
{
	const char *bad;

	if (!result_valid(result, err, n))
		return false;
	bad = fault(result);
	if (bad)
		snprintf(err, n, "%s", bad);
	return !bad;
}

json_t *kind_read(const char *path, char *err, size_t n)
{
	json_t *result = result_load(path, err, n);
	const char *bad = result ? fault(result) : NULL;

	if (!bad)
		return result;
	snprintf(err, n, "%s", bad);
	json_decref(result);
	return NULL;
}

char *kind_words_placement(const json_t *result, const json_t *value)
{
	if (result_get(result, KIND_PLACEMENT))
		return NULL;
	return words_value("placement", value);
}

char *kind_words_memory_policy(const json_t *result, const json_t *value)
{
	char *list, *words;

	if (result_get(result, KIND_PLACEMENT))
		return NULL;
	list = words_value("nodes", json_object_get(value, "nodes"));
	words = xasprintf("%s%s%s", result_text(value, "policy"), *list ? " " : "", list);
	free(list);
	return words;
}

char *kind_words_background(const json_t *result, const json_t *value)
{
	(void)result;
	return value ? words_value("background", value) : xstrdup("none");
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char *kind_words_together(const json_t *result, const json_t *value)
{
	size_t n = json_array_size(value), i;
	const char **names = xcalloc(n + 1, sizeof(*names));
	char *text = xstrdup("together: ");

	(void)result;
	for (i = 0; i < n; i++)
		names[i] = json_string_value(json_array_get(value, i)) ?: "?";
	qsort(names, n, sizeof(*names), by_name);
	for (i = 0; i < n; i++) {
		char *longer = xasprintf("%s%s%s", text, i ? " and " : "", names[i]);

		free(text);
		text = longer;
	}
	free(names);
	if (n > 1)
		return text;
	free(text);
	return xstrdup("alone");
}

/* Cells are compared by their nodes; those do not set them apart. */
char *kind_words_matrix(const json_t *result, const json_t *value)
{
	return xstrdup(value ? "yes" : "no");
}
