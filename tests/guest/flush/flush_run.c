// SPDX-License-Identifier: GPL-2.0-only
/*
 * flush_run STRATEGY MODE BYTES MAPPINGS THREADS ROUNDS [per-thread]: a tlb-flush run by the
 * module's ABI, without the tool. MODE is cost, exposure, stale or device; ROUNDS are each
 * thread's. Prints a line "phase NAME COUNT MIN P50 P99 MAX" for each histogram that is not
 * empty, over all threads, in nanoseconds; "check NAME COUNT FAILURES"; "rounds N"; "overhead
 * TICKS" of an empty sample; and "message TEXT". Exit status as the tool's: 0 done, 1 a check or
 * an operation failed, 2 wrong use, 3 refused.
 */
#include <stdbool.h>
#include <time.h>

#include <iommubench/hist.h>

#include "../lib/bench_dev.h"

static const char *const strategies[] = {
	[IOMMUBENCH_FLUSH_STRICT] = "strict",
	[IOMMUBENCH_FLUSH_LAZY] = "lazy",
	[IOMMUBENCH_FLUSH_GATHER] = "gather",
	[IOMMUBENCH_FLUSH_RANGE] = "range",
	[IOMMUBENCH_FLUSH_PER_PAGE] = "per-page",
	[IOMMUBENCH_FLUSH_FULL] = "full",
	[IOMMUBENCH_FLUSH_PER_MAP_FULL] = "per-map-full",
	[IOMMUBENCH_FLUSH_NONE] = "none",
};

static const char *const modes[] = {
	[IOMMUBENCH_FLUSH_COST] = "cost",
	[IOMMUBENCH_FLUSH_EXPOSURE] = "exposure",
	[IOMMUBENCH_FLUSH_STALE] = "stale",
	[IOMMUBENCH_FLUSH_DEVICE] = "device",
};

static const char *const phases[IOMMUBENCH_TLB_FLUSH_PHASES] = {
	"map", "unmap", "flush", "total", "exposure", "accesses", "cold", "warm", "bystander",
};

static const char *const checks[IOMMUBENCH_CHECKS] = {
	[IOMMUBENCH_CHECK_TRANSFER] = "transfer",
	[IOMMUBENCH_CHECK_READ_REFUSED] = "read-refused",
	[IOMMUBENCH_CHECK_WRITE_REFUSED] = "write-refused",
	[IOMMUBENCH_CHECK_STALE_ACCESS] = "stale-access",
	[IOMMUBENCH_CHECK_REFUSED_IN_TIME] = "refused-in-time",
	[IOMMUBENCH_CHECK_MAPPING] = "mapping",
};

static uint32_t find(const char *const *names, uint32_t n, const char *name)
{
	uint32_t i;

	for (i = 0; i < n; i++)
		if (names[i] && !strcmp(names[i], name))
			return i;
	fprintf(stderr, "flush_run: unknown word %s\n", name);
	exit(2);
}

static const struct iommubench_thread *thread_at(const struct bench *b, const char *area,
						 uint32_t i)
{
	return (const void *)(area + i * b->run.thread_bytes);
}

static const struct iommubench_hist *hist_at(const struct bench *b, const char *area, uint32_t i,
					     uint32_t phase)
{
	return (const void *)(area + i * b->run.thread_bytes + b->run.hist_offset +
			      phase * b->run.hist_bytes);
}

/* Ticks up to the exposure, then plain numbers and the device's nanoseconds. */
static void print_phases(const struct bench *b, const char *area, uint64_t clock_hz)
{
	static struct iommubench_hist sum;
	uint64_t half, most;
	uint32_t i, phase;
	double unit;

	for (phase = 0; phase < b->run.phases; phase++) {
		unit = phase <= IOMMUBENCH_PHASE_FLUSH_EXPOSURE ? 1e9 / (double)clock_hz : 1;
		memset(&sum, 0, sizeof(sum));
		for (i = 0; i < b->run.threads; i++)
			iommubench_hist_merge(&sum, hist_at(b, area, i, phase));
		half = (sum.count + 1) / 2;
		most = (sum.count * 99 + 99) / 100;
		if (sum.count)
			printf("phase %s %llu %.0f %.0f %.0f %.0f\n", phases[phase], sum.count,
			       (double)sum.min * unit,
			       (double)iommubench_hist_value_at(&sum, half) * unit,
			       (double)iommubench_hist_value_at(&sum, most) * unit,
			       (double)sum.max * unit);
	}
}

static bool print_checks(const struct iommubench_result *result)
{
	bool failed = false;
	uint32_t i;

	for (i = 0; i < IOMMUBENCH_CHECKS; i++) {
		if (!result->checks[i].count)
			continue;
		printf("check %s %llu %llu\n", checks[i], result->checks[i].count,
		       result->checks[i].failures);
		failed |= result->checks[i].failures;
	}
	return failed;
}

int main(int argc, char **argv)
{
	struct iommubench_wait wait = { .size = sizeof(wait) };
	struct iommubench_info info = { .size = sizeof(info) };
	struct iommubench_result result = { .size = sizeof(result) };
	static struct bench b;
	static char *area;
	struct iommubench_tlb_flush *params = &b.flush;
	bool failed;

	if (argc < 7) {
		fprintf(stderr, "usage: flush_run STRATEGY MODE BYTES MAPPINGS THREADS ROUNDS [per-thread]\n");
		return 2;
	}
	bench_open(&b);
	bench_describe_flush(&b);
	params->strategy = find(strategies, sizeof(strategies) / sizeof(strategies[0]), argv[1]);
	params->mode = find(modes, sizeof(modes) / sizeof(modes[0]), argv[2]);
	params->mapping_bytes = strtoull(argv[3], NULL, 10);
	params->mappings = (uint32_t)strtoul(argv[4], NULL, 10);
	params->domains = argc > 7 ? IOMMUBENCH_FLUSH_PER_THREAD : IOMMUBENCH_FLUSH_SHARED;
	b.run.threads = (uint32_t)strtoul(argv[5], NULL, 10);
	b.run.count = strtoull(argv[6], NULL, 10) * params->mappings;
	if (params->mode == IOMMUBENCH_FLUSH_COST)
		b.run.count *= b.run.threads;
	if (by_ioctl(&b, IOMMUBENCH_IOC_INFO, &info))
		return 1;
	if (by_ioctl(&b, IOMMUBENCH_IOC_PREPARE, &b.run)) {
		printf("message %s\n", b.message);
		return 3;
	}
	area = mmap(NULL, b.run.mmap_bytes, PROT_READ, MAP_SHARED, b.fd, 0);
	if (area == MAP_FAILED || by_ioctl(&b, IOMMUBENCH_IOC_START, NULL) ||
	    by_ioctl(&b, IOMMUBENCH_IOC_WAIT, &wait))
		return 1;
	result.message = address(b.message);
	result.message_bytes = sizeof(b.message);
	if (by_ioctl(&b, IOMMUBENCH_IOC_RESULT, &result))
		return 1;
	print_phases(&b, area, info.clock_hz);
	failed = print_checks(&result) || result.end != IOMMUBENCH_END_COUNT;
	printf("rounds %llu\n", thread_at(&b, area, 0)->ops / params->mappings);
	printf("overhead %llu\n", thread_at(&b, area, 0)->overhead_ticks);
	printf("message %s\n", b.message);
	bench_close(&b);
	return failed;
}
