// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine as a tree of lines: NUMA nodes, their IOMMUs, groups, devices.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "text/terminal.h"
#include "topo/model.h"

/**
 * struct tree - where in the tree the next line goes
 * @out: where to
 * @style: what it can show
 * @last: of each level, whether nothing follows there
 * @depth: entries of @last that are in use
 */
struct tree {
	FILE *out;
	struct terminal_style style;
	bool last[8];
	unsigned int depth;
};

static void put_stems(struct tree *tree, unsigned int levels)
{
	unsigned int i;

	for (i = 0; i < levels; i++)
		fputs(tree->last[i] ? "    " : tree->style.utf8 ? "\u2502   " : "|   ", tree->out);
}

/* A line that hangs on the level above; what follows it hangs on it. */
static void branch(struct tree *tree, bool last)
{
	put_stems(tree, tree->depth);
	if (tree->style.utf8)
		fputs(last ? "\u2514\u2500\u2500 " : "\u251c\u2500\u2500 ", tree->out);
	else
		fputs(last ? "`-- " : "|-- ", tree->out);
	tree->last[tree->depth++] = last;
}

/* A further line of the last branch; with @more, branches of its own follow. */
static void below(struct tree *tree, bool more)
{
	put_stems(tree, tree->depth);
	fputs(more ? tree->style.utf8 ? "\u2502   " : "|   " : "    ", tree->out);
}

static void put_ability(FILE *out, const char *name, const struct topo_ability *a,
			const char *unit)
{
	fprintf(out, ", %s %s", name, a->state == TOPO_ABSENT ? "-" : topo_state_word(a->state));
	if (a->value)
		fprintf(out, " (%u%s)", a->value, unit);
}

static const char *colour_of(enum topo_verdict verdict)
{
	static const char *const colours[TOPO_VERDICTS] = { "1;32", "32", "36", "36", "33" };

	return colours[verdict];
}

/* What of that can be done only if. An engine has one condition. */
static void print_conditional(FILE *out, const struct topo_device *d, const char *condition)
{
	const char *comma = "";
	size_t i;

	if (!condition)
		return;
	fputs("; ", out);
	for (i = 0; i < d->nr_measurements; i++)
		if (d->measurements[i].condition) {
			fprintf(out, "%s%s", comma, d->measurements[i].what);
			comma = ", ";
		}
	fprintf(out, " only if %s", condition);
}

/* What can be measured, by which engine; what cannot, with what it would take; what to type. */
static void print_measurements(struct tree *tree, const struct topo_device *d)
{
	const char *comma = "", *engine = NULL, *module = NULL, *needs;
	const char *condition = NULL;
	FILE *out = tree->out;
	size_t i, k;

	below(tree, false);
	fputs("measures ", out);
	for (i = 0; i < d->nr_measurements; i++) {
		if (d->measurements[i].can == TOPO_CAN_NOT)
			continue;
		fprintf(out, "%s%s", comma, d->measurements[i].what);
		comma = ", ";
		if (d->measurements[i].condition)
			condition = d->measurements[i].condition;
		if (d->measurements[i].engine) {
			engine = d->measurements[i].engine;
			module = d->measurements[i].module;
		}
	}
	if (!*comma)
		fputs("nothing", out);
	if (engine)
		fprintf(out, "; engine %s%s%s", engine, module ? " of module " : "",
			module ? module : "");
	print_conditional(out, d, condition);
	fputc('\n', out);
	for (i = 0; i < d->nr_measurements; i++) {
		needs = d->measurements[i].needs;
		/* All that lacks one thing is named at the first. */
		for (k = 0; k < i && strcmp(needs, d->measurements[k].needs); k++)
			;
		if (!*needs || k < i)
			continue;
		below(tree, false);
		for (comma = "not "; k < d->nr_measurements; k++) {
			if (strcmp(needs, d->measurements[k].needs))
				continue;
			fprintf(out, "%s%s", comma, d->measurements[k].what);
			comma = ", ";
		}
		fprintf(out, ": takes %s\n", needs);
	}
	for (i = 0; i < d->nr_measurements; i++) {
		if (!topo_is_last_of(d, i))
			continue;
		below(tree, false);
		fprintf(out, "$ %s\n", d->measurements[i].command);
	}
}

/* Of what is to be left alone: reading a disk is all that can be done. */
static void print_reading(struct tree *tree, const struct topo_device *d)
{
	size_t i;

	for (i = 0; i < d->nr_measurements; i++) {
		if (d->measurements[i].can == TOPO_CAN_NOT)
			continue;
		below(tree, false);
		fprintf(tree->out, "$ %s\n", d->measurements[i].command);
	}
}

static void print_device(const struct topo *t, struct tree *tree, size_t number, bool last)
{
	const struct topo_device *d = &t->devices[number];
	char *ids = topo_ids_text(t, d), *offers = lines_join(&d->offers, ", ");
	char *command = topo_bind_command(d);
	FILE *out = tree->out;

	branch(tree, last);
	fprintf(out, "%s%s%s  %s%s%s", terminal_on(tree->style, "1"), d->name,
		terminal_off(tree->style), d->what, *d->id ? ", " : "", d->id);
	fprintf(out, ", %s%s", *d->driver ? "driver " : "no driver", d->driver);
	fprintf(out, "%s%s\n", *offers ? ": " : "", offers);
	if (d->iommu >= 0) {
		below(tree, false);
		fprintf(out, "%s", *ids ? ids : "ID unknown");
		/* PCI has no stall, and other buses have no ATS. */
		if (!strcmp(d->bus, "pci")) {
			put_ability(out, "ATS", &d->ats, " queued");
			put_ability(out, "PRI", &d->pri, " requests");
		} else {
			put_ability(out, "stall", &d->stall, "");
		}
		put_ability(out, "PASID", &d->pasid, " bits");
		if (d->coherence == IOMMUBENCH_COHERENCE_NO)
			fprintf(out, ", does not snoop");
		if (d->node >= 0 && t->nr_nodes > 1)
			fprintf(out, ", node %d, CPUs %s", d->node, d->cpus);
		fputc('\n', out);
	}
	below(tree, false);
	fprintf(out, "%s%s%s%s%s\n", terminal_on(tree->style, colour_of(d->verdict)),
		topo_verdict_text(d->verdict), terminal_off(tree->style), *d->reason ? ": " : "",
		d->reason);
	if (command) {
		below(tree, false);
		fprintf(out, "$ %s\n", command);
	}
	if (d->verdict == TOPO_NEEDED)
		print_reading(tree, d);
	else
		print_measurements(tree, d);
	tree->depth--;
	free(command);
	free(offers);
	free(ids);
}

/* The next device behind an IOMMU in a group, -1 for none, from a number on. */
static bool next_device(const struct topo *t, int iommu, int group, size_t *number)
{
	for (; *number < t->nr_devices; (*number)++)
		if (t->devices[*number].iommu == iommu && t->devices[*number].group == group)
			return true;
	return false;
}

static void print_members(const struct topo *t, struct tree *tree, int iommu, int group)
{
	size_t number = 0, next;
	bool more = next_device(t, iommu, group, &number);

	while (more) {
		next = number + 1;
		more = next_device(t, iommu, group, &next);
		print_device(t, tree, number, !more);
		number = next;
	}
}

/*
 * The next group of an IOMMU that has devices behind it, -1 for those without a group, which come
 * last. @group begins as TOPO_BEFORE.
 */
#define TOPO_BEFORE	(-2)

static bool next_group(const struct topo *t, int iommu, int *group)
{
	size_t number;
	int g = *group;

	if (g == -1)
		return false;
	for (g = g == TOPO_BEFORE ? 0 : g + 1; g <= (int)t->nr_groups; g++) {
		number = 0;
		*group = g < (int)t->nr_groups ? g : -1;
		if (next_device(t, iommu, *group, &number))
			return true;
	}
	return false;
}

static void print_groups(const struct topo *t, struct tree *tree, int iommu)
{
	int group = TOPO_BEFORE, next;
	bool more = next_group(t, iommu, &group);

	while (more) {
		next = group;
		more = next_group(t, iommu, &next);
		branch(tree, !more);
		if (group >= 0)
			fprintf(tree->out, "group %d, %s\n", t->groups[group].number,
				topo_type_text(&t->groups[group]));
		else
			fprintf(tree->out, "not in a group\n");
		print_members(t, tree, iommu, group);
		tree->depth--;
		group = next;
	}
}

static void print_iommu(const struct topo *t, struct tree *tree, size_t number, bool last)
{
	const struct topo_iommu *i = &t->iommus[number];
	char *features = lines_join(&i->features, ", ");
	FILE *out = tree->out;
	size_t k;

	branch(tree, last);
	fprintf(out, "%s%s%s  %s%s%s", terminal_on(tree->style, "1"), i->name,
		terminal_off(tree->style), i->kind, *i->revision ? ", " : "", i->revision);
	if (*i->hardware && strcmp(i->hardware, i->name))
		fprintf(out, ", device %s", i->hardware);
	if (*i->driver)
		fprintf(out, ", driver %s", i->driver);
	if (*i->main)
		fprintf(out, ", asks %s", i->main);
	fputc('\n', out);
	if (*features) {
		below(tree, true);
		fprintf(out, "features: %s\n", features);
	}
	for (k = 0; k < i->notes.n; k++) {
		below(tree, true);
		fprintf(out, "note: %s\n", i->notes.line[k]);
	}
	print_groups(t, tree, (int)number);
	tree->depth--;
	free(features);
}

/* What is at a node, or with NULL what is at none that is known. */
static void print_node(const struct topo *t, struct tree *tree, const struct topo_node *node)
{
	const int number = node ? node->number : -1;
	char *idle = topo_idle(t, number), *title = topo_node_text(node);
	size_t i, left = 0;

	for (i = 0; i < t->nr_iommus; i++)
		left += topo_iommu_node(t, &t->iommus[i]) == number &&
			topo_devices_behind(t, (int)i);
	if (node || left || *idle)
		fprintf(tree->out, "\n%s\n", title);
	for (i = 0; i < t->nr_iommus; i++)
		if (topo_iommu_node(t, &t->iommus[i]) == number && topo_devices_behind(t, (int)i))
			print_iommu(t, tree, i, !--left && !*idle);
	if (*idle) {
		branch(tree, true);
		fprintf(tree->out, "nothing behind: %s\n", idle);
		tree->depth--;
	}
	free(title);
	free(idle);
}

static void print_rest(const struct topo *t, struct tree *tree)
{
	int group = TOPO_BEFORE;

	if (!next_group(t, -1, &group))
		return;
	fprintf(tree->out, "\n%s\n", t->nr_iommus ? "Behind no IOMMU" : "Devices");
	/* Usually one set; some drivers form groups without naming themselves. */
	if (group == -1)
		print_members(t, tree, -1, -1);
	else
		print_groups(t, tree, -1);
}

void topo_print(const struct topo *t, FILE *out)
{
	struct tree tree = { .out = out, .style = terminal_of(out) };
	char *headline = topo_headline(t);
	size_t i;

	fprintf(out, "%s%s%s%s%s%s%s%s\n", terminal_on(tree.style, "1"),
		*t->model ? t->model : "this machine", terminal_off(tree.style),
		t->is_virtual ? " (virtual machine)" : "", *t->kernel ? ", Linux " : "", t->kernel,
		*t->root ? ", saved in " : "", t->root);
	if (*t->soc_id)
		fprintf(out, "SoC: %s%s%s%s%s\n", t->soc_family, *t->soc_family ? " " : "",
			t->soc_id, *t->soc_revision ? " " : "", t->soc_revision);
	for (i = 0; i < t->silicon.n; i++)
		fprintf(out, "  known: %s\n", t->silicon.line[i]);
	fprintf(out, "%s%s%s\n", terminal_on(tree.style, "1"), headline, terminal_off(tree.style));
	for (i = 0; i < t->nr_nodes; i++)
		print_node(t, &tree, &t->nodes[i]);
	print_node(t, &tree, NULL);
	print_rest(t, &tree);
	if (t->warnings.n)
		fputc('\n', out);
	for (i = 0; i < t->warnings.n; i++)
		fprintf(out, "%swarning%s %s\n", terminal_on(tree.style, "33"),
			terminal_off(tree.style), t->warnings.line[i]);
	free(headline);
}
