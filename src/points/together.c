// SPDX-License-Identifier: GPL-2.0-only
/*
 * What several results of one point say together.
 */
#include <math.h>
#include <string.h>

#include "base/xalloc.h"
#include "points/internal.h"
#include "points/kind.h"
#include "result/read.h"
#include "result/result.h"
#include "text/json.h"

/* --- figures of a kind ------------------------------------------------------------ */

/* The part of a result that a path begins with. */
static void top_of(const char *path, char *top, size_t n)
{
	snprintf(top, n, "%.*s", (int)strcspn(path, "."), path);
}

static bool not_measured(const json_t *part)
{
	return json_is_false(json_object_get(part, "measured"));
}

/* A figure that a result has; NULL where it was not measured. */
static const json_t *figure_in(const json_t *result, const char *path)
{
	const json_t *value = result_get(result, path);
	char top[64];

	top_of(path, top, sizeof(top));
	return json_is_number(value) && !not_measured(json_object_get(result, top)) ? value : NULL;
}

static json_t *whole_or_real(double value, bool whole)
{
	return whole && value < 9e15 ? xjson(json_integer((json_int_t)value)) :
	       xjson(json_real(value));
}

/* NULL when no result has it. */
static json_t *figure_of(struct entry **list, size_t n, const struct kind_figure *f)
{
	double sum = 0, most = 0, mean = 0, all = 0;
	bool any = false, whole = true;
	size_t i;

	for (i = 0; i < n; i++) {
		const json_t *j = figure_in(list[i]->json, f->path);
		double value = json_number_value(j), weight;

		if (!j)
			continue;
		any = true;
		whole = whole && json_is_integer(j);
		sum += value;
		most = fmax(most, value);
		weight = f->weight ? result_number(list[i]->json, f->weight) : 1;
		if (weight > 0) {
			all += weight;
			mean += (value - mean) * (weight / all);
		}
	}
	if (!any)
		return NULL;
	if (f->how == FIGURE_MEAN)
		return xjson(json_real(mean));
	return whole_or_real(f->how == FIGURE_SUM ? sum : most, whole);
}

/* Sets what is at a path where there is something. */
static void replace(json_t *at, const char *path, json_t *value)
{
	const char *dot;
	char key[64];

	while ((dot = strchr(path, '.'))) {
		top_of(path, key, sizeof(key));
		at = json_object_get(at, key);
		path = dot + 1;
	}
	if (json_object_get(at, path))
		xjson_put(at, path, value);
	else
		json_decref(value);
}

/* A part of the object that may be written to: a copy, of a result that has measured it. */
static void own_part(json_t *to, const char *path, struct entry **list, size_t n, json_t *owned)
{
	const json_t *part;
	char top[64];
	size_t i;

	top_of(path, top, sizeof(top));
	if (json_object_get(owned, top))
		return;
	xjson_put(owned, top, json_null());
	part = json_object_get(to, top);
	for (i = 1; i < n && (!part || not_measured(part)); i++)
		if (json_object_get(list[i]->json, top))
			part = json_object_get(list[i]->json, top);
	if (part)
		xjson_put(to, top, xjson(json_deep_copy(part)));
}

static void put_figures(json_t *to, struct entry **list, size_t n)
{
	const struct kind_figure *f = list[0]->kind ? list[0]->kind->figures : NULL;
	json_t *owned = xjson(json_object());

	for (; f && f->path; f++) {
		json_t *value = figure_of(list, n, f);

		own_part(to, f->path, list, n, owned);
		if (value)
			replace(to, f->path, value);
	}
	json_decref(owned);
}

/* --- what all results have ---------------------------------------------------------- */

static void put_phases(json_t *to, const struct point *point)
{
	json_t *phases = xjson(json_array());
	unsigned int i;

	for (i = 0; i < point->phases; i++) {
		const struct point_phase *from = &point->phase[i];
		json_t *phase = xjson(json_object());

		xjson_put(phase, "name", xjson_text(from->name));
		xjson_put(phase, "latency_ns",
			  result_stats(from->hist, from->scale, RESULT_STATS));
		xjson_add(phases, phase);
	}
	xjson_put(to, "phases", phases);
}

static void put_throughput(json_t *to, const struct point *point, struct entry **list, size_t n)
{
	json_t *j = xjson(json_object());
	double ops = 0, seconds = 0, offered = 0, begun = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		offered += result_number(list[i]->json, "throughput.offered");
		begun += result_number(list[i]->json, "throughput.begun");
		ops += result_number(list[i]->json, "throughput.ops");
		seconds += result_number(list[i]->json, "throughput.seconds");
	}
	xjson_put(j, "ops_per_s", xjson(json_real(point->ops_per_s)));
	xjson_put(j, "ops", whole_or_real(ops, true));
	xjson_put(j, "seconds", xjson(json_real(seconds)));
	if (offered > 0) {
		xjson_put(j, "offered", whole_or_real(offered, true));
		xjson_put(j, "begun", whole_or_real(begun, true));
	}
	xjson_put(to, "throughput", j);
	j = xjson(json_object());
	xjson_put(j, "runs", xjson(json_integer(point->runs)));
	xjson_put(j, "ops_per_s_min", xjson(json_real(point->least)));
	xjson_put(j, "ops_per_s_max", xjson(json_real(point->most)));
	xjson_put(j, "ops_per_s_relative",
		  xjson(json_real(point->ops_per_s > 0 ?
				  (point->most - point->least) / point->ops_per_s : 0)));
	xjson_put(to, "spread", j);
}

static void put_warnings(json_t *to, struct entry **list, size_t n)
{
	json_t *seen = xjson(json_object()), *warnings = xjson(json_array()), *warning;
	size_t i, k;

	for (i = 0; i < n; i++)
		json_array_foreach(json_object_get(list[i]->json, "warnings"), k, warning) {
			const char *text = json_string_value(warning);

			if (json_object_get(seen, text))
				continue;
			xjson_put(seen, text, json_null());
			xjson_add(warnings, json_incref(warning));
		}
	json_decref(seen);
	xjson_put(to, "warnings", warnings);
}

static void add_number(json_t *to, const json_t *from, const char *key)
{
	const json_t *a = json_object_get(to, key), *b = json_object_get(from, key);

	if (!json_is_number(a) || !json_is_number(b))
		return;
	xjson_put(to, key, whole_or_real(json_number_value(a) + json_number_value(b),
					 json_is_integer(a) && json_is_integer(b)));
}

/* What names a counter: all of it but what was counted. */
static char *counter_name(const json_t *counter)
{
	static const char *const counted[] = {
		"value", "ops", "gate_value", "per_op", "running_ratio",
	};
	json_t *name = xjson(json_copy((json_t *)counter));
	char *text;
	size_t i;

	for (i = 0; i < sizeof(counted) / sizeof(counted[0]); i++)
		json_object_del(name, counted[i]);
	text = xcheck(json_dumps(name, JSON_COMPACT | JSON_SORT_KEYS));
	json_decref(name);
	return text;
}

/* @before operations were counted in @to, @more in @from; a figure that follows is a mean. */
static void add_counter(json_t *to, const json_t *from, double before, double more)
{
	bool derived = !strcmp(result_text(from, "source"), "derived");
	double a = result_number(to, "per_op"), b = result_number(from, "per_op");
	double share = before + more > 0 ? more / (before + more) : 0.5;
	double ratio = result_number(from, "running_ratio");

	if (derived) {
		a = result_number(to, "value");
		xjson_put(to, "value",
			  xjson(json_real(a + (result_number(from, "value") - a) * share)));
		return;
	}
	add_number(to, from, "value");
	add_number(to, from, "gate_value");
	add_number(to, from, "ops");
	if (json_object_get(to, "ops") && result_number(to, "ops") > 0)
		xjson_put(to, "per_op", xjson(json_real(result_number(to, "value") /
							result_number(to, "ops"))));
	else if (json_object_get(to, "per_op"))
		xjson_put(to, "per_op", xjson(json_real(a + (b - a) * share)));
	if (ratio > 0 && ratio < result_number(to, "running_ratio"))
		xjson_put(to, "running_ratio", xjson(json_real(ratio)));
}

static void put_counters(json_t *to, struct entry **list, size_t n)
{
	json_t *by_name = xjson(json_object()), *all = xjson(json_array()), *counter;
	double before = 0;
	size_t i, k;

	for (i = 0; i < n; i++) {
		double ops = result_number(list[i]->json, "throughput.ops");

		json_array_foreach(json_object_get(list[i]->json, "counters"), k, counter) {
			char *name;
			json_t *known;

			if (!json_is_object(counter))
				continue;
			name = counter_name(counter);
			known = json_object_get(by_name, name);

			if (known) {
				add_counter(known, counter, before, ops);
			} else {
				known = xjson(json_deep_copy(counter));
				xjson_put(by_name, name, known);
				xjson_add(all, json_incref(known));
			}
			free(name);
		}
		before += ops;
	}
	json_decref(by_name);
	xjson_put(to, "counters", all);
}

static void put_checks(json_t *to, struct entry **list, size_t n)
{
	json_t *by_name = xjson(json_object()), *all = xjson(json_array()), *check;
	size_t i, k;

	for (i = 0; i < n; i++)
		json_array_foreach(json_object_get(list[i]->json, "checks"), k, check) {
			const char *name = result_text(check, "name");
			json_t *known = json_object_get(by_name, name);

			if (known) {
				add_number(known, check, "count");
				add_number(known, check, "failures");
				continue;
			}
			known = xjson(json_deep_copy(check));
			xjson_put(by_name, name, known);
			xjson_add(all, json_incref(known));
		}
	json_decref(by_name);
	xjson_put(to, "checks", all);
}

/* Cases are told of each result, not added up. */
static void put_lifecycle(json_t *to, struct entry **list, size_t n)
{
	json_t *all = xjson(json_array()), *cases;
	size_t i;

	for (i = 0; i < n; i++) {
		cases = json_object_get(list[i]->json, "lifecycle");
		if (json_is_array(cases) && json_array_extend(all, cases))
			xcheck(NULL);
	}
	if (json_array_size(all))
		xjson_put(to, "lifecycle", json_incref(all));
	json_decref(all);
}

json_t *results_together(const struct point *point, struct entry **list, size_t n)
{
	static const char *const single[] = { "series", "threads", "repeats", "memory", "group",
					      "fault_reports" };
	json_t *to;
	size_t i;

	if (n < 2)
		return json_incref(list[0]->json);
	to = xjson(json_copy(list[0]->json));
	for (i = 0; i < sizeof(single) / sizeof(single[0]); i++)
		json_object_del(to, single[i]);
	put_phases(to, point);
	put_throughput(to, point, list, n);
	put_warnings(to, list, n);
	put_counters(to, list, n);
	put_checks(to, list, n);
	put_lifecycle(to, list, n);
	put_figures(to, list, n);
	return to;
}
