// SPDX-License-Identifier: GPL-2.0-only
#include "events/table.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/perf_event.h>

#include "base/sysfs.h"
#include "base/xalloc.h"
#include "events/events.h"
#include "events/iommu_commands.h"
#include "events/irq.h"
#include "events/perf_names.h"
#include "events/perf_open.h"
#include "result/read.h"
#include "silicon/pmcg.h"
#include "text/csv.h"
#include "text/json.h"

#define LINE_WIDTH	96

/* Tries it where it would be counted, and gives it back. Return: 0, or -1 with @why. */
static int try_event(const struct perf_code *code, int tid, int cpu, struct error *why)
{
	int fd = perf_open(code, tid, cpu, false);

	if (fd < 0) {
		perf_refused(code, errno, why);
		return -1;
	}
	close(fd);
	return 0;
}

static bool in_default(const struct events *set, const char *pmu, const char *name)
{
	char *whole = *pmu ? xasprintf("%s/%s/", pmu, name) : xstrdup(name);
	bool found = false;
	unsigned int i;

	for (i = 0; i < set->nr; i++)
		found = found || !strcasecmp(set->list[i].name, name) ||
			!strcasecmp(set->list[i].name, whole);
	free(whole);
	return found;
}

/* @why: NULL for countable, an empty text for not tried. */
static void add_row(json_t *rows, const char *kind, const char *pmu, const char *name,
		    bool by_default, const char *why)
{
	json_t *row = xjson(json_object());

	xjson_put(row, "kind", xjson_text(kind));
	xjson_put(row, "pmu", xjson_text(pmu));
	xjson_put(row, "name", xjson_text(name));
	xjson_put(row, "default", xjson(json_boolean(by_default)));
	xjson_put(row, "countable", why && !*why ? json_null() : xjson(json_boolean(!why)));
	xjson_put(row, "reason", xjson_text(why ? why : ""));
	xjson_add(rows, row);
}

static json_t *add_pmu(json_t *pmus, const char *name, const char *what, const char *scope)
{
	json_t *pmu = xjson(json_object()), *fields = xjson(json_array());

	xjson_put(pmu, "name", xjson_text(name));
	xjson_put(pmu, "what", xjson_text(what));
	xjson_put(pmu, "scope", xjson_text(scope));
	xjson_put(pmu, "fields", fields);
	xjson_add(pmus, pmu);
	return fields;
}

/* What the kernel counts by itself is in the table of the same PMU as the CPUs' common events. */
static const char *kind_of(const struct perf_code *code)
{
	return code->type == PERF_TYPE_SOFTWARE ? "software" : "cpu";
}

static void add_cpu_events(json_t *pmus, json_t *rows, const struct events *set)
{
	struct perf_pmu_names names;
	struct perf_names_pmu pmu;
	struct perf_code code;
	unsigned int i;
	struct error why;
	int at = 0, bad;

	while (perf_names_next_pmu(&at, &pmu)) {
		perf_names_events(pmu.name, &names);
		if (names.nr)
			add_pmu(pmus, pmu.name, pmu.what, "thread");
		for (i = 0; i < names.nr; i++) {
			/* The headers' names for what has shorter ones. */
			if (!strncmp(names.names[i], "PERF_COUNT_", strlen("PERF_COUNT_")))
				continue;
			/* Some are nothing without a modifier. */
			why.text[0] = '\0';
			bad = perf_names_encode(names.names[i], &code, &why);
			if (bad) {
				add_row(rows, "cpu", pmu.name, names.names[i], false, "");
				continue;
			}
			/* Tracepoints have a kind of their own. */
			if (code.type == PERF_TYPE_TRACEPOINT)
				continue;
			bad = try_event(&code, 0, -1, &why);
			add_row(rows, kind_of(&code), pmu.name, names.names[i],
				in_default(set, "", names.names[i]), bad ? why.text : NULL);
		}
		perf_pmu_names_free(&names);
	}
}

static void add_pmu_events(json_t *pmus, json_t *rows, const struct events_machine *m,
			   const struct perf_pmu *pmu, const struct events *set)
{
	struct perf_pmu_names names;
	struct perf_code code;
	struct error why;
	json_t *fields;
	unsigned int i;
	char *name;
	int bad;

	fields = add_pmu(pmus, pmu->name, perf_pmu_matches(pmu, PMCG_PMU) ?
			 "counters of an SMMUv3" : "", pmu->core ? "thread" : "system");
	perf_pmu_fields(&m->pmus, pmu, &names);
	for (i = 0; i < names.nr; i++)
		xjson_add(fields, xjson_text(names.names[i]));
	perf_pmu_names_free(&names);
	perf_pmu_events(&m->pmus, pmu, &names);
	for (i = 0; i < names.nr; i++) {
		bad = perf_pmu_encode(&m->pmus, pmu, names.names[i], &code, &why);
		if (!bad)
			bad = try_event(&code, pmu->core ? 0 : -1,
					pmu->core ? -1 : (int)pmu->cpus[0], &why);
		name = xasprintf("%s/%s/", pmu->name, names.names[i]);
		add_row(rows, "pmu", pmu->name, name, in_default(set, pmu->name, names.names[i]),
			bad ? why.text : NULL);
		free(name);
	}
	perf_pmu_names_free(&names);
}

static void add_tracepoints(json_t *rows, const struct events_machine *m)
{
	static const char *const names[] = { "iommu:map", "iommu:unmap", "iommu:io_page_fault" };
	struct events found;
	struct error why;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct perf_pmu_names one = { (char *[]){ (char *)names[i] }, 1 };

		events_resolve(&found, &one, m);
		if (found.nr && found.list[0].nr_cpus)
			add_row(rows, "tracepoint", "", names[i], false,
				try_event(&found.list[0].code, -1, (int)found.list[0].cpus[0],
					  &why) ? why.text : NULL);
		else
			/* Past "-e NAME: " */
			add_row(rows, "tracepoint", "", names[i], false, found.unknown.nr ?
				found.unknown.names[0] + strlen("-e : ") + strlen(names[i]) :
				"/sys is not there, so it is not known which CPUs there are");
		events_free(&found);
	}
}

/* The kind of the first IOMMU, as with a device behind it. */
static void add_commands(json_t *rows)
{
	char kind[64] = "";
	struct dirent *entry;
	struct iommu_commands c;
	DIR *dir = opendir("/sys/class/iommu");

	while (dir && !*kind && (entry = readdir(dir))) {
		if (*entry->d_name == '.')
			continue;
		if (sysfs_link(kind, sizeof(kind), "/sys/class/iommu/%s/device/driver",
			       entry->d_name))
			snprintf(kind, sizeof(kind), "%.*s",
				 (int)strcspn(entry->d_name, "0123456789"), entry->d_name);
	}
	if (dir)
		closedir(dir);
	if (!*kind) {
		add_row(rows, "commands", "", "commands", false,
			"this machine shows no IOMMU (/sys/class/iommu)");
		return;
	}
	iommu_commands_open(&c, kind);
	add_row(rows, "commands", "", "commands", false, c.usable ? NULL : c.reason);
	iommu_commands_close(&c);
}

static void add_interrupts(json_t *rows)
{
	struct irq_lines lines;
	char why[128];

	if (irq_lines_read(NULL, &lines)) {
		snprintf(why, sizeof(why), "cannot read /proc/interrupts: %s", strerror(errno));
		add_row(rows, "interrupts", "", "interrupts", true, why);
		return;
	}
	add_row(rows, "interrupts", "", "interrupts", true, NULL);
	irq_lines_free(&lines);
}

json_t *events_table(void)
{
	struct perf_pmu_names nothing = { 0 };
	json_t *table = xjson(json_object()), *pmus = xjson(json_array());
	json_t *rows = xjson(json_array());
	struct events_machine m;
	struct events set;
	char level[16];
	unsigned int i;

	events_machine_look(&m);
	events_resolve(&set, &nothing, &m);
	xjson_put(table, "schema", xjson_text(EVENTS_TABLE_SCHEMA));
	xjson_put(table, "perf_event_paranoid",
		  sysfs_read(level, sizeof(level), "/proc/sys/kernel/perf_event_paranoid") ?
		  json_null() : xjson(json_integer(atoi(level))));
	for (i = 0; i < m.pmus.nr; i++)
		if (perf_pmu_matches(&m.pmus.pmus[i], PMCG_PMU))
			add_pmu_events(pmus, rows, &m, &m.pmus.pmus[i], &set);
	for (i = 0; i < m.pmus.nr; i++)
		if (!perf_pmu_matches(&m.pmus.pmus[i], PMCG_PMU))
			add_pmu_events(pmus, rows, &m, &m.pmus.pmus[i], &set);
	add_cpu_events(pmus, rows, &set);
	add_tracepoints(rows, &m);
	add_commands(rows);
	add_interrupts(rows);
	xjson_put(table, "pmus", pmus);
	xjson_put(table, "events", rows);
	events_free(&set);
	events_machine_free(&m);
	return table;
}

size_t events_table_select(json_t *table, const char *word)
{
	json_t *rows = json_object_get(table, "events");
	size_t i = 0;

	while (i < json_array_size(rows)) {
		const json_t *row = json_array_get(rows, i);

		if (strcasestr(result_text(row, "name"), word) ||
		    strcasestr(result_text(row, "pmu"), word))
			i++;
		else
			json_array_remove(rows, i);
	}
	return json_array_size(rows);
}

/* Prints a name; names have blanks between them and fill lines. */
static void print_name(const char *name, bool mark, size_t *column, FILE *out)
{
	size_t n = strlen(name) + mark;

	if (*column && *column + n + 2 > LINE_WIDTH) {
		fputc('\n', out);
		*column = 0;
	}
	*column += (size_t)fprintf(out, "%s%s%s", *column ? "  " : "    ", name, mark ? "*" : "");
}

static bool same_group(const json_t *row, const char *kind, const char *pmu)
{
	return !strcmp(result_text(row, "kind"), kind) && !strcmp(result_text(row, "pmu"), pmu);
}

/* Prints rows of a heading that are countable, not tried, or not countable for one reason. */
static void print_rows(const json_t *rows, const char *kind, const char *pmu,
		       const json_t *countable, const char *reason, FILE *out)
{
	size_t i, column = 0;
	json_t *row;

	json_array_foreach((json_t *)rows, i, row)
		if (same_group(row, kind, pmu) &&
		    json_typeof(json_object_get(row, "countable")) == json_typeof(countable) &&
		    !strcmp(result_text(row, "reason"), reason))
			print_name(result_text(row, "name"),
				   json_is_true(json_object_get(row, "default")), &column, out);
	if (column)
		fputc('\n', out);
}

static bool group_has(const json_t *rows, const char *kind, const char *pmu, json_type type)
{
	json_t *row;
	size_t i;

	json_array_foreach((json_t *)rows, i, row)
		if (same_group(row, kind, pmu) &&
		    json_typeof(json_object_get(row, "countable")) == type)
			return true;
	return false;
}

/* Prints each reason once. */
static void print_refused(const json_t *rows, const char *kind, const char *pmu, FILE *out)
{
	json_t *row, *seen = xjson(json_object());
	size_t i;

	json_array_foreach((json_t *)rows, i, row) {
		const char *reason = result_text(row, "reason");

		if (!same_group(row, kind, pmu) ||
		    !json_is_false(json_object_get(row, "countable")) ||
		    json_object_get(seen, reason))
			continue;
		xjson_put(seen, reason, xjson(json_true()));
		fprintf(out, "  not here, %s:\n", reason);
		print_rows(rows, kind, pmu, json_false(), reason, out);
	}
	json_decref(seen);
}

static void print_group(const json_t *table, const char *kind, const char *pmu, FILE *out)
{
	static const struct {
		const char *kind;
		const char *title;
	} titles[] = {
		{ "cpu", "CPU events, for each thread" },
		{ "software", "counted by the kernel, for each thread" },
		{ "pmu", "" },
		{ "tracepoint", "tracepoints, in a run of their own" },
		{ "commands", "what the IOMMU's driver sends, in a run of its own" },
		{ "interrupts", "interrupts of the IOMMUs and of the device" },
	};
	const json_t *rows = json_object_get(table, "events");
	json_t *p, *field;
	size_t i, j;

	for (i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		if (!strcmp(titles[i].kind, kind))
			fprintf(out, "\n%s%s%s", pmu, *pmu && *titles[i].title ? ": " : "",
				titles[i].title);
	json_array_foreach(json_object_get(table, "pmus"), i, p) {
		if (strcmp(result_text(p, "name"), pmu))
			continue;
		if (*result_text(p, "what"))
			fprintf(out, "%s%s", strcmp(kind, "pmu") ? " (" : ": ",
				result_text(p, "what"));
		if (strcmp(kind, "pmu"))
			fputc(')', out);
		json_array_foreach(json_object_get(p, "fields"), j, field)
			fprintf(out, "%s%s", j ? ", " : "; fields ", json_string_value(field));
	}
	fputc('\n', out);
	print_rows(rows, kind, pmu, json_true(), "", out);
	print_refused(rows, kind, pmu, out);
	if (group_has(rows, kind, pmu, JSON_NULL)) {
		fputs("  not tried, they want a modifier behind a colon:\n", out);
		print_rows(rows, kind, pmu, json_null(), "", out);
	}
}

void events_table_print(const json_t *table, FILE *out)
{
	const char *kind = "", *pmu = "";
	json_t *row, *done = xjson(json_object());
	size_t i;

	fputs("What --events can name here; * is in the default set.\n", out);
	if (json_is_integer(json_object_get(table, "perf_event_paranoid")))
		fprintf(out, "perf_event_paranoid is %.0f, the user %s root.\n",
			result_number(table, "perf_event_paranoid"), geteuid() ? "is not" : "is");
	json_array_foreach(json_object_get(table, "events"), i, row) {
		char *group;

		kind = result_text(row, "kind");
		pmu = result_text(row, "pmu");
		group = xasprintf("%s %s", kind, pmu);
		if (!json_object_get(done, group)) {
			xjson_put(done, group, xjson(json_true()));
			print_group(table, kind, pmu, out);
		}
		free(group);
	}
	json_decref(done);
}

void events_table_csv(const json_t *table, FILE *out)
{
	static const char *const keys[] = {
		"kind", "pmu", "name", "default", "countable", "reason",
	};
	json_t *row;
	size_t i, k;

	for (k = 0; k < sizeof(keys) / sizeof(keys[0]); k++)
		fprintf(out, "%s%s", k ? "," : "", keys[k]);
	fputc('\n', out);
	json_array_foreach(json_object_get(table, "events"), i, row) {
		for (k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
			if (k)
				fputc(',', out);
			csv_value(json_object_get(row, keys[k]), out);
		}
		fputc('\n', out);
	}
}
