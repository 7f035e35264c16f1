/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What can be counted on this machine, event by event.
 */
#ifndef IOMMUBENCH_EVENTS_TABLE_H
#define IOMMUBENCH_EVENTS_TABLE_H

#include <stdio.h>

#include <jansson.h>

#define EVENTS_TABLE_SCHEMA	"iommubench-events/1"

/**
 * events_table() - try all that there is
 *
 * Return: an object: schema; perf_event_paranoid; pmus[] with name, what, scope, fields; events[]
 * with kind, pmu, name (for --events), default, countable (null: not tried, as it needs more than a
 * name), reason (when it is not countable).
 */
json_t *events_table(void);

/**
 * events_table_select() - keep some events only
 * @table: from events_table()
 * @word: part of their names or of their PMUs' names
 *
 * Return: how many are left.
 */
size_t events_table_select(json_t *table, const char *word);

/**
 * events_table_print() - for people
 * @table: from events_table()
 * @out: where to
 */
void events_table_print(const json_t *table, FILE *out);

/**
 * events_table_csv() - one row an event
 * @table: from events_table()
 * @out: where to
 */
void events_table_csv(const json_t *table, FILE *out);

#endif
