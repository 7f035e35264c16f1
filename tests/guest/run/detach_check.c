// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ways out of a run with an own domain while allocations fail: each single one of those that
 * this process makes on the way, one after the other (/proc/thread-self/fail-nth). Afterwards the
 * device works in its default domain.
 */
#include <stdbool.h>

#include "../lib/abi_expect.h"
#include "../lib/bench_dev.h"

/* More than any way out allocates; the last of them fail nothing. */
#define MOST_ALLOCATIONS	60

static int fail_nth;

/* Return: how many more allocations until one fails, as it was set; 0: one did. */
static int set_fail_nth(int n)
{
	char text[16] = { 0 };
	int left = -1;

	if (pread(fail_nth, text, sizeof(text) - 1, 0) > 0)
		left = atoi(text);
	snprintf(text, sizeof(text), "%d", n);
	if (pwrite(fail_nth, text, strlen(text), 0) < 0)
		return -1;
	return left;
}

static int run_once(struct bench *b, unsigned int api)
{
	struct iommubench_wait wait = { .size = sizeof(wait) };
	int err;

	bench_describe(b);
	b->params.api = api;
	err = by_ioctl(b, IOMMUBENCH_IOC_PREPARE, &b->run);
	if (!err)
		err = by_ioctl(b, IOMMUBENCH_IOC_START, NULL);
	return err ? err : by_ioctl(b, IOMMUBENCH_IOC_WAIT, &wait);
}

static void leave_by_result(struct bench *b)
{
	struct iommubench_result result = { .size = sizeof(result) };

	ioctl(b->fd, IOMMUBENCH_IOC_RESULT, &result);
}

static void leave_by_close(struct bench *b)
{
	close(b->fd);
	b->fd = -1;
}

/* Return: whether an allocation failed on this way out. */
static bool leave(void (*way)(struct bench *b), int nth, unsigned int *bad)
{
	struct bench b;
	bool failed;

	bench_open(&b);
	*bad += run_once(&b, IOMMUBENCH_API_IOMMU) != 0;
	set_fail_nth(nth);
	way(&b);
	failed = set_fail_nth(0) == 0;
	bench_close(&b);
	bench_open(&b);
	*bad += run_once(&b, IOMMUBENCH_API_DMA_SINGLE) != 0;
	*bad += run_once(&b, IOMMUBENCH_API_IOMMU) != 0;
	bench_close(&b);
	return failed;
}

static void check_way(void (*way)(struct bench *b), const char *name)
{
	unsigned int bad = 0, failed = 0;
	int nth;

	for (nth = 1; nth <= MOST_ALLOCATIONS; nth++)
		failed += leave(way, nth, &bad);
	how = name;
	expect_true(!bad, "the device works afterwards, whichever allocation failed");
	expect_true(failed < MOST_ALLOCATIONS, "all of them had their turn");
}

/* Otherwise the rest would tell nothing. */
static void check_failing(void)
{
	struct bench b;
	int err;

	how = "PREPARE";
	bench_open(&b);
	set_fail_nth(1);
	err = ioctl(b.fd, IOMMUBENCH_IOC_PREPARE, &b.run) ? errno : 0;
	set_fail_nth(0);
	expect(-err, -ENOMEM, "an allocation can be made to fail");
	bench_close(&b);
}

int main(void)
{
	alarm(600);
	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fail_nth < 0) {
		printf("not ok - this kernel cannot make allocations fail\n");
		return 1;
	}
	check_failing();
	check_way(leave_by_result, "RESULT");
	check_way(leave_by_close, "close");
	return 0;
}
