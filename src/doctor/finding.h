/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What one look at the machine found, and what to type about it.
 */
#ifndef IOMMUBENCH_DOCTOR_FINDING_H
#define IOMMUBENCH_DOCTOR_FINDING_H

#include "base/lines.h"

/**
 * enum doctor_state - how something is
 * @DOCTOR_OK: as measuring wants it, or of no matter here
 * @DOCTOR_WARN: something is not possible, or figures differ by it from one time to the next
 * @DOCTOR_FAIL: nothing can be measured with the module as long as it is like this
 */
enum doctor_state {
	DOCTOR_OK,
	DOCTOR_WARN,
	DOCTOR_FAIL,
};

#define DOCTOR_STATES	(DOCTOR_FAIL + 1)

/**
 * struct doctor_finding - what one check found
 * @name: of the check, a word
 * @state: how it is
 * @text: what was seen, a clause
 * @commands: what to type, in order; none where it is ok, or where no command helps
 */
struct doctor_finding {
	const char *name;
	enum doctor_state state;
	char *text;
	struct lines commands;
};

/**
 * doctor_say() - what was found, instead of what was said of it before
 * @f: the finding
 * @state: how it is
 * @fmt: what was seen, as printf
 */
void doctor_say(struct doctor_finding *f, enum doctor_state state, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * doctor_type() - a further command that helps
 * @f: the finding
 * @fmt: the command, as printf; names in it are words of a shell
 */
void doctor_type(struct doctor_finding *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * doctor_state_word() - the word for a state
 * @state: the state
 */
const char *doctor_state_word(enum doctor_state state);

/**
 * doctor_finding_free() - give back what a finding holds
 * @f: the finding
 */
void doctor_finding_free(struct doctor_finding *f);

#endif
