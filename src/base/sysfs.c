// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of sysfs and proc: small, read and written whole.
 */
#include "base/sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int sysfs_read(char *buf, size_t n, const char *fmt, ...)
{
	char path[PATH_MAX];
	ssize_t got;
	va_list args;
	int fd, err;

	*buf = '\0';
	va_start(args, fmt);
	vsnprintf(path, sizeof(path), fmt, args);
	va_end(args);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	got = read(fd, buf, n - 1);
	err = errno;
	close(fd);
	errno = err;
	if (got < 0)
		return -1;
	while (got && (buf[got - 1] == '\n' || buf[got - 1] == '\0'))
		got--;
	buf[got] = '\0';
	return 0;
}

int sysfs_write(const char *text, const char *fmt, ...)
{
	char path[PATH_MAX];
	size_t n = strlen(text);
	ssize_t put;
	va_list args;
	int fd, err;

	va_start(args, fmt);
	vsnprintf(path, sizeof(path), fmt, args);
	va_end(args);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	put = write(fd, text, n);
	err = put < 0 ? errno : EIO;
	close(fd);
	errno = err;
	return put == (ssize_t)n ? 0 : -1;
}

int sysfs_link(char *buf, size_t n, const char *fmt, ...)
{
	char path[PATH_MAX], target[PATH_MAX];
	const char *last;
	va_list args;
	ssize_t got;

	*buf = '\0';
	va_start(args, fmt);
	vsnprintf(path, sizeof(path), fmt, args);
	va_end(args);
	got = readlink(path, target, sizeof(target) - 1);
	if (got < 0)
		return -1;
	target[got] = '\0';
	last = strrchr(target, '/');
	snprintf(buf, n, "%s", last ? last + 1 : target);
	return 0;
}
