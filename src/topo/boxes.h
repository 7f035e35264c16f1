/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a picture shows of the devices behind one IOMMU: a box for each group and a row for each
 * device, of which alike ones become one where there are many.
 */
#ifndef IOMMUBENCH_TOPO_BOXES_H
#define IOMMUBENCH_TOPO_BOXES_H

#include "topo/model.h"

/* Up to here, every device is shown by itself. */
#define TOPO_BOXES_PLAIN	12
/* A group of more devices takes alike ones together. */
#define TOPO_BOX_ROWS		4

/**
 * struct topo_row - a device, or several that are alike
 * @first: number of the first of them
 * @last: number of the last of them
 * @n: number of devices from @first to @last
 */
struct topo_row {
	size_t first;
	size_t last;
	size_t n;
};

/**
 * struct topo_box - a group, or several whose only devices are alike
 * @group: number of the first in the list of groups, -1 for a device without a group
 * @last_group: number of the last
 * @groups: number of groups from @group to @last_group that it stands for
 * @rows: devices of the group, freed by topo_boxes_free()
 * @nr_rows: entries at @rows
 */
struct topo_box {
	int group;
	int last_group;
	size_t groups;
	struct topo_row *rows;
	size_t nr_rows;
};

/**
 * struct topo_boxes - all groups behind one IOMMU
 * @box: the boxes, groups first
 * @n: entries at @box
 * @devices: number of devices that the boxes stand for
 */
struct topo_boxes {
	struct topo_box *box;
	size_t n;
	size_t devices;
};

/**
 * topo_boxes_make() - sort the devices behind an IOMMU into boxes
 * @t: the machine
 * @iommu: number of the IOMMU, -1 for devices behind none
 * @boxes: receives, give it back with topo_boxes_free()
 */
void topo_boxes_make(const struct topo *t, int iommu, struct topo_boxes *boxes);

/**
 * topo_boxes_free() - give the boxes back
 * @boxes: the boxes
 */
void topo_boxes_free(struct topo_boxes *boxes);

#endif
