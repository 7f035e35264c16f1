// SPDX-License-Identifier: GPL-2.0-only
#include "doctor/finding.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/plain.h"
#include "base/xalloc.h"

void doctor_say(struct doctor_finding *f, enum doctor_state state, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	free(f->text);
	f->text = plain(xvasprintf(fmt, args));
	f->state = state;
	va_end(args);
}

void doctor_type(struct doctor_finding *f, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = plain(xvasprintf(fmt, args));
	va_end(args);
	lines_add(&f->commands, "%s", text);
	free(text);
}

const char *doctor_state_word(enum doctor_state state)
{
	static const char *const words[DOCTOR_STATES] = { "ok", "warn", "fail" };

	return words[state];
}

void doctor_finding_free(struct doctor_finding *f)
{
	free(f->text);
	lines_free(&f->commands);
}
