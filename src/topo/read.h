/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From sysfs to the model. Nothing is changed and nothing is asked of a device.
 */
#ifndef IOMMUBENCH_TOPO_READ_H
#define IOMMUBENCH_TOPO_READ_H

#include "topo/model.h"

/**
 * topo_read() - read a machine
 * @t: receives, give it back with topo_free()
 * @root: folder with sys and proc of another machine, "" for this one
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int topo_read(struct topo *t, const char *root);

/**
 * topo_read_device() - judge one device of this machine, whatever its group and its IOMMU
 * @t: receives what it takes to judge it, give it back with topo_free()
 * @name: its name on its bus
 * @device: receives the device in @t, whose verdict is TOPO_FREE or TOPO_NEEDED
 *
 * Whoever has just a file of it open is given two seconds.
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int topo_read_device(struct topo *t, const char *name, const struct topo_device **device);

#endif
