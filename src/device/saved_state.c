// SPDX-License-Identifier: GPL-2.0-only
#include "device/saved_state.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fs.h"
#include "base/sysfs.h"
#include "device/device.h"

#define LOCK_SUFFIX	".lock"

/* The name comes from device_locate() or a directory entry: no slash in it. */
static void state_path(char *path, size_t n, const char *device, const char *suffix)
{
	snprintf(path, n, SAVED_STATE_DIR "/%.255s%s", device, suffix);
}

/* Return: an open, locked file, or -1 with errno, EWOULDBLOCK when another process has it. */
static int lock_file(const char *path)
{
	struct stat ours, current;
	char pid[32];
	int fd, err;

	for (;;) {
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (fd < 0)
			return -1;
		if (flock(fd, LOCK_EX | LOCK_NB)) {
			err = errno;
			close(fd);
			errno = err;
			return -1;
		}
		/* Its last owner may have unlinked the file between our two calls. */
		if (!fstat(fd, &ours) && !stat(path, &current) && ours.st_ino == current.st_ino &&
		    ours.st_dev == current.st_dev)
			break;
		close(fd);
	}
	/* Only for the message of who finds the lock taken. */
	snprintf(pid, sizeof(pid), "%d\n", getpid());
	if (ftruncate(fd, 0) || pwrite(fd, pid, strlen(pid), 0) < 0)
		error_detail("cannot write %s: %m", path);
	return fd;
}

int saved_state_lock(const char *device)
{
	char path[PATH_MAX];
	int lock, err;

	if (mkdir(SAVED_STATE_DIR, 0700) && errno != EEXIST) {
		/* No /run, or not root: that is for whoever needs more to complain about. */
		err = errno;
		error_detail("cannot make " SAVED_STATE_DIR ": %m");
		errno = err;
		return -1;
	}
	state_path(path, sizeof(path), device, LOCK_SUFFIX);
	lock = lock_file(path);
	if (lock < 0 && errno != EWOULDBLOCK) {
		err = errno;
		error_detail("cannot lock %s: %m", path);
		errno = err;
	}
	return lock;
}

void saved_state_owner(const char *device, char *pid, size_t n)
{
	if (saved_state_read(device, LOCK_SUFFIX, pid, n) || !*pid)
		snprintf(pid, n, "?");
}

void saved_state_unlock(const char *device, int lock)
{
	char path[PATH_MAX];

	/* While it is still ours, so that nobody else's is removed. */
	state_path(path, sizeof(path), device, LOCK_SUFFIX);
	unlink(path);
	close(lock);
}

int saved_state_keep(const char *device, const char *suffix, const char *text)
{
	char path[PATH_MAX], tmp[PATH_MAX];
	ssize_t n = (ssize_t)strlen(text);
	int fd, dir;
	bool ok;

	state_path(path, sizeof(path), device, suffix);
	state_path(tmp, sizeof(tmp), device, ".tmp");
	fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -1;
	ok = write(fd, text, (size_t)n) == n && !fsync(fd);
	if (close(fd) || !ok || rename(tmp, path)) {
		unlink(tmp);
		return -1;
	}
	dir = open(SAVED_STATE_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir >= 0) {
		fsync(dir);
		close(dir);
	}
	return 0;
}

bool saved_state_kept(const char *device, const char *suffix)
{
	char path[PATH_MAX];

	state_path(path, sizeof(path), device, suffix);
	return !access(path, F_OK);
}

int saved_state_read(const char *device, const char *suffix, char *text, size_t n)
{
	char path[PATH_MAX];

	state_path(path, sizeof(path), device, suffix);
	return sysfs_read(text, n, "%s", path);
}

void saved_state_forget(const char *device, const char *suffix)
{
	char path[PATH_MAX];

	state_path(path, sizeof(path), device, suffix);
	if (unlink(path) && errno != ENOENT)
		error_note("cannot remove %s: %m", path);
}

/* Does a process that lives have the device? */
static bool is_locked(const char *device)
{
	char path[PATH_MAX];
	bool locked;
	int fd;

	state_path(path, sizeof(path), device, LOCK_SUFFIX);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return false;
	locked = flock(fd, LOCK_SH | LOCK_NB) && errno == EWOULDBLOCK;
	close(fd);
	return locked;
}

static bool has_line(const struct lines *list, const char *line)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (!strcmp(list->line[i], line))
			return true;
	return false;
}

void saved_state_left(struct lines *devices)
{
	static const char *const suffixes[] = { SAVED_STATE_TYPE, SAVED_STATE_DRIVER };
	struct lines names;
	size_t i, k;

	fs_list("", &names, SAVED_STATE_DIR);
	for (i = 0; i < names.n; i++)
		for (k = 0; k < sizeof(suffixes) / sizeof(suffixes[0]); k++) {
			char *end = strstr(names.line[i], suffixes[k]);

			if (!end || strcmp(end, suffixes[k]))
				continue;
			*end = '\0';
			if (!is_locked(names.line[i]) && !has_line(devices, names.line[i]))
				lines_add(devices, "%s", names.line[i]);
		}
	lines_free(&names);
}

void saved_state_repair(const char *suffix, void (*repair)(const char *device))
{
	const size_t length = strlen(suffix);
	struct dirent *entry;
	sigset_t all, old;
	DIR *dir;

	dir = opendir(SAVED_STATE_DIR);
	if (!dir)
		return;
	/* Ctrl-C must not leave a device half way. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	while ((entry = readdir(dir))) {
		size_t n = strlen(entry->d_name);

		if (n <= length || n - length >= DEVICE_NAME_BYTES ||
		    strcmp(entry->d_name + n - length, suffix))
			continue;
		entry->d_name[n - length] = '\0';
		repair(entry->d_name);
	}
	closedir(dir);
	sigprocmask(SIG_SETMASK, &old, NULL);
}
