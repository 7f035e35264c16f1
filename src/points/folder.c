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
	{ FAMILY_PLACEMENT, "placement matrix" },
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
static bool read_index(struct runs *runs, const char *path)
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
		json_array_extend(runs->left_out, result_get(json, "skipped"));
	is = is || !strcmp(result_text(json, "schema"), "iommubench-matrix/1");
	json_decref(json);
	return is;
}

static int read_files(struct runs *runs, const char *dir)
{
	struct dirent **entry;
	char err[256], *path;
	int i, n;

	n = scandir(dir, &entry, wanted, alphasort);
	if (n < 0)
		return fail(EXIT_USAGE, "cannot read folder %s: %s; give a folder of results", dir,
			    strerror(errno));
	runs->run = xgrow(NULL, (size_t)n, sizeof(*runs->run));
	runs->left_out = xjson(json_array());
	for (i = 0; i < n; i++) {
		json_t *json;

		path = xasprintf("%s/%s", dir, entry[i]->d_name);
		json = result_load(path, err, sizeof(err));
		make_plain(entry[i]->d_name);
		if (json) {
			runs->run[runs->n++] = (struct run){
				.json = json,
				.file = xstrdup(entry[i]->d_name),
			};
			runs->virtual += json_is_true(result_get(json, "machine.virtual"));
		} else if (!read_index(runs, path)) {
			make_plain(err);
			note("%s skipped: %s", entry[i]->d_name, err);
			runs->skipped++;
		}
		free(path);
		free(entry[i]);
	}
	free(entry);
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
static char *variant_value(const struct run *run, size_t v)
{
	const char *key = strrchr(variants[v].path, '.') + 1;
	const json_t *value = result_get(run->json, variants[v].path);

	/* Cells of a matrix are compared by their nodes; those do not set them apart. */
	if (!strcmp(key, "placement_matrix"))
		return xstrdup(value ? "yes" : "no");
	if ((!strcmp(key, "placement") || !strcmp(key, "memory_policy")) &&
	    result_get(run->json, FAMILY_PLACEMENT))
		return xstrdup("");
	if (!strcmp(key, "memory_policy"))
		return policy_words(value);
	/* A DMA API leaves the addresses to the kernel's allocator. */
	if (!strcmp(key, "iova") && !strcmp(result_text(run->json, "params.iova"), "allocator"))
		return xstrdup("");
	if (!strcmp(key, "sg_entries") && strcmp(result_text(run->json, "params.api"), "dma-sg"))
		return xstrdup("");
	/* Without a window of its own, a run's window is its batch, which depends on speed. */
	if (!strcmp(key, "window") && json_number_value(value) > 0 &&
	    json_equal(value, result_get(run->json, "params.batch")))
		return xstrdup("of one batch");
	return words_value(key, value);
}

static bool same_subcommand(const struct run *a, const struct run *b)
{
	return !strcmp(result_text(a->json, "tool.subcommand"),
		       result_text(b->json, "tool.subcommand"));
}

static bool is_key(const struct run *run, const char *path)
{
	const struct family_key *key;

	for (key = family_keys(run->json); key->path; key++)
		if (!strcmp(key->path, path))
			return true;
	return false;
}

/*
 * Whether it sets apart the runs that were made by the same subcommand as one of them. What
 * points of the family are sorted by does not.
 */
static bool variant_matters(const struct runs *runs, const struct run *among, size_t v)
{
	char *first = NULL;
	bool differs = false;
	size_t i;

	if (is_key(among, variants[v].path))
		return false;
	for (i = 0; i < runs->n && !differs; i++) {
		char *value;

		if (!same_subcommand(&runs->run[i], among))
			continue;
		value = variant_value(&runs->run[i], v);
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

static bool first_of_subcommand(const struct runs *runs, size_t run)
{
	size_t i;

	for (i = 0; i < run; i++)
		if (same_subcommand(&runs->run[i], &runs->run[run]))
			return false;
	return true;
}

static void add_variant(struct run *run, size_t v)
{
	char *value = variant_value(run, v), *longer;

	if (*value) {
		longer = xasprintf("%s%s%s %s", run->variant, *run->variant ? ", " : "",
				   variants[v].name, value);
		make_plain(longer);
		free(run->variant);
		run->variant = longer;
	}
	free(value);
}

/* Name only what differs between the runs at hand. */
static void find_variants(struct runs *runs)
{
	size_t v, i, k;

	for (i = 0; i < runs->n; i++)
		runs->run[i].variant = xstrdup("");
	for (i = 0; i < runs->n; i++) {
		if (!first_of_subcommand(runs, i))
			continue;
		for (v = 0; v < VARIANTS; v++) {
			if (!variant_matters(runs, &runs->run[i], v))
				continue;
			for (k = i; k < runs->n; k++)
				if (same_subcommand(&runs->run[i], &runs->run[k]))
					add_variant(&runs->run[k], v);
		}
	}
}

static int compare_groups(const struct run *a, const struct run *b)
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

static int compare_key(const struct family_key *key, const json_t *a, const json_t *b)
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
	const struct run *a = ((const struct point *)x)->run, *b = ((const struct point *)y)->run;
	const struct family_key *key = family_keys(a->json);
	int order = compare_groups(a, b);

	for (; !order && key->path; key++)
		order = compare_key(key, a->json, b->json);
	return order;
}

/* Of those with the same parameters, the first file comes first. */
static int compare_for_sort(const void *x, const void *y)
{
	const struct point *a = x, *b = y;
	int order = compare_points(x, y);

	return order ? order : strcmp(a->run->file, b->run->file);
}

static void find_fairness(struct point *p)
{
	json_t *thread;
	size_t i;

	json_array_foreach(result_get(p->run->json, "threads"), i, thread) {
		double rate = result_number(thread, "ops_per_s");

		if (!i || rate < p->slowest)
			p->slowest = rate;
		if (rate > p->fastest)
			p->fastest = rate;
		p->even += (rate - p->even) / (double)(i + 1);
	}
}

static void new_point(struct point *p, const struct run *run)
{
	const json_t *phases = result_get(run->json, "phases");
	json_t *phase;
	size_t i;

	*p = (struct point){
		.run = run,
		.repeats = 1,
		.api = result_text(run->json, "params.api"),
		.domain = words_domain(run->json),
		.size = (uint64_t)result_number(run->json, "params.size_bytes"),
		.threads = (unsigned int)result_number(run->json, "params.threads"),
		.complete = json_is_true(result_get(run->json, "complete")),
		.ops_per_s = result_number(run->json, "throughput.ops_per_s"),
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

static void make_points(struct runs *runs)
{
	struct point *all = xcalloc(runs->n, sizeof(*all));
	unsigned int k;
	size_t i;

	for (i = 0; i < runs->n; i++)
		new_point(&all[i], &runs->run[i]);
	qsort(all, runs->n, sizeof(*all), compare_for_sort);
	for (i = 0; i < runs->n; i++) {
		struct point *last = runs->points ? &all[runs->points - 1] : NULL;

		if (last && !compare_points(last, &all[i])) {
			if (!merge_point(last, &all[i]))
				note("%s: same parameters as %s but another clock, batch or phases; only in the list of runs",
				     all[i].run->file, last->run->file);
			free_point(&all[i]);
			continue;
		}
		if (last && compare_groups(last->run, all[i].run))
			runs->groups++;
		all[i].group = runs->groups;
		all[runs->points++] = all[i];
	}
	if (runs->points)
		runs->groups++;
	for (i = 0; i < runs->points; i++)
		for (k = 0; k < all[i].phases; k++)
			stats_compute(&all[i].phase[k].stats, all[i].phase[k].hist,
				      all[i].phase[k].scale);
	runs->point = all;
}

int runs_read(struct runs *runs, const char *dir)
{
	int status;

	*runs = (struct runs){ 0 };
	status = read_files(runs, dir);
	if (status)
		return status;
	if (!runs->n)
		return fail(EXIT_UNABLE, "no result in %s: 'iommubench map-unmap -o %s/NAME.json' makes one",
			    dir, dir);
	find_variants(runs);
	make_points(runs);
	return EXIT_DONE;
}

void runs_free(struct runs *runs)
{
	size_t i;

	for (i = 0; i < runs->points; i++)
		free_point(&runs->point[i]);
	free(runs->point);
	for (i = 0; i < runs->n; i++) {
		json_decref(runs->run[i].json);
		free(runs->run[i].file);
		free(runs->run[i].variant);
	}
	free(runs->run);
	json_decref(runs->left_out);
	*runs = (struct runs){ 0 };
}

const struct point_phase *point_phase(const struct point *point, const char *name)
{
	unsigned int i;

	for (i = 0; point && i < point->phases; i++)
		if (!strcmp(point->phase[i].name, name))
			return point->phase[i].stats.count ? &point->phase[i] : NULL;
	return NULL;
}

char *runs_name(const struct runs *runs, unsigned int group)
{
	size_t i;

	for (i = 0; i < runs->points; i++) {
		const struct run *run = runs->point[i].run;

		if (runs->point[i].group == group)
			return xasprintf("%s%s%s", result_text(run->json, "tool.subcommand"),
					 *run->variant ? ": " : "", run->variant);
	}
	return xstrdup("");
}
