// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text inside of markup, HTML and SVG alike.
 */
#include "text/markup.h"

#include "text/json.h"

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
		fputc((unsigned char)c < ' ' ? '?' : c, f);
	}
}

void markup_put_text(FILE *f, const char *s)
{
	for (; *s; s++) {
		switch (*s) {
		case '\'':
			fputs("&#39;", f);
			break;
		case '\n':
			fputc(' ', f);
			break;
		case 0x7f:
			fputc('?', f);
			break;
		default:
			put(f, *s);
		}
	}
}

void markup_put_letters(FILE *f, const char *s, size_t n)
{
	/* JSON's strings are UTF-8 as well; what is not becomes so. */
	json_t *clean = xjson_text(s);

	for (s = json_string_value(clean); *s; s++) {
		bool first = (*s & 0xc0) != 0x80;

		if (first && !n)
			break;
		n -= first;
		put(f, *s);
	}
	json_decref(clean);
}
