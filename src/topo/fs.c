// SPDX-License-Identifier: GPL-2.0-only
#include "topo/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/xalloc.h"

/* The whole path of a printf-like format. */
#define PATH_OF(t, path, fmt)						\
	do {								\
		va_list path_args;					\
									\
		va_start(path_args, fmt);				\
		whole_path(t, path, sizeof(path), fmt, path_args);	\
		va_end(path_args);					\
	} while (0)

static void whole_path(const struct topo *t, char *path, size_t n, const char *fmt, va_list args)
{
	int used = snprintf(path, n, "%s", t->root);

	if (used >= 0 && (size_t)used < n)
		vsnprintf(path + used, n - (size_t)used, fmt, args);
}

static char *read_whole(const char *path, size_t *n)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char *data;
	int err;

	if (fd < 0)
		return NULL;
	data = file_read(fd, n);
	err = errno;
	close(fd);
	errno = err;
	return data;
}

/* Makes one line of it. */
static void tidy(char *text, size_t n)
{
	size_t i;

	while (n && (text[n - 1] == '\n' || text[n - 1] == '\0' || text[n - 1] == ' '))
		n--;
	text[n] = '\0';
	for (i = 0; i < n; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			text[i] = ' ';
}

static char *read_line(const char *path)
{
	size_t n;
	char *text = read_whole(path, &n);

	if (text)
		tidy(text, n);
	return text;
}

char *topo_fs_text(const struct topo *t, const char *fmt, ...)
{
	char path[PATH_MAX], *text;

	PATH_OF(t, path, fmt);
	text = read_line(path);
	return text ? text : xstrdup("");
}

bool topo_fs_into(const struct topo *t, char *buf, size_t n, const char *fmt, ...)
{
	char path[PATH_MAX], *text;

	*buf = '\0';
	PATH_OF(t, path, fmt);
	text = read_line(path);
	if (!text)
		return false;
	snprintf(buf, n, "%s", text);
	free(text);
	return true;
}

uint8_t *topo_fs_bytes(const struct topo *t, size_t *n, const char *fmt, ...)
{
	char path[PATH_MAX];

	PATH_OF(t, path, fmt);
	return (uint8_t *)read_whole(path, n);
}

long long topo_fs_number(const struct topo *t, long long otherwise, const char *fmt, ...)
{
	char path[PATH_MAX], *text, *end;
	long long value;

	PATH_OF(t, path, fmt);
	text = read_line(path);
	if (!text)
		return otherwise;
	value = strtoll(text, &end, 0);
	if (end == text || *end)
		value = otherwise;
	free(text);
	return value;
}

bool topo_fs_there(const struct topo *t, const char *fmt, ...)
{
	char path[PATH_MAX];

	PATH_OF(t, path, fmt);
	return access(path, F_OK) == 0;
}

long long topo_fs_size(const struct topo *t, const char *fmt, ...)
{
	char path[PATH_MAX];
	struct stat st;

	PATH_OF(t, path, fmt);
	return stat(path, &st) ? -1 : (long long)st.st_size;
}

char *topo_fs_link(const struct topo *t, const char *fmt, ...)
{
	char path[PATH_MAX], target[PATH_MAX], *last;
	ssize_t n;

	PATH_OF(t, path, fmt);
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return xstrdup("");
	target[n] = '\0';
	last = strrchr(target, '/');
	return xstrdup(last ? last + 1 : target);
}

char *topo_fs_real(const struct topo *t, const char *fmt, ...)
{
	char path[PATH_MAX], *real, *inside;
	size_t n = strlen(t->root);

	PATH_OF(t, path, fmt);
	real = realpath(path, NULL);
	if (!real)
		return NULL;
	/* A link that leads out of a folder that was brought from elsewhere is none of it. */
	if (strncmp(real, t->root, n) || (n && real[n] != '/')) {
		free(real);
		return NULL;
	}
	inside = xstrdup(real + n);
	free(real);
	return inside;
}

static int compare_names(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

void topo_fs_list(const struct topo *t, struct topo_list *names, const char *path)
{
	char whole[PATH_MAX];
	struct dirent *entry;
	DIR *dir;

	*names = (struct topo_list){ 0 };
	snprintf(whole, sizeof(whole), "%s%s", t->root, path);
	dir = opendir(whole);
	if (!dir)
		return;
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			topo_list_add(names, "%s", entry->d_name);
	closedir(dir);
	if (names->n)
		qsort(names->line, names->n, sizeof(*names->line), compare_names);
}
