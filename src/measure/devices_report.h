/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What becomes of the results of all devices, and what several of them say together: a key in each
 * result, and a table.
 */
#ifndef IOMMUBENCH_MEASURE_DEVICES_REPORT_H
#define IOMMUBENCH_MEASURE_DEVICES_REPORT_H

#include "measure/devices.h"
#include "result/result.h"

/**
 * devices_report() - put into a device's result what it has to do with the others
 * @d: the devices, after their last run
 * @i: number of the member
 * @r: result of that member
 */
void devices_report(const struct devices *d, unsigned int i, struct result *r);

/**
 * devices_deliver() - write all results to their files, and print them
 * @d: the devices, after their last run
 * @point: name of the point in files' names, NULL where there is only one
 * @results: by member, NULL for who was absent
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int devices_deliver(const struct devices *d, const char *point, struct result **results);

/**
 * devices_judge() - how it all ended
 * @d: the devices, after their last run
 * @results: by member, NULL for who was absent
 *
 * Return: an enum exit_status, after one line on stderr for each device for which it is not
 * EXIT_DONE.
 */
int devices_judge(const struct devices *d, struct result **results);

#endif
