/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that is there, or the end of the program with one line.
 */
#ifndef IOMMUBENCH_BASE_XALLOC_H
#define IOMMUBENCH_BASE_XALLOC_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/**
 * xcheck() - a pointer that an allocation returned
 * @p: the pointer
 */
static inline void *xcheck(void *p)
{
	if (!p)
		die(EXIT_UNABLE, "out of memory");
	return p;
}

/**
 * xcalloc() - zeroed memory for an array
 * @n: number of elements
 * @size: bytes of one element
 */
static inline void *xcalloc(size_t n, size_t size)
{
	return xcheck(calloc(n ? n : 1, size ? size : 1));
}

/**
 * xgrow() - make an array longer
 * @p: the array, or NULL; invalid afterwards
 * @n: elements that it shall have room for
 * @size: bytes of one element
 */
static inline void *xgrow(void *p, size_t n, size_t size)
{
	return xcheck(reallocarray(p, n ? n : 1, size));
}

/**
 * xstrdup() - a copy of a string
 * @s: the string
 */
static inline char *xstrdup(const char *s)
{
	return xcheck(strdup(s));
}

/**
 * xasprintf() - a string in memory of its own
 * @...: as printf
 */
#define xasprintf(...)							\
	({								\
		char *xasprintf_s;					\
									\
		if (asprintf(&xasprintf_s, __VA_ARGS__) < 0)		\
			xasprintf_s = NULL;				\
		(char *)xcheck(xasprintf_s);				\
	})

/**
 * xvasprintf() - a string in memory of its own
 * @fmt: as printf
 * @args: as printf
 */
static inline char *xvasprintf(const char *fmt, va_list args)
{
	char *s;

	return xcheck(vasprintf(&s, fmt, args) < 0 ? NULL : s);
}

#endif
