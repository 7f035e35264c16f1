// SPDX-License-Identifier: GPL-2.0-only
#include "output/path.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/xalloc.h"

/* More than four full histograms take as JSON. */
#define RESULT_BYTES	(512 << 10)

/* Room for the word that tells a point from the others. */
#define POINT_BYTES	96

static int probe_folder(const char *path)
{
	char *for_dir = xstrdup(path), *for_base = xstrdup(path);
	char *temp = xasprintf("%s/.%s.XXXXXX", dirname(for_dir), basename(for_base));
	int fd, err = 0;

	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0) {
		err = errno;
	} else {
		err = posix_fallocate(fd, 0, RESULT_BYTES);
		/* A file system that cannot reserve gets no say. */
		if (err == EINVAL || err == EOPNOTSUPP || err == ENODEV)
			err = 0;
		close(fd);
		unlink(temp);
	}
	free(temp);
	free(for_dir);
	free(for_base);
	return err;
}

static bool words_end_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && !strcmp(s + n - m, end);
}

bool output_is_folder(const char *path)
{
	struct stat st;

	return words_end_with(path, "/") || (!stat(path, &st) && S_ISDIR(st.st_mode));
}

int output_probe(const char *path)
{
	const char *advice = "choose a folder that you may write to";
	struct stat st;
	int err;

	if (!*path)
		return error_fail(EXIT_USAGE, "--output: the name is empty, expected that of a file");
	if (words_end_with(path, "/")) {
		err = EISDIR;
	} else if (stat(path, &st)) {
		err = errno == ENOENT ? probe_folder(path) : errno;
	} else if (S_ISDIR(st.st_mode)) {
		err = EISDIR;
	} else if (S_ISREG(st.st_mode)) {
		char *target = realpath(path, NULL);

		err = probe_folder(target ? target : path);
		free(target);
	} else {
		err = access(path, W_OK) ? errno : 0;
	}
	switch (err) {
	case 0:
		return EXIT_DONE;
	case ENOSPC:
	case EDQUOT:
		advice = "make room, or choose another folder";
		break;
	case ENOENT:
	case ENOTDIR:
		advice = "make the folder first";
		break;
	case EISDIR:
		advice = "give the name of a file";
		break;
	case ENAMETOOLONG:
		advice = "give a shorter name";
		break;
	}
	return error_fail(EXIT_UNABLE, "--output: cannot write %s: %s; %s", path, strerror(err),
			  advice);
}

char *output_point_path(const char *path, const char *point)
{
	size_t n = strlen(path);

	if (output_is_folder(path))
		return xasprintf("%s%s%s.json", path, words_end_with(path, "/") ? "" : "/", point);
	if (words_end_with(path, ".json"))
		n -= strlen(".json");
	return xasprintf("%.*s-%s.json", (int)n, path, point);
}

char *output_one_path(const char *path, const char *name)
{
	return output_is_folder(path) ? output_point_path(path, name) : xstrdup(path);
}

/* The longest name of a point has kind, strategy, size, range, threads and device in it. */
static char *longest_name(const char *path)
{
	char point[POINT_BYTES + 1];

	memset(point, 'x', POINT_BYTES);
	point[POINT_BYTES] = '\0';
	return output_point_path(path, point);
}

int output_probe_points(const char *path)
{
	char *first;
	int ret;

	if (!*path)
		return output_probe(path);
	if (words_end_with(path, "/") && mkdir(path, 0777) && errno != EEXIST)
		return error_fail(EXIT_UNABLE, "--output: cannot make %s: %m; choose a folder that you may write to",
				  path);
	first = output_point_path(path, "index");
	ret = output_probe(first);
	free(first);
	if (ret)
		return ret;
	first = longest_name(path);
	ret = output_probe(first);
	free(first);
	return ret;
}
