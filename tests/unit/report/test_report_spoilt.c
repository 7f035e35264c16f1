// SPDX-License-Identifier: GPL-2.0-only
/*
 * Results in which anything is wrong, beside good ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* First, because cmocka.h makes error_fail() a macro. */
#include "../capture.h"
#include "page/page.h"
#include "plot/pictures.h"
#include "points/folder.h"

#include <cmocka.h>

#include "folder.h"
#include "real.h"

/* xorshift64*: the same on every machine. */
static uint64_t state;

static unsigned int below(unsigned int n)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (unsigned int)(state * 2685821657736338717ULL >> 33) % n;
}

static void drop(json_t *at, const char *key, json_t *unused)
{
	json_object_del(at, key);
	json_decref(unused);
}

/* Any one value of a result becomes another one, or is taken away. */
static void mutate(json_t *at)
{
	static const char *const values[] = {
		"0", "-1", "1", "1e18", "1e-300", "1e308", "0.5", "9223372036854775807", "null", "true",
		"\"\"", "\"x\"", "[]", "{}", "[[1, 2]]", "[[]]", "{\"measured\": true}",
		"{\"measured\": false}", "[{\"name\": \"map\"}]", "255", "4096", "\"lazy\"", "\"full\"",
	};
	json_t *inside, *new;
	const char *key;
	unsigned int n;

	for (;;) {
		n = (unsigned int)(json_is_object(at) ? json_object_size(at) : json_array_size(at));
		if (!n)
			return;
		n = below(n);
		key = NULL;
		if (json_is_object(at)) {
			void *iter = json_object_iter(at);

			while (n--)
				iter = json_object_iter_next(at, iter);
			key = json_object_iter_key(iter);
			inside = json_object_iter_value(iter);
		} else {
			inside = json_array_get(at, n);
		}
		if ((json_is_object(inside) || json_is_array(inside)) && below(8)) {
			at = inside;
			continue;
		}
		new = json_loads(values[below(sizeof(values) / sizeof(values[0]))], JSON_DECODE_ANY,
				 NULL);
		assert_non_null(new);
		if (!key)
			json_array_set_new(at, n, new);
		else if (below(4))
			json_object_set_new(at, key, new);
		else
			drop(at, key, new);
		return;
	}
}

static json_t *with_all(const char *path)
{
	json_t *j = real(path), *phase = json_array_get(json_object_get(j, "phases"), 0);
	json_t *intervals = json_array();
	unsigned int i;

	for (i = 0; i < 3; i++)
		json_array_append_new(intervals,
				      json_pack("{s:i, s:i, s:i, s:i, s:{s:{s:O}}, s:{s:i}}",
						"at_ns", i * 100, "length_ns", 100, "run", 0,
						"ops", 7, "phases", "map", "histogram",
						json_object_get(phase, "histogram"),
						"counters", "cycles", 5));
	json_object_set_new(j, "series",
			    json_pack("{s:i, s:[{s:s}], s:o}", "interval_ns", 100, "counters",
				      "name", "cycles", "intervals", intervals));
	put(j, "repeats", "[{\"ops_per_s\": 1}, {\"ops_per_s\": 2}]");
	put(j, "spread", "{\"runs\": 2, \"ops_per_s_min\": 1, \"ops_per_s_max\": 2}");
	put(j, "group", "{\"id\": \"a\", \"devices\": [\"a\", \"b\"], \"alone_ops_per_s\": 5}");
	put(j, "counters", "[{\"name\": \"cycles\", \"source\": \"perf\", \"run\": \"by-phase\", \"phase\": \"map\", \"value\": 3, \"ops\": 2, \"per_op\": 1.5, \"running_ratio\": 0.5}, {\"name\": \"a\", \"source\": \"derived\", \"value\": 1}]");
	put(j, "checks", "[{\"name\": \"x\", \"count\": 2, \"failures\": 1}]");
	put(j, "lifecycle", "[{\"name\": \"x\", \"verdict\": \"passed\", \"text\": \"y\"}]");
	return j;
}

/*
 * Spoilt results beside good ones: whatever is in them, they are refused, or told of like others.
 * IOMMUBENCH_FUZZ_ROUNDS has more of them tried than the few that take no time.
 */
static void test_spoilt(void **unused)
{
	static const char *const subcommands[] = {
		"map-unmap", "tlb-flush", "io", "iopf", "pasid",
	};
	const char *asked = getenv("IOMMUBENCH_FUZZ_ROUNDS");
	unsigned int rounds = asked ? (unsigned int)atoi(asked) : 60;
	unsigned int round, i, k, read = 0;
	struct pictures none = { 0 };
	struct folder results;
	char file[16], *text;
	size_t bytes;

	state = 0x1009;
	for (round = 0; round < rounds; round++) {
		json_t *good = with_all(round % 2 ? FLUSHES : MAPS);
		const char *kind = subcommands[below(5)];

		json_object_set_new(json_object_get(good, "tool"), "subcommand", json_string(kind));
		json_object_set_new(good, "io", json_pack("{s:i, s:{s:i}}", "bytes_per_s", 5, "cpu",
							  "busy_ns_per_op", 3));
		json_object_set_new(good, "iopf", json_pack("{s:{s:{s:b}}}", "stages", "event",
							    "shown", 1));
		for (i = 0; i < 6; i++) {
			json_t *bad = json_deep_copy(good);

			for (k = below(4); i && k--;)
				mutate(bad);
			snprintf(file, sizeof(file), "%u.json", i);
			save(bad, file);
		}
		json_decref(good);
		capture_begin();
		if (folder_read(&results, folder)) {
			capture_end(&k);
			folder_free(&results);
			continue;
		}
		capture_end(&k);
		read += results.n > 1;
		text = html_page(&results, &none, "none", &bytes);
		free(text);
		text = terminal_of_folder(&results);
		free(text);
		text = json_of_folder(&results);
		assert_non_null(text);
		free(text);
		folder_free(&results);
	}
	assert_true(read > rounds / 2);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_spoilt, folder_setup, folder_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
