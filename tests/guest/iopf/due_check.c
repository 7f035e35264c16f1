// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is due in a run of faults with a rate is begun or told, also when its thread stands still at
 * the end of the time. Prints one line a check, in the words of TAP without numbers.
 */
#include <spawn.h>
#include <stdbool.h>
#include <sys/wait.h>

#include "../lib/abi_expect.h"
#include "../lib/bench_dev.h"

#define PAGES	60000

static struct iommubench_thread run_it(struct bench *b, void *pages, uint64_t rate_mhz,
				       uint64_t duration_ns, bool stall)
{
	char *const hog[] = { (char *)"hog", (char *)"1", (char *)"900", NULL };
	struct iommubench_wait wait = { .size = sizeof(wait) };
	struct iommubench_thread thread = { 0 };
	uint32_t cpu = 1;
	void *area;
	int status = 0;
	pid_t pid;

	bench_describe_iopf(b, pages, PAGES);
	b->run.duration_ns = duration_ns;
	b->run.rate_mhz = rate_mhz;
	b->run.cpus = address(&cpu);
	b->run.nr_cpus = 1;
	if (by_ioctl(b, IOMMUBENCH_IOC_PREPARE, &b->run)) {
		report(false, b->message, "is prepared");
		return thread;
	}
	area = mmap(NULL, b->run.mmap_bytes, PROT_READ, MAP_SHARED, b->fd, 0);
	if (area == MAP_FAILED || by_ioctl(b, IOMMUBENCH_IOC_START, NULL))
		return thread;
	if (stall) {
		/* 2.3 s */
		sleep(2);
		usleep(300000);
		status = posix_spawnp(&pid, "hog", NULL, NULL, hog, environ);
		if (!status)
			waitpid(pid, &status, 0);
	}
	expect_true(!status && !by_ioctl(b, IOMMUBENCH_IOC_WAIT, &wait), "has ended");
	thread = *(struct iommubench_thread *)area;
	munmap(area, b->run.mmap_bytes);
	return thread;
}

static void expect_of(const struct iommubench_thread *thread, bool good, const char *name)
{
	char why[120];

	snprintf(why, sizeof(why), "offered %llu, begun %llu, ended %llu, late %llu",
		 thread->offered, thread->begun, thread->ops, thread->late);
	report(good, why, "%s", name);
}

int main(void)
{
	void *pages = mmap(NULL, PAGES * 4096UL, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	struct iommubench_thread thread;
	static struct bench b;

	alarm(120);
	if (pages == MAP_FAILED)
		return 3;
	how = "a stall at the end";
	bench_open(&b);
	thread = run_it(&b, pages, 50000, 3000000000, true);
	expect_of(&thread, thread.offered == 150, "all of the time is offered");
	expect_of(&thread, thread.begun == 150 && thread.ops == 150,
		  "what was due is begun after it");
	expect_of(&thread, thread.late > 10 && thread.late <= 150,
		  "and counted as late");
	bench_close(&b);

	how = "more than can be begun";
	bench_open(&b);
	thread = run_it(&b, pages, 200000000, 250000000, false);
	expect_of(&thread, thread.offered == 50000, "all of the time is offered");
	expect_of(&thread, thread.begun && thread.begun < 50000, "some are never begun");
	expect_of(&thread, thread.late >= 50000 - thread.begun && thread.late <= 50000,
		  "and counted as late");
	bench_close(&b);
	return 0;
}
