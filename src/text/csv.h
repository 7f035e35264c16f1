/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Values of CSV (RFC 4180).
 */
#ifndef IOMMUBENCH_TEXT_CSV_H
#define IOMMUBENCH_TEXT_CSV_H

#include <stdio.h>
#include <jansson.h>

/**
 * csv_text() - print a text as one field
 * @out: receives it
 * @s: the text, put in quotes where it must be; before one that begins as a formula comes a '
 */
void csv_text(FILE *out, const char *s);

/**
 * csv_value() - print one field
 * @j: the value, may be NULL
 * @out: where to
 */
void csv_value(const json_t *j, FILE *out);

#endif
