/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a result of tlb-flush has beyond others, as a person reads it on a terminal.
 */
#ifndef IOMMUBENCH_FLUSH_VIEW_SUMMARY_H
#define IOMMUBENCH_FLUSH_VIEW_SUMMARY_H

#include <stdio.h>

#include <jansson.h>

/**
 * flush_summary_params() - the round in one line
 * @result: a result of tlb-flush
 *
 * Return: a string that the caller frees.
 */
char *flush_summary_params(const json_t *result);

/**
 * flush_summary_sends() - what a round sends to the IOMMU
 * @result: a result of tlb-flush
 * @before: printed before it
 * @out: where to
 *
 * Nothing is printed where it was not counted.
 */
void flush_summary_sends(const json_t *result, const char *before, FILE *out);

/**
 * flush_summary_print() - exposure, latencies of the device, commands, fairness
 * @result: a result of tlb-flush
 * @out: where to
 *
 * What was not measured has its reason, never a figure.
 */
void flush_summary_print(const json_t *result, FILE *out);

#endif
