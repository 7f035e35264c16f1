/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Figures that follow from what was counted.
 */
#ifndef IOMMUBENCH_COUNTERS_DERIVE_H
#define IOMMUBENCH_COUNTERS_DERIVE_H

#include <stdbool.h>

#include <jansson.h>

/**
 * counters_is_total() - is a counter of all threads together?
 * @counter: one of a result
 */
bool counters_is_total(const json_t *counter);

/**
 * counters_ratio() - in how much of the time it was counted
 * @counter: a counter, or a figure that follows from some
 *
 * Return: 1 for all of it; less for an estimate.
 */
double counters_ratio(const json_t *counter);

/**
 * counters_of_phase() - is it of a run by phases?
 * @counter: one of a result
 */
bool counters_of_phase(const json_t *counter);

/**
 * counters_derive() - append what follows from the counters of a result
 * @all: the array "counters" of the result
 */
void counters_derive(json_t *all);

#endif
