// SPDX-License-Identifier: GPL-2.0-only
#include "text/shell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

static const char harmless[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=./:,@%";

char *shell_word(const char *name)
{
	size_t bytes;
	char *word;
	FILE *f;

	if (*name && name[strspn(name, harmless)] == '\0')
		return xstrdup(name);
	f = xcheck(open_memstream(&word, &bytes));
	fputc('\'', f);
	for (; *name; name++) {
		/* In single quotes nothing is special but the quote itself. */
		if (*name == '\'')
			fputs("'\\'", f);
		fputc(*name, f);
	}
	fputc('\'', f);
	if (fclose(f))
		xcheck(NULL);
	return word;
}
