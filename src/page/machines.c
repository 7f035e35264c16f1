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

void html_put_machines(FILE *f, const struct folder *folder)
{
	json_t *seen = xjson(json_array()), *other;
	size_t i, k, n;

	fputs("<h2 id=\"machine\">Machine</h2>\n", f);
	for (i = 0; i < folder->n; i++) {
		json_t *machine = lasting(&folder->entry[i]);
		bool known = false;

		json_array_foreach(seen, k, other)
			known = known || json_equal(machine, other);
		if (known)
			json_decref(machine);
		else
			xjson_add(seen, machine);
	}
	n = json_array_size(seen);
	json_array_foreach(seen, k, other) {
		if (n > 1) {
			fprintf(f, "<h3>Machine %zu of %zu</h3>\n<p class=\"dim\">", k + 1, n);
			for (i = 0; i < folder->n; i++) {
				json_t *machine = lasting(&folder->entry[i]);

				if (json_equal(machine, other)) {
					markup_put_text(f, folder->entry[i].file);
					fputc(' ', f);
				}
				json_decref(machine);
			}
			fputs("</p>\n", f);
		}
		if (json_is_true(json_object_get(other, "virtual")))
			fputs("<p class=\"note\">Virtual machine: figures prove the software, not silicon.</p>\n",
			      f);
		fputs("<div class=\"wide\"><table><tbody>\n", f);
		put_tree(f, "", other);
		fputs("</tbody></table></div>\n", f);
	}
	json_decref(seen);
}
