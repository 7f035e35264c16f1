// SPDX-License-Identifier: GPL-2.0-only
/*
 * The threads that do I/O, on a file in place of a disk: what they count, where they
 * read and write, and how they end.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/io_run.h"

/* Last: it makes fail() a macro. */
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
		cmocka_unit_test_setup_teardown(what_cannot_start, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
