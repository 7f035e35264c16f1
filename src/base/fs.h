/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files of a machine's /sys and /proc, on this machine or in a folder that was brought from
 * another. Paths are given as on the machine itself, beginning with a slash.
 */
#ifndef IOMMUBENCH_BASE_FS_H
#define IOMMUBENCH_BASE_FS_H

#include <glob.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/lines.h"

/**
 * fs_text() - read a small file without the newline at its end
 * @root: where the machine's /sys and /proc are, "" for this one's
 * @fmt: path, as printf
 *
 * Return: a string that the caller frees, "" when it cannot be read. Strings of the device tree,
 * which zero bytes separate, are joined by blanks.
 */
char *fs_text(const char *root, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * fs_into() - same, into a given place
 * @root: where the machine's /sys and /proc are, "" for this one's
 * @buf: receives what fits
 * @n: room at @buf
 * @fmt: path, as printf
 *
 * Return: whether it could be read.
 */
bool fs_into(const char *root, char *buf, size_t n, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/**
 * fs_bytes() - read a file as it is
 * @root: where the machine's /sys and /proc are, "" for this one's
 * @n: receives the number of bytes
 * @fmt: path, as printf
 *
 * Return: memory that the caller frees, or NULL with errno set.
 */
uint8_t *fs_bytes(const char *root, size_t *n, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * fs_number() - read a number, decimal or with 0x
 * @root: where the machine's /sys and /proc are, "" for this one's
 * @otherwise: returned when there is none
 * @fmt: path, as printf
 */
long long fs_number(const char *root, long long otherwise, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * fs_there() - is there such a file?
 * @root: where the machine's /sys and /proc are, "" for this one's
 * @fmt: path, as printf
 */
bool fs_there(const char *root, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * fs_size() - how long a file says it is
 * @root: where the machine's /sys and /proc are, "" for this one's
 * @fmt: path, as printf
 *
 * Return: bytes, -1 when it is not there.
 */
long long fs_size(const char *root, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * fs_link() - the last component of where a link leads
 * @root: where the machine's /sys and /proc are, "" for this one's
 * @fmt: path, as printf
 *
 * Return: a string that the caller frees, "" when it is no link.
 */
char *fs_link(const char *root, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * fs_real() - where a path leads
 * @root: where the machine's /sys and /proc are, "" for this one's
 * @fmt: path, as printf
 *
 * Return: a path that the caller frees, NULL when it leads nowhere.
 */
char *fs_real(const char *root, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * fs_list() - the names in a folder, in order, numbers by value
 * @root: where the machine's /sys and /proc are, "" for this one's
 * @names: receives; give it back with lines_free()
 * @path: the folder; without it, there are no names
 */
void fs_list(const char *root, struct lines *names, const char *path);

/**
 * fs_glob() - the paths that a pattern matches, in no order
 * @root: where the machine's /sys and /proc are, "" for this one's; in it, no letter is a pattern
 * @pattern: the pattern
 * @found: receives; give it back with globfree()
 *
 * Return: as glob().
 */
int fs_glob(const char *root, const char *pattern, glob_t *found);

#endif
