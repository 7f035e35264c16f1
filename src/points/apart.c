// SPDX-License-Identifier: GPL-2.0-only
/*
 * What sets results apart: what their kind names, and whatever else they were not measured alike
 * in. Only a few parameters do not: how long a run was does not make it another experiment.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/plain.h"
#include "base/xalloc.h"
#include "points/internal.h"
#include "points/kind.h"
#include "result/read.h"
#include "result/words.h"
#include "text/json.h"

/* Lengths, what the tool chose by speed, what was asked for where the answer is told as well. */
static const char *const ignored[] = {
	"batch", "count", "device_latency_ns", "domain_type", "duration_ns", "exposure_ns",
	"exposure_run_ns", "interval_ns", "iova_span_used_bytes", "repeat", "seed",
	"span_used_bytes",
};

/* What else may be another experiment, beside the parameters. */
static const struct kind_variant circumstances[] = {
	{ "tool.version", "iommubench" },
	{ "machine.kernel_version", "kernel build" },
	{ "machine.command_line", "kernel command line" },
	{ "machine.cpu.count", "CPUs" },
	{ "machine.iommu.name", "IOMMU" },
	{ "machine.device.driver", "driver" },
	{ "machine.device.engine", "engine" },
	{ "machine.device.coherent", "device snoops" },
	{ "background.device", "device of the background" },
	{ "background.domain_type", "domain of the background" },
	{ NULL }
};

/* --- comparing ---------------------------------------------------------------- */

int entries_compare_sets(const struct entry *a, const struct entry *b)
{
	int order = strcmp(result_text(a->json, "tool.subcommand"),
			   result_text(b->json, "tool.subcommand"));

	return order ? order : strcmp(a->variant, b->variant);
}

static int compare_numbers(double a, double b)
{
	return a < b ? -1 : a > b;
}

static size_t place_in(const char *const *list, const char *word)
{
	size_t i;

	for (i = 0; list[i]; i++)
		if (!strcmp(list[i], word))
			break;
	return i;
}

static int compare_key(const struct kind_key *key, const json_t *a, const json_t *b)
{
	const char *s, *t;
	int order;

	if (!key->order)
		return compare_numbers(result_number(a, key->path), result_number(b, key->path));
	s = *key->path ? result_text(a, key->path) : words_domain(a);
	t = *key->path ? result_text(b, key->path) : words_domain(b);
	order = compare_numbers((double)place_in(key->order, s),
				(double)place_in(key->order, t));
	return order ? order : strcmp(s, t);
}

int entries_compare(const struct entry *a, const struct entry *b)
{
	const struct kind_key *key = kind_like(a->json)->keys;
	int order = entries_compare_sets(a, b);

	for (; !order && key->path; key++)
		order = compare_key(key, a->json, b->json);
	return order;
}

/* Numbers are the same however they are written. */
static bool same_value(const json_t *a, const json_t *b)
{
	json_t *element;
	size_t i;

	if (json_is_null(a))
		a = NULL;
	if (json_is_null(b))
		b = NULL;
	if (!a || !b)
		return a == b;
	if (json_is_number(a) && json_is_number(b))
		return compare_numbers(json_number_value(a), json_number_value(b)) == 0;
	if (!json_is_array(a) || !json_is_array(b))
		return json_equal(a, b);
	if (json_array_size(a) != json_array_size(b))
		return false;
	json_array_foreach((json_t *)a, i, element)
		if (!same_value(element, json_array_get(b, i)))
			return false;
	return true;
}

/* In words, but those that round a number away would make two experiments one. */
static char *exact_words(const char *path, const json_t *value)
{
	static const char *const units[][2] = {
		{ "_ns", " ns" }, { "_hz", " Hz" }, { "_per_s", "/s" }, { "", "" },
	};
	const char *dot = strrchr(path, '.'), *key = dot ? dot + 1 : path;
	double number = json_number_value(value), rounded;
	char digits[32];
	size_t i = 0;

	snprintf(digits, sizeof(digits), "%.3g", number);
	rounded = strtod(digits, NULL);
	/* Sizes are told as they are. */
	if (!json_is_real(value) && !(json_is_integer(value) && words_end_with(key, "_ns")))
		return words_value(key, value);
	if (!(rounded < number) && !(rounded > number))
		return words_value(key, value);
	while (!words_end_with(key, units[i][0]))
		i++;
	return xasprintf("%.15g%s", number, units[i][1]);
}

/* --- what a kind names ---------------------------------------------------------- */

/* NULL for what does not apply to a result, and so does not set it apart. */
static char *variant_value(const struct entry *entry, const struct kind_variant *variant)
{
	const json_t *value = result_get(entry->json, variant->path);

	if (variant->words)
		return variant->words(entry->json, value);
	return exact_words(variant->path, value);
}

static bool same_subcommand(const struct entry *a, const struct entry *b)
{
	return !strcmp(result_text(a->json, "tool.subcommand"),
		       result_text(b->json, "tool.subcommand"));
}

static bool is_key(const struct entry *entry, const char *path)
{
	const struct kind_key *key;

	for (key = kind_like(entry->json)->keys; key->path; key++)
		if (!strcmp(key->path, path))
			return true;
	return false;
}

/*
 * Whether it sets apart the results of the same subcommand as one of them. What points of the
 * kind are sorted by does not.
 */
static bool variant_matters(const struct folder *folder, const struct entry *among,
			    const struct kind_variant *variant)
{
	char *first = NULL;
	bool differs = false;
	size_t i;

	if (is_key(among, variant->path))
		return false;
	for (i = 0; i < folder->n && !differs; i++) {
		char *value;

		if (!same_subcommand(&folder->entry[i], among))
			continue;
		value = variant_value(&folder->entry[i], variant);
		if (!first) {
			first = value;
			continue;
		}
		differs = value && strcmp(first, value);
		free(value);
	}
	free(first);
	return differs;
}

/* @value is taken over. */
static void add_variant(struct entry *entry, const char *name, char *value)
{
	char *longer;

	if (value && *value) {
		longer = xasprintf("%s%s%s %s", entry->variant, *entry->variant ? ", " : "", name,
				   value);
		free(entry->variant);
		entry->variant = plain(longer);
	}
	free(value);
}

/* Name only what differs between the results at hand. */
static void add_named(struct folder *folder, size_t first)
{
	const struct entry *among = &folder->entry[first];
	const struct kind_variant *v;
	size_t i;

	for (v = kind_like(among->json)->variants; v->path; v++) {
		if (!variant_matters(folder, among, v))
			continue;
		for (i = first; i < folder->n; i++)
			if (same_subcommand(among, &folder->entry[i]))
				add_variant(&folder->entry[i], v->name,
					    variant_value(&folder->entry[i], v));
	}
}

/* --- whatever else ---------------------------------------------------------------- */

/**
 * struct other - something that results may differ in although they would be one point
 * @path: where it is in a result
 * @name: what it is called before its value
 * @first: only the first element of it
 */
struct other {
	const char *path;
	const char *name;
	bool first;
};

static const json_t *other_value(const struct entry *entry, const struct other *o)
{
	const json_t *value = result_get(entry->json, o->path);

	return o->first ? json_array_get(value, 0) : value;
}

static int by_place(const void *x, const void *y)
{
	const struct entry *const *a = x, *const *b = y;

	return entries_compare(*a, *b);
}

/* Are there results of one point that differ in it? @list is of one subcommand. */
static bool other_matters(struct entry **list, size_t n, const struct other *o)
{
	size_t i;

	for (i = 1; i < n; i++)
		if (!entries_compare(list[i - 1], list[i]) &&
		    !same_value(other_value(list[i - 1], o), other_value(list[i], o)))
			return true;
	return false;
}

static char *other_words(const struct entry *entry, const struct other *o)
{
	return exact_words(o->path, other_value(entry, o));
}

/*
 * All results of the sets in which it makes a difference are told by it; in other sets it would
 * only make the names longer.
 */
static void add_other(struct entry **list, size_t n, const struct other *o)
{
	char *matters;
	size_t i, k;

	if (!other_matters(list, n, o))
		return;
	matters = xcalloc(n, 1);
	for (i = 0; i < n; i = k) {
		bool any;

		for (k = i + 1; k < n && !entries_compare_sets(list[i], list[k]); k++)
			;
		any = other_matters(list + i, k - i, o);
		memset(matters + i, any, k - i);
	}
	for (i = 0; i < n; i++)
		if (matters[i])
			add_variant(list[i], o->name, other_words(list[i], o));
	free(matters);
	qsort(list, n, sizeof(struct entry *), by_place);
}

static bool among(const char *const *words, size_t n, const char *word)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strcmp(words[i], word))
			return true;
	return false;
}

static bool is_named(const struct entry *entry, const char *path)
{
	const struct kind_variant *v;

	for (v = kind_like(entry->json)->variants; v->path; v++)
		if (!strcmp(v->path, path))
			return true;
	return is_key(entry, path);
}

/* Such as "piece" of piece_bytes, whose value has its unit. */
static char *name_of_key(const char *key)
{
	static const char *const units[] = { "_ns", "_bytes", "_per_s", NULL };
	char *name = xstrdup(key), *c;
	size_t i;

	for (i = 0; units[i]; i++)
		if (words_end_with(name, units[i]))
			name[strlen(name) - strlen(units[i])] = '\0';
	for (c = name; *c; c++)
		if (*c == '_')
			*c = ' ';
	return name;
}

static void add_params(struct entry **list, size_t n)
{
	json_t *keys = xjson(json_object()), *unused;
	const char *key;
	size_t i;

	for (i = 0; i < n; i++)
		json_object_foreach(result_get(list[i]->json, "params"), key, unused)
			if (!json_object_get(keys, key) &&
			    !among(ignored, sizeof(ignored) / sizeof(ignored[0]), key))
				xjson_put(keys, key, json_null());
	json_object_foreach(keys, key, unused) {
		char *path = xasprintf("params.%s", key), *name = name_of_key(key);

		/* Threads have more CPUs, of which the first tells as much in fewer words. */
		if (!strcmp(key, "cpus"))
			add_other(list, n, &(struct other){ path, "first CPU", true });
		if (!is_named(list[0], path))
			add_other(list, n, &(struct other){ path, name });
		free(path);
		free(name);
	}
	json_decref(keys);
}

static void add_others(struct folder *folder, size_t first)
{
	struct entry **list = xcalloc(folder->n, sizeof(*list));
	const struct kind_variant *v;
	size_t i, n = 0;

	for (i = first; i < folder->n; i++)
		if (same_subcommand(&folder->entry[first], &folder->entry[i]))
			list[n++] = &folder->entry[i];
	qsort(list, n, sizeof(*list), by_place);
	add_params(list, n);
	for (v = circumstances; v->path; v++)
		if (!is_named(list[0], v->path))
			add_other(list, n, &(struct other){ v->path, v->name });
	free(list);
}

void entries_set_apart(struct folder *folder)
{
	json_t *done = xjson(json_object());
	size_t i;

	for (i = 0; i < folder->n; i++)
		folder->entry[i].variant = xstrdup("");
	for (i = 0; i < folder->n; i++) {
		const char *subcommand = result_text(folder->entry[i].json, "tool.subcommand");

		if (json_object_get(done, subcommand))
			continue;
		xjson_put(done, subcommand, json_null());
		add_named(folder, i);
		add_others(folder, i);
	}
	json_decref(done);
}
