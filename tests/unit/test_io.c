// SPDX-License-Identifier: GPL-2.0-only
/*
 * The threads that do I/O, on a file in place of a disk: what they count, where they
 * read and write, and how they end.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/stats.h"
#include "disk/load.h"
#include "disk/pace.h"
#include "result/read.h"
#include "run/series.h"

/* Last: it makes error_fail() a macro. */
#include <cmocka.h>

#define BLOCK	4096U
#define BLOCKS	64U
#define BYTES	(BLOCK * BLOCKS)

static int file;
static int signals;

static int set_up(void **state)
{
	file = memfd_create("disk", MFD_CLOEXEC);
	signals = eventfd(0, EFD_CLOEXEC);
	return file < 0 || signals < 0 || ftruncate(file, BYTES);
}

static int tear_down(void **state)
{
	close(file);
	close(signals);
	return 0;
}

static struct io_job job(uint64_t count)
{
	return (struct io_job){
		.fd = file,
		.span = BYTES,
		.bytes = BLOCK,
		.depth = 4,
		.random = true,
		.threads = 1,
		.count = count,
		.seed = 1,
	};
}

/* Return: how it ended; its outcome is to be freed. */
static int run(const struct io_job *j, struct io_outcome *o)
{
	struct progress line = { .on = false };
	struct error e = { "" };
	struct io_load *load = io_start(j, &e);

	if (!load)
		fail_msg("could not be started: %s", e.text);
	io_wait(load, signals, &line);
	io_finish(load, o);
	return o->run.end;
}

static void counts(void **state)
{
	struct io_job j = job(1001);
	struct io_outcome o;

	j.threads = 3;
	assert_int_equal(run(&j, &o), IOMMUBENCH_END_COUNT);
	assert_int_equal(run_total_ops(&o.run), 1001);
	assert_int_equal(o.run.threads[0].ops, 334);
	assert_int_equal(o.run.threads[2].ops, 333);
	assert_int_equal(o.run.phases[IO_READ].count, 1001);
	assert_int_equal(o.run.phases[IO_WRITE].count, 0);
	assert_true(o.run.phases[IO_READ].min > 0);
	assert_int_equal(o.bytes, 1001 * BLOCK);
	assert_int_equal(o.failed, 0);
	assert_true(o.cpu.thread_ns > 0);
	assert_true(run_ticks(&o.run) > 0);
	io_outcome_free(&o);
}

/* A count below the depth, and one that threads cannot share evenly. */
static void small_counts(void **state)
{
	struct io_job j = job(1);
	struct io_outcome o;

	assert_int_equal(run(&j, &o), IOMMUBENCH_END_COUNT);
	assert_int_equal(run_total_ops(&o.run), 1);
	io_outcome_free(&o);

	/* Fewer than threads: some have nothing to do, with a rate or without, and in a warm-up. */
	j = job(2);
	j.threads = 5;
	for (j.warmup_ns = 0; j.warmup_ns < 2000000; j.warmup_ns += 1000000) {
		j.rate_mhz = j.warmup_ns ? 1000000 : 0;
		assert_int_equal(run(&j, &o), IOMMUBENCH_END_COUNT);
		assert_int_equal(run_total_ops(&o.run), 2);
		assert_int_equal(o.run.threads[1].ops, 1);
		assert_int_equal(o.run.threads[2].ops, 0);
		io_outcome_free(&o);
	}
}

static void ends_by_time(void **state)
{
	struct io_job j = job(0);
	struct io_outcome o;

	j.warmup_ns = 5000000;
	j.duration_ns = 20000000;
	j.fixed = true;
	assert_int_equal(run(&j, &o), IOMMUBENCH_END_TIME);
	assert_true(run_total_ops(&o.run) > 0);
	assert_int_equal(o.run.phases[IO_READ].count, run_total_ops(&o.run));
	/* What was begun in time may end later, but nothing is begun later. */
	assert_true(run_ticks(&o.run) > 0);
	io_outcome_free(&o);
}

static void ends_by_the_user(void **state)
{
	struct io_job j = job(0);
	const uint64_t one = 1;
	struct io_outcome o;

	assert_int_equal(write(signals, &one, sizeof(one)), sizeof(one));
	assert_int_equal(run(&j, &o), IOMMUBENCH_END_STOPPED);
	io_outcome_free(&o);
}

static unsigned int blocks_written(void)
{
	static const char zeros[BLOCK];
	char block[BLOCK];
	unsigned int i, n = 0;

	for (i = 0; i < BLOCKS; i++) {
		assert_int_equal(pread(file, block, BLOCK, (off_t)i * BLOCK), BLOCK);
		n += memcmp(block, zeros, BLOCK) != 0;
	}
	return n;
}

static void reading_writes_nothing(void **state)
{
	struct io_job j = job(200);
	struct io_outcome o;

	run(&j, &o);
	assert_int_equal(blocks_written(), 0);
	io_outcome_free(&o);
}

/* In order, each block is written once when there are as many requests as blocks. */
static void sequential_covers_all(void **state)
{
	struct io_job j = job(BLOCKS);
	struct io_outcome o;

	j.random = false;
	j.write_percent = 100;
	j.threads = 2;
	assert_int_equal(run(&j, &o), IOMMUBENCH_END_COUNT);
	assert_int_equal(o.run.phases[IO_WRITE].count, BLOCKS);
	assert_int_equal(blocks_written(), BLOCKS);
	io_outcome_free(&o);
}

static void span_is_kept(void **state)
{
	struct io_job j = job(500);
	struct io_outcome o;
	char block[BLOCK];

	j.write_percent = 100;
	j.span = BYTES / 2;
	assert_int_equal(run(&j, &o), IOMMUBENCH_END_COUNT);
	assert_int_equal(blocks_written(), BLOCKS / 2);
	assert_int_equal(pread(file, block, 1, BYTES / 2), 1);
	assert_int_equal(block[0], 0);
	io_outcome_free(&o);
}

static void mixes(void **state)
{
	struct io_job j = job(1000);
	struct io_outcome o;

	j.write_percent = 30;
	assert_int_equal(run(&j, &o), IOMMUBENCH_END_COUNT);
	assert_int_equal(o.run.phases[IO_READ].count + o.run.phases[IO_WRITE].count, 1000);
	assert_in_range(o.run.phases[IO_WRITE].count, 230, 370);
	io_outcome_free(&o);
}

static void failures_are_told(void **state)
{
	struct io_job j = job(100);
	struct io_outcome o;

	/* Half of it is gone: reads there move nothing. */
	assert_int_equal(ftruncate(file, BYTES / 2), 0);
	assert_int_equal(run(&j, &o), IOMMUBENCH_END_ERROR);
	assert_true(o.failed > 0);
	assert_non_null(strstr(o.run.message, "moved only 0"));
	io_outcome_free(&o);

	j.fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	assert_int_equal(run(&j, &o), IOMMUBENCH_END_ERROR);
	close(j.fd);
	assert_non_null(strstr(o.run.message, "failed: "));
	assert_int_equal(run_total_ops(&o.run), 0);
	io_outcome_free(&o);
}

/* Due moments: evenly between those of the other threads, and without any drift. */
static void pace(void **state)
{
	struct pace p = pace_begin(3000000, 3, 0, 1000), q = pace_begin(3000000, 3, 2, 1000);
	unsigned int i;

	assert_int_equal(p.due, 1000);
	assert_int_equal(q.due, 1000 + 2000000 / 3);
	for (i = 0; i < 1000; i++)
		pace_next(&p);
	assert_int_equal(p.due, 1000 + 1000000000ULL);
	/* 7 in 1000 seconds: a step that is no whole number of nanoseconds. */
	p = pace_begin(7, 1, 0, 5);
	assert_int_equal(pace_owed(&p, 5), 0);
	assert_int_equal(pace_owed(&p, 6), 1);
	assert_int_equal(pace_owed(&p, 5 + 1000000000000000ULL), 7000);
	assert_int_equal(pace_owed(&p, 6 + 1000000000000000ULL), 7001);
	for (i = 0; i < 7000; i++) {
		/* Of no moment one more or less is owed than come. */
		if (i && p.due > 5)
			assert_int_equal(pace_owed(&p, p.due) + pace_owed(&p, p.due + 1), 1);
		pace_next(&p);
	}
	assert_int_equal(p.due, 5 + 1000000000000000ULL);
	assert_int_equal(pace_owed(&p, UINT64_MAX), 1 + (UINT64_MAX - p.due - 1) / p.step);
}

static void keeps_a_rate(void **state)
{
	struct io_job j = job(30);
	struct io_outcome o;
	unsigned int d;

	j.threads = 2;
	j.rate_mhz = 2000000;
	assert_int_equal(run(&j, &o), IOMMUBENCH_END_COUNT);
	assert_int_equal(run_total_ops(&o.run), 30);
	/* The last one is due 14 milliseconds after the first one, and no sooner. */
	assert_true(run_ticks(&o.run) > 13000000);
	for (d = 0; d < IO_PHASES; d += IO_DIRECTIONS)
		assert_int_equal(o.run.phases[d + IO_READ].count, 30);
	/* A wait for the request to be begun is in the one and not in the other. */
	assert_true(o.run.phases[IO_READ].sum >= o.run.phases[IO_DIRECTIONS + IO_READ].sum);
	io_outcome_free(&o);

	/* Without a rate, there is no such phase. */
	j.rate_mhz = 0;
	run(&j, &o);
	assert_int_equal(o.run.phases[IO_DIRECTIONS + IO_READ].count, 0);
	assert_int_equal(o.run.threads[0].late, 0);
	io_outcome_free(&o);
}

/* More than can be done: what waits is late, and its latency has the wait. */
static void falls_behind(void **state)
{
	struct io_job j = job(2000);
	struct io_outcome o;

	j.depth = 1;
	j.rate_mhz = 1000000000000000;
	assert_int_equal(run(&j, &o), IOMMUBENCH_END_COUNT);
	assert_true(o.run.threads[0].late > 1000);
	/* The last one was due about when the first one was, and so has waited for all of them. */
	assert_true(o.run.phases[IO_READ].max * 2 > run_ticks(&o.run));
	assert_true(o.run.phases[IO_READ].sum > 2 * o.run.phases[IO_DIRECTIONS + IO_READ].sum);
	io_outcome_free(&o);
}

/* Stands still for more than a second, from the middle of a run of two until after its end. */
static void has_a_stall_at_its_end(void **state)
{
	struct io_job j = job(0);
	struct io_outcome o;
	pid_t child = fork();

	assert_true(child >= 0);
	if (!child) {
		usleep(800000);
		kill(getppid(), SIGSTOP);
		usleep(650000);
		usleep(650000);
		kill(getppid(), SIGCONT);
		_exit(0);
	}
	j.duration_ns = 2000000000;
	j.rate_mhz = 200000;
	j.threads = 2;
	assert_int_equal(run(&j, &o), IOMMUBENCH_END_TIME);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(o.run.threads[0].offered + o.run.threads[1].offered, 400);
	assert_int_equal(o.run.threads[0].begun + o.run.threads[1].begun, 400);
	assert_int_equal(run_total_ops(&o.run), 400);
	/* All that was due meanwhile has waited for its end. */
	assert_true(o.run.threads[0].late > 10);
	assert_true(stats_percentile(&o.run.phases[IO_READ], 990000, 1) > 250000000);
	assert_true(run_ticks(&o.run) >= 2000000000);
	io_outcome_free(&o);
}

/* What cannot be begun in as long as the run lasted is counted. */
static void counts_what_is_never_begun(void **state)
{
	struct io_job j = job(0);
	struct io_outcome o;

	j.duration_ns = 20000000;
	j.depth = 1;
	j.rate_mhz = 1000000000000;
	assert_int_equal(run(&j, &o), IOMMUBENCH_END_TIME);
	assert_int_equal(o.run.threads[0].offered, 20000000);
	assert_true(o.run.threads[0].begun < 20000000);
	assert_int_equal(o.run.threads[0].begun, run_total_ops(&o.run));
	assert_true(o.run.threads[0].late >= 20000000 - o.run.threads[0].begun);
	/* What took longer than the time that was planned is not divided by that. */
	assert_true(run_ticks(&o.run) >= 40000000);
	io_outcome_free(&o);
	/* A count is all that there is to do. */
	j.count = 100;
	j.duration_ns = 1000000000000;
	assert_int_equal(run(&j, &o), IOMMUBENCH_END_COUNT);
	assert_int_equal(o.run.threads[0].offered, 100);
	assert_int_equal(o.run.threads[0].begun, 100);
	assert_true(run_ticks(&o.run) < 1000000000000);
	io_outcome_free(&o);
}

/* A rate so low that nothing comes after the first one: the planned time passes all the same. */
static void waits_for_the_end(void **state)
{
	struct io_job j = job(0);
	struct io_outcome o;

	j.duration_ns = 30000000;
	j.warmup_ns = 1000000;
	j.rate_mhz = 1000;
	j.threads = 2;
	assert_int_equal(run(&j, &o), IOMMUBENCH_END_TIME);
	assert_int_equal(o.run.threads[0].offered, 1);
	assert_int_equal(o.run.threads[1].offered, 0);
	assert_int_equal(run_ticks(&o.run), 30000000);
	io_outcome_free(&o);
}

static void is_interrupted_between(void **state)
{
	struct io_job j = job(0);
	const uint64_t one = 1;
	struct io_outcome o;

	/* The second one is due in 1000 seconds. */
	j.rate_mhz = 1;
	assert_int_equal(write(signals, &one, sizeof(one)), sizeof(one));
	assert_int_equal(run(&j, &o), IOMMUBENCH_END_STOPPED);
	io_outcome_free(&o);
}

/* What a gate has seen. */
struct seen {
	unsigned int calls;
	uint32_t tids[3];
};

static void at_gate(void *arg, enum io_gate gate, const uint32_t *tids, unsigned int nr)
{
	struct seen *seen = arg;

	assert_int_equal(nr, 3);
	assert_int_equal(seen->calls, gate);
	if (gate == IO_GATE_BEFORE)
		memcpy(seen->tids, tids, sizeof(seen->tids));
	else
		assert_memory_equal(seen->tids, tids, sizeof(seen->tids));
	assert_true(tids[0] && tids[0] != tids[1] && tids[1] != tids[2]);
	seen->calls++;
}

static void stands_still(void **state)
{
	struct seen seen = { 0 };
	struct io_job j = job(300);
	const uint64_t one = 1;
	struct io_outcome o;

	j.threads = 3;
	j.warmup_ns = 2000000;
	j.gate = at_gate;
	j.gate_arg = &seen;
	assert_int_equal(run(&j, &o), IOMMUBENCH_END_COUNT);
	assert_int_equal(seen.calls, 2);
	/* The warm-up is not in it. */
	assert_int_equal(run_total_ops(&o.run), 300);
	assert_int_equal(o.run.threads[1].tid, seen.tids[1]);
	io_outcome_free(&o);

	/* Nothing is counted in a run that is stopped before. */
	seen.calls = 0;
	j.warmup_ns = 1000000000000;
	assert_int_equal(write(signals, &one, sizeof(one)), sizeof(one));
	assert_int_equal(run(&j, &o), IOMMUBENCH_END_STOPPED);
	assert_int_equal(seen.calls, 0);
	assert_int_equal(run_total_ops(&o.run), 0);
	io_outcome_free(&o);
}

static void has_a_series(void **state)
{
	static const char *const words[IO_PHASES] = { "read", "write", "r", "w" };
	struct series series = { 0 };
	struct io_job j = job(0);
	struct result *r = result_new("io");
	uint64_t ops = 0, samples = 0;
	json_t *interval;
	struct io_outcome o;
	size_t i;

	j.threads = 2;
	j.duration_ns = 30000000;
	j.write_percent = 50;
	j.series = &series;
	series_begin(&series, 5000000, 1000000000, IO_PHASES);
	run(&j, &o);
	series_cut(&series);
	series_report(&series, r, words, 1, 1, 0);
	json_array_foreach(result_get(result_json(r), "series.intervals"), i, interval) {
		ops += (uint64_t)result_number(interval, "ops");
		samples += (uint64_t)result_number(interval, "phases.read.count");
	}
	assert_int_equal(ops, run_total_ops(&o.run));
	assert_int_equal(samples, o.run.phases[IO_READ].count);
	assert_true(i > 0);
	series_free(&series);
	result_free(r);
	io_outcome_free(&o);
}

static void what_cannot_start(void **state)
{
	const uint32_t nowhere = 1000;
	struct io_job j = job(1);
	struct error e = { "" };

	j.threads = 3;
	j.cpus = &nowhere;
	j.nr_cpus = 1;
	assert_null(io_start(&j, &e));
	assert_non_null(strstr(e.text, "CPU 1000"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(counts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(small_counts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(ends_by_time, set_up, tear_down),
		cmocka_unit_test_setup_teardown(ends_by_the_user, set_up, tear_down),
		cmocka_unit_test_setup_teardown(reading_writes_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(sequential_covers_all, set_up, tear_down),
		cmocka_unit_test_setup_teardown(span_is_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(mixes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(failures_are_told, set_up, tear_down),
		cmocka_unit_test(pace),
		cmocka_unit_test_setup_teardown(keeps_a_rate, set_up, tear_down),
		cmocka_unit_test_setup_teardown(falls_behind, set_up, tear_down),
		cmocka_unit_test_setup_teardown(has_a_stall_at_its_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(counts_what_is_never_begun, set_up, tear_down),
		cmocka_unit_test_setup_teardown(waits_for_the_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(is_interrupted_between, set_up, tear_down),
		cmocka_unit_test_setup_teardown(stands_still, set_up, tear_down),
		cmocka_unit_test_setup_teardown(has_a_series, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_cannot_start, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
