// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the harness itself costs, and how fine its clock is: measured by every
 * worker before it starts, reported, and never subtracted here.
 */
#include <linux/gcd.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "clock.h"
#include "run/calibrate.h"

#define CALIBRATE_SAMPLES	501
/* Steps of the clock to look at, and reads after which a clock counts as stuck. */
#define CALIBRATE_STEPS		64
#define CALIBRATE_READS		1000000

static int compare_ticks(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

/**
 * bench_clock_resolution() - the step that the clock moves in
 *
 * The greatest common divisor of the steps seen, because two reads may be further
 * apart than one step.
 *
 * Return: ticks.
 */
unsigned long bench_clock_resolution(void)
{
	u64 last = bench_clock();
	unsigned long step = 0;
	unsigned int steps = 0, reads;

	for (reads = 0; reads < CALIBRATE_READS && steps < CALIBRATE_STEPS; reads++) {
		u64 now = bench_clock();

		if (now == last)
			continue;
		step = gcd(step, now - last);
		last = now;
		steps++;
	}
	return step;
}

/**
 * bench_calibrate() - fill in what a thread's page says of clock and harness
 * @t: the worker, running where it will work
 *
 * Context: the worker's kernel thread; sleeps for memory, takes well below 10 ms.
 */
void bench_calibrate(struct bench_thread *t)
{
	struct iommubench_thread *page = t->page;
	unsigned int i;
	u64 *samples;

	page->resolution_ticks = bench_clock_resolution();
	page->overhead_batch = t->run->empty_batch ?: t->run->batch;
	samples = kmalloc_array(CALIBRATE_SAMPLES, sizeof(*samples), GFP_KERNEL);
	if (!samples)
		return;
	for (i = 0; i < CALIBRATE_SAMPLES; i++)
		samples[i] = t->run->ops->sample_empty(t);
	sort(samples, CALIBRATE_SAMPLES, sizeof(*samples), compare_ticks, NULL);
	page->overhead_ticks = samples[CALIBRATE_SAMPLES / 2];
	kfree(samples);
}
