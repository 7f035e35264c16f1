// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values of CSV (RFC 4180).
 */
#include "text/csv.h"

#include <stdbool.h>
#include <string.h>

void csv_text(FILE *out, const char *s)
{
	/* Spreadsheets take these for the beginning of a formula, and run it. */
	bool formula = *s && strchr("=+-@", *s);

	if (!formula && !strpbrk(s, "\",\r\n")) {
		fputs(s, out);
		return;
	}
	/* RFC 4180: a quote inside quotes is doubled. */
	fputc('"', out);
	if (formula)
		fputc('\'', out);
	for (; *s; s++) {
		if (*s == '"')
			fputc('"', out);
		fputc(*s, out);
	}
	fputc('"', out);
}

void csv_value(const json_t *j, FILE *out)
{
	switch (j ? json_typeof(j) : JSON_NULL) {
	case JSON_STRING:
		csv_text(out, json_string_value(j));
		break;
	case JSON_INTEGER:
		fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(j));
		break;
	case JSON_REAL:
		fprintf(out, "%.6g", json_real_value(j));
		break;
	case JSON_TRUE:
		fputs("true", out);
		break;
	case JSON_FALSE:
		fputs("false", out);
		break;
	default:
		break;
	}
}
