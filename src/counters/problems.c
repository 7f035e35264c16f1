// SPDX-License-Identifier: GPL-2.0-only
#include "base/xalloc.h"
#include "counters/counters.h"
#include "counters/internal.h"
#include "text/json.h"

#include <stdlib.h>

static const char no_room[] =
	"the PMU had no room for it in any moment: count fewer events at once";

static void add_problem(json_t *lines, const char *name, const char *why)
{
	char *line = xasprintf("-e %s: %s", name, why);

	xjson_add(lines, xjson_text(line));
	free(line);
}

/* A problem is told of phases only if the whole runs did not have it as well. */
static void add_phase_problem(json_t *lines, const struct counters *c, unsigned int event)
{
	unsigned int i;

	for (i = 0; i < c->nr_phases; i++) {
		const struct counters *p = c->phases[i];
		const struct counter *counter = &p->list[event];
		char *why;

		if (!*counter->problem.text && !counters_starved(counter))
			continue;
		why = xasprintf("not counted by phase: %s", *counter->problem.text ?
				counter->problem.text : no_room);
		add_problem(lines, counter->event->name, why);
		free(why);
		return;
	}
}

json_t *counters_problems(const struct counters *c)
{
	json_t *lines = xjson(json_array());
	bool explained = counters_all_ops(c, COUNTERS_EXPLAINING);
	unsigned int i;

	for (i = 0; i < c->nr_phases; i++)
		explained = explained || counters_all_ops(c->phases[i], COUNTERS_EXPLAINING);

	/* Each device tells of those. */
	for (i = 0; c->target.part != COUNTERS_COMMON && i < c->events.unknown.nr; i++)
		xjson_add(lines, xjson_text(c->events.unknown.names[i]));
	for (i = 0; i < c->events.nr; i++) {
		const struct counter *counter = &c->list[i];

		if (counters_run_of(counter->event) == COUNTERS_EXPLAINING && !explained) {
			add_problem(lines, counter->event->name,
				    "it would disturb what is timed, and there was no run of its own for it");
			continue;
		}
		if (!*counter->problem.text && counters_starved(counter)) {
			add_problem(lines, counter->event->name, no_room);
			continue;
		}
		if (!*counter->problem.text) {
			add_phase_problem(lines, c, i);
			continue;
		}
		/* The default set is what the machine has; list-events tells of the rest. */
		if (!counter->event->asked && counter->missing)
			error_detail("%s is not counted: %s", counter->event->name,
				     counter->problem.text);
		else
			add_problem(lines, counter->event->name, counter->problem.text);
	}
	if (*c->commands_problem.text && explained)
		add_problem(lines, "commands", c->commands_problem.text);
	for (i = 0; i < c->nr_phases; i++)
		if (*c->phases[i]->commands_problem.text) {
			add_problem(lines, "commands", c->phases[i]->commands_problem.text);
			break;
		}
	if (*c->phases_problem.text)
		add_problem(lines, "LIST", c->phases_problem.text);
	if (*c->interrupts_problem.text)
		add_problem(lines, "interrupts", c->interrupts_problem.text);
	if (c->by_cpu)
		add_problem(lines, "LIST",
			    "the module's threads cannot be seen from here (a container?), so counters are those of their CPUs, with all that runs there");
	return lines;
}
