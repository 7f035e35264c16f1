/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A growing list of lines.
 */
#ifndef IOMMUBENCH_BASE_LINES_H
#define IOMMUBENCH_BASE_LINES_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct lines - lines of text, each in memory of its own
 * @line: the lines, freed by lines_free()
 * @n: entries at @line
 */
struct lines {
	char **line;
	size_t n;
};

/**
 * lines_add() - append a line
 * @list: the lines, to which one is added
 * @fmt: as printf
 */
void lines_add(struct lines *list, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * lines_free() - give lines back
 * @list: the lines, of which none is left
 */
void lines_free(struct lines *list);

/**
 * lines_join() - all lines in one
 * @list: the lines, which stay as they are
 * @between: put between two
 *
 * Return: a string that the caller frees.
 */
char *lines_join(const struct lines *list, const char *between);

/**
 * line_has_word() - is it among the words of a line?
 * @line: words with a blank between two
 * @word: the word, which is not empty
 */
bool line_has_word(const char *line, const char *word);

#endif
