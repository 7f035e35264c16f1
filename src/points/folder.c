// SPDX-License-Identifier: GPL-2.0-only
/*
 * A folder of results, sorted into what can be compared.
 */
#include "points/folder.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/plain.h"
#include "base/xalloc.h"
#include "points/internal.h"
#include "points/kind.h"
#include "result/read.h"
#include "result/words.h"
#include "text/json.h"

/* Far more than any. */
#define MAX_INDEX_BYTES	(16 << 20)

static int wanted(const struct dirent *e)
{
	const char *dot = strrchr(e->d_name, '.');

	return e->d_name[0] != '.' && dot && !strcmp(dot, ".json");
}

/*
 * A sweep and a placement matrix write an index beside their results: it is no result, and no
 * mistake either.
 */
static bool read_index(struct folder *folder, const char *path)
{
	struct stat st;
	json_t *json;
	bool is;

	if (stat(path, &st) || !S_ISREG(st.st_mode) || st.st_size > MAX_INDEX_BYTES)
		return false;
	json = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
	json_make_plain(json);
	is = !strcmp(result_text(json, "schema"), "iommubench-sweep/1");
	/* Without a list of its own, a sweep left nothing out. */
	if (is)
		json_array_extend(folder->left_out, result_get(json, "skipped"));
	is = is || !strcmp(result_text(json, "schema"), "iommubench-matrix/1");
	json_decref(json);
	return is;
}

static int read_files(struct folder *folder, const char *dir)
{
	struct dirent **found;
	char err[256], *path;
	int i, n;

	n = scandir(dir, &found, wanted, alphasort);
	if (n < 0)
		return error_fail(EXIT_USAGE, "cannot read folder %s: %s; give a folder of results",
				  dir, strerror(errno));
	folder->entry = xgrow(NULL, (size_t)n, sizeof(*folder->entry));
	folder->left_out = xjson(json_array());
	for (i = 0; i < n; i++) {
		json_t *json;

		path = xasprintf("%s/%s", dir, found[i]->d_name);
		json = kind_read(path, err, sizeof(err));
		plain(found[i]->d_name);
		if (json) {
			result_pack(json);
			folder->entry[folder->n++] = (struct entry){
				.json = json,
				.kind = kind_of(json),
				.file = xstrdup(found[i]->d_name),
			};
			folder->virtual += json_is_true(result_get(json, "machine.virtual"));
		} else if (!read_index(folder, path)) {
			error_note("%s skipped: %s", found[i]->d_name, err);
			folder->skipped++;
		}
		free(path);
		free(found[i]);
	}
	free(found);
	return EXIT_DONE;
}

void folder_free(struct folder *folder)
{
	size_t i;

	points_free(folder);
	free(folder->first);
	free(folder->shown);
	for (i = 0; i < folder->n; i++) {
		json_decref(folder->entry[i].json);
		free(folder->entry[i].file);
		free(folder->entry[i].variant);
	}
	free(folder->entry);
	json_decref(folder->left_out);
	*folder = (struct folder){ 0 };
}

const struct point_phase *point_phase(const struct point *point, const char *name)
{
	unsigned int i;

	for (i = 0; point && i < point->phases; i++)
		if (!strcmp(point->phase[i].name, name))
			return point->phase[i].stats.count ? &point->phase[i] : NULL;
	return NULL;
}

const struct point *folder_set_first(const struct folder *folder, unsigned int set)
{
	return &folder->point[folder->first[set]];
}

const struct result_kind *folder_set_kind(const struct folder *folder, unsigned int set)
{
	return folder_set_first(folder, set)->entry->kind;
}

char *folder_set_name(const struct folder *folder, unsigned int set)
{
	const struct entry *entry = folder_set_first(folder, set)->entry;

	return xasprintf("%s%s%s", result_text(entry->json, "tool.subcommand"),
			 *entry->variant ? ": " : "", entry->variant);
}

bool folder_has_kind(const struct folder *folder, const struct result_kind *kind)
{
	size_t i;

	for (i = 0; i < folder->n; i++)
		if (folder->entry[i].kind == kind)
			return true;
	return false;
}

char *point_runs(const struct point *point)
{
	char *runs, *cut;

	if (!point)
		return xstrdup("");
	runs = words_runs(point->json);
	if (!point->cut)
		return runs;
	cut = xasprintf("%s%s%u cut short left out", runs, *runs ? ", " : "", point->cut);
	free(runs);
	return cut;
}

char *folder_set_runs(const struct folder *folder, unsigned int set)
{
	unsigned int least = 0, most = 0;
	double apart = 0;
	size_t i;

	for (i = 0; i < folder->points; i++) {
		const struct point *p = &folder->point[i];

		if (p->set != set)
			continue;
		least = !least || p->runs < least ? p->runs : least;
		most = p->runs > most ? p->runs : most;
		apart = fmax(apart, 100 * point_spread(p));
	}
	if (most < 2)
		return xstrdup("");
	if (least == most)
		return xasprintf("Points are of %u runs each, up to %.*f %% apart in throughput.",
				 most, apart < 10 ? 1 : 0, apart);
	return xasprintf("Points are of %u to %u runs each, up to %.*f %% apart in throughput.",
			 least, most, apart < 10 ? 1 : 0, apart);
}

double point_spread(const struct point *point)
{
	return point->runs > 1 && point->ops_per_s > 0 ?
	       (point->most - point->least) / point->ops_per_s : 0;
}

static bool same_value(const json_t *a, const json_t *b)
{
	return a == b || (a && b && json_equal(a, b));
}

static bool kind_differs(const struct folder *folder, const struct result_kind *kind,
			 const char *path)
{
	const json_t *first = NULL;
	bool any = false;
	size_t i;

	for (i = 0; i < folder->n; i++) {
		const json_t *value = result_get(folder->entry[i].json, path);

		if (folder->entry[i].kind != kind)
			continue;
		if (any && !same_value(first, value))
			return true;
		first = value;
		any = true;
	}
	return false;
}

static void find_shown(struct folder *folder)
{
	const struct result_kind *kind;
	const struct kind_key *key;

	for (kind = kind_next(NULL); kind; kind = kind_next(kind)) {
		if (!folder_has_kind(folder, kind))
			continue;
		for (key = kind->keys; key->path; key++) {
			if (!key->detail)
				continue;
			folder->shown = xgrow(folder->shown, folder->nr_shown + 1,
					      sizeof(*folder->shown));
			folder->shown[folder->nr_shown++] = (struct key_shown){
				.key = key,
				.shown = kind_differs(folder, kind, key->path),
			};
		}
	}
}

bool folder_key_shown(const struct folder *folder, const struct kind_key *key,
		      const json_t *result)
{
	size_t i;

	(void)result;
	for (i = 0; i < folder->nr_shown; i++)
		if (folder->shown[i].key == key)
			return folder->shown[i].shown;
	return !key->detail;
}

int folder_read(struct folder *folder, const char *dir)
{
	int status;

	*folder = (struct folder){ 0 };
	status = read_files(folder, dir);
	if (status)
		return status;
	if (!folder->n)
		return error_fail(EXIT_UNABLE, "no result in %s: 'iommubench %s -o %s/NAME.json' makes one",
				  dir, kind_next(NULL)->subcommand, dir);
	entries_set_apart(folder);
	points_make(folder);
	find_shown(folder);
	return EXIT_DONE;
}
