// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pictures of latency by placement: a heat map of CPU node and memory node for each phase.
 */
#include "plot/placement.h"

#include <math.h>
#include <string.h>

#include "base/xalloc.h"
#include "output/summary.h"
#include "points/kind.h"
#include "result/read.h"
#include "result/words.h"
#include "text/units.h"

/* In pixels. */
#define NODE_X			92
#define NODE_Y			44
#define LEAST_PANEL_X		300
#define LEAST_PANEL_Y		110
#define GAP_X			110
#define GAP_Y			84

/* More nodes than that are for tables; more phases as well. */
#define MAX_NODES		16
#define ROWS			2

static const char placement_reading[] =
	"Latency by the node that the CPUs are of and the node that the memory is of; the figure is in the cell, and the darker a cell, the slower. Each panel has a scale of its own.\n"
	"A dark row is a CPU far from what it waits for, a dark column is memory far away; light on the diagonal only means that both should be together, wherever that is.\n"
	"Where figures differ by a few percent only, colours do so too: look at the figures "
	"before moving anything. A dash is a cell that was not measured.";

static const struct {
	const char *name;
	unsigned int ppm;
} rows[ROWS] = {
	{ "p50", 500000 },
	{ "p99", 990000 },
};

/**
 * struct matrix - a picture
 * @plot: where it goes
 * @set: whose points it shows
 * @like: a point of it: others differ from that in their placement only
 * @cpu: nodes of CPUs, in order
 * @cpus: entries of @cpu that are in use
 * @memory: nodes of memory, in order
 * @memories: entries of @memory that are in use
 * @phase: phases that any cell has
 * @phases: entries of @phase that are in use
 */
struct matrix {
	const struct plot *plot;
	unsigned int set;
	const struct point *like;
	double cpu[MAX_NODES];
	unsigned int cpus;
	double memory[MAX_NODES];
	unsigned int memories;
	const char *phase[PLOT_COLUMNS];
	unsigned int phases;
};

static double cpu_node(const struct point *p)
{
	return result_number(p->entry->json, "params.placement_matrix.cpu_node");
}

static double memory_node(const struct point *p)
{
	return result_number(p->entry->json, "params.placement_matrix.memory_node");
}

static bool is_cell(const struct point *p)
{
	return json_is_object(result_get(p->entry->json, "params.placement_matrix"));
}

bool placement_is(const struct folder *folder, unsigned int set)
{
	return is_cell(folder_set_first(folder, set));
}

static bool same_key(const struct kind_key *key, const json_t *a, const json_t *b)
{
	const json_t *x = result_get(a, key->path), *y = result_get(b, key->path);

	if (!*key->path)
		return !strcmp(words_domain(a), words_domain(b));
	return x == y || (x && y && json_equal(x, y));
}

/* Does a point differ from those of the matrix in its placement only? */
static bool belongs(const struct matrix *m, const struct point *p)
{
	const struct kind_key *key;

	if (p->set != m->set || !is_cell(p))
		return false;
	for (key = kind_like(p->entry->json)->keys; key->path; key++)
		if (strncmp(key->path, KIND_PLACEMENT, strlen(KIND_PLACEMENT)) &&
		    !same_key(key, p->entry->json, m->like->entry->json))
			return false;
	return true;
}

static unsigned int add_node(double *nodes, unsigned int n, double node)
{
	unsigned int i, k;

	for (i = 0; i < n && nodes[i] < node; i++)
		;
	if ((i < n && nodes[i] == node) || n == MAX_NODES)
		return n;
	for (k = n; k > i; k--)
		nodes[k] = nodes[k - 1];
	nodes[i] = node;
	return n + 1;
}

static void find_cells(struct matrix *m)
{
	const struct folder *folder = m->plot->folder;
	unsigned int k, j;
	size_t i;

	m->cpus = 0;
	m->memories = 0;
	m->phases = 0;
	for (i = 0; i < folder->points; i++) {
		const struct point *p = &folder->point[i];

		if (!belongs(m, p))
			continue;
		m->cpus = add_node(m->cpu, m->cpus, cpu_node(p));
		m->memories = add_node(m->memory, m->memories, memory_node(p));
		for (k = 0; k < p->phases; k++) {
			const char *name = p->phase[k].name;

			for (j = 0; j < m->phases && strcmp(m->phase[j], name); j++)
				;
			if (j == m->phases && j < PLOT_COLUMNS && point_phase(p, name))
				m->phase[m->phases++] = name;
		}
	}
}

static const struct point *cell_of(const struct matrix *m, double cpu, double memory)
{
	const struct folder *folder = m->plot->folder;
	size_t i;

	for (i = 0; i < folder->points; i++)
		if (belongs(m, &folder->point[i]) && cpu_node(&folder->point[i]) == cpu &&
		    memory_node(&folder->point[i]) == memory)
			return &folder->point[i];
	return NULL;
}

/* Return: nanoseconds, or -1 where that was not measured. */
static double figure(const struct matrix *m, unsigned int cpu, unsigned int memory,
		     const char *name, unsigned int row)
{
	const struct point_phase *phase = point_phase(cell_of(m, m->cpu[cpu], m->memory[memory]),
						      name);

	return phase ? stats_percentile(phase->hist, rows[row].ppm, phase->scale) : -1;
}

static char *describe(const struct matrix *m)
{
	unsigned int c, k, i;
	struct plot_text t;

	plot_text_begin(&t);
	fputs("Latency by node of CPU and memory.", t.f);
	for (i = 0; i < m->phases; i++)
		for (c = 0; c < m->cpus; c++)
			for (k = 0; k < m->memories; k++)
				if (figure(m, c, k, m->phase[i], 0) >= 0)
					fprintf(t.f, " %s, CPU %.0f, memory %.0f: p50 %s.",
						m->phase[i], m->cpu[c], m->memory[k],
						units_time_utf8(figure(m, c, k, m->phase[i],
								       0)).text);
	return plot_text_end(&t);
}

/* How dark each cell is, from 0 for the fastest to 1; hardly slower is hardly darker. */
static void put_panel(FILE *f, const struct matrix *m, unsigned int row, unsigned int phase)
{
	double low = INFINITY, high = 0, span;
	unsigned int c, k;

	for (c = 0; c < m->cpus; c++)
		for (k = 0; k < m->memories; k++) {
			double ns = figure(m, c, k, m->phase[phase], row);

			if (ns < 0)
				continue;
			low = fmin(low, ns);
			high = fmax(high, ns);
		}
	/* All of the scale is for twice as long, or for what is more than that. */
	span = fmax(high - low, fmax(low, 1));
	for (c = 0; c < m->cpus; c++)
		for (k = 0; k < m->memories; k++) {
			double ns = figure(m, c, k, m->phase[phase], row);

			if (ns < 0)
				fprintf(f, "%u %u NaN \"\u2013\"\n", k, c);
			else
				fprintf(f, "%u %u %.4g \"%s\"\n", k, c, (ns - low) / span,
					units_time_utf8(ns).text);
		}
	fputs("\n\n", f);
}

static void put_nodes(FILE *f, const char *axis, const double *nodes, unsigned int n,
		      const json_t *device)
{
	unsigned int i;

	fprintf(f, "set %stics (", axis);
	for (i = 0; i < n; i++)
		fprintf(f, "%s'%.0f%s' %u", i ? ", " : "", nodes[i],
			json_is_number(device) && json_number_value(device) == nodes[i] ?
			" (device)" : "", i);
	fputs(")\n", f);
}

static int draw(struct picture *picture, const struct matrix *m, struct error *e)
{
	const json_t *device = result_get(m->like->entry->json,
					  "params.placement_matrix.device_node");
	struct plot_layout layout = {
		.columns = m->phases,
		.rows = ROWS,
		.panel_x = m->memories * NODE_X,
		.panel_y = m->cpus * NODE_Y,
		.gap_x = GAP_X,
		.gap_y = GAP_Y,
	};
	unsigned int row, phase;
	struct plot_text s;

	if (layout.panel_x < LEAST_PANEL_X)
		layout.panel_x = LEAST_PANEL_X;
	if (layout.panel_y < LEAST_PANEL_Y)
		layout.panel_y = LEAST_PANEL_Y;
	plot_note(&layout, json_is_number(device) ?
		  xasprintf("The device is at node %.0f.", json_number_value(device)) :
		  xstrdup("The node of the device is not known."));
	plot_lay_out(&layout, picture, m->plot->folder);
	plot_begin(&s, &layout, picture, m->plot);
	fprintf(s.f, "x_max = %u.5\ny_max = %u.5\n", m->memories - 1, m->cpus - 1);
	put_nodes(s.f, "x", m->memory, m->memories, device);
	put_nodes(s.f, "y", m->cpu, m->cpus, device);
	fprintf(s.f, "array heading[%u]\n", ROWS * m->phases);
	for (row = 0; row < ROWS; row++)
		for (phase = 0; phase < m->phases; phase++) {
			char *text = xasprintf("%s, %s", m->phase[phase], rows[row].name);

			plot_put_element(s.f, "heading", row * m->phases + phase + 1, text);
			free(text);
		}
	fputs("$cells << END_OF_DATA\n", s.f);
	for (row = 0; row < ROWS; row++)
		for (phase = 0; phase < m->phases; phase++)
			put_panel(s.f, m, row, phase);
	fputs("END_OF_DATA\n", s.f);
	return plot_end(&s, &layout, picture, m->plot, "placement.gp", e);
}

int plot_placement(const struct plot *plot, unsigned int set, struct error *e)
{
	struct matrix m = { .plot = plot, .set = set };
	const struct folder *folder = plot->folder;
	unsigned int chunk = 0;
	int bad = 0;
	size_t i, k;

	for (i = 0; !bad && i < folder->points; i++) {
		struct picture picture;
		char *what;

		m.like = &folder->point[i];
		if (!belongs(&m, m.like))
			continue;
		for (k = 0; k < i && !belongs(&m, &folder->point[k]); k++)
			;
		find_cells(&m);
		if (k < i || !m.phases)
			continue;
		what = summary_params(m.like->entry->json);
		picture = plot_name(folder, "placement", set, chunk++,
				    xasprintf("Latency by placement: %s, %s",
					      result_text(m.like->entry->json, "tool.subcommand"),
					      what));
		free(what);
		picture.reading = placement_reading;
		picture.tail = 990000;
		picture.shows = describe(&m);
		bad = draw(&picture, &m, e);
		plot_add(plot, picture);
	}
	return bad;
}
