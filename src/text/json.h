/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * JSON values that are there, or the end of the program with one line.
 */
#ifndef IOMMUBENCH_TEXT_JSON_H
#define IOMMUBENCH_TEXT_JSON_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include <jansson.h>

#include "base/plain.h"
#include "base/xalloc.h"

/**
 * xjson() - a JSON value that an allocation returned
 * @j: the value
 */
static inline json_t *xjson(json_t *j)
{
	return xcheck(j);
}

/**
 * xjson_text() - a JSON string that may be printed as it is
 * @s: any bytes; plain() tells what becomes of them
 */
static inline json_t *xjson_text(const char *s)
{
	char *copy = plain(xstrdup(s));
	json_t *j = xjson(json_string(copy));

	free(copy);
	return j;
}

/**
 * xjson_path() - the name of a file as a JSON string, which whoever reads it can open
 * @s: any bytes; only where they are not UTF-8, plain() is needed
 */
static inline json_t *xjson_path(const char *s)
{
	return is_utf8(s) ? xjson(json_string(s)) : xjson_text(s);
}

/**
 * json_make_plain() - make all texts and keys of what somebody else wrote fit to be printed
 * @j: the value, changed in place; plain() tells how
 */
void json_make_plain(json_t *j);

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
 * xjson_figure() - a JSON number, or null for one that nobody knows
 * @value: the number; NAN or infinite when it is not known
 */
static inline json_t *xjson_figure(double value)
{
	return isfinite(value) ? xjson(json_real(value)) : json_null();
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

/**
 * json_put_text() - set a word
 * @object: the object
 * @key: the key
 * @value: the word
 */
static inline void json_put_text(json_t *object, const char *key, const char *value)
{
	xjson_put(object, key, xjson_text(value));
}

/**
 * json_put_number() - set a whole number
 * @object: the object
 * @key: the key
 * @value: the number
 */
static inline void json_put_number(json_t *object, const char *key, uint64_t value)
{
	xjson_put(object, key, xjson(json_integer((json_int_t)value)));
}

#endif
