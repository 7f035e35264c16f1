/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files of sysfs and proc: small, read and written whole.
 */
#ifndef IOMMUBENCH_BASE_SYSFS_H
#define IOMMUBENCH_BASE_SYSFS_H

#include <stddef.h>

/**
 * sysfs_read() - read a small file, without the newline at its end
 * @buf: receives, always terminated
 * @n: room at @buf
 * @fmt: path, as printf
 *
 * Return: 0, or -1 with errno set.
 */
int sysfs_read(char *buf, size_t n, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/**
 * sysfs_write() - write a line to a file
 * @text: the line
 * @fmt: path, as printf
 *
 * Return: 0, or -1 with errno set.
 */
int sysfs_write(const char *text, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/**
 * sysfs_link() - the last component of where a link points to
 * @buf: receives, always terminated
 * @n: room at @buf
 * @fmt: path of the link, as printf
 *
 * Return: 0, or -1 with errno set.
 */
int sysfs_link(char *buf, size_t n, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
