/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands that the user is told to type.
 */
#ifndef IOMMUBENCH_TEXT_SHELL_H
#define IOMMUBENCH_TEXT_SHELL_H

/**
 * shell_word() - a name as one word for a shell
 * @name: the name
 *
 * Return: the name, in quotes where it must be; the caller frees it.
 */
char *shell_word(const char *name);

#endif
