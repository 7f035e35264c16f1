/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A folder of results as one page that needs nothing but itself.
 */
#ifndef IOMMUBENCH_PAGE_PAGE_H
#define IOMMUBENCH_PAGE_PAGE_H

#include <stddef.h>

#include "plot/draw.h"
#include "points/folder.h"

/**
 * html_page() - make the page
 * @folder: the results
 * @pictures: their pictures; may be none
 * @no_pictures: why there are none, in a sentence, or NULL
 * @bytes: receives the length
 *
 * Return: the page, which the caller frees.
 */
char *html_page(const struct folder *folder, const struct pictures *pictures,
		const char *no_pictures, size_t *bytes);

#endif
