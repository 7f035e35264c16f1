// SPDX-License-Identifier: GPL-2.0-only
/*
 * What was read of the machine, made fit to be shown. Names come from firmware, drivers, processes
 * and trees that were saved elsewhere.
 */
#include "base/plain.h"
#include "topo/internal.h"

static void plain_if(char *text)
{
	if (text)
		plain(text);
}

static void plain_lines(struct lines *lines)
{
	size_t i;

	for (i = 0; i < lines->n; i++)
		plain(lines->line[i]);
}

static void plain_device(struct topo_device *d)
{
	size_t i;

	plain_if(d->name);
	plain(d->bus);
	plain_if(d->driver);
	plain_if(d->what);
	plain_if(d->id);
	plain_if(d->cpus);
	plain_if(d->reason);
	plain_lines(&d->offers);
	plain_lines(&d->uses);
	plain_lines(&d->notes);
	for (i = 0; i < d->nr_measurements; i++) {
		plain_if(d->measurements[i].needs);
		plain_if(d->measurements[i].command);
	}
}

void topo_plain(struct topo *t)
{
	size_t i;

	plain((char *)t->root);
	plain_if(t->kernel);
	plain_if(t->model);
	plain(t->soc_family);
	plain(t->soc_id);
	plain(t->soc_revision);
	plain_lines(&t->silicon);
	plain_lines(&t->warnings);
	for (i = 0; i < t->nr_nodes; i++)
		plain_if(t->nodes[i].cpus);
	for (i = 0; i < t->nr_iommus; i++) {
		plain_if(t->iommus[i].name);
		plain_if(t->iommus[i].driver);
		plain_if(t->iommus[i].hardware);
		plain_if(t->iommus[i].compatible);
		plain_if(t->iommus[i].revision);
		plain_if(t->iommus[i].main);
		plain_lines(&t->iommus[i].features);
		plain_lines(&t->iommus[i].notes);
	}
	for (i = 0; i < t->nr_groups; i++)
		plain(t->groups[i].type);
	for (i = 0; i < t->nr_devices; i++)
		plain_device(&t->devices[i]);
}
