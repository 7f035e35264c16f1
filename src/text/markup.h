/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text inside of markup, HTML and SVG alike.
 */
#ifndef IOMMUBENCH_TEXT_MARKUP_H
#define IOMMUBENCH_TEXT_MARKUP_H

#include <stdio.h>

/**
 * markup_put_text() - text in which nothing becomes markup
 * @f: the page
 * @s: the text
 */
void markup_put_text(FILE *f, const char *s);

#endif
