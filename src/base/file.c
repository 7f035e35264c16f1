// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files that are whole or not there.
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/xalloc.h"

static int write_all(int fd, const char *data, size_t n)
{
	while (n) {
		ssize_t done = write(fd, data, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		data += done;
		n -= (size_t)done;
	}
	return 0;
}

/* Pipes and sockets cannot be flushed to disk; that is no error. */
static int flush(int fd)
{
	return fsync(fd) && errno != EINVAL && errno != EROFS && errno != ENOTSUP ? -1 : 0;
}

static int write_in_place(const char *path, const char *data, size_t n)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int bad;

	if (fd < 0)
		return -1;
	bad = write_all(fd, data, n);
	if (close(fd))
		bad = -1;
	return bad;
}

static int write_and_rename(const char *path, const char *data, size_t n)
{
	char *for_dir = xstrdup(path), *for_base = xstrdup(path);
	char *dir = dirname(for_dir);
	char *temp = xasprintf("%s/.%s.XXXXXX", dir, basename(for_base));
	mode_t mask = umask(0);
	int fd, dirfd, bad, keep;
	sigset_t all, before;

	umask(mask);
	/* A signal that ends the program must not leave the temporary file behind. */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0) {
		bad = -1;
		goto out;
	}
	bad = write_all(fd, data, n) || fchmod(fd, 0666 & ~mask) || flush(fd);
	keep = errno;
	if (close(fd) && !bad) {
		bad = -1;
		keep = errno;
	}
	if (!bad && rename(temp, path)) {
		bad = -1;
		keep = errno;
	}
	if (bad) {
		unlink(temp);
		errno = keep;
		goto out;
	}
	/* The file is there; that its name survives a power cut is a courtesy. */
	dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dirfd >= 0) {
		fsync(dirfd);
		close(dirfd);
	}
out:
	keep = errno;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	free(temp);
	free(for_dir);
	free(for_base);
	errno = keep;
	return bad ? -1 : 0;
}

static const char *advice(int error)
{
	switch (error) {
	case ENOSPC:
	case EDQUOT:
		return "; make room, or choose another folder";
	case ENOENT:
	case ENOTDIR:
		return "; make the folder first";
	case EACCES:
	case EPERM:
	case EROFS:
		return "; choose a folder that you may write to";
	case EISDIR:
		return "; give the name of a file";
	default:
		return "";
	}
}

int file_replace(const char *path, const void *data, size_t n)
{
	char *target = NULL;
	struct stat st;
	int bad;

	if (!stat(path, &st)) {
		/* Replace what a link points to, not the link, and never a device node. */
		if (S_ISDIR(st.st_mode)) {
			errno = EISDIR;
			bad = -1;
		} else if (!S_ISREG(st.st_mode)) {
			bad = write_in_place(path, data, n);
		} else {
			target = realpath(path, NULL);
			bad = write_and_rename(target ? target : path, data, n);
		}
	} else {
		bad = write_and_rename(path, data, n);
	}
	if (bad)
		error_fail(EXIT_UNABLE, "cannot write %s: %s%s", path, strerror(errno),
			   advice(errno));
	free(target);
	return bad ? -1 : 0;
}

char *file_read(int fd, size_t *n)
{
	size_t room = 65536, used = 0;
	char *data = xcalloc(room, 1);

	for (;;) {
		ssize_t got = pread(fd, data + used, room - used - 1, (off_t)used);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			int keep = errno;

			free(data);
			errno = keep;
			return NULL;
		}
		if (!got)
			break;
		used += (size_t)got;
		if (room - used < 2) {
			room *= 2;
			data = xgrow(data, room, 1);
		}
	}
	data[used] = '\0';
	*n = used;
	return data;
}

static void interrupted(int number)
{
	_exit(EXIT_INTERRUPTED);
}

void file_end_on_signals(void)
{
	signal(SIGINT, interrupted);
	signal(SIGTERM, interrupted);
}
