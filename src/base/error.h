/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One plain line on stderr for everything that goes wrong, and the exit status
 * that belongs to it.
 */
#ifndef IOMMUBENCH_BASE_ERROR_H
#define IOMMUBENCH_BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

/**
 * enum exit_status - what the tool's exit status means
 * @EXIT_ALREADY_DONE: within the tool: all was done in other processes, nothing is left but to end
 * @EXIT_DONE: all done
 * @EXIT_CHECK_FAILED: a verification failed
 * @EXIT_USAGE: wrong use
 * @EXIT_UNABLE: this machine cannot do it, the message says what is missing
 * @EXIT_INTERRUPTED: stopped by a signal
 */
enum exit_status {
	EXIT_ALREADY_DONE = -1,
	EXIT_DONE = 0,
	EXIT_CHECK_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_UNABLE = 3,
	EXIT_INTERRUPTED = 4,
};

/**
 * struct error - a line for the user, on its way up to who prints it
 * @text: what was wrong, what was expected, what to do
 */
struct error {
	char text[512];
};

/**
 * error_set() - fill in the line
 * @e: the error
 * @fmt: as printf
 *
 * Return: -1, so that a function can fail with ``return error_set(...)``.
 */
int error_set(struct error *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/**
 * error_fail() - print one line to stderr
 * @status: returned, so that a function can end with ``return error_fail(...)``
 * @fmt: as printf, without a newline
 */
int error_fail(enum exit_status status, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/**
 * error_keep() - have error_fail() keep its line instead of printing it
 * @e: receives the lines from now on, each in place of the last; NULL: they are printed again
 *
 * For what is no failure of the whole, such as one point of many that this
 * machine cannot do.
 */
void error_keep(struct error *e);

/**
 * error_note() - tell the user something that is no failure, on stderr
 * @fmt: as printf, without a newline
 */
void error_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * error_detail() - same, but only after error_set_verbose(true)
 * @fmt: as printf, without a newline
 */
void error_detail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * error_set_verbose() - choose whether error_detail() prints
 * @on: whether
 */
void error_set_verbose(bool on);

/**
 * die() - print one line and end the program
 * @status: its exit status
 * @fmt: as printf, without a newline
 *
 * Only for what cannot be handled before anything has been changed or measured.
 */
void die(enum exit_status status, const char *fmt, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

#endif
