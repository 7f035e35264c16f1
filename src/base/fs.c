// SPDX-License-Identifier: GPL-2.0-only
#include "base/fs.h"

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
#define PATH_OF(root, path, fmt)					\
	do {								\
		va_list path_args;					\
									\
		va_start(path_args, fmt);				\
		whole_path(root, path, sizeof(path), fmt, path_args);	\
		va_end(path_args);					\
	} while (0)

static void whole_path(const char *root, char *path, size_t n, const char *fmt, va_list args)
{
	int used = snprintf(path, n, "%s", root);

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

char *fs_text(const char *root, const char *fmt, ...)
{
	char path[PATH_MAX], *text;

	PATH_OF(root, path, fmt);
	text = read_line(path);
	return text ? text : xstrdup("");
}

bool fs_into(const char *root, char *buf, size_t n, const char *fmt, ...)
{
	char path[PATH_MAX], *text;

	*buf = '\0';
	PATH_OF(root, path, fmt);
	text = read_line(path);
	if (!text)
		return false;
	snprintf(buf, n, "%s", text);
	free(text);
	return true;
}

uint8_t *fs_bytes(const char *root, size_t *n, const char *fmt, ...)
{
	char path[PATH_MAX];

	PATH_OF(root, path, fmt);
	return (uint8_t *)read_whole(path, n);
}

long long fs_number(const char *root, long long otherwise, const char *fmt, ...)
{
	char path[PATH_MAX], *text, *end;
	long long value;

	PATH_OF(root, path, fmt);
	text = read_line(path);
	if (!text)
		return otherwise;
	value = strtoll(text, &end, 0);
	if (end == text || *end)
		value = otherwise;
	free(text);
	return value;
}

bool fs_there(const char *root, const char *fmt, ...)
{
	char path[PATH_MAX];

	PATH_OF(root, path, fmt);
	return access(path, F_OK) == 0;
}

long long fs_size(const char *root, const char *fmt, ...)
{
	char path[PATH_MAX];
	struct stat st;

	PATH_OF(root, path, fmt);
	return stat(path, &st) ? -1 : (long long)st.st_size;
}

char *fs_link(const char *root, const char *fmt, ...)
{
	char path[PATH_MAX], target[PATH_MAX], *last;
	ssize_t n;

	PATH_OF(root, path, fmt);
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return xstrdup("");
	target[n] = '\0';
	last = strrchr(target, '/');
	return xstrdup(last ? last + 1 : target);
}

char *fs_real(const char *root, const char *fmt, ...)
{
	char path[PATH_MAX], *real, *inside;
	size_t n = strlen(root);

	PATH_OF(root, path, fmt);
	real = realpath(path, NULL);
	if (!real)
		return NULL;
	/* A link that leads out of a folder that was brought from elsewhere is none of it. */
	if (strncmp(real, root, n) || (n && real[n] != '/')) {
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

void fs_list(const char *root, struct lines *names, const char *path)
{
	char whole[PATH_MAX];
	struct dirent *entry;
	DIR *dir;

	*names = (struct lines){ 0 };
	snprintf(whole, sizeof(whole), "%s%s", root, path);
	dir = opendir(whole);
	if (!dir)
		return;
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			lines_add(names, "%s", entry->d_name);
	closedir(dir);
	if (names->n)
		qsort(names->line, names->n, sizeof(*names->line), compare_names);
}

int fs_glob(const char *root, const char *pattern, glob_t *found)
{
	char *whole = xcalloc(2 * strlen(root) + strlen(pattern) + 1, 1), *to = whole;
	int ret;

	for (; *root; root++) {
		if (strchr("*?[]\\", *root))
			*to++ = '\\';
		*to++ = *root;
	}
	strcpy(to, pattern);
	ret = glob(whole, GLOB_NOSORT, NULL, found);
	free(whole);
	return ret;
}
