// SPDX-License-Identifier: GPL-2.0-only
/*
 * One thread of a load: its ring, its requests, and when each of them is due.
 */
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "disk/internal.h"

/* Reads of the clock, to see its step and its cost. */
#define CLOCK_READS	256
/* A thread that waits for a request to be due looks this often whether it should stop. */
#define STOP_LOOK_NS	100000000

static uint64_t random_below(uint64_t *state, uint64_t n)
{
	unsigned __int128 product = next_random(state);

	product *= n;
	return (uint64_t)(product >> 64);
}

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

/* Tells the main thread that this one stands at a gate, or has come to its end. */
static void tell(const struct io_load *load)
{
	const uint64_t one = 1;

	if (write(load->told, &one, sizeof(one)) != sizeof(one))
		error_detail("a thread cannot report: %m");
}

/* The first request that counts has just been stamped. */
static void begin_counting(struct worker *w, uint64_t now)
{
	w->completed = now;
	w->cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	__atomic_store_n(&w->told.start_tick, now, __ATOMIC_RELAXED);
}

static bool has_done_all(const struct worker *w)
{
	return w->load->job->count && w->issued >= w->quota;
}

static bool may_begin(const struct worker *w, uint64_t now)
{
	bool first = w->counting && !w->issued;

	if (should_stop(w->load) || (w->counting && has_done_all(w)))
		return false;
	if (!w->until)
		return true;
	if (w->load->job->rate_mhz)
		return now < w->last && w->pace.due < w->until;
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
	if (!slot->due || !w->counting)
		return;
	__atomic_store_n(&w->told.begun, w->told.begun + 1, __ATOMIC_RELAXED);
	if (now > slot->due + w->pace.step)
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
 * What was due before the end and could not be begun by then has as long as the run lasts. So a
 * disk that stood still at the end shows, and a run that cannot hold its rate ends as well.
 */
static uint64_t grace_ns(const struct io_job *job)
{
	return job->duration_ns < IOMMUBENCH_MAX_GRACE_NS ? job->duration_ns :
							    IOMMUBENCH_MAX_GRACE_NS;
}

/* Sleeps until then. Return: false when the load is stopped before. */
static bool sleep_until(const struct worker *w, uint64_t ns)
{
	uint64_t now, left;

	while (!should_stop(w->load) && (now = clock_ns(CLOCK_MONOTONIC)) < ns) {
		left = ns - now < STOP_LOOK_NS ? ns - now : STOP_LOOK_NS;
		nanosleep(&(struct timespec){ .tv_nsec = (long)left }, NULL);
	}
	return !should_stop(w->load);
}

/* At a rate: waits for the end of the time, and tells what was due in it and never begun. */
static void account_due(struct worker *w)
{
	uint64_t now, end = w->until, left = 0;

	if (!has_done_all(w)) {
		sleep_until(w, end);
		now = clock_ns(CLOCK_MONOTONIC);
		/* Who ends it before its time takes back what would have been due then. */
		if (should_stop(w->load) && (!end || now < end))
			end = now;
		left = pace_owed(&w->pace, end);
		if (w->load->job->count && left > w->quota - w->issued)
			left = w->quota - w->issued;
		if (w->completed < end)
			w->completed = end;
	}
	__atomic_store_n(&w->told.late, w->told.late + left, __ATOMIC_RELAXED);
	__atomic_store_n(&w->told.offered, w->told.begun + left, __ATOMIC_RELAXED);
}

/*
 * Begins requests until then, and comes back when all of them are complete. At a rate the first is
 * due at @from, 0 for now, whatever came of the warm-up before.
 */
static void work(struct worker *w, uint64_t from, uint64_t until)
{
	const struct io_job *job = w->load->job;
	uint64_t now = clock_ns(CLOCK_MONOTONIC);
	int ret;

	w->until = until;
	/* Nothing is owed to a warm-up. */
	w->last = until && w->counting ? until + grace_ns(job) : until;
	if (job->rate_mhz)
		w->pace = pace_begin(job->rate_mhz, job->threads,
				     (unsigned int)(w - w->load->workers), from ? from : now);
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
	/* At a rate, the time that was planned is what counts. */
	if (load->job->rate_mhz && !has_done_all(w) && sleep_until(w, load->begin_ns))
		begin_counting(w, load->begin_ns);
	work(w, load->begin_ns, load->end_ns);
	if (load->job->rate_mhz && w->told.start_tick)
		account_due(w);
	if (w->told.start_tick) {
		w->cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) - w->cpu_ns;
		__atomic_store_n(&w->told.end_tick, w->completed, __ATOMIC_RELAXED);
	}
	if (load->job->gate)
		pass_gate(load, GATE_COUNTED);
}

/* Its part of the disk, of the count, and of the random numbers. */
static void take_share(struct worker *w, struct io_load *load)
{
	const struct io_job *job = load->job;
	uint64_t i = (uint64_t)(w - load->workers), all = job->span / job->bytes;

	w->load = load;
	w->random = job->seed * 0x2545f4914f6cdd1d + i;
	next_random(&w->random);
	w->first = all / job->threads * i;
	w->blocks = all / job->threads;
	w->quota = job->count / job->threads + (i < job->count % job->threads);
	/* Pages of zeroes come where they are touched first. */
	memset(w->hist, 0, sizeof(w->hist));
}

void *disk_worker_main(void *arg)
{
	const struct member *m = arg;
	struct worker *w = m->worker;
	struct io_load *load = m->load;
	unsigned int depth = load->job->depth;

	take_share(w, load);
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
	tell(load);
	return NULL;
}
