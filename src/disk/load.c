// SPDX-License-Identifier: GPL-2.0-only
/*
 * The threads of a load as a whole: shared out, let go together, watched, and summed up.
 */
#include "disk/load.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "disk/internal.h"
#include "run/area.h"
#include "run/series.h"

/* Threads that have stood at a gate are awake again by then. */
#define WAKE_NS		1000000

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
	err = pthread_create(&load->members[i].thread, &attr, disk_worker_main, &load->members[i]);
	pthread_attr_destroy(&attr);
	if (err == EINVAL && job->nr_cpus)
		return error_set(e, "CPU %u is not there or may not be used",
				 job->cpus[i % job->nr_cpus]);
	if (err)
		return error_set(e, "cannot start thread %u: %s", i + 1, strerror(err));
	load->members[i].started = true;
	return 0;
}

static void free_load(struct io_load *load)
{
	if (load->told >= 0)
		close(load->told);
	pthread_mutex_destroy(&load->lock);
	pthread_cond_destroy(&load->change);
	if (load->area)
		munmap(load->area, load->area_bytes);
	free(load->members);
	free(load);
}

/* Memory for the threads' data, which nobody has touched. */
static void reserve(struct io_load *load)
{
	unsigned int i, n = load->job->threads;

	load->area_bytes = n * sizeof(*load->workers) + APART;
	load->area = mmap(NULL, load->area_bytes, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (load->area == MAP_FAILED)
		load->area = xcheck(NULL);
	/* Else one of them would touch what is several threads'. */
	madvise(load->area, load->area_bytes, MADV_NOHUGEPAGE);
	/* A child's copy would have threads copy, where they count, what they write to next. */
	madvise(load->area, load->area_bytes, MADV_DONTFORK);
	load->workers = (void *)(((uintptr_t)load->area + APART - 1) / APART * APART);
	load->members = xcalloc(n, sizeof(*load->members));
	for (i = 0; i < n; i++)
		load->members[i] = (struct member){ .load = load, .worker = &load->workers[i] };
}

static void join_all(struct io_load *load)
{
	unsigned int i;

	for (i = 0; i < load->job->threads; i++)
		if (load->members[i].started)
			pthread_join(load->members[i].thread, NULL);
}

static void open_gate(struct io_load *load, enum gate gate)
{
	pthread_mutex_lock(&load->lock);
	load->opened = gate + 1;
	pthread_cond_broadcast(&load->change);
	pthread_mutex_unlock(&load->lock);
}

/* Counting begins now, or after the time that is given; at a rate when threads are awake. */
static void set_times(struct io_load *load, uint64_t wait_ns)
{
	if (load->job->rate_mhz && wait_ns < WAKE_NS)
		wait_ns = WAKE_NS;
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
	bool bad;

	load->job = job;
	reserve(load);
	pthread_mutex_init(&load->lock, NULL);
	pthread_cond_init(&load->change, NULL);
	load->desc = describe(load);
	load->told = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	bad = load->told < 0;
	if (bad)
		error_set(e, "cannot watch the threads: %s", strerror(errno));
	while (!bad && i < job->threads) {
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

static void call_gate(struct io_load *load, enum io_gate gate)
{
	const struct io_job *job = load->job;
	uint32_t *tids = xcalloc(job->threads, sizeof(*tids));
	unsigned int i;

	for (i = 0; i < job->threads; i++)
		tids[i] = load->workers[i].told.tid;
	job->gate(job->gate_arg, gate, tids, job->threads);
	free(tids);
}

/* Lets all threads on, which stand at the next gate. */
static void go_on(struct io_load *load)
{
	enum gate gate = load->opened;

	load->nr_told = 0;
	if (gate == GATE_WARM && !should_stop(load)) {
		load->counted = true;
		call_gate(load, IO_GATE_BEFORE);
		see_begin(load);
	} else if (gate == GATE_COUNTED) {
		read_idle(&load->idle_end);
		if (load->counted)
			call_gate(load, IO_GATE_AFTER);
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
