/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Histograms as bars of a terminal.
 */
#ifndef IOMMUBENCH_OUTPUT_BARS_H
#define IOMMUBENCH_OUTPUT_BARS_H

#include <stdio.h>

#include <jansson.h>

#include "text/terminal.h"

/**
 * bars_print() - print the histograms of a result's phases side by side
 * @result: the result
 * @terminal: looks of @out
 * @out: receives them
 */
void bars_print(const json_t *result, struct terminal_style terminal, FILE *out);

#endif
