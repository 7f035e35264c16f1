/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A result as a person reads it on a terminal.
 */
#ifndef IOMMUBENCH_OUTPUT_SUMMARY_H
#define IOMMUBENCH_OUTPUT_SUMMARY_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

/* Goes with every figure from a virtual machine. */
#define VIRTUAL_NOTICE	"virtual machine: figures prove the software, not silicon"

/**
 * struct style - what the output can show
 * @utf8: the locale's letters are UTF-8
 * @colour: a terminal, and the user did not say NO_COLOR
 */
struct style {
	bool utf8;
	bool colour;
};

/**
 * style_of() - what a stream can show
 * @out: the stream
 */
struct style style_of(FILE *out);

/**
 * style_on() - begin colour
 * @style: what the output can show
 * @code: of an ANSI escape sequence, such as "1" for bold
 *
 * Return: what to print, "" without colour.
 */
const char *style_on(struct style style, const char *code);

/**
 * style_off() - end colour
 * @style: what the output can show
 */
const char *style_off(struct style style);

/**
 * summary_params() - the run in one line: what was mapped, how, by whom
 * @result: a result
 *
 * Return: a string that the caller frees.
 */
char *summary_params(const json_t *result);

/**
 * summary_domain() - what translated the addresses of a run
 * @result: a result
 *
 * Return: "strict", "lazy", "identity", "own domain", "no IOMMU" or "other".
 */
const char *summary_domain(const json_t *result);

/**
 * summary_value() - a value from a result in words
 * @key: its key, whose end tells the unit: _ns, _bytes, _hz, _per_s
 * @value: the value
 *
 * Return: a string that the caller frees; "" for what is empty.
 */
char *summary_value(const char *key, const json_t *value);

/**
 * summary_print() - print a summary
 * @result: a result
 * @out: where to
 */
void summary_print(const json_t *result, FILE *out);

#endif
