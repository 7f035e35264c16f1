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

/* Runs that differ in one of these do not belong into one picture. */
static const struct {
	const char *path;
	const char *name;
} variants[] = {
	{ "machine.kernel", "kernel" },
	{ "machine.virtual", "virtual" },
	{ "machine.platform.model", "machine" },
	{ "machine.soc.id", "SoC" },
	{ "machine.cpu.model", "CPU" },
	{ "machine.iommu.kind", "IOMMU" },
	{ "machine.device.name", "device" },
	{ "params.buffer", "buffer" },
	{ "params.direction", "direction" },
	{ "params.iova", "IOVA" },
	{ "params.stride_bytes", "stride" },
	{ "params.iova_span_bytes", "IOVA span" },
	{ "params.sg_entries", "entries" },
	{ "params.window", "window" },
	{ "params.prefill", "prefill" },
	{ "params.hold_ns", "hold" },
	{ "params.rate_per_s", "rate" },
	{ "params.verify", "verify" },
	{ "params.placement", "placement" },
	{ "params.memory_policy", "memory policy" },
	{ KIND_PLACEMENT, "placement matrix" },
	{ "params.background", "background" },
	{ "params.fixed_buffers", "registered buffers" },
	{ "params.polled", "polled" },
	{ "params.span_bytes", "span" },
	{ "params.locked", "locked" },
	{ "params.think_ns", "think" },
	{ "params.stages", "stages" },
	{ "params.kill_rate_per_s", "kills" },
};

#define VARIANTS	(sizeof(variants) / sizeof(variants[0]))

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
		return fail(EXIT_USAGE, "cannot read folder %s: %s; give a folder of results", dir,
			    strerror(errno));
	folder->entry = xgrow(NULL, (size_t)n, sizeof(*folder->entry));
	folder->left_out = xjson(json_array());
	for (i = 0; i < n; i++) {
		json_t *json;

		path = xasprintf("%s/%s", dir, found[i]->d_name);
		json = result_load(path, err, sizeof(err));
		make_plain(found[i]->d_name);
		if (json) {
			folder->entry[folder->n++] = (struct entry){
				.json = json,
				.file = xstrdup(found[i]->d_name),
			};
			folder->virtual += json_is_true(result_get(json, "machine.virtual"));
		} else if (!read_index(folder, path)) {
			make_plain(err);
			note("%s skipped: %s", found[i]->d_name, err);
			folder->skipped++;
		}
		free(path);
		free(found[i]);
	}
	free(found);
	return EXIT_DONE;
}

/* Such as "node 0,1". */
static char *policy_words(const json_t *policy)
{
	const json_t *nodes = json_object_get(policy, "nodes");
	char *list = words_value("nodes", nodes);
	char *words = xasprintf("%s%s%s", result_text(policy, "policy"), *list ? " " : "", list);

	free(list);
	return words;
}

/* "" for what does not apply to a run, and so does not set it apart. */
static char *variant_value(const struct entry *entry, size_t v)
{
	const char *key = strrchr(variants[v].path, '.') + 1;
	const json_t *value = result_get(entry->json, variants[v].path);

	/* Cells of a matrix are compared by their nodes; those do not set them apart. */
	if (!strcmp(key, "placement_matrix"))
		return xstrdup(value ? "yes" : "no");
	if ((!strcmp(key, "placement") || !strcmp(key, "memory_policy")) &&
	    result_get(entry->json, KIND_PLACEMENT))
		return xstrdup("");
	if (!strcmp(key, "memory_policy"))
		return policy_words(value);
	/* A DMA API leaves the addresses to the kernel's allocator. */
	if (!strcmp(key, "iova") && !strcmp(result_text(entry->json, "params.iova"), "allocator"))
		return xstrdup("");
	if (!strcmp(key, "sg_entries") && strcmp(result_text(entry->json, "params.api"), "dma-sg"))
		return xstrdup("");
	/* Without a window of its own, a run's window is its batch, which depends on speed. */
	if (!strcmp(key, "window") && json_number_value(value) > 0 &&
	    json_equal(value, result_get(entry->json, "params.batch")))
		return xstrdup("of one batch");
	return words_value(key, value);
}

static bool same_subcommand(const struct entry *a, const struct entry *b)
{
	return !strcmp(result_text(a->json, "tool.subcommand"),
		       result_text(b->json, "tool.subcommand"));
}

static bool is_key(const struct entry *entry, const char *path)
{
	const struct kind_key *key;

	for (key = kind_keys(entry->json); key->path; key++)
		if (!strcmp(key->path, path))
			return true;
	return false;
}

/*
 * Whether it sets apart the runs that were made by the same subcommand as one of them. What
 * points of the kind are sorted by does not.
 */
static bool variant_matters(const struct folder *folder, const struct entry *among, size_t v)
{
	char *first = NULL;
	bool differs = false;
	size_t i;

	if (is_key(among, variants[v].path))
		return false;
	for (i = 0; i < folder->n && !differs; i++) {
		char *value;

		if (!same_subcommand(&folder->entry[i], among))
			continue;
		value = variant_value(&folder->entry[i], v);
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

static void add_variant(struct entry *entry, size_t v)
{
	char *value = variant_value(entry, v), *longer;

	if (*value) {
		longer = xasprintf("%s%s%s %s", entry->variant, *entry->variant ? ", " : "",
				   variants[v].name, value);
		make_plain(longer);
		free(entry->variant);
		entry->variant = longer;
	}
	free(value);
}

/* Name only what differs between the runs at hand. */
static void find_variants(struct folder *folder)
{
	size_t v, i, k;

	for (i = 0; i < folder->n; i++)
		folder->entry[i].variant = xstrdup("");
	for (i = 0; i < folder->n; i++) {
		if (!first_of_subcommand(folder, i))
			continue;
		for (v = 0; v < VARIANTS; v++) {
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
	const struct kind_key *key = kind_keys(a->json);
	int order = compare_sets(a, b);

	for (; !order && key->path; key++)
		order = compare_key(key, a->json, b->json);
	return order;
}

/* Of those with the same parameters, the first file comes first. */
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
		.api = result_text(entry->json, "params.api"),
		.domain = words_domain(entry->json),
		.size = (uint64_t)result_number(entry->json, "params.size_bytes"),
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
	find_fairness(p);
}

static void free_point(struct point *p)
{
	unsigned int i;

	for (i = 0; i < p->phases; i++)
		free(p->phase[i].hist);
	free(p->phase);
}

static double mean_with(double mean, unsigned int n, double value)
{
	return (mean * n + value) / (n + 1);
}

/* Add a run that was made as those in the point; false when its samples are of another kind. */
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
				note("%s: same parameters as %s but another clock, batch or phases; only in the list of runs",
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
		return fail(EXIT_UNABLE, "no result in %s: 'iommubench map-unmap -o %s/NAME.json' makes one",
			    dir, dir);
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

char *folder_set_name(const struct folder *folder, unsigned int set)
{
	size_t i;

	for (i = 0; i < folder->points; i++) {
		const struct entry *entry = folder->point[i].entry;

		if (folder->point[i].set == set)
			return xasprintf("%s%s%s", result_text(entry->json, "tool.subcommand"),
					 *entry->variant ? ": " : "", entry->variant);
	}
	return xstrdup("");
}
