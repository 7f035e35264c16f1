// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is there a device to measure with? That is topo's judgement; here it is only chosen from.
 */
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/xalloc.h"
#include "device/channel.h"
#include "doctor/internal.h"

/* The engine that its measurements would have, NULL for none. */
static const struct topo_measurement *with_engine(const struct topo_device *d)
{
	size_t i;

	for (i = 0; i < d->nr_measurements; i++)
		if (d->measurements[i].engine)
			return &d->measurements[i];
	return NULL;
}

/* What an engine would take, "" when there is one. */
static const char *engine_needs(const struct topo_device *d)
{
	size_t i;

	for (i = 0; i < d->nr_measurements; i++)
		if (!strcmp(d->measurements[i].what, "map-unmap --verify"))
			return d->measurements[i].needs;
	return "";
}

const struct topo_device *doctor_bound(const struct doctor_facts *facts)
{
	const struct topo *t = &facts->topo;
	const struct topo_device *found = NULL;
	size_t i;

	for (i = 0; i < t->nr_devices; i++)
		if (t->devices[i].verdict == TOPO_READY &&
		    (!found || (found->group < 0 && t->devices[i].group >= 0)))
			found = &t->devices[i];
	return found;
}

const char *doctor_first_command(const struct doctor_facts *facts, const char *subcommand)
{
	const struct topo *t = &facts->topo;
	size_t i, m;

	for (i = 0; i < t->nr_devices; i++) {
		const struct topo_device *d = &t->devices[i];

		for (m = 0; m < d->nr_measurements; m++)
			if (d->measurements[m].can == TOPO_CAN_NOW && topo_is_last_of(d, m) &&
			    !strcmp(d->measurements[m].subcommand, subcommand))
				return d->measurements[m].command;
	}
	return NULL;
}

/* How little it suits: first of all, it should be missed by nobody, then have an engine. */
static unsigned int drawback(const struct topo_device *d)
{
	return (d->notes.n ? 16 : 0) + (with_engine(d) ? 0 : 8) + (unsigned int)d->verdict;
}

/* The device that suits best of those that can be spared, NULL for none. */
static const struct topo_device *spare(const struct topo *t)
{
	const struct topo_device *best = NULL;
	size_t i;

	for (i = 0; i < t->nr_devices; i++) {
		const struct topo_device *d = &t->devices[i];

		if (d->verdict != TOPO_NEEDED && d->verdict != TOPO_READY &&
		    (!best || drawback(d) < drawback(best)))
			best = d;
	}
	return best;
}

static void say_bound(const struct doctor_facts *facts, struct doctor_finding *f)
{
	const struct topo *t = &facts->topo;
	const struct topo_device *d = doctor_bound(facts);
	const struct topo_measurement *m = with_engine(d);
	size_t i, others = 0;
	char *more;

	for (i = 0; i < t->nr_devices; i++)
		others += t->devices[i].verdict == TOPO_READY && &t->devices[i] != d;
	more = others ? xasprintf(" (and %zu more)", others) : xstrdup("");
	if (d->group < 0)
		doctor_say(f, DOCTOR_WARN, "%s is bound%s, but %s", d->name, more, d->reason);
	else if (m)
		doctor_say(f, DOCTOR_OK, "%s is bound%s, with the engine %s", d->name, more,
			   m->engine);
	else
		doctor_say(f, DOCTOR_OK,
			   "%s is bound%s, without an engine: what it does is not verified, which takes %s",
			   d->name, more, engine_needs(d));
	if (d->group < 0)
		doctor_type(f, "iommubench-bind --list");
	free(more);
}

static void say_spare(const struct topo_device *d, struct doctor_finding *f)
{
	const struct topo_measurement *m = with_engine(d);
	char *command = topo_bind_command(d);

	doctor_say(f, DOCTOR_FAIL, "none is bound; %s (%s) can be, %s engine%s%s: %s", d->name,
		   d->what, m ? "with the" : "without an", m ? " " : "", m ? m->engine : "",
		   d->reason);
	if (m && m->module)
		doctor_type(f, "modprobe %s", m->module);
	if (command)
		doctor_type(f, "%s", command);
	free(command);
}

/* A channel of dmaengine that nobody has, and that is behind an IOMMU; the caller frees it. */
static char *spare_channel(const struct doctor_facts *facts)
{
	static const char folder[] = "/sys/class/dma";
	struct lines names;
	char *found = NULL;
	size_t i;

	fs_list(facts->root, &names, folder);
	for (i = 0; i < names.n && !found; i++)
		if (!fs_number(facts->root, 1, "%s/%s/in_use", folder, names.line[i]) &&
		    fs_there(facts->root, "%s/%s/device/iommu_group", folder, names.line[i]))
			found = xasprintf(CHANNEL_PREFIX "%s", names.line[i]);
	lines_free(&names);
	return found;
}

void doctor_device(const struct doctor_facts *facts, struct doctor_finding *f)
{
	const struct topo_device *d = spare(&facts->topo);
	char *channel = NULL;

	if (doctor_bound(facts)) {
		say_bound(facts, f);
		return;
	}
	if (!d)
		channel = spare_channel(facts);
	if (d) {
		say_spare(d, f);
	} else if (channel) {
		doctor_say(f, DOCTOR_FAIL,
			   "none is bound or can be spared; a DMA channel that nobody has can be taken");
		doctor_type(f, "iommubench-bind %s", channel);
	} else {
		doctor_say(f, DOCTOR_FAIL,
			   "none is bound and none can be spared: topo says why of each");
		doctor_type(f, "iommubench topo");
	}
	free(channel);
}

void doctor_left(const struct doctor_facts *facts, struct doctor_finding *f)
{
	char *names = lines_join(&facts->left, ", ");

	if (facts->left.n) {
		doctor_say(f, DOCTOR_WARN,
			   "a run that was killed has left the domain type or the driver of %s changed: the next measurement puts it back",
			   names);
		doctor_type(f, "iommubench map-unmap -n 1 -q");
	} else {
		doctor_say(f, DOCTOR_OK, "no killed run has left anything changed");
	}
	free(names);
}
