/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every picture of the report must have. Included after cmocka.h and folder.h.
 */
#ifndef IOMMUBENCH_TESTS_UNIT_REPORT_PICTURES_H
#define IOMMUBENCH_TESTS_UNIT_REPORT_PICTURES_H

#include <string.h>

#include "plot/pictures.h"

/**
 * find_picture() - a picture by the name of its files; it must be there
 * @pictures: all of them
 * @name: its name
 */
static inline const struct picture *find_picture(const struct pictures *pictures, const char *name)
{
	size_t i;

	for (i = 0; i < pictures->n; i++)
		if (!strcmp(pictures->picture[i].name, name))
			return &pictures->picture[i];
	fail_msg("no picture %s", name);
	return NULL;
}

/**
 * assert_picture() - it is there as PNG and as SVG, says that it is of a virtual machine, and
 * how it is read in three lines
 * @p: the picture
 */
static inline void assert_picture(const struct picture *p)
{
	const char *line = p->reading;
	unsigned int lines;

	assert_true(p->png_bytes > 1000);
	assert_memory_equal(p->png, "\x89PNG\r\n", 6);
	assert_int_equal(occurrences(p->svg, "</svg>"), 1);
	assert_non_null(strstr(p->svg, ">Virtual machine: figures prove the software, not sili"));
	for (lines = 1; (line = strchr(line, '\n')); line++)
		lines++;
	assert_int_equal(lines, 3);
	assert_true(strlen(p->shows) > 40);
}

#endif
