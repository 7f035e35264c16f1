// SPDX-License-Identifier: GPL-2.0-only
/*
 * The part of the page on the machines that results are of.
 */
#include "page/machines.h"

#include <stdio.h>
#include <string.h>

#include "base/xalloc.h"
#include "page/put.h"
#include "points/folder.h"
#include "result/read.h"
#include "result/words.h"
#include "text/json.h"
#include "text/markup.h"

static void put_tree(FILE *f, const char *path, const json_t *object)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value) {
		char *full = xasprintf("%s%s%s", path, *path ? "." : "", key);

		if (json_is_object(value)) {
			put_tree(f, full, value);
		} else {
			char *text = words_value(key, value);
			/* The only model is in cpu.model already. */
			bool said = !strcmp(full, "cpu.models") && json_array_size(value) == 1;

			if (*text && !said) {
				fputs("<tr>", f);
				html_put_cell(f, "key", full);
				html_put_cell(f, "long", text);
				fputs("</tr>\n", f);
			}
			free(text);
		}
		free(full);
	}
}

/* The machine without what a run may change about it. */
static json_t *lasting(const struct entry *entry)
{
	json_t *machine = xjson(json_deep_copy(result_get(entry->json, "machine")));
	json_t *iommu = json_object_get(machine, "iommu");

	json_object_del(iommu, "domain_type");
	json_object_del(iommu, "default_domain_type");
	json_object_del(iommu, "group_others");
	json_object_del(json_object_get(machine, "clock"), "resolution_ns");
	return machine;
}

static void put_machine(FILE *f, const json_t *machine, const json_t *files, size_t k, size_t n)
{
	json_t *file;
	size_t i;

	if (n > 1) {
		fprintf(f, "<h3>Machine %zu of %zu</h3>\n<p class=\"dim\">", k, n);
		json_array_foreach((json_t *)files, i, file) {
			markup_put_text(f, json_string_value(file));
			fputc(' ', f);
		}
		fputs("</p>\n", f);
	}
	if (json_is_true(json_object_get(machine, "virtual")))
		fputs("<p class=\"note\">Virtual machine: figures prove the software, not silicon.</p>\n",
		      f);
	fputs("<div class=\"wide\"><table><tbody>\n", f);
	put_tree(f, "", machine);
	fputs("</tbody></table></div>\n", f);
}

void html_put_machines(FILE *f, const struct folder *folder)
{
	json_t *machines = xjson(json_object()), *pair;
	const char *text;
	size_t i, k = 0;

	fputs("<h2 id=\"machine\">Machine</h2>\n", f);
	for (i = 0; i < folder->n; i++) {
		json_t *machine = lasting(&folder->entry[i]);
		char *all = xcheck(json_dumps(machine, JSON_COMPACT | JSON_SORT_KEYS));

		pair = json_object_get(machines, all);
		if (!pair) {
			pair = xjson(json_pack("[O, []]", machine));
			xjson_put(machines, all, pair);
		}
		xjson_add(json_array_get(pair, 1), xjson_text(folder->entry[i].file));
		json_decref(machine);
		free(all);
	}
	json_object_foreach(machines, text, pair)
		put_machine(f, json_array_get(pair, 0), json_array_get(pair, 1), ++k,
			    json_object_size(machines));
	json_decref(machines);
}
