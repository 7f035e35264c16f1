// SPDX-License-Identifier: GPL-2.0-only
#include "events/perf_pmu.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/sysfs.h"
#include "base/xalloc.h"
#include "place/placement.h"

/* More edits than this are another word. */
#define MAX_EDITS	3
#define NEAREST		3
#define MAX_WORD	63
/* An event may be defined by another one, but not by itself. */
#define MAX_DEPTH	4

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int compare_pmus(const void *a, const void *b)
{
	return strcmp(((const struct perf_pmu *)a)->name, ((const struct perf_pmu *)b)->name);
}

/* Kinds of events that are no hardware of their own. */
static bool is_software(const char *name)
{
	static const char *const kinds[] = {
		"software", "tracepoint", "breakpoint", "kprobe", "uprobe",
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(name, kinds[i]))
			return true;
	return false;
}

static bool read_pmu(struct perf_pmu *pmu, const char *root, const char *name)
{
	char text[4096], *end;
	struct error e;

	*pmu = (struct perf_pmu){ 0 };
	if (strlen(name) >= sizeof(pmu->name) ||
	    sysfs_read(text, sizeof(text), "%s/%s/type", root, name))
		return false;
	strcpy(pmu->name, name);
	pmu->type = (uint32_t)strtoul(text, &end, 10);
	if (end == text)
		return false;
	if (!sysfs_read(text, sizeof(text), "%s/%s/cpumask", root, name) && *text &&
	    !parse_cpu_list(text, PLACEMENT_MAX_CPU, &pmu->cpus, &pmu->nr_cpus, &e))
		return true;
	pmu->core = true;
	/* Where CPUs are of several types, each type has a PMU of its own. */
	if (sysfs_read(text, sizeof(text), "%s/%s/cpus", root, name) || !*text ||
	    parse_cpu_list(text, PLACEMENT_MAX_CPU, &pmu->cpus, &pmu->nr_cpus, &e))
		pmu->nr_cpus = 0;
	return true;
}

void perf_pmu_find(struct perf_pmu_list *list, const char *root)
{
	struct dirent *entry;
	struct perf_pmu pmu;
	DIR *dir;

	*list = (struct perf_pmu_list){ .root = root };
	dir = opendir(root);
	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		if (*entry->d_name == '.' || is_software(entry->d_name) ||
		    !read_pmu(&pmu, root, entry->d_name))
			continue;
		list->pmus = xgrow(list->pmus, list->nr + 1, sizeof(*list->pmus));
		list->pmus[list->nr++] = pmu;
	}
	closedir(dir);
	if (list->nr)
		qsort(list->pmus, list->nr, sizeof(*list->pmus), compare_pmus);
}

void perf_pmu_free(struct perf_pmu_list *list)
{
	unsigned int i;

	for (i = 0; i < list->nr; i++)
		free(list->pmus[i].cpus);
	free(list->pmus);
	*list = (struct perf_pmu_list){ 0 };
}

static bool is_all(const char *text, const char *letters)
{
	return *text && strspn(text, letters) == strlen(text);
}

/* All of it, or all but a number, which an underscore may come before. */
static bool matches(const char *pmu, const char *name)
{
	size_t n = strlen(name);

	if (!n || strncmp(pmu, name, n))
		return false;
	pmu += n;
	if (!*pmu)
		return true;
	if (*pmu == '_')
		return is_all(pmu + 1, "0123456789abcdef");
	/* A number is left out whole. */
	return !isdigit((unsigned char)name[n - 1]) && is_all(pmu, "0123456789");
}

bool perf_pmu_matches(const struct perf_pmu *pmu, const char *name)
{
	static const char prefix[] = "uncore_";

	if (strchr(name, '*'))
		return !fnmatch(name, pmu->name, 0);
	return matches(pmu->name, name) ||
	       (!strncmp(pmu->name, prefix, strlen(prefix)) &&
		matches(pmu->name + strlen(prefix), name));
}

void perf_pmu_names_add(struct perf_pmu_names *names, const char *name)
{
	names->names = xgrow(names->names, names->nr + 1, sizeof(*names->names));
	names->names[names->nr++] = xstrdup(name);
}

bool perf_pmu_names_has(const struct perf_pmu_names *names, const char *name)
{
	unsigned int i;

	for (i = 0; i < names->nr; i++)
		if (!strcmp(names->names[i], name))
			return true;
	return false;
}

void perf_pmu_names_free(struct perf_pmu_names *names)
{
	unsigned int i;

	for (i = 0; i < names->nr; i++)
		free(names->names[i]);
	free(names->names);
	*names = (struct perf_pmu_names){ 0 };
}

/* Beside an event's file there may be more about it. */
static bool is_about_event(const char *file)
{
	static const char *const ends[] = { ".unit", ".scale", ".per-pkg", ".snapshot" };
	size_t i, n = strlen(file);

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t k = strlen(ends[i]);

		if (n > k && !strcmp(file + n - k, ends[i]))
			return true;
	}
	return false;
}

static void list_folder(const struct perf_pmu_list *list, const struct perf_pmu *pmu,
			const char *folder, struct perf_pmu_names *names)
{
	char *path = xasprintf("%s/%s/%s", list->root, pmu->name, folder);
	struct dirent *entry;
	DIR *dir = opendir(path);

	*names = (struct perf_pmu_names){ 0 };
	free(path);
	if (!dir)
		return;
	while ((entry = readdir(dir)))
		if (*entry->d_name != '.' && !is_about_event(entry->d_name))
			perf_pmu_names_add(names, entry->d_name);
	closedir(dir);
	if (names->nr)
		qsort(names->names, names->nr, sizeof(*names->names), compare_names);
}

void perf_pmu_events(const struct perf_pmu_list *list, const struct perf_pmu *pmu,
		     struct perf_pmu_names *names)
{
	list_folder(list, pmu, "events", names);
}

void perf_pmu_fields(const struct perf_pmu_list *list, const struct perf_pmu *pmu,
		     struct perf_pmu_names *names)
{
	list_folder(list, pmu, "format", names);
}

/* How many letters have to be put in, taken out or changed; case does not count. */
static unsigned int edits(const char *a, const char *b)
{
	unsigned int row[MAX_WORD + 1], diagonal, above;
	size_t i, j, n = strlen(a), m = strlen(b);

	if (n > MAX_WORD || m > MAX_WORD)
		return MAX_WORD;
	for (j = 0; j <= m; j++)
		row[j] = (unsigned int)j;
	for (i = 1; i <= n; i++) {
		diagonal = row[0];
		row[0] = (unsigned int)i;
		for (j = 1; j <= m; j++) {
			unsigned int cost = diagonal + (tolower((unsigned char)a[i - 1]) !=
							tolower((unsigned char)b[j - 1]));

			above = row[j];
			diagonal = above;
			if (above + 1 < cost)
				cost = above + 1;
			if (row[j - 1] + 1 < cost)
				cost = row[j - 1] + 1;
			row[j] = cost;
		}
	}
	return row[m];
}

/* Smaller is nearer. A word that holds the wanted one, or is held by it, counts as one edit. */
static unsigned int distance(const char *name, const char *wanted)
{
	unsigned int d = edits(name, wanted);

	if (d > 1 && strlen(wanted) > 2 && (strcasestr(name, wanted) || strcasestr(wanted, name)))
		d = 1;
	return d;
}

void perf_pmu_nearest(const struct perf_pmu_names *names, const char *wanted, char *buf, size_t n)
{
	const char *found[NEAREST];
	unsigned int nr = 0, i, d;
	size_t used;

	for (d = 0; d <= MAX_EDITS && nr < NEAREST; d++)
		for (i = 0; i < names->nr && nr < NEAREST; i++)
			if (distance(names->names[i], wanted) == d &&
			    (d < strlen(wanted) || d <= 1))
				found[nr++] = names->names[i];
	*buf = '\0';
	for (i = 0, used = 0; i < nr && used < n; i++)
		used += (size_t)snprintf(buf + used, n - used, "%s%s",
					 !i ? "did you mean " : i + 1 < nr ? ", " : " or ",
					 found[i]);
	if (nr && used < n)
		snprintf(buf + used, n - used, "?");
}

/* Reads one number and moves the text on. */
static int bit_number(const char **text, unsigned int *bit)
{
	char *end;
	unsigned long n;

	if (!isdigit((unsigned char)**text))
		return -1;
	n = strtoul(*text, &end, 10);
	if (n > 63)
		return -1;
	*bit = (unsigned int)n;
	*text = end;
	return 0;
}

int perf_pmu_put_field(const char *format, uint64_t value, struct perf_code *code, struct error *e)
{
	static const char *const words[PERF_CODE_WORDS] = {
		"config", "config1", "config2", "config3",
	};
	const char *p = strchr(format, ':');
	uint64_t rest = value;
	unsigned int word, low, high, room = 0;

	for (word = 0; p && word < PERF_CODE_WORDS; word++)
		if ((size_t)(p - format) == strlen(words[word]) &&
		    !strncmp(format, words[word], strlen(words[word])))
			break;
	if (!p || word == PERF_CODE_WORDS)
		return error_set(e, "the kernel describes a field as '%s', which is unknown here",
				 format);
	do {
		p++;
		if (bit_number(&p, &low))
			goto odd;
		high = low;
		if (*p == '-') {
			p++;
			if (bit_number(&p, &high) || high < low)
				goto odd;
		}
		for (; low <= high; low++, rest >>= 1, room++) {
			code->config[word] &= ~(1ULL << low);
			code->config[word] |= (rest & 1) << low;
		}
	} while (*p == ',');
	if (*p)
		goto odd;
	if (rest)
		return error_set(e, "0x%" PRIx64 " does not fit into %u bits", value, room);
	return 0;
odd:
	return error_set(e, "the kernel describes a field as '%s', which is unknown here", format);
}

static int encode(const struct perf_pmu_list *list, const struct perf_pmu *pmu, const char *terms,
		  struct perf_code *code, unsigned int depth, struct error *e);

static int unknown_term(const struct perf_pmu_list *list, const struct perf_pmu *pmu,
			const char *term, struct error *e)
{
	struct perf_pmu_names names, fields;
	char near[256];
	unsigned int i;

	perf_pmu_events(list, pmu, &names);
	perf_pmu_fields(list, pmu, &fields);
	for (i = 0; i < fields.nr; i++)
		perf_pmu_names_add(&names, fields.names[i]);
	perf_pmu_nearest(&names, term, near, sizeof(near));
	perf_pmu_names_free(&fields);
	perf_pmu_names_free(&names);
	return error_set(e, "PMU %s has neither an event nor a field '%s'%s%s", pmu->name, term,
			 *near ? ": " : "", near);
}

/* "field=value", "field", or an event's name; @term is cut up. */
static int encode_term(const struct perf_pmu_list *list, const struct perf_pmu *pmu, char *term,
		       struct perf_code *code, unsigned int depth, struct error *e)
{
	char *value = strchr(term, '='), *end, text[512];
	uint64_t number = 1;
	struct error why;

	if (value) {
		*value++ = '\0';
		errno = 0;
		number = strtoull(value, &end, strncasecmp(value, "0x", 2) ? 10 : 16);
		if (!isdigit((unsigned char)*value) || *end || errno)
			return error_set(e, "'%s' is no number for field '%s' of PMU %s", value,
					 term, pmu->name);
	}
	/* A name from a user must not lead out of the folder. */
	if (!*term || strchr(term, '/') || *term == '.')
		return error_set(e, "'%s' is neither an event nor a field", term);
	if (!value &&
	    !sysfs_read(text, sizeof(text), "%s/%s/events/%s", list->root, pmu->name, term))
		return encode(list, pmu, text, code, depth + 1, e);
	if (sysfs_read(text, sizeof(text), "%s/%s/format/%s", list->root, pmu->name, term)) {
		if (!value && *term == 'r' && is_all(term + 1, "0123456789abcdefABCDEF")) {
			code->config[0] = strtoull(term + 1, NULL, 16);
			return 0;
		}
		if (strncmp(term, "config", strlen("config")) || !value || strlen(term) > 7 ||
		    (term[6] && (term[6] < '1' || term[6] > '3')))
			return unknown_term(list, pmu, term, e);
		snprintf(text, sizeof(text), "%.7s:0-63", term);
	}
	if (perf_pmu_put_field(text, number, code, &why))
		return error_set(e, "field '%s' of PMU %s: %.300s", term, pmu->name, why.text);
	return 0;
}

static int encode(const struct perf_pmu_list *list, const struct perf_pmu *pmu, const char *terms,
		  struct perf_code *code, unsigned int depth, struct error *e)
{
	char *copy, *rest, *term;
	int ret = 0;

	if (depth > MAX_DEPTH)
		return error_set(e, "the events of PMU %s are defined in a circle", pmu->name);
	copy = xstrdup(terms);
	rest = copy;
	while (!ret && (term = strsep(&rest, ",")))
		ret = encode_term(list, pmu, term, code, depth, e);
	free(copy);
	return ret;
}

int perf_pmu_encode(const struct perf_pmu_list *list, const struct perf_pmu *pmu, const char *terms,
		    struct perf_code *code, struct error *e)
{
	*code = (struct perf_code){ .type = pmu->type };
	return encode(list, pmu, terms, code, 0, e);
}

double perf_pmu_scale(const struct perf_pmu_list *list, const struct perf_pmu *pmu,
		      const char *event, char *unit, size_t n)
{
	char text[64], *end;
	double scale;

	*unit = '\0';
	if (!*event || strpbrk(event, "/=,"))
		return 1;
	if (sysfs_read(unit, n, "%s/%s/events/%s.unit", list->root, pmu->name, event))
		*unit = '\0';
	if (sysfs_read(text, sizeof(text), "%s/%s/events/%s.scale", list->root, pmu->name, event))
		return 1;
	scale = strtod(text, &end);
	return end != text && scale > 0 ? scale : 1;
}
