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

#endif
