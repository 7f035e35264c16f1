// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the pictures of tlb-flush share: panels, lines, and what was not measured.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/xalloc.h"
#include "flush/pictures/panels.h"
#include "flush/view/strategies.h"
#include "text/units.h"

/* In pixels; panels with labels at points want more room when alone. */
#define PANEL_X			400
#define LONE_PANEL_X		620
#define GAP_X			70
#define GAP_Y			84

const struct point *flush_panel_point(const struct flush_panels *p, unsigned int panel,
				      unsigned int strategy)
{
	return flush_find(p->plot->folder, p->set, &p->setting[panel], strategy);
}

bool flush_has(const struct flush_panels *p, const struct flush_setting *setting, flush_part part)
{
	unsigned int i;

	for (i = 0; i < FLUSH_STRATEGIES; i++)
		if (part(flush_find(p->plot->folder, p->set, setting, i)))
			return true;
	return false;
}

/*
 * Settings that have something to show, with as few threads as there are and as far
 * as possible in one domain: the smallest round, the largest, and one between.
 */
void flush_choose_panels(struct flush_panels *p, flush_part part)
{
	size_t n, i, found = 0;
	struct flush_setting *all = flush_settings(p->plot->folder, p->set, &n), base = { 0 };

	for (i = 0; i < n; i++) {
		if (!flush_has(p, &all[i], part))
			continue;
		/* Sorted by domains before threads: of equals, a shared one comes first. */
		if (!found || all[i].threads < base.threads)
			base = all[i];
		all[found++] = all[i];
	}
	for (n = found, found = 0, i = 0; i < n; i++)
		if (all[i].threads == base.threads && !strcmp(all[i].domains, base.domains))
			all[found++] = all[i];
	p->of = found;
	p->n = found < PLOT_COLUMNS ? (unsigned int)found : PLOT_COLUMNS;
	for (i = 0; i < p->n; i++)
		p->setting[i] = all[p->n > 1 ? i * (found - 1) / (p->n - 1) : 0];
	free(all);
}

char *flush_round_name(const struct flush_setting *s)
{
	char *name, *size = xstrdup(units_size(s->size).text);

	if (s->mappings == 1)
		name = xasprintf("1 mapping of %s", size);
	else
		name = xasprintf("%" PRIu64 " mappings of %s, %s", s->mappings, size,
				 units_size(s->size * s->mappings).text);
	free(size);
	return name;
}

char *flush_title(const char *what, const struct flush_setting *s)
{
	if (s->threads == 1)
		return xasprintf("%s, 1 thread", what);
	return xasprintf("%s, %u threads, %s", what, s->threads,
			 strcmp(s->domains, "shared") ? "a domain for each" : "one domain");
}

void flush_put_headings(FILE *f, const struct flush_panels *p)
{
	unsigned int i;

	fprintf(f, "panels = %u\narray heading[%u]\n", p->n, p->n);
	for (i = 0; i < p->n; i++) {
		char *text = flush_round_name(&p->setting[i]);

		plot_put_element(f, "heading", i + 1, text);
		free(text);
	}
}

struct plot_layout flush_panel_layout(const struct flush_panels *p, unsigned int height)
{
	return (struct plot_layout){
		.columns = p->n,
		.rows = 1,
		.panel_x = p->n > 1 ? PANEL_X : LONE_PANEL_X,
		.panel_y = height,
		.gap_x = GAP_X,
		.gap_y = GAP_Y,
	};
}

struct plot_line flush_look(unsigned int strategy)
{
	struct plot_line look = { .style = flush_table[strategy].style };

	snprintf(look.name, sizeof(look.name), "%s", flush_strategies[strategy]);
	return look;
}

/* Every strategy that a part of it was measured of, in any panel. */
unsigned int flush_find_lines(const struct flush_panels *p, flush_part part,
			      unsigned int *strategy, struct plot_line *line)
{
	unsigned int n = 0, i, panel;

	for (i = 0; i < FLUSH_STRATEGIES; i++) {
		for (panel = 0; panel < p->n && !part(flush_panel_point(p, panel, i)); panel++)
			;
		if (panel == p->n)
			continue;
		strategy[n] = i;
		line[n++] = flush_look(i);
	}
	return n;
}

double flush_mapping_cost(const struct point *point)
{
	const struct point_phase *cost = flush_cost(point);

	return cost ? cost->stats.p50 / fmax(1, (double)flush_of(point)->setting.mappings) : 0;
}

/* A strategy that has points, but not this part of them. */
static const struct point *lacking(const struct flush_panels *p, unsigned int strategy,
				   flush_part part)
{
	const struct point *point, *found = NULL;
	unsigned int panel;

	for (panel = 0; panel < p->n; panel++) {
		point = flush_panel_point(p, panel, strategy);
		if (point && !part(point))
			found = point;
	}
	return found;
}

/* "Not measured: full, none (reason); lazy (other reason).", or NULL when all was. */
static char *describe_lacking(const struct flush_panels *p, flush_part part, const char *key,
			      const char *what, bool costs)
{
	const struct point *lack[FLUSH_STRATEGIES];
	const char *before = what;
	unsigned int i, k, panel;
	struct plot_text t;

	for (i = 0; i < FLUSH_STRATEGIES; i++)
		lack[i] = lacking(p, i, part);
	plot_text_begin(&t);
	for (i = 0; i < FLUSH_STRATEGIES; i++) {
		const char *reason, *comma = before;

		if (!lack[i])
			continue;
		reason = flush_why_no(lack[i], key);
		for (k = i; k < FLUSH_STRATEGIES; k++) {
			const char *slash = ", ";

			if (!lack[k] || strcmp(flush_why_no(lack[k], key), reason))
				continue;
			fprintf(t.f, "%s%s", comma, flush_strategies[k]);
			comma = ", ";
			for (panel = 0; costs && panel < p->n; panel++) {
				const struct point *point = flush_panel_point(p, panel, k);

				if (!point || part(point) || !(flush_mapping_cost(point) > 0))
					continue;
				fprintf(t.f, "%s%s", slash,
					units_time_utf8(flush_mapping_cost(point)).text);
				slash = " / ";
			}
			if (strcmp(slash, ", "))
				fputs(" a mapping", t.f);
			if (k != i)
				lack[k] = NULL;
		}
		fprintf(t.f, " (%s)", reason);
		before = "; ";
	}
	if (before != what)
		fputc('.', t.f);
	plot_text_end(&t);
	if (*t.text)
		return t.text;
	free(t.text);
	return NULL;
}

void flush_note_lacking(struct plot_layout *l, const struct flush_panels *p, flush_part part,
			const char *key, const char *what, bool costs)
{
	char *text = describe_lacking(p, part, key, what, costs);

	if (text)
		plot_note(l, text);
}

void flush_note_choice(struct plot_layout *l, const struct flush_panels *p)
{
	if (p->of > p->n)
		plot_note(l, xasprintf("Of %zu rounds that were measured: the smallest, one in the middle, the largest. The tables have all.",
				       p->of));
}
