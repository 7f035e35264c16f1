/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A folder of results for each test of the report. Included after cmocka.h.
 */
#ifndef IOMMUBENCH_TESTS_UNIT_REPORT_FOLDER_H
#define IOMMUBENCH_TESTS_UNIT_REPORT_FOLDER_H

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "kinds.h"
#include "plot/pictures.h"
#include "points/folder.h"

static char folder[64];

/**
 * folder_setup() - make it, and hand over the kinds that results in it are of
 * @unused: of cmocka
 */
static inline int folder_setup(void **unused)
{
	kinds_use(result_kinds);
	snprintf(folder, sizeof(folder), "/tmp/iommubench-test.XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

/**
 * folder_teardown() - remove it with all that is in it
 * @unused: of cmocka
 */
static inline int folder_teardown(void **unused)
{
	DIR *dir = opendir(folder);
	struct dirent *e;

	while (dir && (e = readdir(dir)))
		unlinkat(dirfd(dir), e->d_name, 0);
	if (dir)
		closedir(dir);
	return rmdir(folder);
}

/**
 * occurrences() - how often a word is in a text
 * @text: the text
 * @word: the word
 */
static inline unsigned int occurrences(const char *text, const char *word)
{
	unsigned int n = 0;

	for (text = strstr(text, word); text; text = strstr(text + 1, word))
		n++;
	return n;
}

/**
 * draw_case() - read the folder and draw all of its pictures, which must be possible
 * @results: receives the folder, given back with folder_free()
 * @pictures: receives the pictures, given back with plot_free()
 * @number: of the case, for the message
 */
static inline void draw_case(struct folder *results, struct pictures *pictures, size_t number)
{
	struct error e = { "" };

	assert_int_equal(folder_read(results, folder), 0);
	if (plot_all(pictures, results, &e))
		fail_msg("case %zu: %s", number, e.text);
}

/**
 * need_gnuplot() - skip the test without it
 */
static inline void need_gnuplot(void)
{
	if (system("command -v gnuplot >/dev/null"))
		skip();
}

#endif
