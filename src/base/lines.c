// SPDX-License-Identifier: GPL-2.0-only
#include "base/lines.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

void lines_add(struct lines *list, const char *fmt, ...)
{
	va_list args;
	char *line;

	va_start(args, fmt);
	line = xvasprintf(fmt, args);
	va_end(args);
	/* Room grows by powers of two. */
	if (!(list->n & (list->n + 1)))
		list->line = xgrow(list->line, 2 * list->n + 1, sizeof(*list->line));
	list->line[list->n++] = line;
}

void lines_free(struct lines *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		free(list->line[i]);
	free(list->line);
	*list = (struct lines){ 0 };
}

char *lines_join(const struct lines *list, const char *between)
{
	size_t bytes;
	char *text;
	FILE *f = xcheck(open_memstream(&text, &bytes));
	size_t i;

	for (i = 0; i < list->n; i++)
		fprintf(f, "%s%s", i ? between : "", list->line[i]);
	if (fclose(f))
		xcheck(NULL);
	return text;
}

bool line_has_word(const char *line, const char *word)
{
	size_t n = strlen(word);
	const char *at;

	for (at = line; (at = strstr(at, word)); at += n)
		if ((at == line || at[-1] == ' ') && (!at[n] || at[n] == ' '))
			return true;
	return false;
}
