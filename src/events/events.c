// SPDX-License-Identifier: GPL-2.0-only
#include "events/events.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/perf_event.h>

#include "base/sysfs.h"
#include "base/tracefs.h"
#include "base/xalloc.h"
#include "events/perf_names.h"
#include "place/placement.h"
#include "silicon/pmcg.h"

/* The CPUs' default events are few enough that most PMUs count all of them at once. */
static const char *const default_names[] = {
	"cycles", "instructions", "cache-misses", "dTLB-load-misses", "context-switches",
};

/* The default events of the IOMMUs' own PMUs, where there are any. */
static const struct {
	const char *pmu;
	const char *event;
} default_pmu_events[] = {
	{ PMCG_PMU, "transaction" },
	{ PMCG_PMU, "tlb_miss" },
	{ PMCG_PMU, "config_cache_miss" },
	{ PMCG_PMU, "trans_table_walk_access" },
	{ "dmar", "iotlb_lookup" },
	{ "dmar", "iotlb_hit" },
	{ "amd_iommu", "mem_trans_total" },
	{ "amd_iommu", "mem_iommu_tlb_pte_mis" },
};

static const struct {
	const char *group;
	const char *event;
} tracepoints[] = {
	{ "iommu", "map" },
	{ "iommu", "unmap" },
	{ "iommu", "io_page_fault" },
};

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

bool event_disturbs(const struct event *e)
{
	return e->source == EVENT_TRACEPOINT || e->source == EVENT_COMMANDS;
}

bool events_none(const struct perf_pmu_names *names)
{
	return names->nr && !strcmp(names->names[0], "none");
}

/* The end of the name that begins at @p, or NULL when its slash has no other. */
static const char *name_end(const char *p)
{
	bool inside = false;

	for (; *p && (inside || *p != ','); p++)
		if (*p == '/')
			inside = !inside;
	return inside ? NULL : p;
}

int events_parse(const char *text, struct perf_pmu_names *names, struct error *e)
{
	const char *p = text, *end;
	char *name;

	for (;; p = end + 1) {
		end = name_end(p);
		if (!end)
			return error_set(e, "'%s' has no second '/', expected PMU/EVENT/ such as smmuv3_pmcg/tlb_miss/",
					 p);
		if (end == p)
			return error_set(e, "'%s' has an empty name, expected names with commas between them",
					 text);
		name = xcheck(strndup(p, (size_t)(end - p)));
		if (!perf_pmu_names_has(names, name))
			perf_pmu_names_add(names, name);
		free(name);
		if (!*end)
			break;
	}
	if (names->nr > 1 && perf_pmu_names_has(names, "none"))
		return error_set(e, "'none' cannot be counted together with others");
	return 0;
}

void events_machine_look(struct events_machine *m)
{
	char text[4096];
	struct error e;

	*m = (struct events_machine){ .tracefs = tracefs_open(), .sys_root = "" };
	perf_pmu_find(&m->pmus, PERF_PMU_ROOT);
	if (sysfs_read(text, sizeof(text), "/sys/devices/system/cpu/online") ||
	    parse_cpu_list(text, PLACEMENT_MAX_CPU, &m->cpus, &m->nr_cpus, &e))
		m->nr_cpus = 0;
}

void events_machine_free(struct events_machine *m)
{
	perf_pmu_free(&m->pmus);
	free(m->cpus);
	if (m->tracefs >= 0)
		close(m->tracefs);
	*m = (struct events_machine){ .tracefs = -1 };
}

static void unknown(struct events *events, const char *name, const char *why)
{
	char *line = xasprintf("-e %s: %s", name, why);

	perf_pmu_names_add(&events->unknown, line);
	free(line);
}

static struct event *add(struct events *events, char *name, const char *asked,
			 enum event_source source)
{
	struct event *e;

	events->list = xgrow(events->list, events->nr + 1, sizeof(*events->list));
	e = &events->list[events->nr++];
	*e = (struct event){
		.name = name,
		.asked = asked ? xstrdup(asked) : NULL,
		.source = source,
		.scale = 1,
	};
	return e;
}

static void set_cpus(struct event *e, const uint32_t *cpus, unsigned int nr)
{
	e->cpus = xcalloc(nr, sizeof(*cpus));
	e->nr_cpus = nr;
	if (nr)
		memcpy(e->cpus, cpus, nr * sizeof(*cpus));
}

/* Counters of the device's own SMMU; another SMMU's know its number as some other device's. */
static bool is_smmus(const struct events_machine *m, const struct perf_pmu *pmu)
{
	return perf_pmu_matches(pmu, PMCG_PMU) && m->smmu &&
	       pmcg_smmu(m->sys_root, pmu->name) == m->smmu;
}

/* Counters of an SMMU that is known to be another one than the device's. */
static bool is_others(const struct events_machine *m, const struct perf_pmu *pmu)
{
	uint64_t smmu = m->smmu && perf_pmu_matches(pmu, PMCG_PMU) ?
			pmcg_smmu(m->sys_root, pmu->name) : 0;

	return smmu && smmu != m->smmu;
}

/* What the device itself does, where the PMU can tell and the caller did not say otherwise. */
static bool add_filter(const struct events_machine *m, const struct perf_pmu *pmu,
		       const char *event, struct perf_code *code)
{
	char *terms;
	struct perf_code with;
	struct error ignored;
	bool good;

	if (!m->has_stream || !is_smmus(m, pmu) || !strcmp(event, "cycles"))
		return false;
	terms = xasprintf("%s,filter_enable=1,filter_stream_id=%u", event, m->stream_id);
	good = !perf_pmu_encode(&m->pmus, pmu, terms, &with, &ignored);
	free(terms);
	if (good)
		*code = with;
	return good;
}

/*
 * perf's letters behind an event, for when it counts: u in programs, k in the kernel, h in a
 * hypervisor; without any, as the event is. Return: 0, or -1.
 */
static int put_modifiers(struct perf_code *code, const char *letters, struct error *e)
{
	if (letters[strspn(letters, "ukh")])
		return error_set(e, "'%s' behind an event are perf's modifiers, of which only u, k and h are known here",
				 letters);
	if (*letters) {
		code->exclude_user = !strchr(letters, 'u');
		code->exclude_kernel = !strchr(letters, 'k');
		code->exclude_hv = !strchr(letters, 'h');
	}
	return 0;
}

static int add_pmu_event(struct events *events, const struct events_machine *m,
			 const struct perf_pmu *pmu, const char *terms, const char *letters,
			 const char *asked, bool filter, struct error *e)
{
	struct perf_code code;
	struct event *event;

	if (perf_pmu_encode(&m->pmus, pmu, terms, &code, e) || put_modifiers(&code, letters, e))
		return -1;
	event = add(events, xasprintf("%s/%s/%s", pmu->name, terms, letters), asked, EVENT_PMU);
	snprintf(event->pmu, sizeof(event->pmu), "%s", pmu->name);
	event->code = code;
	event->follows = pmu->core;
	event->scale = perf_pmu_scale(&m->pmus, pmu, terms, event->unit, sizeof(event->unit));
	set_cpus(event, pmu->cpus, pmu->nr_cpus);
	if (filter && add_filter(m, pmu, terms, &event->code)) {
		event->filtered = true;
		event->stream_id = m->stream_id;
	}
	return 0;
}

static bool has_event(const struct events_machine *m, const struct perf_pmu *pmu, const char *event)
{
	struct perf_pmu_names names;
	bool has;

	perf_pmu_events(&m->pmus, pmu, &names);
	has = perf_pmu_names_has(&names, event);
	perf_pmu_names_free(&names);
	return has;
}

/*
 * Adds the event on all PMUs that have it, or that are named so. Of the default set, what is known
 * to be other SMMUs' counters has nothing to do with the device.
 */
static unsigned int add_everywhere(struct events *events, const struct events_machine *m,
				   const char *pmu, const char *event, const char *asked)
{
	struct error why;
	unsigned int i, n = 0;

	for (i = 0; i < m->pmus.nr; i++)
		if ((!pmu || perf_pmu_matches(&m->pmus.pmus[i], pmu)) &&
		    (asked || !is_others(m, &m->pmus.pmus[i])) &&
		    has_event(m, &m->pmus.pmus[i], event) &&
		    !add_pmu_event(events, m, &m->pmus.pmus[i], event, "", asked, true, &why))
			n++;
	return n;
}

/* "PMU/TERMS/MODIFIERS": taken as it stands, on all PMUs of that name that know the terms. */
static void resolve_pmu(struct events *events, const struct events_machine *m, const char *name)
{
	const char *slash = strchr(name, '/'), *end = strchr(slash + 1, '/');
	char *pmu = xcheck(strndup(name, (size_t)(slash - name)));
	char *terms = xcheck(strndup(slash + 1, (size_t)(end - slash - 1)));
	struct perf_pmu_names all = { 0 };
	unsigned int i, matching = 0, added = 0;
	struct error why = { "" };
	char near[256];

	for (i = 0; i < m->pmus.nr; i++) {
		perf_pmu_names_add(&all, m->pmus.pmus[i].name);
		if (!perf_pmu_matches(&m->pmus.pmus[i], pmu))
			continue;
		matching++;
		added += !add_pmu_event(events, m, &m->pmus.pmus[i], terms, end + 1, name, false,
					&why);
	}
	if (!matching) {
		perf_pmu_nearest(&all, pmu, near, sizeof(near));
		error_set(&why, "this machine shows no PMU '%s'%s%s", pmu, *near ? ": " : "", near);
	}
	if (!added)
		unknown(events, name, why.text);
	perf_pmu_names_free(&all);
	free(terms);
	free(pmu);
}

static int add_tracepoint(struct events *events, const struct events_machine *m, const char *group,
			  const char *event, const char *asked, struct error *why)
{
	int id = m->tracefs < 0 ? -1 : tracefs_event_id(m->tracefs, group, event);
	struct event *e;

	if (m->tracefs < 0)
		return error_set(why, "tracing cannot be looked into: run as root, on a kernel with CONFIG_FTRACE");
	if (id < 0 && errno == EACCES)
		return error_set(why, "not permitted to look into tracing: run as root");
	if (id < 0)
		return error_set(why, "this kernel has no tracepoint %s:%s", group, event);
	e = add(events, xasprintf("%s:%s", group, event), asked, EVENT_TRACEPOINT);
	e->code = (struct perf_code){ .type = PERF_TYPE_TRACEPOINT, .config = { (uint64_t)id } };
	set_cpus(e, m->cpus, m->nr_cpus);
	return 0;
}

/* One colon, and nothing that libpfm4 uses it for. */
static bool is_tracepoint(const char *name, char *group, size_t n, const char **event)
{
	const char *colon = strchr(name, ':'), *p;

	if (!colon || colon == name || !colon[1] || strchr(colon + 1, ':') ||
	    (size_t)(colon - name) >= n)
		return false;
	for (p = name; *p; p++)
		if (p != colon && !islower((unsigned char)*p) && !isdigit((unsigned char)*p) &&
		    *p != '_')
			return false;
	snprintf(group, n, "%.*s", (int)(colon - name), name);
	*event = colon + 1;
	return true;
}

static void add_tracepoints(struct events *events, const struct events_machine *m,
			    const char *asked)
{
	struct error why = { "" };
	unsigned int added = 0;
	size_t i;

	for (i = 0; i < COUNT(tracepoints); i++)
		added += !add_tracepoint(events, m, tracepoints[i].group, tracepoints[i].event,
					 asked, &why);
	if (!added)
		unknown(events, asked, why.text);
}

/*
 * Which PMUs count on the CPUs, where those are of several types. A number that means the same to
 * all of them is only counted by one, or by the one of the CPU that it is asked for.
 */
static void find_types(const struct events_machine *m, struct event *e)
{
	unsigned int i;

	if (e->code.type != PERF_TYPE_HARDWARE && e->code.type != PERF_TYPE_HW_CACHE &&
	    e->code.type != PERF_TYPE_RAW)
		return;
	for (i = 0; i < m->pmus.nr; i++) {
		if (!m->pmus.pmus[i].core || !m->pmus.pmus[i].nr_cpus)
			continue;
		e->types = xgrow(e->types, e->nr_types + 1, sizeof(*e->types));
		e->types[e->nr_types++] = m->pmus.pmus[i].type;
	}
	if (e->nr_types == 1)
		e->nr_types = 0;
}

/* All letters that perf knows behind an event. */
#define PERF_MODIFIERS	"ukhIGHpPSDWeb"

/* "NAME:MODIFIERS" as perf has it, all letters behind one colon. */
static int encode_modified(const char *name, struct perf_code *code, struct error *why)
{
	const char *colon = strrchr(name, ':');
	struct error ignored;
	char *plain;
	int ret;

	/* What has other letters is no modifier, but a tracepoint's or one of libpfm4's. */
	if (!colon || colon == name || colon[-1] == ':' || !colon[1] ||
	    colon[1 + strspn(colon + 1, PERF_MODIFIERS)])
		return -1;
	plain = xcheck(strndup(name, (size_t)(colon - name)));
	ret = perf_names_encode(plain, code, &ignored);
	free(plain);
	/* It is the modifiers that are wrong. */
	return ret ? -1 : put_modifiers(code, colon + 1, why);
}

static int add_cpu_event(struct events *events, const struct events_machine *m, const char *name,
			 const char *asked, struct error *why)
{
	struct perf_code code;
	struct event *e;

	if (perf_names_encode(name, &code, why) && encode_modified(name, &code, why))
		return -1;
	e = add(events, xstrdup(name), asked, EVENT_PERF);
	e->code = code;
	e->follows = true;
	find_types(m, e);
	return 0;
}

/* A CPU's or the kernel's event, or one of a PMU in sysfs. */
static void resolve_plain(struct events *events, const struct events_machine *m, const char *name)
{
	struct perf_pmu_names all = { 0 }, some;
	struct error why;
	char near[256];
	unsigned int i, j;

	if (!add_cpu_event(events, m, name, name, &why) ||
	    add_everywhere(events, m, PMCG_PMU, name, name) ||
	    add_everywhere(events, m, NULL, name, name))
		return;
	for (i = 0; i < m->pmus.nr; i++) {
		perf_pmu_events(&m->pmus, &m->pmus.pmus[i], &some);
		for (j = 0; j < some.nr; j++)
			if (!perf_pmu_names_has(&all, some.names[j]))
				perf_pmu_names_add(&all, some.names[j]);
		perf_pmu_names_free(&some);
	}
	perf_pmu_nearest(&all, name, near, sizeof(near));
	if (*near)
		error_set(&why, "neither libpfm4 nor a PMU of this machine knows it: %s", near);
	unknown(events, name, why.text);
	perf_pmu_names_free(&all);
}

static void add_default(struct events *events, const struct events_machine *m)
{
	struct error ignored;
	size_t i;

	for (i = 0; i < COUNT(default_names); i++)
		add_cpu_event(events, m, default_names[i], NULL, &ignored);
	for (i = 0; i < COUNT(default_pmu_events); i++)
		add_everywhere(events, m, default_pmu_events[i].pmu, default_pmu_events[i].event,
			       NULL);
	add(events, xstrdup("interrupts"), NULL, EVENT_INTERRUPTS);
}

static void resolve(struct events *events, const struct events_machine *m, const char *name)
{
	const char *event;
	struct error why, other = { "" };
	char group[64];

	if (!strcmp(name, "default"))
		add_default(events, m);
	else if (!strcmp(name, "interrupts"))
		add(events, xstrdup(name), name, EVENT_INTERRUPTS);
	else if (!strcmp(name, "commands"))
		add(events, xstrdup(name), name, EVENT_COMMANDS);
	else if (!strcmp(name, "tracepoints"))
		add_tracepoints(events, m, name);
	else if (strchr(name, '/'))
		resolve_pmu(events, m, name);
	else if (!is_tracepoint(name, group, sizeof(group), &event))
		resolve_plain(events, m, name);
	else if (add_tracepoint(events, m, group, event, name, &why) &&
		 add_cpu_event(events, m, name, name, &other))
		unknown(events, name, strstr(other.text, "modifiers") ? other.text : why.text);
}

void events_resolve(struct events *events, const struct perf_pmu_names *names,
		    const struct events_machine *m)
{
	unsigned int i;

	*events = (struct events){ 0 };
	if (!names->nr)
		add_default(events, m);
	else if (!events_none(names))
		for (i = 0; i < names->nr; i++)
			resolve(events, m, names->names[i]);
}

static void free_event(struct event *e)
{
	free(e->name);
	free(e->asked);
	free(e->cpus);
	free(e->types);
}

void events_remove(struct events *events, unsigned int i)
{
	free_event(&events->list[i]);
	events->nr--;
	memmove(&events->list[i], &events->list[i + 1],
		(events->nr - i) * sizeof(*events->list));
}

void events_free(struct events *events)
{
	unsigned int i;

	for (i = 0; i < events->nr; i++)
		free_event(&events->list[i]);
	free(events->list);
	perf_pmu_names_free(&events->unknown);
	*events = (struct events){ 0 };
}
