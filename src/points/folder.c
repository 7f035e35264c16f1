// SPDX-License-Identifier: GPL-2.0-only
/*
 * A folder of results, sorted into what can be compared.
 */
#include "points/folder.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/xalloc.h"
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

/* What comes out of files goes to terminals: nothing in it may steer them. */
static void make_plain(char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = '?';
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
		make_plain(found[i]->d_name);
		if (json) {
			folder->entry[folder->n++] = (struct entry){
				.json = json,
				.kind = kind_of(json),
				.file = xstrdup(found[i]->d_name),
			};
			folder->virtual += json_is_true(result_get(json, "machine.virtual"));
		} else if (!read_index(folder, path)) {
			make_plain(err);
			error_note("%s skipped: %s", found[i]->d_name, err);
			folder->skipped++;
		}
		free(path);
		free(found[i]);
	}
	free(found);
	return EXIT_DONE;
}

/* "" for what does not apply to a result, and so does not set it apart. */
static char *variant_value(const struct entry *entry, const struct kind_variant *variant)
{
	const json_t *value = result_get(entry->json, variant->path);

	if (variant->words)
		return variant->words(entry->json, value);
	return words_value(strrchr(variant->path, '.') + 1, value);
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
		if (!first && *value) {
			first = value;
			continue;
		}
		differs = *value && strcmp(first, value);
		free(value);
	}
	free(first);
	return differs;
}

static bool first_of_subcommand(const struct folder *folder, size_t entry)
{
	size_t i;

	for (i = 0; i < entry; i++)
		if (same_subcommand(&folder->entry[i], &folder->entry[entry]))
			return false;
	return true;
}

static void add_variant(struct entry *entry, const struct kind_variant *variant)
{
	char *value = variant_value(entry, variant), *longer;

	if (*value) {
		longer = xasprintf("%s%s%s %s", entry->variant, *entry->variant ? ", " : "",
				   variant->name, value);
		make_plain(longer);
		free(entry->variant);
		entry->variant = longer;
	}
	free(value);
}

/* Name only what differs between the results at hand. */
static void find_variants(struct folder *folder)
{
	const struct kind_variant *v;
	size_t i, k;

	for (i = 0; i < folder->n; i++)
		folder->entry[i].variant = xstrdup("");
	for (i = 0; i < folder->n; i++) {
		if (!first_of_subcommand(folder, i))
			continue;
		for (v = kind_like(folder->entry[i].json)->variants; v->path; v++) {
			if (!variant_matters(folder, &folder->entry[i], v))
				continue;
			for (k = i; k < folder->n; k++)
				if (same_subcommand(&folder->entry[i], &folder->entry[k]))
					add_variant(&folder->entry[k], v);
		}
	}
}

static int compare_sets(const struct entry *a, const struct entry *b)
{
	int order = strcmp(result_text(a->json, "tool.subcommand"),
			   result_text(b->json, "tool.subcommand"));

	return order ? order : strcmp(a->variant, b->variant);
}

static int compare_numbers(uint64_t a, uint64_t b)
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
		return compare_numbers((uint64_t)result_number(a, key->path),
				       (uint64_t)result_number(b, key->path));
	s = *key->path ? result_text(a, key->path) : words_domain(a);
	t = *key->path ? result_text(b, key->path) : words_domain(b);
	order = compare_numbers(place_in(key->order, s), place_in(key->order, t));
	return order ? order : strcmp(s, t);
}

static int compare_points(const void *x, const void *y)
{
	const struct entry *a = ((const struct point *)x)->entry;
	const struct entry *b = ((const struct point *)y)->entry;
	const struct kind_key *key = kind_like(a->json)->keys;
	int order = compare_sets(a, b);

	for (; !order && key->path; key++)
		order = compare_key(key, a->json, b->json);
	return order;
}

/* Points with equal parameters are in the order of their files. */
static int compare_for_sort(const void *x, const void *y)
{
	const struct point *a = x, *b = y;
	int order = compare_points(x, y);

	return order ? order : strcmp(a->entry->file, b->entry->file);
}

static void find_fairness(struct point *p)
{
	json_t *thread;
	size_t i;

	json_array_foreach(result_get(p->entry->json, "threads"), i, thread) {
		double rate = result_number(thread, "ops_per_s");

		if (!i || rate < p->slowest)
			p->slowest = rate;
		if (rate > p->fastest)
			p->fastest = rate;
		p->even += (rate - p->even) / (double)(i + 1);
	}
}

static void new_point(struct point *p, const struct entry *entry)
{
	const json_t *phases = result_get(entry->json, "phases");
	json_t *phase;
	size_t i;

	*p = (struct point){
		.entry = entry,
		.repeats = 1,
		.threads = (unsigned int)result_number(entry->json, "params.threads"),
		.complete = json_is_true(result_get(entry->json, "complete")),
		.ops_per_s = result_number(entry->json, "throughput.ops_per_s"),
		.phase = xcalloc(json_array_size(phases), sizeof(*p->phase)),
	};
	json_array_foreach((json_t *)phases, i, phase) {
		struct point_phase *pp = &p->phase[p->phases++];

		pp->name = result_text(phase, "name");
		pp->hist = xcalloc(1, sizeof(*pp->hist));
		result_phase_hist(phase, pp->hist, &pp->scale);
	}
	if (entry->kind && entry->kind->load)
		p->params = entry->kind->load(entry->json);
	find_fairness(p);
}

static void free_point(struct point *p)
{
	unsigned int i;

	for (i = 0; i < p->phases; i++)
		free(p->phase[i].hist);
	free(p->phase);
	free(p->params);
}

static double mean_with(double mean, unsigned int n, double value)
{
	return (mean * n + value) / (n + 1);
}

/* Add a result that was measured as those in the point; false when its samples differ in kind. */
static bool merge_point(struct point *into, const struct point *from)
{
	unsigned int i;

	if (into->phases != from->phases)
		return false;
	for (i = 0; i < into->phases; i++)
		if (strcmp(into->phase[i].name, from->phase[i].name) ||
		    into->phase[i].scale != from->phase[i].scale)
			return false;
	for (i = 0; i < into->phases; i++)
		iommubench_hist_merge(into->phase[i].hist, from->phase[i].hist);
	into->ops_per_s = mean_with(into->ops_per_s, into->repeats, from->ops_per_s);
	into->slowest = mean_with(into->slowest, into->repeats, from->slowest);
	into->fastest = mean_with(into->fastest, into->repeats, from->fastest);
	into->even = mean_with(into->even, into->repeats, from->even);
	into->complete = into->complete && from->complete;
	into->repeats++;
	return true;
}

static void make_points(struct folder *folder)
{
	struct point *all = xcalloc(folder->n, sizeof(*all));
	unsigned int k;
	size_t i;

	for (i = 0; i < folder->n; i++)
		new_point(&all[i], &folder->entry[i]);
	qsort(all, folder->n, sizeof(*all), compare_for_sort);
	for (i = 0; i < folder->n; i++) {
		struct point *last = folder->points ? &all[folder->points - 1] : NULL;

		if (last && !compare_points(last, &all[i])) {
			if (!merge_point(last, &all[i]))
				error_note("%s: same parameters as %s but another clock, batch or phases; only in the list of runs",
					   all[i].entry->file, last->entry->file);
			free_point(&all[i]);
			continue;
		}
		if (last && compare_sets(last->entry, all[i].entry))
			folder->sets++;
		all[i].set = folder->sets;
		all[folder->points++] = all[i];
	}
	if (folder->points)
		folder->sets++;
	for (i = 0; i < folder->points; i++)
		for (k = 0; k < all[i].phases; k++)
			stats_compute(&all[i].phase[k].stats, all[i].phase[k].hist,
				      all[i].phase[k].scale);
	folder->point = all;
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
	find_variants(folder);
	make_points(folder);
	return EXIT_DONE;
}

void folder_free(struct folder *folder)
{
	size_t i;

	for (i = 0; i < folder->points; i++)
		free_point(&folder->point[i]);
	free(folder->point);
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
	size_t i;

	for (i = 0; folder->point[i].set != set; i++)
		;
	return &folder->point[i];
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

static bool same_value(const json_t *a, const json_t *b)
{
	return a == b || (a && b && json_equal(a, b));
}

bool folder_key_shown(const struct folder *folder, const struct kind_key *key,
		      const json_t *result)
{
	const json_t *value = result_get(result, key->path);
	const struct result_kind *kind = kind_of(result);
	size_t i;

	if (!key->detail)
		return true;
	for (i = 0; i < folder->n; i++)
		if (folder->entry[i].kind == kind &&
		    !same_value(result_get(folder->entry[i].json, key->path), value))
			return true;
	return false;
}
