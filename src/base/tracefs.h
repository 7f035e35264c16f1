/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tracing file system, whether it is mounted or not.
 */
#ifndef IOMMUBENCH_BASE_TRACEFS_H
#define IOMMUBENCH_BASE_TRACEFS_H

/**
 * tracefs_open() - its root
 *
 * By a mount of our own that nobody else sees, or where it is mounted when that may not be done.
 *
 * Return: an open folder, or -1 with errno set.
 */
int tracefs_open(void);

/**
 * tracefs_event_id() - the number of a tracepoint
 * @tracefs: from tracefs_open()
 * @group: such as "iommu"
 * @event: such as "map"
 *
 * Return: the number, or -1 with errno set.
 */
int tracefs_event_id(int tracefs, const char *group, const char *event);

#endif
