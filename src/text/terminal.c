// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looks of a terminal, and of what is none.
 */
#include "text/terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct terminal_style terminal_of(FILE *out)
{
	const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	struct terminal_style style = { 0 };

	if (locale) {
		style.utf8 = !strcmp(nl_langinfo_l(CODESET, locale), "UTF-8");
		freelocale(locale);
	}
	style.colour = isatty(fileno(out)) && !(no_colour && *no_colour) &&
		       !(term && !strcmp(term, "dumb"));
	return style;
}

const char *terminal_on(struct terminal_style style, const char *code)
{
	static char sequence[16];

	if (!style.colour)
		return "";
	snprintf(sequence, sizeof(sequence), "\033[%sm", code);
	return sequence;
}

const char *terminal_off(struct terminal_style style)
{
	return style.colour ? "\033[0m" : "";
}
