// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs gnuplot over a script, in memory only.
 */
#include "plot/gnuplot.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/xalloc.h"

static bool has_scripts(const char *dir)
{
	char *path = xasprintf("%s/plots/common.gp", dir);
	bool has = !access(path, R_OK);

	free(path);
	return has;
}

/* $IOMMUBENCH_DATADIR, or the tree that the tool was built in, or where it was installed. */
char *gnuplot_folder(struct error *e)
{
	const char *env = getenv("IOMMUBENCH_DATADIR");
	char exe[PATH_MAX], *dir;
	ssize_t n;
	int up;

	if (env && *env) {
		if (has_scripts(env))
			return xstrdup(env);
		error_set(e, "no plots/common.gp in IOMMUBENCH_DATADIR=%s", env);
		return NULL;
	}
	n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	if (n > 0) {
		exe[n] = '\0';
		for (up = 0; up < 3 && strrchr(exe, '/'); up++)
			*strrchr(exe, '/') = '\0';
		dir = xasprintf("%s/scripts", exe);
		if (up == 3 && has_scripts(dir))
			return dir;
		free(dir);
	}
	if (has_scripts(IOMMUBENCH_DATADIR))
		return xstrdup(IOMMUBENCH_DATADIR);
	error_set(e, "no plots/common.gp in %s; run 'make install', or set IOMMUBENCH_DATADIR to the folder that holds plots/",
		  IOMMUBENCH_DATADIR);
	return NULL;
}

static int memory_file(const char *text)
{
	int fd = memfd_create("iommubench", MFD_CLOEXEC);
	size_t n = strlen(text), done = 0;

	while (fd >= 0 && done < n) {
		ssize_t wrote = write(fd, text + done, n - done);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0) {
			close(fd);
			return -1;
		}
		done += (size_t)wrote;
	}
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd;
}

/* The line that says what was wrong: gnuplot quotes the script around it. */
static void explain(int fd, int status, struct error *e)
{
	size_t n;
	char *text = file_read(fd, &n), *line, *save = NULL, *last = NULL;

	for (line = strtok_r(text ? text : NULL, "\n", &save); text && line;
	     line = strtok_r(NULL, "\n", &save)) {
		line += strspn(line, " \t");
		if (*line && *line != '^')
			last = line;
	}
	if (WIFSIGNALED(status))
		error_set(e, "gnuplot was ended by signal %d", WTERMSIG(status));
	else
		error_set(e, "gnuplot failed: %s", last ? last : "it does not say why");
	free(text);
}

static bool whole(const char *data, size_t n, const char *end)
{
	size_t m = strlen(end), tail = n < 64 ? n : 64;

	return n && memmem(data + n - tail, tail, end, m);
}

int gnuplot_run(const char *script, const char *end, char **data, size_t *bytes, struct error *e)
{
	char *const argv[] = { (char *)"gnuplot", (char *)"-d", (char *)"-", NULL };
	int in = memory_file(script), out = memory_file(""), err = memory_file("");
	posix_spawn_file_actions_t actions;
	int bad, status = 0;
	pid_t pid;

	*data = NULL;
	if (in < 0 || out < 0 || err < 0) {
		bad = error_set(e, "no memory for gnuplot: %s", strerror(errno));
		goto out;
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in, 0);
	posix_spawn_file_actions_adddup2(&actions, out, 1);
	posix_spawn_file_actions_adddup2(&actions, err, 2);
	bad = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (bad == ENOENT) {
		bad = error_set(e, "gnuplot is missing: apt install gnuplot-nox, or give --no-pictures");
		goto out;
	}
	if (bad) {
		bad = error_set(e, "cannot run gnuplot: %s", strerror(bad));
		goto out;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (status) {
		explain(err, status, e);
		bad = -1;
		goto out;
	}
	*data = file_read(out, bytes);
	if (!*data || !whole(*data, *bytes, end)) {
		bad = error_set(e, "gnuplot did not finish its picture; is its terminal for %s there?",
				*end == '<' ? "SVG" : "PNG");
		free(*data);
		*data = NULL;
	}
out:
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	if (err >= 0)
		close(err);
	return bad ? -1 : 0;
}
