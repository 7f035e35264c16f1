/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that is there, or the end of the program with one line.
 */
#ifndef IOMMUBENCH_BASE_XALLOC_H
#define IOMMUBENCH_BASE_XALLOC_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

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
 * @n: elements
 * @size: of one
 */
static inline void *xcalloc(size_t n, size_t size)
{
	return xcheck(calloc(n ? n : 1, size ? size : 1));
}

/**
 * xgrow() - make an array longer
 * @p: the array, or NULL; invalid afterwards
 * @n: elements that it shall have room for
 * @size: of one
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
 * xjson() - a JSON value that an allocation returned
 * @j: the value
 */
static inline json_t *xjson(json_t *j)
{
	return xcheck(j);
}

/**
 * xjson_text() - a JSON string
 * @s: any bytes; where they are not UTF-8, others than ASCII become '?'
 */
static inline json_t *xjson_text(const char *s)
{
	json_t *j = json_string(s);
	char *copy, *c;

	if (j)
		return j;
	copy = xstrdup(s);
	for (c = copy; *c; c++)
		if ((unsigned char)*c >= 0x80)
			*c = '?';
	j = xjson(json_string(copy));
	free(copy);
	return j;
}

/**
 * xjson_count() - a JSON number: a whole one as long as nothing has scaled it
 * @value: the number
 */
static inline json_t *xjson_count(double value)
{
	if (value < 9e15 && value == (double)(json_int_t)value)
		return xjson(json_integer((json_int_t)value));
	return xjson(json_real(value));
}

/**
 * xjson_put() - set a key of an object
 * @object: the object
 * @key: the key
 * @value: its value; the reference is taken over
 */
static inline void xjson_put(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value))
		xcheck(NULL);
}

/**
 * xjson_add() - append to an array
 * @array: the array
 * @value: the value; the reference is taken over
 */
static inline void xjson_add(json_t *array, json_t *value)
{
	if (json_array_append_new(array, value))
		xcheck(NULL);
}

#endif
