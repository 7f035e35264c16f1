/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the pictures of tlb-flush share.
 *
 * What was not measured is in no picture, but in words below it.
 */
#ifndef IOMMUBENCH_FLUSH_PICTURES_PANELS_H
#define IOMMUBENCH_FLUSH_PICTURES_PANELS_H

#include "flush/view/points.h"
#include "plot/draw.h"

/* Gives the part of a point that a picture shows, or NULL when that was not measured. */
typedef const struct point_phase *(*flush_part)(const struct point *point);

/**
 * struct flush_panels - the panels of a picture
 * @plot: what they show a part of
 * @set: number of the set whose points they show
 * @n: number of panels, entries of @setting
 * @of: panels that there would be if all rounds were shown
 * @setting: what each of them shows the strategies at
 */
struct flush_panels {
	const struct plot *plot;
	unsigned int set;
	unsigned int n;
	size_t of;
	struct flush_setting setting[PLOT_COLUMNS];
};

/**
 * flush_choose_panels() - decide what is side by side
 * @p: has @plot and @set
 * @part: what must be there
 *
 * Rounds that have it, with as few threads as there are and as far as possible in one
 * domain: the smallest one, the largest, and one between. None when nothing has it.
 */
void flush_choose_panels(struct flush_panels *p, flush_part part);

/**
 * flush_panel_point() - a strategy's point in a panel
 * @p: the panels
 * @panel: number of the panel, from 0
 * @strategy: number of the strategy
 *
 * Return: the point, or NULL when that was not measured.
 */
const struct point *flush_panel_point(const struct flush_panels *p, unsigned int panel,
				      unsigned int strategy);

/**
 * flush_has() - whether any strategy has something to show
 * @p: plot and set
 * @setting: what it must have been measured with
 * @part: what must be there
 */
bool flush_has(const struct flush_panels *p, const struct flush_setting *setting, flush_part part);

/**
 * flush_round_name() - such as "64 mappings of 4 KiB, 256 KiB"
 * @s: the round
 *
 * Return: a string that the caller frees.
 */
char *flush_round_name(const struct flush_setting *s);

/**
 * flush_title() - the heading of a picture, with its threads
 * @what: what the picture shows
 * @s: any of its panels' settings
 *
 * Return: a string that the caller frees.
 */
char *flush_title(const char *what, const struct flush_setting *s);

/**
 * flush_put_headings() - panels and heading[] for the script
 * @f: the script
 * @p: the panels
 */
void flush_put_headings(FILE *f, const struct flush_panels *p);

/**
 * flush_panel_layout() - all panels in one row
 * @p: the panels
 * @height: height of a panel, in pixels
 */
struct plot_layout flush_panel_layout(const struct flush_panels *p, unsigned int height);

/**
 * flush_look() - the line of a strategy
 * @strategy: number of the strategy
 */
struct plot_line flush_look(unsigned int strategy);

/**
 * flush_find_lines() - the strategies that have something to show in any panel
 * @p: the panels
 * @part: what must be there
 * @strategy: receives their numbers
 * @line: receives how they look
 *
 * Return: how many.
 */
unsigned int flush_find_lines(const struct flush_panels *p, flush_part part,
			      unsigned int *strategy, struct plot_line *line);

/**
 * flush_mapping_cost() - nanoseconds of a round's median, for one mapping
 * @point: the point, or NULL
 *
 * Return: the cost, or 0 when that was not measured.
 */
double flush_mapping_cost(const struct point *point);

/**
 * flush_note_lacking() - say below the panels what was not measured, and why
 * @l: the layout
 * @p: the panels
 * @part: what may be missing
 * @key: key of the part in the results
 * @what: how the text begins
 * @costs: name the costs of these strategies, which no point shows
 */
void flush_note_lacking(struct plot_layout *l, const struct flush_panels *p, flush_part part,
			const char *key, const char *what, bool costs);

/**
 * flush_note_choice() - say below the panels which rounds are shown, where that is not all
 * @l: the layout
 * @p: the panels
 */
void flush_note_choice(struct plot_layout *l, const struct flush_panels *p);

#endif
