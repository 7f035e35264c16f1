// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bounds of figures: those that the reader knows are those of the schema, and what is beyond them
 * is refused by name.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kinds.h"
#include "iommubench/hist.h"
#include "points/kind.h"
#include "result/bounds.h"
#include "result/read.h"

#define SCHEMA	"results/schema/iommubench-result-1.schema.json"
#define RESULT	"tests/cli/result.json"

/* How often the schema has each row. */
static unsigned int seen_bounds[64], seen_rooms[64];

static json_t *must_load(const char *path)
{
	json_t *j = json_load_file(path, 0, NULL);

	if (!j)
		fail_msg("no %s: unit tests run at the top of the tree", path);
	return j;
}

static const json_t *resolved(const json_t *schema, const json_t *part)
{
	const char *ref = json_string_value(json_object_get(part, "$ref"));

	if (!ref)
		return part;
	assert_memory_equal(ref, "#/definitions/", 14);
	return json_object_get(json_object_get(schema, "definitions"), ref + 14);
}

static bool has_type(const json_t *part, const char *word)
{
	const json_t *type = json_object_get(part, "type");
	json_t *one;
	size_t i;

	if (json_is_string(type))
		return !strcmp(json_string_value(type), word);
	json_array_foreach((json_t *)type, i, one)
		if (!strcmp(json_string_value(one), word))
			return true;
	return false;
}

static void compare_number(const json_t *part, const char *in, const char *key)
{
	const struct result_bound *b = result_bound_of(in, key);
	bool above = json_object_get(part, "exclusiveMinimum");
	double min = json_number_value(json_object_get(part, above ? "exclusiveMinimum" :
						       "minimum"));
	double max = json_number_value(json_object_get(part, "maximum"));

	if (*b->key)
		seen_bounds[b - result_bounds]++;
	/* Where the schema asks for one at least, the reader takes none as well. */
	else if (min > 0 && min < 2)
		min = 0;
	if (min < b->min || min > b->min || max < b->max || max > b->max || above != b->above)
		fail_msg("%s.%s is from %g to %g in the schema, from %g to %g for the reader", in,
			 key, min, max, b->min, b->max);
}

static void compare_list(const json_t *part, const char *key)
{
	const json_t *most = json_object_get(part, "maxItems");
	size_t i;

	for (i = 0; most && result_rooms[i].key; i++)
		if (!strcmp(result_rooms[i].key, key)) {
			assert_int_equal(json_integer_value(most), result_rooms[i].max);
			seen_rooms[i]++;
			return;
		}
	/* An empty one has no room to be compared. */
	if (most && json_integer_value(most))
		assert_string_equal(key, "a list that the reader knows");
}

static void compare(const json_t *schema, const json_t *part, const char *in)
{
	const char *key;
	json_t *inside;
	size_t i;

	if (json_is_array(part)) {
		json_array_foreach((json_t *)part, i, inside)
			compare(schema, inside, in);
		return;
	}
	json_object_foreach(json_object_get(part, "properties"), key, inside) {
		const json_t *to = resolved(schema, inside);

		if (has_type(to, "number") || has_type(to, "integer"))
			compare_number(to, in, key);
		else if (has_type(to, "array"))
			compare_list(to, key);
		compare(schema, inside, key);
	}
	json_object_foreach((json_t *)part, key, inside)
		if (strcmp(key, "properties"))
			compare(schema, inside, in);
}

static void test_same_as_schema(void **unused)
{
	json_t *schema = must_load(SCHEMA);
	size_t i;

	compare(schema, schema, "");
	for (i = 0; result_bounds[i].key; i++)
		if (!seen_bounds[i])
			fail_msg("%s is not in the schema", result_bounds[i].key);
	for (i = 0; result_rooms[i].key; i++)
		if (!seen_rooms[i])
			fail_msg("list %s has no end in the schema", result_rooms[i].key);
	json_decref(schema);
}

/* Sets what is at a path; elements of lists are their numbers. */
static void put(json_t *at, const char *path, const char *value)
{
	char *copy = strdup(path), *key, *rest = copy, *next;
	json_t *new = json_loads(value, JSON_DECODE_ANY, NULL);

	assert_non_null(new);
	for (key = strsep(&rest, "."); rest; key = next) {
		next = strsep(&rest, ".");
		at = json_is_array(at) ? json_array_get(at, (size_t)atoi(key)) :
		     json_object_get(at, key);
		assert_non_null(at);
		if (!rest) {
			key = next;
			break;
		}
	}
	if (json_is_array(at))
		json_array_set_new(at, (size_t)atoi(key), new);
	else
		json_object_set_new(at, key, new);
	free(copy);
}

static void test_refused(void **unused)
{
	static const struct {
		const char *path;
		const char *value;
		const char *told;
	} cases[] = {
		{ "phases.0.histogram.ns_per_unit", "1e308",
		  "phases[0].histogram.ns_per_unit is 1e+308" },
		{ "phases.0.histogram.ns_per_unit", "1e-300", "ns_per_unit is 1e-300" },
		{ "phases.1.histogram.batch", "4097", "phases[1].histogram.batch is 4097" },
		{ "phases.1.histogram.batch", "true", NULL },
		{ "throughput.ops", "-1", "throughput.ops is -1" },
		{ "throughput.ops_per_s", "-0.5", "throughput.ops_per_s is -0.5" },
		{ "throughput.seconds", "1e300", "throughput.seconds is 1e+300" },
		{ "threads.0.ops_per_s", "-7", "threads[0].ops_per_s is -7" },
		{ "threads.0.late", "-7", "threads[0].late is -7" },
		{ "params.threads", "0", "params.threads is 0" },
		{ "params.threads", "1e9", "params.threads is 1e+09" },
		{ "params.size_bytes", "0", "params.size_bytes is 0" },
		{ "params.rate_per_s", "-3", "params.rate_per_s is -3" },
		{ "params.cpus", "[0, -1]", "params.cpus[1] is -1" },
		{ "params.seed", "-1", "params.seed is -1" },
		{ "params.repeat", "\"twice\"", "params.repeat is no number" },
		{ "machine.clock.frequency_hz", "1e17", "frequency_hz is 1e+17" },
		{ "machine.device.numa_node", "-2", "numa_node is -2" },
		{ "harness.overhead_ns", "-1", "harness.overhead_ns is -1" },
		{ "checks", "[{\"name\": \"x\", \"count\": -1, \"failures\": 0}]", NULL },
		{ "counters", "[{\"name\": \"x\", \"value\": -4}]", "counters[0].value is -4" },
		{ "counters", "[{\"name\": \"x\", \"running_ratio\": 0}]", "running_ratio is 0" },
		{ "anything", "{\"else\": [[-1]]}", "anything.else[0][0] is -1" },
	};
	json_t *good = must_load(RESULT);
	size_t i;

	kinds_use(result_kinds);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		json_t *bad = json_deep_copy(good);
		char err[256] = "";

		assert_true(kind_valid(bad, err, sizeof(err)));
		put(bad, cases[i].path, cases[i].value);
		if (kind_valid(bad, err, sizeof(err)))
			fail_msg("%s may be %s", cases[i].path, cases[i].value);
		if (!*err || (cases[i].told && !strstr(err, cases[i].told)))
			fail_msg("%s = %s is refused by: %s", cases[i].path, cases[i].value, err);
		json_decref(bad);
	}
	json_decref(good);
}

/* The ends themselves are taken, and a sample may not be longer than any figure. */
static void test_ends(void **unused)
{
	json_t *result = must_load(RESULT);
	char err[256] = "";

	kinds_use(result_kinds);
	put(result, "throughput.ops_per_s", "1e18");
	put(result, "params.seed", "9223372036854775807");
	put(result, "params.threads", "1024");
	put(result, "machine.device.numa_node", "-1");
	put(result, "params.rate_per_s", "0");
	if (!kind_valid(result, err, sizeof(err)))
		fail_msg("%s", err);
	put(result, "phases.0.histogram.ns_per_unit", "1e9");
	assert_true(kind_valid(result, err, sizeof(err)));
	put(result, "phases.0.histogram",
	    "{\"unit\": \"tick\", \"ns_per_unit\": 1e9, \"batch\": 1, \"sub_bucket_bits\": 7, \"sum\": 1099511627776000, \"min\": 1099511627776, \"max\": 1099511627776, \"count\": 1, \"buckets\": [[4351, 1]]}");
	assert_false(kind_valid(result, err, sizeof(err)));
	json_decref(result);
}

static void test_rooms(void **unused)
{
	const struct result_room *room;
	json_t *good = must_load(RESULT);

	kinds_use(result_kinds);
	for (room = result_rooms; room->key; room++) {
		json_t *bad = json_deep_copy(good), *list = json_array();
		char err[256] = "";
		size_t i;

		for (i = 0; i <= room->max; i++)
			json_array_append_new(list, json_object());
		json_object_set_new(bad, room->key, list);
		assert_false(kind_valid(bad, err, sizeof(err)));
		json_array_remove(list, 0);
		assert_true(result_bounds_kept(bad, err, sizeof(err)));
		json_array_append_new(list, json_object());
		assert_false(result_bounds_kept(bad, err, sizeof(err)));
		assert_non_null(strstr(err, room->key));
		json_decref(bad);
	}
	json_decref(good);
}

/* What report keeps of histograms is the same, and nothing that a file has in its place counts. */
static void test_packed(void **unused)
{
	struct iommubench_hist *a = calloc(2, sizeof(*a)), *b = a + 1;
	json_t *result = must_load(RESULT), *phase, *h;
	double scale, packed_scale;

	assert_non_null(a);
	phase = json_array_get(json_object_get(result, "phases"), 0);
	h = json_object_get(phase, "histogram");
	json_object_set_new(h, "packed buckets", json_string("no buckets"));
	assert_true(result_phase_hist(phase, a, &scale));
	result_pack(result);
	assert_null(json_object_get(h, "buckets"));
	assert_true(result_phase_hist(phase, b, &packed_scale));
	assert_memory_equal(a, b, sizeof(*a));
	assert_true(scale == packed_scale);
	/* Without any of its own. */
	json_object_set_new(h, "packed buckets", json_string("no buckets, but some bytes"));
	assert_false(result_phase_hist(phase, b, NULL));
	result_pack(result);
	assert_null(json_object_get(h, "packed buckets"));
	assert_false(result_phase_hist(phase, b, NULL));
	json_decref(result);
	free(a);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_as_schema),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_rooms),
		cmocka_unit_test(test_packed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
