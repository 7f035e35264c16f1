/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names and words from outside, made fit for a line of text.
 */
#ifndef IOMMUBENCH_BASE_PLAIN_H
#define IOMMUBENCH_BASE_PLAIN_H

#include <stdbool.h>

/**
 * plain() - make a text one line of UTF-8 that steers nothing
 * @text: any bytes, changed in place and never longer
 *
 * A byte that is not part of UTF-8 becomes '?', and so does a letter that a terminal would obey or
 * that turns the direction of what is around it: C0 with line break and tab, DEL, C1, separators of
 * lines and the marks of Unicode's bidirectional algorithm.
 *
 * Return: @text.
 */
char *plain(char *text);

/**
 * is_plain() - whether plain() would leave a text as it is
 * @text: the text
 */
bool is_plain(const char *text);

/**
 * is_utf8() - whether all of a text is UTF-8, whatever its letters do
 * @text: the text
 */
bool is_utf8(const char *text);

#endif
