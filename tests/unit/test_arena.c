// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory to run into: what is there before an access and what after it, and that
 * processes have theirs at the same place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Ours has another meaning. */
#include <cmocka.h>
#undef fail

#include "iopf/arena.h"
#include "iopf/spaces.h"

#define PLACES	64

static size_t page(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static struct arena make(enum arena_kind kind, enum arena_memory memory, bool write)
{
	return (struct arena){
		.kind = kind,
		.memory = memory,
		.write = write,
		.bytes = PLACES * page(),
		.step = page(),
		.data = 1000,
		.data_step = 3,
		.fd = -1,
	};
}

/* Twice, because each pass has to find it as the first one did. */
static void touch_twice(struct arena *a)
{
	struct iommubench_hist hist = { 0 };
	struct error e;
	unsigned int pass;

	assert_int_equal(arena_open(a, &e), 0);
	for (pass = 1; pass <= 2; pass++) {
		assert_int_equal(arena_arm(a, &e), 0);
		if (a->kind == ARENA_MPROTECT)
			assert_int_equal(arena_upgrade(a, &e), 0);
		if (a->write)
			assert_int_equal(arena_wrong(a, 0, PLACES), PLACES);
		arena_touch(a, PLACES, &hist);
		assert_int_equal(hist.count, pass * PLACES);
		if (a->write || a->kind == ARENA_FILE_WARM)
			assert_int_equal(arena_wrong(a, 0, PLACES), 0);
	}
	arena_close(a);
	arena_close(a);
}

static void kinds(void **state)
{
	static const struct {
		enum arena_kind kind;
		bool write;
	} tries[] = {
		{ ARENA_ZERO, false },
		{ ARENA_ANON, true },
		{ ARENA_COW, true },
		{ ARENA_FILE_WARM, false },
		{ ARENA_MPROTECT, true },
		{ ARENA_EXIT, true },
	};
	struct arena a;
	size_t i;

	for (i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		a = make(tries[i].kind, ARENA_MMAP, tries[i].write);
		touch_twice(&a);
	}
}

static void memories(void **state)
{
	static const enum arena_memory memories_of[] = {
		ARENA_MMAP, ARENA_MALLOC, ARENA_STACK, ARENA_FILE,
	};
	struct arena a;
	size_t i;

	for (i = 0; i < sizeof(memories_of) / sizeof(memories_of[0]); i++) {
		a = make(ARENA_ANON, memories_of[i], true);
		touch_twice(&a);
		a = make(ARENA_COW, memories_of[i], true);
		touch_twice(&a);
	}
}

static void nothing_there(void **state)
{
	struct arena a = make(ARENA_UNMAPPED, ARENA_MMAP, true);
	struct error e;

	assert_int_equal(arena_open(&a, &e), 0);
	assert_int_equal(arena_arm(&a, &e), 0);
	/* Nobody's: msync() of what is not mapped fails. */
	assert_int_equal(msync(a.base, a.bytes, MS_ASYNC), -1);
	arena_close(&a);
}

static void prefault(void **state)
{
	struct arena a = make(ARENA_ANON, ARENA_MMAP, true);
	struct iommubench_hist hist = { 0 };
	uint64_t i, touched = 0;
	struct error e;

	a.prefault = 30;
	for (i = 0; i < 10000; i++)
		touched += arena_is_prefaulted(&a, i);
	assert_in_range(touched, 2800, 3200);
	assert_int_equal(arena_open(&a, &e), 0);
	assert_int_equal(arena_arm(&a, &e), 0);
	for (i = 0, touched = 0; i < PLACES; i++)
		touched += arena_is_prefaulted(&a, i);
	assert_int_equal(arena_wrong(&a, 0, PLACES), PLACES - touched);
	arena_touch(&a, PLACES, &hist);
	assert_int_equal(hist.count, PLACES - touched);
	arena_close(&a);
	a.prefault = 0;
	assert_false(arena_is_prefaulted(&a, 7));
	a.prefault = 100;
	assert_true(arena_is_prefaulted(&a, 7));
}

static void processes(void **state)
{
	struct arena a = make(ARENA_ANON, ARENA_MMAP, true);
	struct spaces s = { 0 };
	struct error e;

	assert_int_equal(spaces_start(&s, 3, &a, &e), 0);
	assert_int_equal(s.nr, 3);
	assert_int_equal(spaces_arm(&s, &a, &e), 0);
	assert_non_null(a.base);
	assert_int_equal(spaces_arm(&s, &a, &e), 0);
	spaces_stop(&s);
	assert_int_equal(s.nr, 0);
	spaces_stop(&s);
	/* It was theirs. */
	a.base = NULL;
	arena_close(&a);
}

/* At equal addresses each process has data of its own, and no other's. */
static void own_data(void **state)
{
	struct arena a = make(ARENA_ANON, ARENA_MMAP, true), own;
	struct spaces s = { 0 };
	unsigned int i, k;
	struct error e;

	a.prefault = 100;
	assert_int_equal(spaces_start(&s, 3, &a, &e), 0);
	assert_int_equal(spaces_arm(&s, &a, &e), 0);
	for (i = 0; i < 3; i++) {
		for (k = 0; k < 3; k++) {
			own = arena_of_space(&a, k);
			assert_int_equal(arena_wrong(&own, (int)s.pids[i], PLACES),
					 i == k ? 0 : PLACES);
		}
	}
	spaces_stop(&s);
	a.base = NULL;
	arena_close(&a);
}

/* Where it is said that nothing is there, nothing is. */
static void absent(void **state)
{
	static const enum arena_kind kinds_of[] = { ARENA_ZERO, ARENA_ANON, ARENA_COW };
	unsigned char in[PLACES];
	struct error e;
	size_t i, n, there;

	for (i = 0; i < sizeof(kinds_of) / sizeof(kinds_of[0]); i++) {
		struct arena a = make(kinds_of[i], ARENA_MMAP, kinds_of[i] != ARENA_ZERO);

		assert_int_equal(arena_open(&a, &e), 0);
		assert_int_equal(arena_arm(&a, &e), 0);
		assert_int_equal(mincore(a.base, a.bytes, in), 0);
		for (n = 0, there = 0; n < PLACES; n++)
			there += in[n] & 1;
		assert_int_equal(there, arena_is_absent(&a) ? 0 : PLACES);
		arena_close(&a);
		a.prefault = 1;
		assert_false(arena_is_absent(&a));
		a.prefault = 0;
		a.locked = true;
		assert_false(arena_is_absent(&a));
	}
}

static void refusals(void **state)
{
	struct arena a = make(ARENA_FILE_WARM, ARENA_MMAP, false);
	struct spaces s = { 0 };
	struct error e;

	a.path = "/nowhere";
	assert_int_equal(arena_open(&a, &e), -1);
	assert_non_null(strstr(e.text, "--file"));
	arena_close(&a);
	assert_int_equal(spaces_start(&s, 1, &a, &e), 0);
	assert_int_equal(spaces_arm(&s, &a, &e), -1);
	assert_non_null(strstr(e.text, "--file"));
	spaces_stop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds),
		cmocka_unit_test(memories),
		cmocka_unit_test(nothing_there),
		cmocka_unit_test(prefault),
		cmocka_unit_test(processes),
		cmocka_unit_test(own_data),
		cmocka_unit_test(absent),
		cmocka_unit_test(refusals),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
