// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report for a terminal of 80 columns: a line for each check, more where it does not fit, and
 * commands that can be copied as they are.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "doctor/doctor.h"
#include "text/terminal.h"

#define COLUMNS		80
/* Where texts begin: behind the state and the name of the check. */
#define TEXT_AT		18
/* Where commands begin, behind a dollar, and how far what does not fit is set in further. */
#define COMMAND_AT	8
#define FURTHER		4

/* Words as far as they fit, from a column that is reached already, and further lines below it. */
static void put_text(const char *text, FILE *out)
{
	unsigned int at = TEXT_AT;

	while (*text) {
		unsigned int n = (unsigned int)strcspn(text, " ");

		if (at > TEXT_AT && at + 1 + n > COLUMNS) {
			fprintf(out, "\n%*s", TEXT_AT, "");
			at = TEXT_AT;
		}
		if (at > TEXT_AT) {
			fputc(' ', out);
			at++;
		}
		fwrite(text, 1, n, out);
		at += n;
		text += n + strspn(text + n, " ");
	}
	fputc('\n', out);
}

/* Length of what a shell takes together: up to a blank that is in no quotes. */
static unsigned int piece(const char *command)
{
	const char *at;
	char quote = '\0';

	for (at = command; *at && (quote || *at != ' '); at++) {
		if (quote ? *at == quote : *at == '\'' || *at == '"')
			quote = quote ? '\0' : *at;
	}
	return (unsigned int)(at - command);
}

/* A command that is too long goes on below a backslash, by which it can be copied all the same. */
static void put_command(const char *command, FILE *out)
{
	const unsigned int room = COLUMNS - COMMAND_AT;
	unsigned int at = COMMAND_AT;
	bool fits = strlen(command) <= room;

	fprintf(out, "%*s$ ", COMMAND_AT - 2, "");
	while (*command) {
		unsigned int n = piece(command);

		/* Before the last column, two are for the backslash and what is before it. */
		if (!fits && at > COMMAND_AT + FURTHER && at + 1 + n > COLUMNS - 2) {
			fprintf(out, " \\\n%*s", COMMAND_AT + FURTHER, "");
			at = COMMAND_AT + FURTHER;
		} else if (at != COMMAND_AT) {
			fputc(' ', out);
			at++;
		}
		fwrite(command, 1, n, out);
		at += n;
		command += n + strspn(command + n, " ");
	}
	fputc('\n', out);
}

static void put_finding(const struct doctor_finding *f, struct terminal_style style, FILE *out)
{
	static const struct {
		const char *word;
		const char *colour;
	} looks[DOCTOR_STATES] = { { "ok", "32" }, { "warn", "33" }, { "FAIL", "1;31" } };
	size_t i;

	fprintf(out, "%s%-4s%s  %-11s ", terminal_on(style, looks[f->state].colour),
		looks[f->state].word, terminal_off(style), f->name);
	put_text(f->text, out);
	for (i = 0; i < f->commands.n; i++)
		put_command(f->commands.line[i], out);
}

void doctor_print(const struct doctor_report *report, const struct doctor_facts *facts,
		  FILE *out)
{
	struct terminal_style style = terminal_of(out);
	const struct topo *t = &facts->topo;
	size_t i;

	fprintf(out, "%s%s%s%s%s\n", *t->model ? t->model : "this machine",
		t->is_virtual ? " (virtual machine)" : "", *t->kernel ? ", Linux " : "", t->kernel,
		facts->is_root ? "" : ", not root");
	for (i = 0; i < report->n; i++)
		put_finding(&report->findings[i], style, out);
	fprintf(out, "\n%s%s%s\n", terminal_on(style, "1"), report->summary, terminal_off(style));
	if (report->count[DOCTOR_FAIL])
		fprintf(out, "Type what is behind the $ of each FAIL, from the top, and look again.\n");
	if (report->first)
		put_command(report->first, out);
	if (report->count[DOCTOR_FAIL] && report->disk) {
		fputs("Real I/O takes neither module nor bound device:\n", out);
		put_command(report->disk, out);
	}
}
