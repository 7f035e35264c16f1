// SPDX-License-Identifier: GPL-2.0-only
#include "place/placement.h"

#include <ctype.h>
#include <inttypes.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "text/parse.h"

/* Reads one number and moves the text on. */
static int parse_cpu(const char **text, uint32_t max, uint32_t *cpu)
{
	uint64_t n = 0;

	if (!isdigit((unsigned char)**text))
		return -1;
	for (; isdigit((unsigned char)**text); (*text)++) {
		n = n * 10 + (unsigned int)(**text - '0');
		if (n > max)
			return -1;
	}
	*cpu = (uint32_t)n;
	return 0;
}

int parse_cpu_list(const char *text, uint32_t max, uint32_t **cpus, unsigned int *nr,
		   struct error *e)
{
	uint32_t first, last, *list;
	unsigned int used = 0;
	const char *p = text;
	bool *seen;

	seen = xcalloc((size_t)max + 1, sizeof(*seen));
	list = xcalloc((size_t)max + 1, sizeof(*list));
	for (;;) {
		if (parse_cpu(&p, max, &first))
			goto bad;
		last = first;
		if (*p == '-') {
			p++;
			if (parse_cpu(&p, max, &last) || last < first)
				goto bad;
		}
		for (; first <= last; first++) {
			if (seen[first]) {
				error_set(e, "'%s' names CPU %" PRIu32 " twice, expected each once",
					  text, first);
				goto free;
			}
			seen[first] = true;
			list[used++] = first;
		}
		if (!*p)
			break;
		if (*p++ != ',')
			goto bad;
	}
	free(seen);
	*cpus = list;
	*nr = used;
	return 0;
bad:
	error_set(e, "'%s' is not a list of CPUs such as 0,2-3 with numbers up to %" PRIu32, text,
		  max);
free:
	free(seen);
	free(list);
	return -1;
}

#define EXPECTED \
	"expected near-device, far, spread, pack, or a list such as 0,2-3, node:1 or core:0-3"

static const struct choice words[] = {
	{ "near-device", PLACEMENT_NEAR },
	{ "far", PLACEMENT_FAR },
	{ "spread", PLACEMENT_SPREAD },
	{ "pack", PLACEMENT_PACK },
	{ NULL },
};

/* What results say instead. */
static const char *const result_words[] = {
	[PLACEMENT_NEAR] = "near",
	[PLACEMENT_FAR] = "far",
	[PLACEMENT_SPREAD] = "spread",
	[PLACEMENT_PACK] = "pack",
};

static const struct {
	const char *prefix;
	const char *what;
} kinds[] = {
	[PLACEMENT_CPU] = { "", "CPU" },
	[PLACEMENT_CORE] = { "core:", "core" },
	[PLACEMENT_NODE] = { "node:", "node" },
};

static bool overlap(const struct placement_item *a, const struct placement_item *b)
{
	return a->kind == b->kind && a->first <= b->last && b->first <= a->last;
}

/* Reads one item and moves the text on. */
static int parse_item(const char **text, struct placement_item *item)
{
	unsigned int kind;

	*item = (struct placement_item){ .kind = PLACEMENT_CPU };
	for (kind = PLACEMENT_CORE; kind <= PLACEMENT_NODE; kind++) {
		size_t n = strlen(kinds[kind].prefix);

		if (strncmp(*text, kinds[kind].prefix, n))
			continue;
		item->kind = (enum placement_kind)kind;
		*text += n;
	}
	if (parse_cpu(text, PLACEMENT_MAX_CPU, &item->first))
		return -1;
	item->last = item->first;
	if (**text == '-') {
		(*text)++;
		if (parse_cpu(text, PLACEMENT_MAX_CPU, &item->last) || item->last < item->first)
			return -1;
	}
	return **text && **text != ',' ? -1 : 0;
}

static int compare_cpus(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

char *cpu_list_text(const uint32_t *cpus, unsigned int nr)
{
	uint32_t *sorted = xcalloc(nr, sizeof(*sorted));
	char *text = xstrdup(""), *longer;
	unsigned int i, last;

	memcpy(sorted, cpus, nr * sizeof(*sorted));
	if (nr)
		qsort(sorted, nr, sizeof(*sorted), compare_cpus);
	for (i = 0; i < nr; i = last + 1) {
		for (last = i; last + 1 < nr && sorted[last + 1] == sorted[last] + 1;)
			last++;
		longer = last > i ? xasprintf("%s%s%" PRIu32 "-%" PRIu32, text, *text ? "," : "",
					      sorted[i], sorted[last]) :
				    xasprintf("%s%s%" PRIu32, text, *text ? "," : "", sorted[i]);
		free(text);
		text = longer;
	}
	free(sorted);
	return text;
}

int placement_parse(const char *text, struct placement_wish *w, struct error *e)
{
	struct placement_wish made = { .how = PLACEMENT_LIST, .given = true };
	struct placement_item item;
	const char *p = text;
	unsigned int i;
	int how;

	if (!parse_choice(text, words, &how, e)) {
		*w = (struct placement_wish){ .how = (enum placement_how)how, .given = true };
		return 0;
	}
	for (;;) {
		if (parse_item(&p, &item)) {
			error_set(e, "'%s' is no choice of CPUs, " EXPECTED " with numbers up to %d",
				  text, PLACEMENT_MAX_CPU);
			goto bad;
		}
		for (i = 0; i < made.nr; i++) {
			if (!overlap(&made.item[i], &item))
				continue;
			error_set(e, "'%s' names a %s twice, expected each once", text,
				  kinds[item.kind].what);
			goto bad;
		}
		made.item = xgrow(made.item, made.nr + 1, sizeof(*made.item));
		made.item[made.nr++] = item;
		if (!*p)
			break;
		p++;
	}
	*w = made;
	return 0;
bad:
	free(made.item);
	return -1;
}

void placement_wish_free(struct placement_wish *w)
{
	free(w->item);
	*w = (struct placement_wish){ 0 };
}

/* A CPU with its place in the order: the smaller keys come first, the first key counts most. */
struct ranked {
	uint32_t cpu;
	uint64_t key[5];
};

static int compare_ranked(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	size_t i;

	for (i = 0; i < sizeof(x->key) / sizeof(x->key[0]); i++)
		if (x->key[i] != y->key[i])
			return x->key[i] < y->key[i] ? -1 : 1;
	return x->cpu < y->cpu ? -1 : x->cpu > y->cpu;
}

/* Return: the number of usable cores of a core's cluster that come before it in hwloc's order. */
static uint64_t place_in_cluster(const struct sites *s, unsigned int i)
{
	uint64_t n = 0;
	unsigned int j;

	for (j = 0; j < i; j++)
		n += s->site[j].usable && s->site[j].cluster == s->site[i].cluster &&
		     s->site[j].sibling == s->site[i].sibling;
	return n;
}

/* Return: the number of clusters of a core's node that have come before its own. */
static uint64_t cluster_in_node(const struct sites *s, unsigned int i)
{
	uint64_t n = 0;
	unsigned int j;

	for (j = 0; j < i; j++)
		n += s->site[j].node == s->site[i].node &&
		     s->site[j].cluster != s->site[i].cluster &&
		     (!j || s->site[j - 1].cluster != s->site[j].cluster);
	return n;
}

static void rank_site(struct ranked *r, const struct sites *s, unsigned int i,
		      enum placement_how how, int device_node)
{
	const struct cpu_site *site = &s->site[i];
	uint64_t distance = device_node < 0 ? 0 : sites_distance(s, device_node, site->node);
	uint64_t node = (uint64_t)site->node;

	*r = (struct ranked){ .cpu = site->cpu, .key = { site->sibling } };
	switch (how) {
	case PLACEMENT_FAR:
		r->key[1] = UINT64_MAX - distance;
		break;
	case PLACEMENT_SPREAD:
		r->key[1] = place_in_cluster(s, i);
		r->key[2] = cluster_in_node(s, i);
		r->key[3] = distance;
		break;
	case PLACEMENT_PACK:
		r->key[1] = distance;
		r->key[2] = node;
		r->key[3] = i;
		break;
	default:
		r->key[1] = distance;
		break;
	}
}

static void add_cpu(struct placement *p, uint32_t cpu)
{
	p->cpus = xgrow(p->cpus, p->nr + 1, sizeof(*p->cpus));
	p->cpus[p->nr++] = cpu;
}

static void take_ranked(struct placement *p, struct ranked *r, unsigned int n)
{
	unsigned int i;

	if (n)
		qsort(r, n, sizeof(*r), compare_ranked);
	for (i = 0; i < n; i++)
		add_cpu(p, r[i].cpu);
}

/* How far from the device the nearest CPU is, or the farthest, of all or of the usable. */
static uint64_t extreme(const struct sites *s, int device_node, bool farthest, bool all)
{
	uint64_t found = farthest ? 0 : UINT64_MAX;
	unsigned int i;

	for (i = 0; i < s->nr; i++) {
		uint64_t distance = sites_distance(s, device_node, s->site[i].node);

		if (!all && !s->site[i].usable)
			continue;
		if (farthest ? distance > found : distance < found)
			found = distance;
	}
	return found;
}

static int order_by_word(struct placement *p, const struct sites *s,
			 const struct placement_wish *w, int device_node, struct error *e)
{
	bool by_device = w->how == PLACEMENT_NEAR || w->how == PLACEMENT_FAR;
	struct ranked *r;
	unsigned int i, n = 0;

	p->how = result_words[w->how];
	if (w->given && by_device && device_node >= 0 && !sites_has_node(s, device_node))
		return error_set(e, "%s: the device's node %d is none that hwloc knows; give --cpus node:N",
				 choice_word(words, (int)w->how), device_node);
	if (w->given && by_device && device_node < 0 && s->nr_nodes > 1)
		return error_set(e, "%s: the firmware does not say which of %u nodes the device belongs to; give --cpus node:N",
				 choice_word(words, (int)w->how), s->nr_nodes);
	if (w->how == PLACEMENT_FAR && s->nr_nodes < 2)
		return error_set(e, "far: this machine has one NUMA node, nothing is far from the device");
	if (w->how == PLACEMENT_FAR && extreme(s, device_node, true, false) <=
	    extreme(s, device_node, false, true))
		return error_set(e, "far: of %u nodes, none that is farther from the device than the nearest has a CPU that this process may use",
				 s->nr_nodes);
	p->barred = w->how == PLACEMENT_NEAR && sites_has_node(s, device_node) &&
		    extreme(s, device_node, false, false) > extreme(s, device_node, false, true);
	r = xcalloc(s->nr, sizeof(*r));
	for (i = 0; i < s->nr; i++)
		if (s->site[i].usable)
			rank_site(&r[n++], s, i, w->how, device_node);
	take_ranked(p, r, n);
	free(r);
	return p->nr ? 0 : error_set(e, "this process may use no CPU that hwloc knows; give --cpus");
}

static int add_named_cpu(struct placement *p, const struct sites *s, uint32_t cpu,
			 struct error *e)
{
	const struct cpu_site *site = sites_find(s, cpu);

	if (!site || !site->allowed)
		return error_set(e, "CPU %" PRIu32 " is not there, not online, or not in this process's cpuset",
				 cpu);
	add_cpu(p, cpu);
	return 0;
}

/* As a CPU that is named, a core need not be one that the process may run on itself. */
static int add_core(struct placement *p, const struct sites *s, uint32_t core, struct error *e)
{
	const struct cpu_site *first = NULL;
	unsigned int i, cores = 0;
	bool there = false;

	for (i = 0; i < s->nr; i++) {
		if (s->site[i].core >= cores)
			cores = s->site[i].core + 1;
		if (s->site[i].core != core)
			continue;
		there = true;
		if (s->site[i].allowed && (!first || s->site[i].usable > first->usable))
			first = &s->site[i];
	}
	if (there && !first)
		return error_set(e, "core %" PRIu32 " is not in this process's cpuset; give another core",
				 core);
	if (!first)
		return error_set(e, "there is no core %" PRIu32 ", expected one of 0 to %u", core,
				 cores ? cores - 1 : 0);
	add_cpu(p, first->cpu);
	return 0;
}

static int add_node(struct placement *p, const struct sites *s, uint32_t node, struct error *e)
{
	struct ranked *r = xcalloc(s->nr, sizeof(*r));
	unsigned int i, n = 0, there = 0;

	for (i = 0; i < s->nr; i++) {
		if (s->site[i].node != (int)node)
			continue;
		there++;
		if (s->site[i].usable)
			rank_site(&r[n++], s, i, PLACEMENT_NEAR, -1);
	}
	take_ranked(p, r, n);
	free(r);
	if (n)
		return 0;
	for (i = 0; i < s->nr_nodes; i++)
		if (s->node[i] == (int)node)
			return error_set(e, "%s of node %" PRIu32 "; give another node",
					 there ? "this process may use no CPU" : "there is no CPU",
					 node);
	return error_set(e, "there is no node %" PRIu32 ", expected one of %d to %d", node,
			 s->nr_nodes ? s->node[0] : 0,
			 s->nr_nodes ? s->node[s->nr_nodes - 1] : 0);
}

static int add_item(struct placement *p, const struct sites *s, const struct placement_item *item,
		    struct error *e)
{
	uint32_t n;
	int ret = 0;

	for (n = item->first; n <= item->last && !ret; n++) {
		switch (item->kind) {
		case PLACEMENT_CORE:
			ret = add_core(p, s, n, e);
			break;
		case PLACEMENT_NODE:
			ret = add_node(p, s, n, e);
			break;
		default:
			ret = add_named_cpu(p, s, n, e);
		}
	}
	return ret;
}

/* A CPU that was named in two ways would have two threads where one was meant. */
static int check_twice(const struct placement *p, struct error *e)
{
	unsigned int i, j;

	for (i = 0; i < p->nr; i++)
		for (j = 0; j < i; j++)
			if (p->cpus[i] == p->cpus[j])
				return error_set(e, "CPU %" PRIu32 " is named twice, as itself or by its core or node",
						 p->cpus[i]);
	return 0;
}

static int order_by_list(struct placement *p, const struct sites *s,
			 const struct placement_wish *w, struct error *e)
{
	static const char *const results[] = { "cpus", "core", "node" };
	unsigned int i;

	p->how = results[w->item[0].kind];
	for (i = 0; i < w->nr; i++) {
		if (w->item[i].kind != w->item[0].kind)
			p->how = results[PLACEMENT_CPU];
		if (add_item(p, s, &w->item[i], e))
			return -1;
	}
	return check_twice(p, e);
}

int placement_order(struct placement *p, const struct sites *s, const struct placement_wish *w,
		    int device_node, struct error *e)
{
	int ret;

	*p = (struct placement){ 0 };
	ret = w->how == PLACEMENT_LIST ? order_by_list(p, s, w, e) :
					 order_by_word(p, s, w, device_node, e);
	if (ret)
		placement_free(p);
	return ret;
}

static void find_siblings(struct placement *p, const struct sites *s)
{
	unsigned int i, j;

	for (i = 0; i < p->nr; i++) {
		const struct cpu_site *a = sites_find(s, p->cpus[i]);

		for (j = 0; j < i && !p->shared_cores; j++) {
			const struct cpu_site *b = sites_find(s, p->cpus[j]);

			if (!a || !b || a->core != b->core)
				continue;
			p->shared_cores = true;
			p->siblings[0] = b->cpu;
			p->siblings[1] = a->cpu;
		}
	}
}

int placement_choose(struct placement *p, const char *list, int node, int device_node,
		     unsigned int threads)
{
	struct placement_item of_node = {
		.kind = PLACEMENT_NODE,
		.first = (uint32_t)node,
		.last = (uint32_t)node,
	};
	struct placement_wish wish = { .how = PLACEMENT_NEAR };
	struct sites sites;
	struct error e;
	int ret;

	*p = (struct placement){ 0 };
	if (list && placement_parse(list, &wish, &e))
		return error_fail(EXIT_USAGE, "--cpus: %s", e.text);
	if (node >= 0) {
		wish.how = PLACEMENT_LIST;
		wish.item = xcalloc(1, sizeof(*wish.item));
		wish.item[wish.nr++] = of_node;
	}
	ret = sites_read(&sites);
	if (!ret) {
		ret = placement_order(p, &sites, &wish, device_node, &e);
		if (ret)
			ret = error_fail(EXIT_UNABLE, "%s%s", list ? "--cpus: " :
					 node >= 0 ? "--numa-node: " : "", e.text);
	}
	if (p->nr > threads)
		p->nr = threads;
	find_siblings(p, &sites);
	p->node_unknown = !sites_has_node(&sites, device_node) && sites.nr_nodes > 1 &&
			  wish.how == PLACEMENT_NEAR;
	sites_free(&sites);
	placement_wish_free(&wish);
	return ret;
}

void placement_step_aside(const struct placement *p)
{
	unsigned int i;
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		return;
	for (i = 0; i < p->nr; i++)
		if (p->cpus[i] < CPU_SETSIZE)
			CPU_CLR(p->cpus[i], &set);
	if (CPU_COUNT(&set))
		sched_setaffinity(0, sizeof(set), &set);
}

void placement_free(struct placement *p)
{
	free(p->cpus);
	p->cpus = NULL;
	p->nr = 0;
}
