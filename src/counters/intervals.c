// SPDX-License-Identifier: GPL-2.0-only
#include "counters/counters.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "counters/internal.h"
#include "events/irq.h"
#include "events/perf_open.h"
#include "run/series.h"

/* Interrupts that a driver may ask for while a series is under way. */
#define NEW_LINES	16

static bool in_series(const struct event *e)
{
	return counters_is_perf(e) && counters_run_of(e) == COUNTERS_MEASURED;
}

/* What ended runs have, and the one under way as far as it has come. */
static struct series_count count_so_far(const struct counter *counter)
{
	struct series_count sum = counter->past;
	struct perf_value v;
	unsigned int i;

	for (i = 0; i < counter->nr_fds; i++)
		if (counter->fds[i] >= 0 && !perf_read(counter->fds[i], &v)) {
			if (i % counter->parts)
				v.enabled_ns = 0;
			counters_add_past(&sum, counter->event, &v);
		}
	return sum;
}

/* Takes up those that a series does not have yet, as far as it has room. */
static void add_lines(struct counters *c, const struct irq_lines *lines)
{
	unsigned int i;

	for (i = 0; i < lines->nr && c->told.nr < c->told_room; i++) {
		if (irq_lines_find(&c->told, &lines->lines[i]) ||
		    !counters_has_line(c, &lines->lines[i]))
			continue;
		c->told.lines = xgrow(c->told.lines, c->told.nr + 1, sizeof(*c->told.lines));
		c->told.lines[c->told.nr++] = lines->lines[i];
	}
}

static void read_lines(struct counters *c, struct series_count *counts)
{
	unsigned int i;

	if (c->begun && c->run == COUNTERS_MEASURED)
		counters_add_interrupts(c);
	add_lines(c, &c->came);
	for (i = 0; i < c->told.nr; i++) {
		const struct irq_line *came = irq_lines_find(&c->came, &c->told.lines[i]);

		counts[i] = (struct series_count){ .value = came ? (double)came->count : 0 };
	}
}

static void read_series(void *arg, struct series_count *counts)
{
	struct counters *c = arg;
	unsigned int i;

	for (i = 0; i < c->events.nr; i++)
		if (in_series(c->list[i].event))
			*counts++ = count_so_far(&c->list[i]);
	if (c->interrupts)
		read_lines(c, counts);
}

/* NULL for what was not counted, or not all of it. */
static json_t *describe_series(void *arg, size_t column)
{
	const struct counters *c = arg;
	unsigned int i;

	for (i = 0; i < c->events.nr; i++) {
		const struct counter *counter = &c->list[i];

		if (!in_series(counter->event) || column--)
			continue;
		if (*counter->problem.text || counters_starved(counter))
			return NULL;
		return counters_name(c, counter);
	}
	return column < c->told.nr ? counters_line_name(c, &c->told.lines[column]) : NULL;
}

static void choose_lines(struct counters *c)
{
	struct irq_lines now = { 0 };

	irq_lines_free(&c->told);
	c->told_room = 0;
	if (!c->interrupts)
		return;
	if (irq_lines_read(c->target.device, &now))
		now = (struct irq_lines){ 0 };
	c->told_room = now.nr + NEW_LINES;
	add_lines(c, &now);
	irq_lines_free(&now);
}

void counters_series(struct counters *c, struct series_source *source)
{
	unsigned int i;

	*source = (struct series_source){ 0 };
	if (!c)
		return;
	choose_lines(c);
	*source = (struct series_source){
		.arg = c,
		.n = c->told_room,
		.read = read_series,
		.describe = describe_series,
	};
	for (i = 0; i < c->events.nr; i++)
		source->n += in_series(c->list[i].event);
}
