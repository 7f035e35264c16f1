/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Looks of a terminal, and of what is none.
 */
#ifndef IOMMUBENCH_TEXT_TERMINAL_H
#define IOMMUBENCH_TEXT_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

/**
 * struct terminal_style - what the output can show
 * @utf8: the locale's letters are UTF-8
 * @colour: a terminal, and the user did not say NO_COLOR
 */
struct terminal_style {
	bool utf8;
	bool colour;
};

/**
 * terminal_of() - what a stream can show
 * @out: the stream
 */
struct terminal_style terminal_of(FILE *out);

/**
 * terminal_on() - begin colour
 * @style: what the output can show
 * @code: of an ANSI escape sequence, such as "1" for bold
 *
 * Return: what to print, "" without colour.
 */
const char *terminal_on(struct terminal_style style, const char *code);

/**
 * terminal_off() - end colour
 * @style: what the output can show
 */
const char *terminal_off(struct terminal_style style);

#endif
