// SPDX-License-Identifier: GPL-2.0-only
#include "points/name.h"

#include <string.h>

#include "base/xalloc.h"
#include "result/read.h"
#include "result/words.h"
#include "text/json.h"

static bool same(const struct point *a, const struct point *b, const struct point_setting *s)
{
	const json_t *x = result_get(a->entry->json, s->path);
	const json_t *y = result_get(b->entry->json, s->path);

	return x == y || (x && y && json_equal(x, y));
}

/* The values of some settings in one text. */
static char *values_of(const struct point *point, const struct point_setting *settings, bool all)
{
	const struct point_setting *s;
	json_t *list = xjson(json_array());
	char *text;

	for (s = settings; s->path; s++)
		if (all || s->always) {
			json_t *value = result_get(point->entry->json, s->path);

			xjson_add(list, value ? json_incref(value) : xjson(json_array()));
		}
	text = xcheck(json_dumps(list, JSON_COMPACT | JSON_SORT_KEYS));
	json_decref(list);
	return text;
}

/* Points of one set that would have the same name without the settings that tell them apart. */
struct namesakes {
	const struct point *first;
	uint64_t tells;
};

/*
 * Finds out of all points of a set who is alike and what tells them apart, so that it takes as long
 * as there are points.
 */
static void find_out(const struct folder *folder, unsigned int set,
		     const struct point_setting *settings)
{
	struct namesakes *all = xcalloc(folder->points, sizeof(*all));
	json_t *names = xjson(json_object()), *alike = xjson(json_object()), *known;
	size_t *name_of = xcalloc(folder->points, sizeof(*name_of));
	size_t i, k, n = 0;

	folder_for_points(folder, set, i) {
		const struct point *p = &folder->point[i];
		char *name = values_of(p, settings, false), *whole = values_of(p, settings, true);

		known = json_object_get(names, name);
		k = known ? (size_t)json_integer_value(known) : n++;
		if (!known) {
			xjson_put(names, name, xjson(json_integer((json_int_t)k)));
			all[k].first = p;
		}
		name_of[i] = k;
		for (k = 0; settings[k].path; k++)
			if (!settings[k].always && !same(p, all[name_of[i]].first, &settings[k]))
				all[name_of[i]].tells |= 1ULL << k;
		known = json_object_get(alike, whole);
		if (!known)
			xjson_put(alike, whole, xjson(json_integer((json_int_t)i)));
		p->told->alike = known ? (size_t)json_integer_value(known) : i;
		p->told->settings = settings;
		free(whole);
		free(name);
	}
	folder_for_points(folder, set, i)
		folder->point[i].told->tells = all[name_of[i]].tells;
	json_decref(alike);
	json_decref(names);
	free(name_of);
	free(all);
}

void points_find_out(const struct folder *folder, unsigned int set,
		     const struct point_setting *settings)
{
	if (folder_set_first(folder, set)->told->settings != settings)
		find_out(folder, set, settings);
}

bool point_alike(const struct point *a, const struct point *b,
		 const struct point_setting *settings)
{
	if (a->set == b->set && a->told->settings == settings && b->told->settings == settings)
		return a->told->alike == b->told->alike;
	for (; settings->path; settings++)
		if (!same(a, b, settings))
			return false;
	return true;
}

char *point_name(const struct folder *folder, const struct point *point,
		 const struct point_setting *settings)
{
	const struct point_setting *s;
	char *name = xstrdup("");

	points_find_out(folder, point->set, settings);
	for (s = settings; s->path; s++) {
		char *value, *longer;

		if (!s->always && !(point->told->tells >> (s - settings) & 1))
			continue;
		value = words_value(strrchr(s->path, '.') + 1,
				    result_get(point->entry->json, s->path));
		longer = !*value ? xstrdup(name) :
			 xasprintf("%s%s%s%s%s", name, *name ? ", " : "", s->before, value,
				   s->after);
		free(value);
		free(name);
		name = longer;
	}
	return name;
}

const struct point **points_first(const struct folder *folder, unsigned int set,
				  const struct point_setting *settings,
				  bool (*has)(const struct point *point), point_before before,
				  size_t *n)
{
	const struct point **found = xcalloc(folder->points, sizeof(*found));
	size_t i, k;

	*n = 0;
	points_find_out(folder, set, settings);
	folder_for_points(folder, set, i) {
		const struct point *p = &folder->point[i];

		if (!has(p))
			continue;
		for (k = 0; k < *n && !point_alike(found[k], p, settings); k++)
			;
		if (k == *n)
			found[(*n)++] = p;
		else if (before(p, found[k]))
			found[k] = p;
	}
	return found;
}
