// SPDX-License-Identifier: GPL-2.0-only
#include "flush/skipped.h"

#include <stdio.h>
#include <string.h>

#include "base/xalloc.h"
#include "text/json.h"
#include "text/parse.h"

static bool same_device(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static struct flush_skipped_entry *find(const struct flush_skipped *s, const struct flush_point *p,
					const char *device, const struct error *why)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (s->entries[i].point.strategy == p->strategy &&
		    same_device(s->entries[i].device, device) &&
		    !strcmp(s->entries[i].why.text, why->text))
			return &s->entries[i];
	return NULL;
}

void flush_skip(struct flush_skipped *s, const struct flush_point *p, const char *device,
		const struct error *why, int status)
{
	struct flush_skipped_entry *entry = find(s, p, device, why);

	if (entry) {
		entry->points++;
		return;
	}
	s->entries = xgrow(s->entries, s->n + 1, sizeof(*s->entries));
	s->entries[s->n++] = (struct flush_skipped_entry){
		.point = *p,
		.device = device,
		.points = 1,
		.why = *why,
		.status = status,
	};
}

static json_t *describe(const struct flush_skipped_entry *entry)
{
	const struct flush_point *p = &entry->point;
	json_t *j = xjson(json_object());

	if (entry->device)
		json_put_text(j, "device", entry->device);
	json_put_text(j, "strategy", choice_word(flush_strategy_choices, (int)p->strategy));
	json_put_number(j, "size_bytes", p->size);
	json_put_number(j, "range_bytes", p->range);
	json_put_number(j, "threads", p->threads);
	json_put_text(j, "domains", choice_word(flush_domains_choices, (int)p->domains));
	json_put_number(j, "points", entry->points);
	json_put_text(j, "reason", entry->why.text);
	return j;
}

json_t *flush_skipped_json(const struct flush_skipped *s)
{
	json_t *list = xjson(json_array());
	size_t i;

	for (i = 0; i < s->n; i++)
		xjson_add(list, describe(&s->entries[i]));
	return list;
}

void flush_skipped_print(const struct flush_skipped *s, bool table)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		const struct flush_skipped_entry *entry = &s->entries[i];
		const char *word = choice_word(flush_strategy_choices, (int)entry->point.strategy);
		const char *device = entry->device ? entry->device : "";
		const char *on = entry->device ? " on " : "";
		char points[32] = "";

		if (entry->points > 1)
			snprintf(points, sizeof(points), " (%zu points)", entry->points);
		if (table)
			printf("%sskipped     %s%s%s%s: %s\n", i ? "" : "\n", word, points, on,
			       device, entry->why.text);
		else
			error_note("skipped %s%s%s%s: %s", word, points, on, device,
				   entry->why.text);
	}
}
