// SPDX-License-Identifier: GPL-2.0-only
#include "topo/boxes.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

static bool same_ability(const struct topo_ability *a, const struct topo_ability *b)
{
	return a->state == b->state && a->value == b->value;
}

/* Nothing tells two devices apart but their names, and why they cannot be spared. */
static bool alike(const struct topo_device *a, const struct topo_device *b)
{
	return a->verdict == b->verdict && !strcmp(a->bus, b->bus) && !strcmp(a->id, b->id) &&
	       !strcmp(a->what, b->what) && !strcmp(a->driver, b->driver) &&
	       same_ability(&a->ats, &b->ats) && same_ability(&a->pri, &b->pri) &&
	       same_ability(&a->pasid, &b->pasid) && same_ability(&a->stall, &b->stall);
}

static void add_row(struct topo_box *box, size_t device)
{
	box->rows = xgrow(box->rows, box->nr_rows + 1, sizeof(*box->rows));
	box->rows[box->nr_rows++] = (struct topo_row){ .first = device, .last = device, .n = 1 };
}

static struct topo_box *add_box(struct topo_boxes *boxes, int group)
{
	boxes->box = xgrow(boxes->box, boxes->n + 1, sizeof(*boxes->box));
	boxes->box[boxes->n] = (struct topo_box){
		.group = group, .last_group = group, .groups = 1,
	};
	return &boxes->box[boxes->n++];
}

/* The box of a group that has one, so far. */
static struct topo_box *box_of(struct topo_boxes *boxes, int group)
{
	size_t i;

	for (i = 0; i < boxes->n; i++)
		if (group >= 0 && boxes->box[i].group == group)
			return &boxes->box[i];
	return add_box(boxes, group);
}

static void merge_rows(const struct topo *t, struct topo_box *box)
{
	size_t i, k, kept = 0;

	for (i = 0; i < box->nr_rows; i++) {
		for (k = 0; k < kept; k++)
			if (alike(&t->devices[box->rows[k].first],
				  &t->devices[box->rows[i].first]))
				break;
		if (k == kept) {
			box->rows[kept++] = box->rows[i];
			continue;
		}
		box->rows[k].last = box->rows[i].last;
		box->rows[k].n += box->rows[i].n;
	}
	box->nr_rows = kept;
}

static bool can_merge(const struct topo *t, const struct topo_box *a, const struct topo_box *b)
{
	const bool grouped = a->group >= 0, other = b->group >= 0;

	if (a->nr_rows != 1 || b->nr_rows != 1 || grouped != other)
		return false;
	if (grouped && strcmp(t->groups[a->group].type, t->groups[b->group].type))
		return false;
	/* A group of one device is not like a group of many. */
	return (a->rows[0].n == a->groups) == (b->rows[0].n == 1) &&
	       alike(&t->devices[a->rows[0].first], &t->devices[b->rows[0].first]);
}

static void merge_boxes(const struct topo *t, struct topo_boxes *boxes)
{
	size_t i, k, kept = 0;

	for (i = 0; i < boxes->n; i++) {
		for (k = 0; k < kept; k++)
			if (can_merge(t, &boxes->box[k], &boxes->box[i]))
				break;
		if (k == kept) {
			boxes->box[kept++] = boxes->box[i];
			continue;
		}
		boxes->box[k].rows[0].last = boxes->box[i].rows[0].last;
		boxes->box[k].rows[0].n += boxes->box[i].rows[0].n;
		boxes->box[k].last_group = boxes->box[i].group;
		boxes->box[k].groups++;
		free(boxes->box[i].rows);
	}
	boxes->n = kept;
}

void topo_boxes_make(const struct topo *t, int iommu, struct topo_boxes *boxes)
{
	bool grouped = true;
	size_t i;
	int pass;

	*boxes = (struct topo_boxes){ 0 };
	/* Those in groups first. */
	for (pass = 0; pass < 2; pass++, grouped = false)
		for (i = 0; i < t->nr_devices; i++) {
			const struct topo_device *d = &t->devices[i];
			bool in_group = d->group >= 0;

			if (d->iommu != iommu || in_group != grouped)
				continue;
			add_row(box_of(boxes, d->group), i);
			boxes->devices++;
		}
	for (i = 0; i < boxes->n; i++)
		if (boxes->box[i].nr_rows > TOPO_BOX_ROWS)
			merge_rows(t, &boxes->box[i]);
	if (boxes->devices > TOPO_BOXES_PLAIN)
		merge_boxes(t, boxes);
}

void topo_boxes_free(struct topo_boxes *boxes)
{
	size_t i;

	for (i = 0; i < boxes->n; i++)
		free(boxes->box[i].rows);
	free(boxes->box);
	*boxes = (struct topo_boxes){ 0 };
}
