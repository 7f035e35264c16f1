// SPDX-License-Identifier: GPL-2.0-only
#include "disk/load.h"

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
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include <liburing.h>

#include "base/xalloc.h"
#include "disk/pace.h"
#include "iommubench/hist.h"
#include "run/area.h"
#include "run/link.h"
#include "run/series.h"

/* Reads of the clock, to see its step and its cost. */
#define CLOCK_READS	256
/* Between two threads' data. */
#define CACHE_LINE	64
/* A thread that waits for a request to be due looks this often whether it should stop. */
#define STOP_LOOK_NS	100000000

/* One request's place: when it was due (0 without a rate) and begun, where, and what. */
struct slot {
	uint64_t due;
	uint64_t begun;
	uint64_t offset;
	enum io_direction direction;
};

/* Where all threads stand still; the last two only if somebody has to see it. */
enum gate {
	GATE_READY = 0,
	GATE_WARM,
	GATE_COUNTED,
};

/**
 * struct worker - a thread and all that it writes
 * @load: what it belongs to
 * @thread: of pthread
 * @started: @thread exists
 * @ring: its ring
 * @slots: its requests
 * @idle: numbers of those slots that have none
 * @nr_idle: how many
 * @fresh: room for the numbers of those that are begun together
 * @buffers: of all slots, one after the other
 * @buffer_bytes: of @buffers
 * @random: state of its generator
 * @first: first block of its part, when it goes through it
 * @blocks: of its part
 * @next: block that comes next
 * @quota: requests that it may count, 0: no limit
 * @counting: what is begun now counts
 * @until: when no request is begun any more, 0: never
 * @pace: with a rate: when they are due
 * @issued: requests that count, begun so far
 * @completed: when the last one of them was
 * @failed: requests that failed
 * @cpu_ns: its CPU time while it counted
 * @told: as the module's threads tell
 * @hist: by enum io_direction, and then the same from the real start
 * @error: what went wrong
 */
struct worker {
	struct io_load *load;
	pthread_t thread;
	bool started;
	struct io_uring ring;
	struct slot *slots;
	unsigned int *idle;
	unsigned int nr_idle;
	unsigned int *fresh;
	char *buffers;
	size_t buffer_bytes;
	uint64_t random;
	uint64_t first;
	uint64_t blocks;
	uint64_t next;
	uint64_t quota;
	bool counting;
	uint64_t until;
	struct pace pace;
	uint64_t issued;
	uint64_t completed;
	uint64_t failed;
	uint64_t cpu_ns;
	struct iommubench_thread told;
	struct iommubench_hist hist[IO_PHASES];
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
 * @lock: of @opened, @ready and @bad
 * @change: of any
 * @opened: gates that are open
 * @ready: threads that are set up, or could not be
 * @bad: they are not to work
 * @begin_ns: when counting begins
 * @end_ns: when no request is begun any more, 0: never
 * @stop: no request is to be begun any more
 * @told: eventfd that each thread adds 1 to at each gate but the first, and at its end
 * @nr_told: read from it since the last gate was opened
 * @counted: @job's gate was called when counting began
 * @stopped_by_user: io_wait() has seen a signal
 * @counting: @idle is that of the begin
 * @idle: of the CPUs when counting began
 * @idle_end: of the CPUs when all threads had counted; all zeroes before
 * @desc: the threads as the module would describe them, for a series
 */
struct io_load {
	const struct io_job *job;
	struct worker *workers;
	pthread_mutex_t lock;
	pthread_cond_t change;
	unsigned int opened;
	unsigned int ready;
	bool bad;
	uint64_t begin_ns;
	uint64_t end_ns;
	bool stop;
	int told;
	unsigned int nr_told;
	bool counted;
	bool stopped_by_user;
	bool counting;
	struct idle idle;
	struct idle idle_end;
	struct iommubench_run desc;
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
	if (!w->counting)
		return;
	iommubench_hist_add(&w->hist[slot->direction],
			    now - (slot->due ? slot->due : slot->begun));
	if (slot->due)
		iommubench_hist_add(&w->hist[IO_DIRECTIONS + slot->direction], now - slot->begun);
	w->completed = now;
	/* Read by the main thread at any time. */
	__atomic_store_n(&w->told.ops, w->told.ops + 1, __ATOMIC_RELAXED);
}

/* One more thread is at a gate, or at its end. */
static void tell(const struct io_load *load)
{
	const uint64_t one = 1;

	if (write(load->told, &one, sizeof(one)) != sizeof(one))
		detail("a thread cannot report: %m");
}

/* The first request that counts has just been stamped. */
static void begin_counting(struct worker *w, uint64_t now)
{
	w->completed = now;
	w->cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	__atomic_store_n(&w->told.start_tick, now, __ATOMIC_RELAXED);
}

static bool may_begin(const struct worker *w, uint64_t now)
{
	bool first = w->counting && !w->issued;

	if (should_stop(w->load) || (w->counting && w->quota && w->issued == w->quota))
		return false;
	if (!w->until)
		return true;
	if (w->load->job->rate_mhz)
		return now < w->until && w->pace.due < w->until;
	/* Each thread has one that counts, however late it comes to it. */
	return now < w->until || first;
}

/* Takes what is complete; its slots are idle then. */
static void reap(struct worker *w, uint64_t now)
{
	struct io_uring_cqe *cqe;
	unsigned int head, n = 0;

	io_uring_for_each_cqe(&w->ring, head, cqe) {
		unsigned int i = (unsigned int)io_uring_cqe_get_data64(cqe);

		account(w, &w->slots[i], cqe->res, now);
		w->idle[w->nr_idle++] = i;
		n++;
	}
	io_uring_cq_advance(&w->ring, n);
}

static void stamp(struct worker *w, struct slot *slot, uint64_t now)
{
	slot->begun = now;
	if (slot->due && w->counting && now > slot->due + w->pace.step)
		__atomic_store_n(&w->told.late, w->told.late + 1, __ATOMIC_RELAXED);
}

/* Puts all requests into the ring that may be, and stamps them when all are there. */
static void begin(struct worker *w, uint64_t now)
{
	bool paced = w->load->job->rate_mhz;
	unsigned int i, n = 0;

	while (w->nr_idle && may_begin(w, now) && (!paced || w->pace.due <= now)) {
		i = w->idle[--w->nr_idle];
		prepare(w, i);
		w->slots[i].due = paced ? w->pace.due : 0;
		if (paced)
			pace_next(&w->pace);
		w->issued += w->counting;
		w->fresh[n++] = i;
	}
	if (!n)
		return;
	now = clock_ns(CLOCK_MONOTONIC);
	for (i = 0; i < n; i++)
		stamp(w, &w->slots[w->fresh[i]], now);
	if (w->counting && !w->told.start_tick)
		begin_counting(w, now);
}

/* Waits for a completion, or for the moment that a request is due. Return: as io_uring. */
static int wait_for_more(struct worker *w, uint64_t now)
{
	const struct io_job *job = w->load->job;
	struct io_uring_cqe *cqe;
	uint64_t ns = 0;
	struct __kernel_timespec ts;

	if (!job->rate_mhz || !w->nr_idle || !may_begin(w, now))
		return io_uring_submit_and_wait(&w->ring, 1);
	/* The kernel's loop for polled completions knows no moment to end at. */
	if (job->polled)
		return io_uring_submit_and_get_events(&w->ring);
	if (w->pace.due > now)
		ns = w->pace.due - now < STOP_LOOK_NS ? w->pace.due - now : STOP_LOOK_NS;
	ts = (struct __kernel_timespec){ .tv_nsec = (long long)ns };
	return io_uring_submit_and_wait_timeout(&w->ring, &cqe, 1, &ts, NULL);
}

static bool went_wrong(int ret)
{
	return ret < 0 && ret != -EINTR && ret != -EAGAIN && ret != -EBUSY && ret != -ETIME;
}

/*
 * Begins requests until then, and comes back when all of them are complete. At a rate the first is
 * due at @from at the soonest: the last one of a warm-up is complete up to a step before its end.
 */
static void work(struct worker *w, uint64_t from, uint64_t until)
{
	const struct io_job *job = w->load->job;
	uint64_t now = clock_ns(CLOCK_MONOTONIC);
	int ret;

	w->until = until;
	if (job->rate_mhz)
		w->pace = pace_begin(job->rate_mhz, job->threads,
				     (unsigned int)(w - w->load->workers), now > from ? now : from);
	for (;;) {
		begin(w, now);
		if (w->nr_idle == job->depth && !(job->rate_mhz && may_begin(w, now)))
			break;
		ret = wait_for_more(w, now);
		if (went_wrong(ret)) {
			error_set(&w->error, "io_uring failed: %s", strerror(-ret));
			w->failed++;
			__atomic_store_n(&w->load->stop, true, __ATOMIC_RELAXED);
			break;
		}
		now = clock_ns(CLOCK_MONOTONIC);
		reap(w, now);
	}
}

/* Tells that this thread is there, and waits until all are. Return: whether to go on. */
static bool pass_gate(struct io_load *load, enum gate gate)
{
	bool bad;

	if (gate != GATE_READY)
		tell(load);
	pthread_mutex_lock(&load->lock);
	load->ready += gate == GATE_READY;
	pthread_cond_broadcast(&load->change);
	while (load->opened <= gate)
		pthread_cond_wait(&load->change, &load->lock);
	bad = load->bad;
	pthread_mutex_unlock(&load->lock);
	return !bad;
}

/* All that is measured, with a warm-up before it. */
static void measure(struct worker *w)
{
	struct io_load *load = w->load;

	if (load->job->warmup_ns)
		work(w, 0, load->begin_ns);
	if (load->job->gate)
		pass_gate(load, GATE_WARM);
	w->counting = true;
	work(w, load->begin_ns, load->end_ns);
	if (w->told.start_tick) {
		w->cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) - w->cpu_ns;
		__atomic_store_n(&w->told.end_tick, w->completed, __ATOMIC_RELAXED);
	}
	if (load->job->gate)
		pass_gate(load, GATE_COUNTED);
}

static void *thread_main(void *arg)
{
	struct worker *w = arg;
	struct io_load *load = w->load;
	unsigned int depth = load->job->depth;

	w->slots = xcalloc(depth, sizeof(*w->slots));
	w->idle = xcalloc(depth, sizeof(*w->idle));
	w->fresh = xcalloc(depth, sizeof(*w->fresh));
	/* The last one is taken first. */
	for (w->nr_idle = 0; w->nr_idle < depth; w->nr_idle++)
		w->idle[w->nr_idle] = depth - 1 - w->nr_idle;
	look_at_clock(w);
	w->told.cpu = (uint32_t)sched_getcpu();
	w->told.tid = (uint32_t)gettid();
	/* Else a sleep until a request is due lasts up to 50 us longer. */
	if (load->job->rate_mhz)
		prctl(PR_SET_TIMERSLACK, 1UL);
	set_up(w);
	if (pass_gate(load, GATE_READY))
		measure(w);
	tear_down(w);
	free(w->slots);
	free(w->idle);
	free(w->fresh);
	tell(load);
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
	unsigned int p;

	w->load = load;
	w->random = job->seed * 0x2545f4914f6cdd1d + i;
	next_random(&w->random);
	w->first = all / job->threads * i;
	w->blocks = all / job->threads;
	w->quota = job->count / job->threads + (i < job->count % job->threads);
	for (p = 0; p < IO_PHASES; p++)
		iommubench_hist_init(&w->hist[p]);
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
	if (load->told >= 0)
		close(load->told);
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

static void open_gate(struct io_load *load, enum gate gate)
{
	pthread_mutex_lock(&load->lock);
	load->opened = gate + 1;
	pthread_cond_broadcast(&load->change);
	pthread_mutex_unlock(&load->lock);
}

/* Counting begins now, or after the time that is given. */
static void set_times(struct io_load *load, uint64_t wait_ns)
{
	load->begin_ns = clock_ns(CLOCK_MONOTONIC) + wait_ns;
	load->end_ns = load->job->duration_ns ? load->begin_ns + load->job->duration_ns : 0;
}

static void see_begin(struct io_load *load)
{
	read_idle(&load->idle);
	load->counting = true;
}

/* Waits until that many threads have set themselves up, and lets them go, or go home. */
static void let_go(struct io_load *load, unsigned int threads, bool bad, struct error *e)
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
	load->bad = bad;
	pthread_mutex_unlock(&load->lock);
	set_times(load, job->warmup_ns);
	if (!job->warmup_ns && !job->gate)
		see_begin(load);
	open_gate(load, GATE_READY);
}

/* The module's description of what these threads show, as far as a series needs it. */
static struct iommubench_run describe(const struct io_load *load)
{
	const struct worker *w = load->workers;

	return (struct iommubench_run){
		.threads = load->job->threads,
		.phases = IO_PHASES,
		.thread_bytes = sizeof(*w),
		.hist_offset = (uint64_t)((const char *)w->hist - (const char *)&w->told),
		.hist_bytes = sizeof(w->hist[0]),
	};
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
	load->desc = describe(load);
	load->told = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	bad = load->told < 0;
	if (bad)
		error_set(e, "cannot watch the threads: %s", strerror(errno));
	while (!bad && i < job->threads) {
		share_out(load, i);
		bad = create(load, i, e);
		i += !bad;
	}
	let_go(load, i, bad, e);
	if (!load->bad)
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

/* How long there is nothing to do without being told. Return: nanoseconds, UINT64_MAX for ever. */
static uint64_t next_look(const struct io_load *load, const struct progress *line)
{
	uint64_t now = clock_ns(CLOCK_MONOTONIC), ns = UINT64_MAX;

	if (load->job->series)
		ns = series_wait_ns(load->job->series, now);
	if (line->on && ns > PROGRESS_INTERVAL_NS)
		ns = PROGRESS_INTERVAL_NS;
	/* With a gate, the threads tell when counting begins. */
	if (load->counting || load->job->gate)
		return ns;
	if (now >= load->begin_ns)
		return 0;
	return load->begin_ns - now < ns ? load->begin_ns - now : ns;
}

static void call_gate(struct io_load *load, enum run_gate gate)
{
	const struct io_job *job = load->job;
	uint32_t *tids = xcalloc(job->threads, sizeof(*tids));
	unsigned int i;

	for (i = 0; i < job->threads; i++)
		tids[i] = load->workers[i].told.tid;
	job->gate(job->gate_arg, gate, tids, job->threads);
	free(tids);
}

/* All threads are at the next gate. */
static void go_on(struct io_load *load)
{
	enum gate gate = load->opened;

	load->nr_told = 0;
	if (gate == GATE_WARM && !should_stop(load)) {
		load->counted = true;
		call_gate(load, RUN_GATE_BEFORE);
		see_begin(load);
	} else if (gate == GATE_COUNTED) {
		read_idle(&load->idle_end);
		if (load->counted)
			call_gate(load, RUN_GATE_AFTER);
	}
	if (gate == GATE_WARM)
		set_times(load, 0);
	open_gate(load, gate);
}

static void look(struct io_load *load, struct progress *line)
{
	uint64_t now = clock_ns(CLOCK_MONOTONIC);

	if (!load->counting && !load->job->gate && now >= load->begin_ns)
		see_begin(load);
	if (load->job->series)
		series_look(load->job->series, &load->desc, &load->workers[0].told, now);
	show(load, line);
}

/* Waits for a moment, or for less when something is told. Return: whether the user has. */
static bool wait_a_while(const struct io_load *load, int signals, uint64_t ns)
{
	struct pollfd fds[] = {
		{ .fd = load->told, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};
	struct timespec ts = {
		.tv_sec = (time_t)(ns / 1000000000), .tv_nsec = (long)(ns % 1000000000),
	};

	/* What the user has said once is heeded once. */
	ppoll(fds, load->stopped_by_user ? 1 : 2, ns < UINT64_MAX ? &ts : NULL, NULL);
	return fds[1].revents & POLLIN;
}

bool io_wait(struct io_load *load, int signals, struct progress *line)
{
	enum gate last = load->job->gate ? GATE_COUNTED : GATE_READY;
	uint64_t n;

	for (;;) {
		if (wait_a_while(load, signals, next_look(load, line))) {
			load->stopped_by_user = true;
			io_stop(load);
		}
		look(load, line);
		if (read(load->told, &n, sizeof(n)) == sizeof(n))
			load->nr_told += (unsigned int)n;
		if (load->nr_told < load->job->threads)
			continue;
		if (load->opened > last)
			return load->stopped_by_user;
		go_on(load);
	}
}

static void collect_cpu(struct io_load *load, struct io_cpu *cpu)
{
	struct idle end = load->idle_end;
	unsigned int i;

	*cpu = (struct io_cpu){
		.cpus = (unsigned int)sysconf(_SC_NPROCESSORS_ONLN),
		/* A difference of two figures, each cut to whole steps. */
		.resolution_ns = 2e9 / (double)sysconf(_SC_CLK_TCK),
	};
	for (i = 0; i < load->job->threads; i++)
		cpu->thread_ns += (double)load->workers[i].cpu_ns;
	if (!end.at_ns)
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
			.nr_phases = IO_PHASES,
			.phases = xcalloc(IO_PHASES, sizeof(*o->run.phases)),
		},
	};
	join_all(load);
	collect_cpu(load, &o->cpu);
	for (d = 0; d < IO_PHASES; d++)
		iommubench_hist_init(&o->run.phases[d]);
	for (i = 0; i < job->threads; i++) {
		const struct worker *w = &load->workers[i];

		o->run.threads[i] = w->told;
		o->failed += w->failed;
		for (d = 0; d < IO_PHASES; d++)
			iommubench_hist_merge(&o->run.phases[d], &w->hist[d]);
	}
	o->bytes = run_total_ops(&o->run) * job->bytes;
	decide_end(load, o);
	if (job->series)
		series_run_ended(job->series, &o->run);
	free_load(load);
}

void io_outcome_free(struct io_outcome *o)
{
	run_outcome_free(&o->run);
	*o = (struct io_outcome){ 0 };
}
