/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text inside of markup, HTML and SVG alike.
 */
#ifndef IOMMUBENCH_TEXT_MARKUP_H
#define IOMMUBENCH_TEXT_MARKUP_H

#include <stddef.h>
#include <stdio.h>

/**
 * markup_put_text() - write text of which nothing becomes markup, between tags or in an attribute
 * @f: the document
 * @s: the text; an end of line becomes a blank, and plain() tells what becomes of the rest
 */
void markup_put_text(FILE *f, const char *s);

/**
 * markup_put_letters() - write the beginning of a text between tags, none of which becomes markup
 * @f: the document
 * @s: the text, as plain() makes it
 * @n: letters of @s to write at most, whatever each becomes
 */
void markup_put_letters(FILE *f, const char *s, size_t n);

#endif
