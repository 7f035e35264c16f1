// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists of values, the names of files of their results, and the trace that tells
 * what an IOMMU was sent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/sweep.h"
#include "events/iommu_commands.h"
#include "flush/measure.h"
#include "flush/sweep.h"
#include "output/path.h"

/* Last: it makes error_fail() a macro. */
#include <cmocka.h>

static void takes(const char *text, const uint64_t *values, size_t n)
{
	struct sweep s = { NULL };
	struct error e;
	size_t i;

	if (sweep_numbers(&s, text, parse_size, &e))
		fail_msg("'%s' was refused: %s", text, e.text);
	assert_int_equal(s.n, n);
	for (i = 0; i < n; i++)
		assert_int_equal(s.values[i], values[i]);
	sweep_free(&s);
}

#define TAKES(text, ...)							\
	takes(text, (const uint64_t[]){ __VA_ARGS__ },				\
	      sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t))

static void lists(void **state)
{
	TAKES("4K", 4096);
	TAKES("4K,64K", 4096, 65536);
	TAKES("64K,4K", 65536, 4096);
	TAKES("1..1", 1);
	TAKES("1..8", 1, 2, 4, 8);
	TAKES("1..6", 1, 2, 4, 6);
	TAKES("3..13", 3, 6, 12, 13);
	TAKES("4K..1Mx16", 4096, 65536, 1 << 20);
	TAKES("4K..64Kx5", 4096, 20480, 65536);
	TAKES("4K..8K,1M", 4096, 8192, 1 << 20);
	TAKES("524288T..1048576T", 1ULL << 59, 1ULL << 60);
	TAKES("1..1152921504606846976x1048576", 1, 1ULL << 20, 1ULL << 40, 1ULL << 60);
}

static void bad_lists(void **state)
{
	static const char * const bad[] = {
		"", ",", "4K,", ",4K", "4K,,8K", "4K,4K", "4K..8K,8K", "8K..4K", "0..4K", "4K..",
		"..4K", "..", "4K...8K", "4K..8K..16K", "4K..64Kx", "4K..64Kx1", "4K..64Kx0",
		"4K..64Kx-2", "4K..64Kx2x2", "x", "4K x2", "4K..64K x2", "nan", "4K;8K", "0x10",
		"4K..64Kx99999999", "4Kx2", "1..2..3", " 4K",
	};
	struct sweep s = { NULL };
	struct error e;
	size_t i;

	sweep_one(&s, 7);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		e.text[0] = '\0';
		if (!sweep_numbers(&s, bad[i], parse_size, &e))
			fail_msg("'%s' was taken", bad[i]);
		assert_true(*e.text);
		/* What was there stays. */
		assert_int_equal(s.n, 1);
		assert_int_equal(s.values[0], 7);
	}
	sweep_free(&s);
}

static void many(void **state)
{
	char text[8 * (SWEEP_MAX + 2)];
	struct sweep s = { NULL };
	size_t used = 0, i;
	struct error e;

	for (i = 1; i <= SWEEP_MAX; i++)
		used += (size_t)sprintf(text + used, "%s%zu", i > 1 ? "," : "", i);
	assert_int_equal(sweep_numbers(&s, text, parse_size, &e), 0);
	assert_int_equal(s.n, SWEEP_MAX);
	sprintf(text + used, ",%zu", i);
	assert_int_equal(sweep_numbers(&s, text, parse_size, &e), -1);
	sweep_free(&s);
}

static void words(void **state)
{
	struct sweep s = { NULL };
	struct error e;

	assert_int_equal(sweep_words(&s, "full,strict", flush_strategy_choices, &e), 0);
	assert_int_equal(s.n, 2);
	assert_int_equal(s.values[0], IOMMUBENCH_FLUSH_FULL);
	assert_int_equal(s.values[1], IOMMUBENCH_FLUSH_STRICT);
	assert_int_equal(sweep_words(&s, "", flush_strategy_choices, &e), -1);
	assert_int_equal(sweep_words(&s, "full,", flush_strategy_choices, &e), -1);
	assert_int_equal(sweep_words(&s, "full,full", flush_strategy_choices, &e), -1);
	assert_int_equal(sweep_words(&s, "fast", flush_strategy_choices, &e), -1);
	assert_non_null(strstr(e.text, "per-map-full"));
	sweep_free(&s);
}

static void goes_to(const char *output, const char *point, const char *path)
{
	char *made = output_point_path(output, point);

	assert_string_equal(made, path);
	free(made);
}

static void names(void **state)
{
	const struct flush_point p = {
		.strategy = IOMMUBENCH_FLUSH_PER_MAP_FULL,
		.domains = IOMMUBENCH_FLUSH_PER_THREAD,
		.size = 2 << 20,
		.range = 1 << 30,
		.threads = 8,
	};
	char dir[] = "/tmp/iommubench-test.XXXXXX", path[64];
	char *name = flush_point_name(&p);

	assert_string_equal(name, "per-map-full-2M-1G-8-per-thread");
	free(name);
	goes_to("a.json", "p", "a-p.json");
	goes_to("a", "p", "a-p.json");
	goes_to("a.json.json", "p", "a.json-p.json");
	goes_to(".json", "p", "-p.json");
	goes_to("x/a.json", "p", "x/a-p.json");
	goes_to("nowhere/", "p", "nowhere/p.json");
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/p.json", dir);
	goes_to(dir, "p", path);
	rmdir(dir);
}

static void sense(void **state)
{
	struct flush_point p = {
		.strategy = IOMMUBENCH_FLUSH_GATHER,
		.domains = IOMMUBENCH_FLUSH_PER_THREAD,
		.size = 4096,
		.range = 1 << 30,
		.threads = 1,
	};
	struct error e;

	assert_false(flush_senseless(&p, &e));
	p.range = 2048;
	assert_true(flush_senseless(&p, &e));
	p.range = 6144;
	assert_true(flush_senseless(&p, &e));
	p.range = (1ULL << 30) + 4096;
	assert_true(flush_senseless(&p, &e));
	assert_non_null(strstr(e.text, "262144"));
	p.range = 4096;
	p.strategy = IOMMUBENCH_FLUSH_LAZY;
	assert_true(flush_senseless(&p, &e));
	assert_non_null(strstr(e.text, "lazy"));
	p.domains = IOMMUBENCH_FLUSH_SHARED;
	assert_false(flush_senseless(&p, &e));
}

/* Without any word, ranges that are no power of two are looked at, too. */
static void default_ranges(void **state)
{
	struct options o = { .size = UINT64_MAX };
	struct flush_sweep s = { .all = false };
	struct flush_point p;
	size_t n = flush_sweep_settle(&s, &o, NULL), odd = 0, i;

	assert_int_equal(n % 2, 0);
	for (i = 0; i < n; i++) {
		flush_sweep_point(&s, i, &p);
		assert_int_equal(p.size, 4096);
		assert_true(p.range == 4096 || p.range == 37 * 4096);
		odd += p.range == 37 * 4096;
	}
	assert_int_equal(odd, n / 2);
	flush_sweep_free(&s);

	/* Mappings of which 37 would be too large have none, nor has what was chosen. */
	s = (struct flush_sweep){ .all = false };
	o.size = IOMMUBENCH_MAX_MAPPING_BYTES;
	assert_int_equal(flush_sweep_settle(&s, &o, NULL), n / 2);
	flush_sweep_point(&s, 0, &p);
	assert_int_equal(p.range, IOMMUBENCH_MAX_MAPPING_BYTES);
	flush_sweep_free(&s);
	s = (struct flush_sweep){ .all = false };
	o.size = 8192;
	flush_sweep_option(&s, FLUSH_KEY_STRATEGY, "gather", NULL);
	assert_int_equal(flush_sweep_settle(&s, &o, NULL), 1);
	flush_sweep_point(&s, 0, &p);
	assert_int_equal(p.range, 8192);
	flush_sweep_free(&s);
}

/* The driver's function has got an argument more in the course of time. */
static void traces(void **state)
{
	char old[] =
		"# tracer: nop\n#\n# entries-in-buffer/entries-written: 2/2   #P:2\n#\n"
		" iommubench/0-77 [000] d..2. 12.3: sent_76: (f+0x0/0x6e0) a3=0x1 a4=0x1 a5=0xffff800012340000\n"
		" iommubench/0-77 [000] d..2. 12.4: sent_76: (f+0x0/0x6e0) a3=0x40 a4=0x0 a5=0x0\n";
	char new[] =
		"# entries-in-buffer/entries-written: 3/3   #P:2\n"
		" iommubench/0-77 [000] d..2. 12.3: sent_76: (f+0x0/0x6e0) a3=0xffff800080000000 a4=0x3 a5=0xff01\n"
		" iommubench/0-77 [000] d..2. 12.3: full_76: (g+0x0/0x10)\n"
		" a/0-77 [0] d: 4: sent_76: (f) a3=0xffff800080000000 a4=0xd00000002 a5=0xff00\n";
	char flushes[] =
		"# entries-in-buffer/entries-written: 2/9   #P:2\n"
		"  <idle>-0 [001] d.s2. 12.3: sent_9: (ipmmu_tlb_sync+0x0/0x90)\n"
		"  <...>-0 [001] d.s2. 12.3: sent_9: (ipmmu_tlb_sync+0x0/0x90)\n\n";
	char nothing[] = "";
	struct iommu_commands_count count;

	assert_int_equal(iommu_commands_parse(old, true, &count), 0);
	assert_int_equal(count.events, 2);
	assert_int_equal(count.commands, 66);
	assert_int_equal(count.syncs, 1);
	assert_int_equal(count.longest, 64);
	assert_int_equal(iommu_commands_parse(new, true, &count), 0);
	assert_int_equal(count.events, 2);
	assert_int_equal(count.commands, 6);
	assert_int_equal(count.syncs, 1);
	assert_int_equal(count.waits, 1);
	assert_int_equal(iommu_commands_parse(flushes, false, &count), 7);
	assert_int_equal(count.events, 2);
	assert_int_equal(count.commands, 0);
	assert_int_equal(iommu_commands_parse(nothing, true, &count), 0);
	assert_int_equal(count.events, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists),
		cmocka_unit_test(bad_lists),
		cmocka_unit_test(many),
		cmocka_unit_test(words),
		cmocka_unit_test(names),
		cmocka_unit_test(sense),
		cmocka_unit_test(default_ranges),
		cmocka_unit_test(traces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
