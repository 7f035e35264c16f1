// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a run in the module's ABI: the order of its commands, what its threads tell, its
 * gates and its ends. By ioctl and by io_uring, with the same expectations, and what only one of
 * the two has.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/wait.h>

#include "../lib/abi_expect.h"
#include "../lib/bench_dev.h"
#include "iommubench/hist.h"

/* Can that be mapped? It is not kept. */
static bool can_map(const struct bench *b, size_t bytes, int prot, off_t offset)
{
	void *area = mmap(NULL, bytes, prot, MAP_SHARED, b->fd, offset);
	int err = errno;

	if (area == MAP_FAILED) {
		errno = err;
		return false;
	}
	munmap(area, bytes);
	return true;
}

static struct iommubench_thread *thread_at(const struct bench *b, void *area, unsigned int i)
{
	return (struct iommubench_thread *)((char *)area + i * b->run.thread_bytes);
}

static struct iommubench_hist *hist_at(const struct bench *b, void *area, unsigned int i,
				       unsigned int phase)
{
	return (struct iommubench_hist *)((char *)thread_at(b, area, i) + b->run.hist_offset +
					  phase * b->run.hist_bytes);
}

static void check_order(struct bench *b, command_fn command)
{
	struct iommubench_memory memory = { .size = sizeof(memory) };
	struct iommubench_wait wait = { .size = sizeof(wait) };
	struct iommubench_result result = { .size = sizeof(result) };

	expect(command(b, IOMMUBENCH_IOC_START, NULL), -EINVAL, "START before PREPARE");
	expect(command(b, IOMMUBENCH_IOC_STOP, NULL), -EINVAL, "STOP before PREPARE");
	expect(command(b, IOMMUBENCH_IOC_WAIT, &wait), -EINVAL, "WAIT before PREPARE");
	expect(command(b, IOMMUBENCH_IOC_RESULT, &result), -EINVAL, "RESULT before PREPARE");
	expect(command(b, IOMMUBENCH_IOC_MEMORY, &memory), -EINVAL, "MEMORY before PREPARE");
	expect_true(!can_map(b, 4096, PROT_READ, 0), "no mapping before PREPARE");
	expect(command(b, IOMMUBENCH_IOC_PREPARE, &b->run), 0, "PREPARE");
	expect(command(b, IOMMUBENCH_IOC_WAIT, &wait), -EINVAL, "WAIT before START");
	expect(command(b, IOMMUBENCH_IOC_STOP, NULL), -EINVAL, "STOP before START");
	expect(command(b, IOMMUBENCH_IOC_RESULT, &result), -EINVAL, "RESULT before START");
	expect(command(b, IOMMUBENCH_IOC_START, NULL), 0, "START");
	expect(command(b, IOMMUBENCH_IOC_START, NULL), -EALREADY, "START twice");
	expect(command(b, IOMMUBENCH_IOC_WAIT, &wait), 0, "WAIT");
	expect(command(b, IOMMUBENCH_IOC_WAIT, &wait), 0, "WAIT again");
	expect(command(b, IOMMUBENCH_IOC_RESULT, &result), 0, "RESULT");
	expect_true(result.end == IOMMUBENCH_END_COUNT && !result.error, "it ended by its count");
	result = (struct iommubench_result){ .size = sizeof(result) };
	expect(command(b, IOMMUBENCH_IOC_RESULT, &result), 0, "RESULT again");
	expect_true(result.end == IOMMUBENCH_END_COUNT, "with the same in it");
	expect_true(command(b, IOMMUBENCH_IOC_START, NULL) < 0, "no START after the end");
	wait.reserved = 1;
	expect(command(b, IOMMUBENCH_IOC_WAIT, &wait), -EINVAL, "WAIT with a reserved field");
	bench_describe(b);
}

/* Where a run's memory comes from: no more is told than there is room for. */
static void check_memory(struct bench *b, command_fn command)
{
	struct iommubench_node_memory nodes[2] = { { 0 } };
	struct iommubench_memory told = {
		.size = sizeof(told),
		.nr_nodes = 1,
		.nodes = (uintptr_t)nodes,
	};

	nodes[1].buffer_bytes = 42;
	expect(command(b, IOMMUBENCH_IOC_PREPARE, &b->run), 0, "PREPARE for its memory");
	expect(command(b, IOMMUBENCH_IOC_MEMORY, &told), 0, "MEMORY");
	expect_true(told.nr_nodes >= 1 && nodes[0].buffer_bytes >= 4096 &&
		    nodes[0].count_bytes >= b->run.mmap_bytes, "it tells of node 0");
	expect_true(nodes[1].buffer_bytes == 42 && !nodes[1].count_bytes, "and of no other one");
	told.nodes = 8;
	told.nr_nodes = 1;
	expect(command(b, IOMMUBENCH_IOC_MEMORY, &told), -EFAULT, "MEMORY to nowhere");
	told.nr_nodes = 0;
	expect(command(b, IOMMUBENCH_IOC_MEMORY, &told), 0, "MEMORY without room");
	told.size = 8;
	expect(command(b, IOMMUBENCH_IOC_MEMORY, &told), -EINVAL, "MEMORY of half a size");
	bench_describe(b);
}

static void check_counts(struct bench *b, command_fn command)
{
	struct iommubench_wait wait = { .size = sizeof(wait) };
	uint64_t ops = 0, maps = 0, unmaps = 0;
	unsigned int i, bad = 0;
	void *area;

	b->run.threads = 3;
	b->run.count = 1000;
	expect(command(b, IOMMUBENCH_IOC_PREPARE, &b->run), 0, "PREPARE of three threads");
	expect_true(b->run.phases == IOMMUBENCH_MAP_UNMAP_PHASES &&
		    b->run.mmap_bytes >= 3 * b->run.thread_bytes &&
		    b->run.hist_bytes >= sizeof(struct iommubench_hist) &&
		    b->run.hist_offset >= sizeof(struct iommubench_thread) &&
		    b->run.thread_bytes >= b->run.hist_offset + b->run.phases * b->run.hist_bytes,
		    "PREPARE tells a layout that holds everything");
	expect_true(b->params.batch == 1 && b->params.window_out >= 1 &&
		    b->params.piece_bytes == 4096, "PREPARE tells what it chose");

	expect_true(!can_map(b, b->run.mmap_bytes, PROT_READ | PROT_WRITE, 0) && errno == EACCES,
		    "the pages cannot be mapped for writing");
	expect_true(!can_map(b, 4096, PROT_READ, 4096), "nor from the middle");
	expect_true(!can_map(b, b->run.mmap_bytes + (1 << 20), PROT_READ, 0), "nor beyond their end");
	area = mmap(NULL, b->run.mmap_bytes, PROT_READ, MAP_SHARED, b->fd, 0);
	expect_true(area != MAP_FAILED, "they can be mapped for reading");
	expect_true(mprotect(area, 4096, PROT_READ | PROT_WRITE) && errno == EACCES,
		    "and not be made writable later");

	expect(command(b, IOMMUBENCH_IOC_START, NULL), 0, "START of three threads");
	expect(command(b, IOMMUBENCH_IOC_WAIT, &wait), 0, "WAIT for three threads");
	for (i = 0; i < 3; i++) {
		const struct iommubench_thread *t = thread_at(b, area, i);

		ops += t->ops;
		maps += hist_at(b, area, i, IOMMUBENCH_PHASE_MAP)->count;
		unmaps += hist_at(b, area, i, IOMMUBENCH_PHASE_UNMAP)->count;
		bad += t->state != IOMMUBENCH_THREAD_DONE || t->end_tick <= t->start_tick ||
		       t->ops < 333 || t->ops > 334 || !t->resolution_ticks ||
		       !t->overhead_batch ||
		       hist_at(b, area, i, IOMMUBENCH_PHASE_MAP_SERVICE)->count;
	}
	expect_true(ops == 1000, "the threads did exactly the count");
	expect_true(maps == 1000 && unmaps == 1000, "every map and unmap is in a histogram");
	expect_true(!bad, "what the threads tell of themselves fits");
	munmap(area, b->run.mmap_bytes);
	bench_describe(b);
}

/* 100 operations in two threads are three rounds of 16 each, and one of two each. */
static void check_flush_counts(struct bench *b, command_fn command)
{
	struct iommubench_wait wait = { .size = sizeof(wait) };
	struct {
		uint32_t size;
		char rest[offsetof(struct iommubench_result, checks[3]) - 4];
		char beyond[16];
	} older = { .size = offsetof(struct iommubench_result, checks[3]) };
	uint64_t ops = 0, rounds = 0, others = 0;
	unsigned int i, phase;
	void *area;

	bench_describe_flush(b);
	expect(command(b, IOMMUBENCH_IOC_PREPARE, &b->run), 0, "PREPARE of flushes");
	expect_true(b->run.phases == IOMMUBENCH_TLB_FLUSH_PHASES && b->run.batch == 1,
		    "PREPARE tells the phases, and that a round is a sample");
	area = mmap(NULL, b->run.mmap_bytes, PROT_READ, MAP_SHARED, b->fd, 0);
	expect(command(b, IOMMUBENCH_IOC_START, NULL), 0, "START of flushes");
	expect(command(b, IOMMUBENCH_IOC_WAIT, &wait), 0, "WAIT for flushes");
	memset(older.beyond, 0xa5, sizeof(older.beyond));
	expect(command(b, IOMMUBENCH_IOC_RESULT, &older), 0, "RESULT for an older tool");
	expect_true(older.beyond[0] == (char)0xa5 && older.beyond[15] == (char)0xa5,
		    "RESULT writes no further than the tool has room");
	for (i = 0; i < 2; i++) {
		const struct iommubench_thread *t = thread_at(b, area, i);

		ops += t->ops;
		rounds += hist_at(b, area, i, IOMMUBENCH_PHASE_FLUSH_TOTAL)->count;
		for (phase = 0; phase < b->run.phases; phase++)
			others += hist_at(b, area, i, phase)->count;
		expect_true(t->overhead_batch == 16 && t->overhead_ticks,
			    "the empty round is measured");
	}
	expect_true(ops == 100, "the rounds did exactly the count");
	expect_true(rounds == 6, "every whole round is in a histogram");
	expect_true(others == 4 * rounds, "with its maps, unmaps and flushes");
	munmap(area, b->run.mmap_bytes);
	bench_describe(b);
}

/* Waits until all threads stand at a gate; false when they are past all of them. */
static bool at_gate(const struct bench *b, void *area, uint32_t gate)
{
	unsigned int i = 0;

	while (i < b->run.threads) {
		const struct iommubench_thread *t = thread_at(b, area, i);
		uint32_t state = __atomic_load_n(&t->state, __ATOMIC_ACQUIRE);

		if (state == IOMMUBENCH_THREAD_DRAINING || state == IOMMUBENCH_THREAD_DONE)
			return false;
		if (__atomic_load_n(&t->gate, __ATOMIC_ACQUIRE) == gate)
			i++;
		else
			usleep(100);
	}
	return true;
}

/*
 * Passes all gates of a prepared run by phases. @word receives a letter for each: n, m, u, f or t
 * for what comes behind it, and c for the last; @ops the sums of each of these.
 */
static void pass_gates(struct bench *b, command_fn command, void *area, char *word, size_t n,
		       uint64_t *ops)
{
	static const char letters[] = "muft";
	unsigned int gate, i;
	int ret = 0;

	memset(word, 0, n);
	for (gate = 1; gate < n && !ret && at_gate(b, area, gate); gate++) {
		const struct iommubench_thread *first = thread_at(b, area, 0);
		char letter = first->phase < 4 ? letters[first->phase] : 'n';

		if (first->state == IOMMUBENCH_THREAD_COUNTED)
			letter = 'c';
		for (i = 0; i < b->run.threads; i++) {
			const struct iommubench_thread *t = thread_at(b, area, i);

			if (first->phase < 4)
				ops[first->phase] += t->phase_ops;
			else if (t->phase_ops)
				letter = '!';
			if (t->phase != first->phase || t->state != first->state)
				letter = '?';
		}
		word[gate - 1] = letter;
		ret = command(b, IOMMUBENCH_IOC_START, NULL);
	}
	expect(ret, 0, "START at each gate");
	expect(command(b, IOMMUBENCH_IOC_START, NULL), -EALREADY, "START after the last gate");
}

/* One run by phases: which gates it has, and what is done between them. */
static void check_one_by_phase(struct bench *b, command_fn command, const char *gates,
			       uint64_t maps, uint64_t unmaps, uint64_t flushes, uint64_t both,
			       const char *name)
{
	const uint64_t wanted[4] = { maps, unmaps, flushes, both };
	struct iommubench_wait wait = { .size = sizeof(wait) };
	struct iommubench_result result = { .size = sizeof(result) };
	uint64_t ops[4] = { 0 }, done = 0, samples = 0;
	char word[100], why[300];
	unsigned int i, phase;
	void *area;

	b->run.flags = IOMMUBENCH_RUN_GATES | IOMMUBENCH_RUN_PHASES;
	expect(command(b, IOMMUBENCH_IOC_PREPARE, &b->run), 0, name);
	area = mmap(NULL, b->run.mmap_bytes, PROT_READ, MAP_SHARED, b->fd, 0);
	expect(command(b, IOMMUBENCH_IOC_START, NULL), 0, "START by phases");
	pass_gates(b, command, area, word, sizeof(word), ops);
	snprintf(why, sizeof(why), "got %s, expected %s", word, gates);
	report(!strcmp(word, gates), why, "%s: its gates", name);
	snprintf(why, sizeof(why), "%llu %llu %llu %llu", (unsigned long long)ops[0],
		 (unsigned long long)ops[1], (unsigned long long)ops[2],
		 (unsigned long long)ops[3]);
	report(!memcmp(ops, wanted, sizeof(ops)), why, "%s: operations of its phases", name);
	expect(command(b, IOMMUBENCH_IOC_WAIT, &wait), 0, "WAIT by phases");
	expect(command(b, IOMMUBENCH_IOC_RESULT, &result), 0, "RESULT by phases");
	expect_true(result.end == IOMMUBENCH_END_COUNT && !result.error, "it ended by its count");
	for (i = 0; i < b->run.threads; i++) {
		done += thread_at(b, area, i)->ops;
		for (phase = 0; phase < b->run.phases; phase++)
			samples += hist_at(b, area, i, phase)->count;
	}
	expect_true(done == b->run.count, "the threads did exactly the count");
	expect_true(!samples, "and timed nothing");
	munmap(area, b->run.mmap_bytes);
	bench_describe(b);
}

static void check_phases(struct bench *b, command_fn command)
{
	struct iommubench_wait wait = { .size = sizeof(wait) };
	struct iommubench_result result = { .size = sizeof(result) };
	unsigned int stand, gate;
	void *area;

	b->run.threads = 2;
	b->run.count = 50;
	b->params.window = 10;
	check_one_by_phase(b, command, "nmunmunmuc", 50, 50, 0, 0, "two threads by phase");
	b->run.threads = 3;
	b->run.count = 2;
	check_one_by_phase(b, command, "nmuc", 2, 2, 0, 0, "a thread with nothing to do");
	b->run.batch = 4;
	b->run.count = 6;
	b->params.api = IOMMUBENCH_API_IOMMU_FAST;
	b->params.window = 8;
	b->params.prefill = 3;
	check_one_by_phase(b, command, "nmuc", 6, 6, 0, 0, "batches by phase");
	bench_describe_flush(b);
	check_one_by_phase(b, command, "nmufnmufnmufnmufc", 100, 100, 8, 0, "flushes by phase");
	bench_describe_flush(b);
	b->flush.strategy = IOMMUBENCH_FLUSH_PER_PAGE;
	b->run.count = 32;
	check_one_by_phase(b, command, "nmtc", 32, 0, 0, 32, "unmaps that are flushed at once");
	bench_describe_flush(b);
	b->flush.strategy = IOMMUBENCH_FLUSH_STRICT;
	b->run.count = 32;
	check_one_by_phase(b, command, "nmuc", 32, 32, 0, 0, "strict unmaps by phase");

	/* Where nothing is mapped, and where all of it is. */
	for (stand = 1; stand <= 4; stand++) {
		b->run.flags = IOMMUBENCH_RUN_GATES | IOMMUBENCH_RUN_PHASES;
		b->run.threads = 2;
		b->params.window = 8;
		expect(command(b, IOMMUBENCH_IOC_PREPARE, &b->run), 0, "PREPARE by phases");
		area = mmap(NULL, b->run.mmap_bytes, PROT_READ, MAP_SHARED, b->fd, 0);
		expect(command(b, IOMMUBENCH_IOC_START, NULL), 0, "START by phases");
		for (gate = 1; at_gate(b, area, gate) && gate < stand; gate++)
			command(b, IOMMUBENCH_IOC_START, NULL);
		munmap(area, b->run.mmap_bytes);
		bench_describe(b);
		/* The last one is replaced by the next PREPARE as it stands. */
		if (stand == 4)
			break;
		expect(command(b, IOMMUBENCH_IOC_STOP, NULL), 0, "STOP at a gate");
		expect(command(b, IOMMUBENCH_IOC_WAIT, &wait), 0, "WAIT after that");
		expect(command(b, IOMMUBENCH_IOC_RESULT, &result), 0, "RESULT after that");
		expect_true(result.end == IOMMUBENCH_END_STOPPED, "it was stopped");
	}
}

/* Runs that go on until something ends them. */
static void describe_endless(struct bench *b)
{
	bench_describe(b);
	b->run.count = 0;
	b->run.duration_ns = 600ULL * 1000000000;
}

static void check_stop(struct bench *b, command_fn command)
{
	struct iommubench_wait wait = { .size = sizeof(wait) };
	struct iommubench_result result = { .size = sizeof(result) };

	bench_describe_flush(b);
	b->run.count = 0;
	b->run.duration_ns = 600ULL * 1000000000;
	expect(command(b, IOMMUBENCH_IOC_PREPARE, &b->run), 0, "PREPARE of flushes without end");
	expect(command(b, IOMMUBENCH_IOC_START, NULL), 0, "START of flushes without end");
	expect(command(b, IOMMUBENCH_IOC_STOP, NULL), 0, "STOP of flushes");
	expect(command(b, IOMMUBENCH_IOC_WAIT, &wait), 0, "WAIT after STOP of flushes");
	expect(command(b, IOMMUBENCH_IOC_RESULT, &result), 0, "RESULT after STOP of flushes");
	expect_true(result.end == IOMMUBENCH_END_STOPPED, "it says that they were stopped");

	describe_endless(b);
	expect(command(b, IOMMUBENCH_IOC_PREPARE, &b->run), 0, "PREPARE of a long run");
	expect(command(b, IOMMUBENCH_IOC_START, NULL), 0, "START of a long run");
	expect(command(b, IOMMUBENCH_IOC_RESULT, &result), -EBUSY, "RESULT while it runs");
	expect(command(b, IOMMUBENCH_IOC_STOP, NULL), 0, "STOP");
	expect(command(b, IOMMUBENCH_IOC_STOP, NULL), 0, "STOP again");
	expect(command(b, IOMMUBENCH_IOC_WAIT, &wait), 0, "WAIT after STOP");
	expect(command(b, IOMMUBENCH_IOC_RESULT, &result), 0, "RESULT after STOP");
	expect_true(result.end == IOMMUBENCH_END_STOPPED, "it says that it was stopped");

	describe_endless(b);
	expect(command(b, IOMMUBENCH_IOC_PREPARE, &b->run), 0, "PREPARE of the next run");
	expect(command(b, IOMMUBENCH_IOC_START, NULL), 0, "START of the next run");
	bench_describe(b);
	expect(command(b, IOMMUBENCH_IOC_PREPARE, &b->run), 0, "PREPARE while a run is under way");
	expect(command(b, IOMMUBENCH_IOC_START, NULL), 0, "which it replaces");
	expect(command(b, IOMMUBENCH_IOC_WAIT, &wait), 0, "and ends");
	bench_describe(b);
}

static void check_two_files(struct bench *b, command_fn command)
{
	struct bench second;

	expect(command(b, IOMMUBENCH_IOC_PREPARE, &b->run), 0, "PREPARE by the first of two");
	bench_open(&second);
	expect_refusal(&second, command, -EBUSY, "busy with a run of process",
		       "PREPARE by the second of two");
	bench_close(b);
	expect(command(&second, IOMMUBENCH_IOC_PREPARE, &second.run), 0,
	       "the second gets its turn when the first has closed");
	bench_close(&second);
	bench_open(b);
}

/* A mapping outlives the file that it was made from. */
static void check_mapping_lives(struct bench *b, command_fn command)
{
	struct iommubench_wait wait = { .size = sizeof(wait) };
	void *area;
	pid_t child;
	int status;

	command(b, IOMMUBENCH_IOC_PREPARE, &b->run);
	area = mmap(NULL, b->run.mmap_bytes, PROT_READ, MAP_SHARED, b->fd, 0);
	command(b, IOMMUBENCH_IOC_START, NULL);
	command(b, IOMMUBENCH_IOC_WAIT, &wait);
	child = fork();
	if (!child)
		_exit(thread_at(b, area, 0)->ops == 100 ? 0 : 1);
	waitpid(child, &status, 0);
	expect_true(status == 0, "a child sees the counters");
	bench_close(b);
	expect_true(thread_at(b, area, 0)->ops == 100, "the counters outlive the file");
	munmap(area, 4096);
	munmap((char *)area + 4096, b->run.mmap_bytes - 4096);
	bench_open(b);
}

static bool set_online(bool on)
{
	int fd = open("/sys/devices/system/cpu/cpu1/online", O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, on ? "1" : "0", 1) == 1;

	if (fd >= 0)
		close(fd);
	return done;
}

/* It was there when the run was prepared, and is not when it starts. */
static void check_cpu_gone(struct bench *b, command_fn command)
{
	struct iommubench_wait wait = { .size = sizeof(wait) };
	struct iommubench_result result = {
		.size = sizeof(result),
		.message = address(b->message),
		.message_bytes = sizeof(b->message),
	};
	uint32_t cpus[] = { 0, 1 };

	b->run.cpus = address(cpus);
	b->run.nr_cpus = 2;
	b->run.threads = 4;
	b->run.count = 1 << 30;
	expect(command(b, IOMMUBENCH_IOC_PREPARE, &b->run), 0, "PREPARE on two CPUs");
	expect_true(set_online(false), "one of them is taken offline");
	expect(command(b, IOMMUBENCH_IOC_START, NULL), 0, "START after that");
	expect(command(b, IOMMUBENCH_IOC_WAIT, &wait), 0, "WAIT after that");
	expect(command(b, IOMMUBENCH_IOC_RESULT, &result), 0, "RESULT after that");
	expect_true(result.end == IOMMUBENCH_END_ERROR && result.error == ENODEV &&
		    strstr(b->message, "CPU 1, which thread 1 is pinned to, was taken offline"),
		    "it tells which CPU is missing");
	expect_true(set_online(true), "it is put online again");
	bench_describe(b);
}

static uint64_t memory_free(void)
{
	uint64_t kib = 0;
	char line[200];
	FILE *info = fopen("/proc/meminfo", "r");

	while (info && !kib && fgets(line, sizeof(line), info))
		sscanf(line, "MemFree: %" SCNu64, &kib);
	if (info)
		fclose(info);
	return kib << 10;
}

/*
 * Has a process ask for so many bytes, page by page, and kills it as soon as it has a part of them.
 * Return: whether it was killed in its PREPARE; @b is shared with it, and so has the answer.
 */
static bool kill_in_prepare(struct bench *b, uint64_t bytes)
{
	uint64_t before = memory_free();
	pid_t child;
	int status;

	memset(b, 0, sizeof(*b));
	child = fork();
	if (!child) {
		bench_open(b);
		b->params.api = IOMMUBENCH_API_DMA_SG;
		b->params.buffer = IOMMUBENCH_BUFFER_SCATTERED;
		b->params.mapping_bytes = 1 << 20;
		b->params.window = bytes >> 20;
		by_ioctl(b, IOMMUBENCH_IOC_PREPARE, &b->run);
		_exit(0);
	}
	while (memory_free() + bytes / 16 > before)
		if (waitpid(child, &status, WNOHANG) == child)
			return false;
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	return WIFSIGNALED(status);
}

/*
 * A PREPARE that takes hundreds of MiB is given up when its process is killed. Whether it was is
 * told by its answer, as the process dies in either case: where it was done, it has a layout. It
 * may have had all of its memory already, and then it is tried again.
 */
static void check_prepare_killed(void)
{
	struct bench *b = mmap(NULL, sizeof(*b), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	bool killed = false, given_up = false;
	unsigned int i;

	how = "killed";
	for (i = 0; i < 10 && !given_up; i++)
		if (kill_in_prepare(b, 256 << 20)) {
			killed = true;
			given_up = !b->run.mmap_bytes;
		}
	expect_true(killed, "PREPARE was taking memory");
	expect_true(given_up, "and was given up when its process was killed");
	munmap(b, sizeof(*b));
}

static void check_all(struct bench *b, command_fn command, const char *name)
{
	how = name;
	bench_open(b);
	check_order(b, command);
	check_memory(b, command);
	check_counts(b, command);
	check_flush_counts(b, command);
	check_phases(b, command);
	check_stop(b, command);
	check_two_files(b, command);
	check_mapping_lives(b, command);
	check_cpu_gone(b, command);
	bench_close(b);
}

/* --- what only one of the two ways has ----------------------------------- */

static void check_ioctl_only(struct bench *b)
{
	struct iommubench_wait wait = { .size = sizeof(wait), .timeout_ns = 20000000 };

	how = "ioctl";
	bench_open(b);
	describe_endless(b);
	by_ioctl(b, IOMMUBENCH_IOC_PREPARE, &b->run);
	by_ioctl(b, IOMMUBENCH_IOC_START, NULL);
	expect(by_ioctl(b, IOMMUBENCH_IOC_WAIT, &wait), -ETIME, "WAIT gives up in time");
	wait.timeout_ns = 1;
	expect(by_ioctl(b, IOMMUBENCH_IOC_WAIT, &wait), -ETIME, "WAIT gives up at once");
	bench_close(b);
}

/* Start an endless run and queue a WAIT for it; give the WAIT some time to begin. */
static void wait_for_endless(struct bench *b, unsigned int attempt)
{
	static struct iommubench_wait wait = { .size = sizeof(wait) };

	describe_endless(b);
	by_uring(b, IOMMUBENCH_IOC_PREPARE, &b->run);
	by_uring(b, IOMMUBENCH_IOC_START, NULL);
	uring_sqe(b, IOMMUBENCH_IOC_WAIT, &wait);
	io_uring_submit(&b->ring);
	usleep(20000U << attempt);
}

/* Has the run ended without STOP? It is stopped if not. */
static bool ended_by_itself(struct bench *b)
{
	struct iommubench_wait wait = { .size = sizeof(wait), .timeout_ns = 1000000000 };
	struct iommubench_result result = { .size = sizeof(result) };
	bool ended = !by_ioctl(b, IOMMUBENCH_IOC_WAIT, &wait);

	by_ioctl(b, IOMMUBENCH_IOC_STOP, NULL);
	wait.timeout_ns = 0;
	by_ioctl(b, IOMMUBENCH_IOC_WAIT, &wait);
	by_ioctl(b, IOMMUBENCH_IOC_RESULT, &result);
	return ended && result.end == IOMMUBENCH_END_STOPPED;
}

/*
 * A WAIT that is given up ends its run, by cancelling it, by a linked timeout and
 * by closing its ring. One that had not even begun cannot, and a busy machine may
 * take its time, so each is tried with more and more patience.
 */
static void check_giving_up(struct bench *b)
{
	struct iommubench_wait wait = { .size = sizeof(wait) };
	struct __kernel_timespec moment;
	struct io_uring_sqe *sqe;
	uint64_t which = 0;
	unsigned int attempt;
	int i, ret, waited = 1;
	bool ended = false;

	for (attempt = 0; attempt < 7 && !ended; attempt++) {
		wait_for_endless(b, attempt);
		sqe = io_uring_get_sqe(&b->ring);
		io_uring_prep_cancel64(sqe, IOMMUBENCH_IOC_WAIT, 0);
		sqe->user_data = 1;
		io_uring_submit(&b->ring);
		for (i = 0; i < 2; i++) {
			ret = uring_result(b, &which);
			if (which != 1)
				waited = ret;
		}
		ended = ended_by_itself(b);
	}
	expect(waited, -ECANCELED, "a cancelled WAIT");
	expect_true(ended, "a cancelled WAIT ends the run");

	for (attempt = 0, ended = false; attempt < 7 && !ended; attempt++) {
		describe_endless(b);
		by_uring(b, IOMMUBENCH_IOC_PREPARE, &b->run);
		by_uring(b, IOMMUBENCH_IOC_START, NULL);
		moment = (struct __kernel_timespec){ .tv_nsec = 12500000 << attempt };
		sqe = uring_sqe(b, IOMMUBENCH_IOC_WAIT, &wait);
		sqe->flags |= IOSQE_IO_LINK;
		sqe = io_uring_get_sqe(&b->ring);
		io_uring_prep_link_timeout(sqe, &moment, 0);
		sqe->user_data = 1;
		io_uring_submit(&b->ring);
		for (i = 0; i < 2; i++) {
			ret = uring_result(b, &which);
			if (which != 1)
				waited = ret;
		}
		ended = ended_by_itself(b);
	}
	expect(waited, -ECANCELED, "a WAIT with a linked timeout");
	expect_true(ended, "a linked timeout ends the run");

	for (attempt = 0, ended = false; attempt < 7 && !ended; attempt++) {
		wait_for_endless(b, attempt);
		io_uring_queue_exit(&b->ring);
		ended = ended_by_itself(b);
		io_uring_queue_init(8, &b->ring, 0);
	}
	expect_true(ended, "closing the ring of a WAIT ends the run");
}

static void check_uring_only(struct bench *b)
{
	struct iommubench_info info = { .size = sizeof(info) };
	struct iommubench_wait wait = { .size = sizeof(wait), .timeout_ns = 1 };
	int i, ret = 0;

	how = "io_uring";
	bench_open(b);
	by_ioctl(b, IOMMUBENCH_IOC_INFO, &info);
	expect_true(info.features & IOMMUBENCH_FEATURE_URING_CANCEL, "WAIT can be cancelled");
	describe_endless(b);
	by_uring(b, IOMMUBENCH_IOC_PREPARE, &b->run);
	by_uring(b, IOMMUBENCH_IOC_START, NULL);
	expect(by_uring(b, IOMMUBENCH_IOC_WAIT, &wait), -EINVAL, "WAIT has no time limit of its own");

	/* The ring is not blocked by what waits in it. */
	wait.timeout_ns = 0;
	uring_sqe(b, IOMMUBENCH_IOC_WAIT, &wait);
	uring_sqe(b, IOMMUBENCH_IOC_WAIT, &wait);
	uring_sqe(b, IOMMUBENCH_IOC_STOP, NULL);
	io_uring_submit(&b->ring);
	for (i = 0; i < 3; i++)
		ret |= uring_result(b, NULL);
	expect(ret, 0, "two WAITs end with the run");

	check_giving_up(b);
	bench_close(b);
}

int main(void)
{
	static struct bench b;

	/* A command that never comes back ends the test, and the last line tells where. */
	alarm(600);
	check_all(&b, by_ioctl, "ioctl");
	check_all(&b, by_uring, "io_uring");
	check_ioctl_only(&b);
	check_uring_only(&b);
	check_prepare_killed();
	return 0;
}
