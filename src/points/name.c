// SPDX-License-Identifier: GPL-2.0-only
#include "points/name.h"

#include <string.h>

#include "base/xalloc.h"
#include "result/read.h"
#include "result/words.h"

static bool same(const struct point *a, const struct point *b, const struct point_setting *s)
{
	const json_t *x = result_get(a->entry->json, s->path);
	const json_t *y = result_get(b->entry->json, s->path);

	return x == y || (x && y && json_equal(x, y));
}

bool point_alike(const struct point *a, const struct point *b,
		 const struct point_setting *settings)
{
	for (; settings->path; settings++)
		if (!same(a, b, settings))
			return false;
	return true;
}

static bool alike_in_name(const struct point *a, const struct point *b,
			  const struct point_setting *settings)
{
	for (; settings->path; settings++)
		if (settings->always && !same(a, b, settings))
			return false;
	return true;
}

/* Does a name need a setting? It does if others that would have that name differ in it. */
static bool tells(const struct folder *folder, const struct point *point,
		  const struct point_setting *setting, const struct point_setting *settings)
{
	size_t i;

	for (i = 0; i < folder->points; i++)
		if (folder->point[i].set == point->set &&
		    alike_in_name(&folder->point[i], point, settings) &&
		    !same(&folder->point[i], point, setting))
			return true;
	return false;
}

char *point_name(const struct folder *folder, const struct point *point,
		 const struct point_setting *settings)
{
	const struct point_setting *s;
	char *name = xstrdup("");

	for (s = settings; s->path; s++) {
		char *value, *longer;

		if (!s->always && !tells(folder, point, s, settings))
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
	for (i = 0; i < folder->points; i++) {
		const struct point *p = &folder->point[i];

		if (p->set != set || !has(p))
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
