// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names from outside, which may be any bytes, and what becomes of them on a terminal, in JSON, CSV,
 * a page and a command.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Before cmocka.h, which has a macro error_fail(). */
#include "base/error.h"
#include "base/plain.h"
#include "text/csv.h"
#include "text/json.h"
#include "text/markup.h"
#include "text/shell.h"

#include <cmocka.h>

struct pair {
	const char *from;
	const char *to;
};

static const struct pair plains[] = {
	{ "", "" }, { "plain", "plain" }, { "\u00e4\u20ac\U0001f600", "\u00e4\u20ac\U0001f600" },
	{ "a\tb\nc\r\033[31m\177", "a?b?c??[31m?" },
	/* C1, and marks of direction. */
	{ "\xc2\x80|\xc2\x9f|\u00a0", "?|?|\u00a0" }, { "\u202e\u2066\u200f\u2028\u061c", "?????" },
	{ "\u200d\u2030", "\u200d\u2030" },
	/* Not UTF-8: alone, too long, half of a pair, too large, cut. */
	{ "\xff\xfe", "??" }, { "\x9b[m", "?[m" }, { "\xc0\xaf", "??" },
	{ "\xe0\x80\xaf", "???" },
	{ "\xed\xa0\x80", "???" }, { "\xf4\x90\x80\x80", "????" }, { "\xf0\x9f\x98", "???" },
	{ "\xc3", "?" }, { "\xc3x", "?x" }, { "\xf8\x88\x80\x80\x80", "?????" },
	{ NULL, NULL },
};

static void texts(void **unused)
{
	const struct pair *p;

	for (p = plains; p->from; p++) {
		char *text = strdup(p->from);
		json_t *json = xjson_text(p->from), *path = xjson_path(p->from);

		assert_int_equal(is_plain(text), !strcmp(p->from, p->to));
		assert_string_equal(plain(text), p->to);
		assert_true(is_plain(text));
		assert_string_equal(json_string_value(json), p->to);
		/* Whoever reads the name of a file wants to open it. */
		assert_string_equal(json_string_value(path), is_utf8(p->from) ? p->from : p->to);
		json_decref(path);
		json_decref(json);
		free(text);
	}
}

/* A message stays a line, also where it was cut within a letter. */
static void messages(void **unused)
{
	char name[1000];
	struct error e;
	size_t i;

	error_set(&e, "no %s", "\xc2\x9b[2J\u202e\xff\n");
	assert_string_equal(e.text, "no ?[2J???");
	for (i = 0; i + 2 < sizeof(name); i += 2)
		memcpy(name + i, "\u00e4", 3);
	error_set(&e, "%s", name);
	assert_true(is_plain(e.text));
	error_set(&e, "x%s", name);
	assert_true(is_plain(e.text));
}

static void json(void **unused)
{
	static const char odd[] =
		"{\"a\\u001b\":[\"\\u009bx\",1,{\"b\":\"\\n\"}], \"c\":\"d\", \"e\\u202e\":null}";
	json_t *j = json_loads(odd, 0, NULL);
	char *text;

	assert_non_null(j);
	json_make_plain(j);
	json_make_plain(NULL);
	text = json_dumps(j, JSON_COMPACT | JSON_SORT_KEYS);
	assert_string_equal(text, "{\"a?\":[\"?x\",1,{\"b\":\"?\"}],\"c\":\"d\",\"e?\":null}");
	free(text);
	json_decref(j);
}

static char *written(void (*write)(FILE *f, const char *s), const char *s)
{
	size_t n;
	char *text;
	FILE *f = open_memstream(&text, &n);

	write(f, s);
	fclose(f);
	return text;
}

static void check(void (*write)(FILE *f, const char *s), const struct pair *p)
{
	for (; p->from; p++) {
		char *text = written(write, p->from);

		assert_string_equal(text, p->to);
		free(text);
	}
}

static void csv(void **unused)
{
	static const struct pair cells[] = {
		{ "", "" }, { "a b", "a b" }, { "a,b", "\"a,b\"" }, { "a\"b", "\"a\"\"b\"" },
		{ "a=b", "a=b" }, { "=1+1", "\"'=1+1\"" }, { "@SUM(A1)", "\"'@SUM(A1)\"" },
		{ "+1", "\"'+1\"" }, { "-1", "\"'-1\"" }, { "=a\"b", "\"'=a\"\"b\"" },
		{ NULL, NULL },
	};
	json_t *number = json_integer(-1);
	char *text;
	size_t n;
	FILE *f;

	check(csv_text, cells);
	/* A number is none of those. */
	f = open_memstream(&text, &n);
	csv_value(number, f);
	fclose(f);
	assert_string_equal(text, "-1");
	free(text);
	json_decref(number);
}

static void markup(void **unused)
{
	static const struct pair pieces[] = {
		{ "<a b='\"'>&", "&lt;a b=&#39;&quot;&#39;&gt;&amp;" }, { "a\nb", "a b" },
		{ "\xff\u202e\xc2\x9b\033\u00e4", "????\u00e4" },
		{ NULL, NULL },
	};

	check(markup_put_text, pieces);
}

static void commands(void **unused)
{
	static const struct pair words[] = {
		{ "0000:03:00.0", "0000:03:00.0" },
		{ "dmaengine:dma0chan0", "dmaengine:dma0chan0" },
		{ "", "''" }, { "Fixed MDIO bus.0", "'Fixed MDIO bus.0'" }, { "$(x)", "'$(x)'" },
		{ "it's", "'it'\\''s'" }, { "cciss!c0d0", "'cciss!c0d0'" }, { "a*", "'a*'" },
		{ NULL, NULL },
	};
	const struct pair *p;

	for (p = words; p->from; p++) {
		char *word = shell_word(p->from);

		assert_string_equal(word, p->to);
		free(word);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts),
		cmocka_unit_test(messages),
		cmocka_unit_test(json),
		cmocka_unit_test(csv),
		cmocka_unit_test(markup),
		cmocka_unit_test(commands),
	};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
