// SPDX-License-Identifier: GPL-2.0-only
#include "lib/io_run.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <liburing.h>

#include "iommubench/hist.h"
#include "lib/xalloc.h"

/* Reads of the clock, to see its step and its cost. */
#define CLOCK_READS	256
/* Between two threads' data. */
#define CACHE_LINE	64

/* One request's place: when it was begun, where, what, and whether it is counted. */
struct slot {
	uint64_t begun;
	uint64_t offset;
	enum io_direction direction;
	bool counts;
};

/* What threads wait for when they are set up. */
enum gate {
	GATE_SHUT = 0,
	GATE_OPEN,
	GATE_ABORT,
};

/**
 * struct worker - a thread and all that it writes
 * @load: what it belongs to
 * @thread: of pthread
 * @started: @thread exists
 * @ring: its ring
 * @slots: its requests
 * @buffers: of all slots, one after the other
 * @buffer_bytes: of @buffers
 * @random: state of its generator
 * @first: first block of its part, when it goes through it
 * @blocks: of its part
 * @next: block that comes next
 * @quota: requests that it may count, 0: no limit
 * @issued: requests that count, begun so far
 * @failed: requests that failed
 * @cpu_ns: its CPU time while it counted
 * @told: as the module's threads tell
 * @hist: by enum io_direction
 * @error: what went wrong
 */
struct worker {
	struct io_load *load;
	pthread_t thread;
	bool started;
	struct io_uring ring;
	struct slot *slots;
	char *buffers;
	size_t buffer_bytes;
	uint64_t random;
	uint64_t first;
	uint64_t blocks;
	uint64_t next;
	uint64_t quota;
	uint64_t issued;
	uint64_t failed;
	uint64_t cpu_ns;
	struct iommubench_thread told;
	struct iommubench_hist hist[IO_DIRECTIONS];
	struct error error;
} __attribute__((aligned(CACHE_LINE)));

/* Idle time of all CPUs, and when it was read. */
struct idle {
	double ns;
	uint64_t at_ns;
};

/**
 * struct io_load - threads at work
 * @job: what they do
 * @workers: the threads
 * @lock: of @gate and @ready
 * @change: of either
 * @gate: whether threads that are set up may go on
 * @ready: threads that are set up, or could not be
 * @begin_ns: when counting begins
 * @end_ns: when no request is begun any more, 0: never
 * @stop: no request is to be begun any more
 * @done: eventfd that each thread adds 1 to at its end
 * @nr_done: read from it so far
 * @stopped_by_user: io_wait() has seen a signal
 * @counting: @idle is that of the begin
 * @idle: of the CPUs when counting began
 */
struct io_load {
	const struct io_job *job;
	struct worker *workers;
	pthread_mutex_t lock;
	pthread_cond_t change;
	enum gate gate;
	unsigned int ready;
	uint64_t begin_ns;
	uint64_t end_ns;
	bool stop;
	int done;
	unsigned int nr_done;
	bool stopped_by_user;
	bool counting;
	struct idle idle;
};

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* splitmix64: one multiplication a step is enough for places. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static uint64_t random_below(uint64_t *state, uint64_t n)
{
	unsigned __int128 product = next_random(state);

	product *= n;
	return (uint64_t)(product >> 64);
}

static bool should_stop(const struct io_load *load)
{
	return __atomic_load_n(&load->stop, __ATOMIC_RELAXED);
}

/* --- one thread --------------------------------------------------------------- */

static int set_up_buffers(struct worker *w)
{
	const struct io_job *job = w->load->job;
	uint64_t state = job->seed ^ w->random;
	size_t i;

	w->buffer_bytes = (size_t)job->depth * job->bytes;
	w->buffers = mmap(NULL, w->buffer_bytes, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (w->buffers == MAP_FAILED) {
		w->buffers = NULL;
		return error_set(&w->error, "no memory for %u buffers of %u bytes: %s", job->depth,
				 job->bytes, strerror(errno));
	}
	/* A child's copy would have the kernel copy pages that the disk writes to. */
	madvise(w->buffers, w->buffer_bytes, MADV_DONTFORK);
	/* A disk may be quick about what is all the same. */
	for (i = 0; job->write_percent && i + 8 <= w->buffer_bytes; i += 8) {
		uint64_t value = next_random(&state);

		memcpy(w->buffers + i, &value, sizeof(value));
	}
	return 0;
}

static int register_all(struct worker *w)
{
	const struct io_job *job = w->load->job;
	struct iovec *iov;
	unsigned int i;
	int err;

	err = io_uring_register_files(&w->ring, &job->fd, 1);
	if (err)
		return error_set(&w->error, "cannot register the file with io_uring: %s",
				 strerror(-err));
	iov = xcalloc(job->depth, sizeof(*iov));
	for (i = 0; i < job->depth; i++)
		iov[i] = (struct iovec){
			.iov_base = w->buffers + (size_t)i * job->bytes,
			.iov_len = job->bytes,
		};
	err = io_uring_register_buffers(&w->ring, iov, job->depth);
	free(iov);
	if (err == -ENOMEM)
		return error_set(&w->error, "cannot register %u buffers of %u bytes: the limit of locked memory is too low (ulimit -l)",
				 job->depth, job->bytes);
	return err ? error_set(&w->error, "cannot register buffers with io_uring: %s",
			       strerror(-err)) : 0;
}

static int set_up(struct worker *w)
{
	const struct io_job *job = w->load->job;
	struct io_uring_params params = {
		.flags = job->polled ? IORING_SETUP_IOPOLL : 0,
	};
	int err;

	if (set_up_buffers(w))
		return -1;
	err = io_uring_queue_init_params(job->depth, &w->ring, &params);
	if (err == -EPERM)
		return error_set(&w->error, "io_uring is not allowed: is it switched off (sysctl kernel.io_uring_disabled)?");
	if (err)
		return error_set(&w->error, "cannot set up io_uring: %s", strerror(-err));
	return job->fixed ? register_all(w) : 0;
}

static void tear_down(struct worker *w)
{
	if (w->ring.ring_fd > 0)
		io_uring_queue_exit(&w->ring);
	if (w->buffers)
		munmap(w->buffers, w->buffer_bytes);
}

/* The step of the clock, and what one read of it takes, which every latency has in it. */
static void look_at_clock(struct worker *w)
{
	uint64_t first = clock_ns(CLOCK_MONOTONIC), last = first, step = UINT64_MAX;
	int i;

	for (i = 0; i < CLOCK_READS; i++) {
		uint64_t now = clock_ns(CLOCK_MONOTONIC);

		if (now > last && now - last < step)
			step = now - last;
		last = now;
	}
	w->told.resolution_ticks = step == UINT64_MAX ? 1 : step;
	w->told.overhead_ticks = last - first;
	w->told.overhead_batch = CLOCK_READS;
}

static uint64_t choose_offset(struct worker *w)
{
	const struct io_job *job = w->load->job;
	uint64_t block;

	if (job->random)
		return random_below(&w->random, job->span / job->bytes) * job->bytes;
	block = w->first + w->next;
	w->next = w->next + 1 < w->blocks ? w->next + 1 : 0;
	return block * job->bytes;
}

/* The ring has room for as many requests as there are slots. */
static void prepare(struct worker *w, unsigned int i)
{
	const struct io_job *job = w->load->job;
	struct io_uring_sqe *sqe = io_uring_get_sqe(&w->ring);
	char *buffer = w->buffers + (size_t)i * job->bytes;
	struct slot *slot = &w->slots[i];
	bool write = job->write_percent && (job->write_percent >= 100 ||
		     random_below(&w->random, 100) < job->write_percent);

	slot->direction = write ? IO_WRITE : IO_READ;
	slot->offset = choose_offset(w);
	if (job->fixed) {
		if (write)
			io_uring_prep_write_fixed(sqe, 0, buffer, job->bytes, slot->offset,
						  (int)i);
		else
			io_uring_prep_read_fixed(sqe, 0, buffer, job->bytes, slot->offset,
						 (int)i);
		io_uring_sqe_set_flags(sqe, IOSQE_FIXED_FILE);
	} else if (write) {
		io_uring_prep_write(sqe, job->fd, buffer, job->bytes, slot->offset);
	} else {
		io_uring_prep_read(sqe, job->fd, buffer, job->bytes, slot->offset);
	}
	io_uring_sqe_set_data64(sqe, i);
}

static void fail_request(struct worker *w, const struct slot *slot, int res)
{
	const struct io_job *job = w->load->job;
	const char *what = slot->direction == IO_WRITE ? "write" : "read";

	w->failed++;
	if (*w->error.text)
		return;
	if (res < 0)
		error_set(&w->error, "a %s of %u bytes at offset %" PRIu64 " failed: %s", what,
			  job->bytes, slot->offset, strerror(-res));
	else
		error_set(&w->error, "a %s of %u bytes at offset %" PRIu64 " moved only %d", what,
			  job->bytes, slot->offset, res);
	__atomic_store_n(&w->load->stop, true, __ATOMIC_RELAXED);
}

static void account(struct worker *w, const struct slot *slot, int res, uint64_t now)
{
	if (res != (int)w->load->job->bytes) {
		fail_request(w, slot, res);
		return;
	}
	if (!slot->counts)
		return;
	iommubench_hist_add(&w->hist[slot->direction], now - slot->begun);
	w->told.end_tick = now;
	/* Read by the main thread at any time. */
	__atomic_store_n(&w->told.ops, w->told.ops + 1, __ATOMIC_RELAXED);
}

/* The first request that counts has just been stamped. */
static void begin_counting(struct worker *w, uint64_t now)
{
	w->told.start_tick = now;
	w->told.end_tick = now;
	w->cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

static bool may_begin(const struct worker *w, uint64_t now)
{
	const struct io_load *load = w->load;

	/* Each thread has one that counts, however late it comes to it. */
	return !should_stop(load) && (!load->end_ns || now < load->end_ns || !w->issued) &&
	       (!w->quota || w->issued < w->quota);
}

/* Takes what is complete; returns how many, with their slots in @again. */
static unsigned int reap(struct worker *w, unsigned int *again, uint64_t now)
{
	struct io_uring_cqe *cqe;
	unsigned int head, n = 0;

	io_uring_for_each_cqe(&w->ring, head, cqe) {
		unsigned int i = (unsigned int)io_uring_cqe_get_data64(cqe);

		account(w, &w->slots[i], cqe->res, now);
		again[n++] = i;
	}
	io_uring_cq_advance(&w->ring, n);
	return n;
}

/* Puts requests into the ring, and stamps them when all are there. Returns how many. */
static unsigned int begin(struct worker *w, const unsigned int *slots, unsigned int n, uint64_t now)
{
	bool count = now >= w->load->begin_ns;
	unsigned int i;

	for (i = 0; i < n && may_begin(w, now); i++) {
		prepare(w, slots[i]);
		w->slots[slots[i]].counts = count;
		w->issued += count;
	}
	n = i;
	now = clock_ns(CLOCK_MONOTONIC);
	for (i = 0; i < n; i++)
		w->slots[slots[i]].begun = now;
	if (n && count && !w->told.start_tick)
		begin_counting(w, now);
	return n;
}

static void work(struct worker *w)
{
	const struct io_job *job = w->load->job;
	unsigned int *again = xcalloc(job->depth, sizeof(*again)), n, under_way, i;
	uint64_t now;
	int ret;

	for (i = 0; i < job->depth; i++)
		again[i] = i;
	under_way = begin(w, again, job->depth, clock_ns(CLOCK_MONOTONIC));
	while (under_way) {
		ret = io_uring_submit_and_wait(&w->ring, 1);
		if (ret < 0 && ret != -EINTR && ret != -EAGAIN && ret != -EBUSY) {
			error_set(&w->error, "io_uring failed: %s", strerror(-ret));
			w->failed++;
			__atomic_store_n(&w->load->stop, true, __ATOMIC_RELAXED);
			break;
		}
		now = clock_ns(CLOCK_MONOTONIC);
		n = reap(w, again, now);
		under_way -= n;
		if (n)
			under_way += begin(w, again, n, now);
	}
	if (w->told.start_tick)
		w->cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) - w->cpu_ns;
	free(again);
}

/* Tells that this thread is ready, and waits until all are. Return: whether to go on. */
static bool pass_gate(struct io_load *load)
{
	enum gate gate;

	pthread_mutex_lock(&load->lock);
	load->ready++;
	pthread_cond_broadcast(&load->change);
	while (load->gate == GATE_SHUT)
		pthread_cond_wait(&load->change, &load->lock);
	gate = load->gate;
	pthread_mutex_unlock(&load->lock);
	return gate == GATE_OPEN;
}

static void *thread_main(void *arg)
{
	const uint64_t one = 1;
	struct worker *w = arg;
	struct io_load *load = w->load;

	w->slots = xcalloc(load->job->depth, sizeof(*w->slots));
	look_at_clock(w);
	w->told.cpu = (uint32_t)sched_getcpu();
	set_up(w);
	if (pass_gate(load))
		work(w);
	tear_down(w);
	free(w->slots);
	if (write(load->done, &one, sizeof(one)) != sizeof(one))
		detail("cannot tell that a thread has ended: %m");
	return NULL;
}

/* --- all of them -------------------------------------------------------------- */

static void read_idle(struct idle *idle)
{
	unsigned long long idle_ticks = 0, wait_ticks = 0, stolen = 0;
	FILE *f = fopen("/proc/stat", "re");

	*idle = (struct idle){ .at_ns = clock_ns(CLOCK_MONOTONIC) };
	if (!f)
		return;
	if (fscanf(f, "cpu %*u %*u %*u %llu %llu %*u %*u %llu", &idle_ticks, &wait_ticks,
		   &stolen) == 3)
		idle->ns = (double)(idle_ticks + wait_ticks + stolen) * 1e9 /
			   (double)sysconf(_SC_CLK_TCK);
	fclose(f);
}

/* Each thread's part of the disk, of the count, and of the random numbers. */
static void share_out(struct io_load *load, unsigned int i)
{
	const struct io_job *job = load->job;
	struct worker *w = &load->workers[i];
	uint64_t all = job->span / job->bytes;

	w->load = load;
	w->random = job->seed * 0x2545f4914f6cdd1d + i;
	next_random(&w->random);
	w->first = all / job->threads * i;
	w->blocks = all / job->threads;
	w->quota = job->count / job->threads + (i < job->count % job->threads);
	iommubench_hist_init(&w->hist[IO_READ]);
	iommubench_hist_init(&w->hist[IO_WRITE]);
}

static int create(struct io_load *load, unsigned int i, struct error *e)
{
	const struct io_job *job = load->job;
	pthread_attr_t attr;
	cpu_set_t set;
	int err;

	pthread_attr_init(&attr);
	if (job->nr_cpus) {
		CPU_ZERO(&set);
		CPU_SET(job->cpus[i % job->nr_cpus], &set);
		pthread_attr_setaffinity_np(&attr, sizeof(set), &set);
	}
	err = pthread_create(&load->workers[i].thread, &attr, thread_main, &load->workers[i]);
	pthread_attr_destroy(&attr);
	if (err == EINVAL && job->nr_cpus)
		return error_set(e, "CPU %u is not there or may not be used",
				 job->cpus[i % job->nr_cpus]);
	if (err)
		return error_set(e, "cannot start thread %u: %s", i + 1, strerror(err));
	load->workers[i].started = true;
	return 0;
}

static void free_load(struct io_load *load)
{
	if (load->done >= 0)
		close(load->done);
	pthread_mutex_destroy(&load->lock);
	pthread_cond_destroy(&load->change);
	free(load->workers);
	free(load);
}

static void join_all(struct io_load *load)
{
	unsigned int i;

	for (i = 0; i < load->job->threads; i++)
		if (load->workers[i].started)
			pthread_join(load->workers[i].thread, NULL);
}

/* Waits until that many threads have set themselves up, and lets them go, or go home. */
static void open_gate(struct io_load *load, unsigned int threads, bool bad, struct error *e)
{
	const struct io_job *job = load->job;
	unsigned int i;

	pthread_mutex_lock(&load->lock);
	while (load->ready < threads)
		pthread_cond_wait(&load->change, &load->lock);
	for (i = 0; i < threads && !bad; i++) {
		bad = *load->workers[i].error.text;
		if (bad)
			*e = load->workers[i].error;
	}
	load->begin_ns = clock_ns(CLOCK_MONOTONIC) + job->warmup_ns;
	load->end_ns = job->duration_ns ? load->begin_ns + job->duration_ns : 0;
	if (!job->warmup_ns) {
		read_idle(&load->idle);
		load->counting = true;
	}
	load->gate = bad ? GATE_ABORT : GATE_OPEN;
	pthread_cond_broadcast(&load->change);
	pthread_mutex_unlock(&load->lock);
}

struct io_load *io_start(const struct io_job *job, struct error *e)
{
	struct io_load *load = xcalloc(1, sizeof(*load));
	unsigned int i = 0;
	void *memory;
	bool bad;

	load->job = job;
	if (posix_memalign(&memory, CACHE_LINE, job->threads * sizeof(*load->workers)))
		memory = NULL;
	load->workers = xcheck(memory);
	memset(load->workers, 0, job->threads * sizeof(*load->workers));
	pthread_mutex_init(&load->lock, NULL);
	pthread_cond_init(&load->change, NULL);
	load->done = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	bad = load->done < 0;
	if (bad)
		error_set(e, "cannot watch the threads: %s", strerror(errno));
	while (!bad && i < job->threads) {
		share_out(load, i);
		bad = create(load, i, e);
		i += !bad;
	}
	open_gate(load, i, bad, e);
	if (load->gate == GATE_OPEN)
		return load;
	join_all(load);
	free_load(load);
	return NULL;
}

void io_stop(struct io_load *load)
{
	__atomic_store_n(&load->stop, true, __ATOMIC_RELAXED);
}

static void show(const struct io_load *load, struct progress *line)
{
	uint64_t ops = 0;
	unsigned int i;

	for (i = 0; i < load->job->threads; i++)
		ops += __atomic_load_n(&load->workers[i].told.ops, __ATOMIC_RELAXED);
	progress_show(line, load->counting ? "running" : "warming up", ops);
}

/* Milliseconds until there is something to do without being told. */
static int next_look(const struct io_load *load, const struct progress *line)
{
	uint64_t now = clock_ns(CLOCK_MONOTONIC);
	int ms = line->on ? (int)(PROGRESS_INTERVAL_NS / 1000000) : -1;

	if (load->counting)
		return ms;
	if (now >= load->begin_ns)
		return 0;
	return (int)((load->begin_ns - now) / 1000000) + 1;
}

bool io_wait(struct io_load *load, int signals, struct progress *line)
{
	struct pollfd fds[] = {
		{ .fd = load->done, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};
	uint64_t n;

	while (load->nr_done < load->job->threads) {
		/* What the user has said once is heeded once. */
		poll(fds, load->stopped_by_user ? 1 : 2, next_look(load, line));
		if (!load->counting && clock_ns(CLOCK_MONOTONIC) >= load->begin_ns) {
			read_idle(&load->idle);
			load->counting = true;
		}
		if (read(load->done, &n, sizeof(n)) == sizeof(n))
			load->nr_done += (unsigned int)n;
		if (fds[1].revents & POLLIN && !load->stopped_by_user) {
			load->stopped_by_user = true;
			io_stop(load);
		}
		show(load, line);
	}
	return load->stopped_by_user;
}

static void collect_cpu(struct io_load *load, struct io_cpu *cpu)
{
	struct idle end;
	unsigned int i;

	*cpu = (struct io_cpu){
		.cpus = (unsigned int)sysconf(_SC_NPROCESSORS_ONLN),
		/* A difference of two figures, each cut to whole steps. */
		.resolution_ns = 2e9 / (double)sysconf(_SC_CLK_TCK),
	};
	for (i = 0; i < load->job->threads; i++)
		cpu->thread_ns += (double)load->workers[i].cpu_ns;
	read_idle(&end);
	if (!load->counting || !load->idle.ns || !end.ns)
		return;
	cpu->busy_ns = (double)(end.at_ns - load->idle.at_ns) * cpu->cpus -
		       (end.ns - load->idle.ns);
	if (cpu->busy_ns < 0)
		cpu->busy_ns = 0;
}

static void decide_end(const struct io_load *load, struct io_outcome *o)
{
	const struct io_job *job = load->job;
	uint64_t ops = run_total_ops(&o->run);
	unsigned int i;

	o->run.end = job->count && ops >= job->count ? IOMMUBENCH_END_COUNT :
		     should_stop(load) ? IOMMUBENCH_END_STOPPED : IOMMUBENCH_END_TIME;
	for (i = 0; i < job->threads; i++)
		if (*load->workers[i].error.text) {
			o->run.end = IOMMUBENCH_END_ERROR;
			snprintf(o->run.message, sizeof(o->run.message), "%.*s",
				 (int)sizeof(o->run.message) - 1, load->workers[i].error.text);
			break;
		}
}

void io_finish(struct io_load *load, struct io_outcome *o)
{
	const struct io_job *job = load->job;
	unsigned int i, d;

	*o = (struct io_outcome){
		.run = {
			.batch = 1,
			.nr_threads = job->threads,
			.threads = xcalloc(job->threads, sizeof(*o->run.threads)),
			.nr_phases = IO_DIRECTIONS,
			.phases = xcalloc(IO_DIRECTIONS, sizeof(*o->run.phases)),
		},
	};
	join_all(load);
	collect_cpu(load, &o->cpu);
	for (d = 0; d < IO_DIRECTIONS; d++)
		iommubench_hist_init(&o->run.phases[d]);
	for (i = 0; i < job->threads; i++) {
		const struct worker *w = &load->workers[i];

		o->run.threads[i] = w->told;
		o->failed += w->failed;
		for (d = 0; d < IO_DIRECTIONS; d++)
			iommubench_hist_merge(&o->run.phases[d], &w->hist[d]);
	}
	o->bytes = run_total_ops(&o->run) * job->bytes;
	decide_end(load, o);
	free_load(load);
}

void io_outcome_free(struct io_outcome *o)
{
	run_outcome_free(&o->run);
	*o = (struct io_outcome){ 0 };
}
