/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Results as they are read: parts by path, histograms, and whether a file is one.
 */
#ifndef IOMMUBENCH_RESULT_READ_H
#define IOMMUBENCH_RESULT_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <jansson.h>

#include "iommubench/hist.h"

/**
 * result_phase_hist() - the histogram of a phase
 * @phase: one of the elements of phases
 * @hist: receives the histogram
 * @scale: receives the nanoseconds of one unit of @hist, for one operation; may be NULL
 *
 * Return: false when the phase does not hold a proper histogram.
 */
bool result_phase_hist(const json_t *phase, struct iommubench_hist *hist, double *scale);

/**
 * result_pack() - have the histograms of a result take a tenth of the memory
 * @result: the result, whose histograms only result_phase_hist() can read from now on
 */
void result_pack(json_t *result);

/**
 * result_text() - a string in a result
 * @object: where the path begins
 * @path: keys with dots between them, such as "machine.iommu.kind"
 *
 * Return: the string, or "" when there is none.
 */
const char *result_text(const json_t *object, const char *path);

/**
 * result_number() - a number in a result
 * @object: where the path begins
 * @path: keys with dots between them
 *
 * Return: the number, or 0 when there is none.
 */
double result_number(const json_t *object, const char *path);

/**
 * result_has_number() - whether there is a finite number that is not negative in a result
 * @object: where the path begins
 * @path: keys with dots between them
 */
bool result_has_number(const json_t *object, const char *path);

/**
 * result_latency() - one of the figures that result_stats() has made
 * @stats: what it has made, with a count where that was asked for
 * @key: such as "p99_9"
 *
 * Return: the figure; NAN when there is none, or when it is a percentile that @stats' samples do
 * not tell, which results of older versions have as well.
 */
double result_latency(const json_t *stats, const char *key);

/**
 * result_get() - any value in a result, borrowed
 * @object: where the path begins
 * @path: keys with dots between them
 *
 * Return: the value, or NULL.
 */
json_t *result_get(const json_t *object, const char *path);

/**
 * result_load() - read a result from a file
 * @path: the file
 * @err: receives one line that says what is wrong with it
 * @n: room at @err
 *
 * What all results must have is checked; kind_read() asks for what those of its kind must have
 * as well.
 *
 * Return: a new reference, or NULL.
 */
json_t *result_load(const char *path, char *err, size_t n);

/**
 * result_valid() - whether an object has what all results must have
 * @result: any JSON value
 * @err: receives one line that says what is wrong with it
 * @n: room at @err
 */
bool result_valid(const json_t *result, char *err, size_t n);

#endif
