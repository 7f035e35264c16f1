// SPDX-License-Identifier: GPL-2.0-only
/*
 * A result written to a file or printed.
 */
#include "output/print.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/xalloc.h"
#include "output/csv.h"
#include "output/summary.h"

/* Buckets are two numbers; a line of their own for each would hide the rest. */
static char *dump(json_t *json)
{
	char *text = xcheck(json_dumps(json, JSON_INDENT(1) | JSON_REAL_PRECISION(12)));
	char *from = text, *to = text, *start;

	start = strstr(text, "\"buckets\": [");
	while (start) {
		char *end = strchr(start, '}');

		memmove(to, from, (size_t)(start - from));
		to += start - from;
		for (from = start; from < end; from++)
			if (*from != '\n' && *from != ' ')
				*to++ = *from;
		start = strstr(from, "\"buckets\": [");
	}
	memmove(to, from, strlen(from) + 1);
	return text;
}

int result_write(struct result *r, const char *path)
{
	char *text = dump(result_json(r)), *line = xasprintf("%s\n", text);
	int bad = file_replace(path, line, strlen(line));

	free(line);
	free(text);
	return bad;
}

static int check_printed(FILE *out)
{
	if (!fflush(out) && !ferror(out))
		return 0;
	error_fail(EXIT_UNABLE, "cannot print the result: %s", strerror(errno));
	return -1;
}

int result_print(struct result *r, enum result_format format, FILE *out)
{
	char *text;

	switch (format) {
	case RESULT_HUMAN:
		summary_print(result_json(r), out);
		break;
	case RESULT_JSON:
		text = dump(result_json(r));
		fprintf(out, "%s\n", text);
		free(text);
		break;
	case RESULT_CSV:
		result_csv_header(out);
		result_csv_rows(result_json(r), out);
		break;
	}
	return check_printed(out);
}

int result_print_line(struct result *r, FILE *out)
{
	char *text = xcheck(json_dumps(result_json(r), JSON_COMPACT | JSON_REAL_PRECISION(12)));

	fprintf(out, "%s\n", text);
	free(text);
	return check_printed(out);
}
