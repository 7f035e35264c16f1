// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text inside of markup, HTML and SVG alike.
 */
#include "text/markup.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/plain.h"
#include "base/xalloc.h"

static void put(FILE *f, char c)
{
	switch (c) {
	case '&':
		fputs("&amp;", f);
		break;
	case '<':
		fputs("&lt;", f);
		break;
	case '>':
		fputs("&gt;", f);
		break;
	case '"':
		fputs("&quot;", f);
		break;
	default:
		fputc(c, f);
	}
}

void markup_put_text(FILE *f, const char *s)
{
	char *text = xstrdup(s), *c;

	for (c = text; *c; c++)
		if (*c == '\n')
			*c = ' ';
	for (c = plain(text); *c; c++) {
		if (*c == '\'')
			fputs("&#39;", f);
		else
			put(f, *c);
	}
	free(text);
}

void markup_put_letters(FILE *f, const char *s, size_t n)
{
	char *clean = plain(xstrdup(s));

	for (s = clean; *s; s++) {
		bool first = (*s & 0xc0) != 0x80;

		if (first && !n)
			break;
		n -= first;
		put(f, *s);
	}
	free(clean);
}
