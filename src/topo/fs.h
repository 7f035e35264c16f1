/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files of a machine's /sys and /proc, on this machine or in a folder that was brought from
 * another. Paths are given as on the machine itself, beginning with a slash.
 */
#ifndef IOMMUBENCH_TOPO_FS_H
#define IOMMUBENCH_TOPO_FS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topo/model.h"

/**
 * topo_fs_text() - read a small file without the newline at its end
 * @t: the machine
 * @fmt: path, as printf
 *
 * Return: a string that the caller frees, "" when it cannot be read. Strings of the device tree,
 * which zero bytes separate, are joined by blanks.
 */
char *topo_fs_text(const struct topo *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * topo_fs_into() - same, into a given place
 * @t: the machine
 * @buf: receives what fits
 * @n: room at @buf
 * @fmt: path, as printf
 *
 * Return: whether it could be read.
 */
bool topo_fs_into(const struct topo *t, char *buf, size_t n, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/**
 * topo_fs_bytes() - read a file as it is
 * @t: the machine
 * @n: receives the number of bytes
 * @fmt: path, as printf
 *
 * Return: memory that the caller frees, or NULL with errno set.
 */
uint8_t *topo_fs_bytes(const struct topo *t, size_t *n, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * topo_fs_number() - read a number, decimal or with 0x
 * @t: the machine
 * @otherwise: returned when there is none
 * @fmt: path, as printf
 */
long long topo_fs_number(const struct topo *t, long long otherwise, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * topo_fs_there() - is there such a file?
 * @t: the machine
 * @fmt: path, as printf
 */
bool topo_fs_there(const struct topo *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * topo_fs_size() - how long a file says it is
 * @t: the machine
 * @fmt: path, as printf
 *
 * Return: bytes, -1 when it is not there.
 */
long long topo_fs_size(const struct topo *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * topo_fs_link() - the last component of where a link leads
 * @t: the machine
 * @fmt: path, as printf
 *
 * Return: a string that the caller frees, "" when it is no link.
 */
char *topo_fs_link(const struct topo *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * topo_fs_real() - where a path leads
 * @t: the machine
 * @fmt: path, as printf
 *
 * Return: a path that the caller frees, NULL when it leads nowhere.
 */
char *topo_fs_real(const struct topo *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * topo_fs_list() - the names in a folder, in order, numbers by value
 * @t: the machine
 * @names: receives; give it back with topo_list_free()
 * @path: the folder; without it, there are no names
 */
void topo_fs_list(const struct topo *t, struct topo_list *names, const char *path);

#endif
