/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files that are whole or not there.
 */
#ifndef IOMMUBENCH_BASE_FILE_H
#define IOMMUBENCH_BASE_FILE_H

#include <stddef.h>

/**
 * file_replace() - write a file, all of it or nothing
 * @path: the file; an older one is replaced, a device or pipe is written to
 * @data: what it shall hold
 * @n: bytes of that
 *
 * Return: 0, or -1 after one line on stderr; then @path is as it was.
 */
int file_replace(const char *path, const void *data, size_t n);

/**
 * file_end_on_signals() - have SIGINT and SIGTERM end the program at once, with EXIT_INTERRUPTED
 *
 * For subcommands that measure nothing; file_replace() keeps signals waiting while it has a
 * temporary file.
 */
void file_end_on_signals(void);

/**
 * file_read() - read an open file to its end, from its beginning
 * @fd: the file
 * @n: receives the bytes read, not counting a zero byte that is put after them
 *
 * Return: memory that the caller frees, or NULL with errno set.
 */
char *file_read(int fd, size_t *n);

#endif
