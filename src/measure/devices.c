// SPDX-License-Identifier: GPL-2.0-only
#include "measure/devices.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/**
 * struct cpu_use - a CPU that devices' threads were given
 * @cpu: number of the CPU
 * @threads: number of threads that are pinned to it
 */
struct cpu_use {
	uint32_t cpu;
	unsigned int threads;
};

static unsigned int *use_of(struct cpu_use *use, unsigned int *nr, uint32_t cpu)
{
	unsigned int i;

	for (i = 0; i < *nr; i++)
		if (use[i].cpu == cpu)
			return &use[i].threads;
	use[*nr] = (struct cpu_use){ .cpu = cpu };
	return &use[(*nr)++].threads;
}

unsigned int devices_share_cpus(struct placement *const *p, unsigned int nr, unsigned int threads)
{
	unsigned int i, k, got, room = 0, used = 0, least, taken = 0;
	struct cpu_use *use;
	uint32_t cpu;

	for (i = 0; i < nr; i++)
		room += p[i]->nr;
	use = xcalloc(room, sizeof(*use));
	for (i = 0; i < nr; i++) {
		for (got = 0; got < threads && got < p[i]->nr; got++) {
			/* Of those that are left to it, the first of the least used. */
			least = got;
			for (k = got + 1; k < p[i]->nr; k++)
				if (*use_of(use, &used, p[i]->cpus[k]) <
				    *use_of(use, &used, p[i]->cpus[least]))
					least = k;
			cpu = p[i]->cpus[least];
			for (k = least; k > got; k--)
				p[i]->cpus[k] = p[i]->cpus[k - 1];
			p[i]->cpus[got] = cpu;
			++*use_of(use, &used, cpu);
		}
		p[i]->nr = got;
	}
	for (i = 0; i < used; i++)
		taken += use[i].threads > 0;
	free(use);
	return taken;
}

/* All CPUs that are in use, on the heap; those that are shared are there more than once. */
static struct placement all_cpus(const struct devices *d)
{
	struct placement all = { 0 };
	unsigned int i;

	for (i = 0; i < d->nr; i++) {
		const struct placement *p = &d->members[i].s->placement;

		all.cpus = xgrow(all.cpus, all.nr + p->nr, sizeof(*all.cpus));
		memcpy(all.cpus + all.nr, p->cpus, p->nr * sizeof(*all.cpus));
		all.nr += p->nr;
	}
	return all;
}

unsigned int devices_count_cpus(const struct devices *d)
{
	struct placement all = all_cpus(d);
	unsigned int i, k, n = 0;

	for (i = 0; i < all.nr; i++) {
		for (k = 0; k < i && all.cpus[k] != all.cpus[i]; k++)
			;
		n += k == i;
	}
	placement_free(&all);
	return n;
}

static int place(struct devices *d, unsigned int threads)
{
	struct placement **p = xcalloc(d->nr, sizeof(struct placement *)), all;
	unsigned int i;
	int ret = EXIT_DONE;

	for (i = 0; i < d->nr && !ret; i++) {
		ret = session_choose_cpus(d->members[i].s, threads * d->nr);
		p[i] = &d->members[i].s->placement;
	}
	if (!ret) {
		d->cpus = devices_share_cpus(p, d->nr, threads);
		all = all_cpus(d);
		placement_step_aside(&all);
		placement_free(&all);
	}
	free(p);
	return ret;
}

/* Return: EXIT_DONE, with or without a ring, or another enum exit_status after one line. */
static int open_ring(struct devices *d, int choice)
{
	/* A WAIT keeps a worker busy until its run ends; there must be others to stop it. */
	unsigned int workers[2] = { d->nr * 2 + 2, 0 };
	unsigned int i;
	int err = 0;

	if (choice == TRANSPORT_IOCTL)
		return EXIT_DONE;
	for (i = 0; i < d->nr; i++)
		if (!(d->members[i].s->device.info.features & IOMMUBENCH_FEATURE_URING_CANCEL))
			err = -EOPNOTSUPP;
	if (!err)
		err = ring_open(&d->ring, d->nr * 4 + 2);
	if (err && choice == TRANSPORT_URING)
		return error_fail(EXIT_UNABLE, "--transport uring: cannot set up io_uring: %s; use --transport ioctl",
				  strerror(-err));
	if (err) {
		error_detail("cannot set up io_uring: %s; devices are looked after in turn",
			     strerror(-err));
		return EXIT_DONE;
	}
	io_uring_register_iowq_max_workers(&d->ring.uring, workers);
	return EXIT_DONE;
}

void devices_rejoin(struct devices *d, unsigned int i)
{
	struct run_link *link = &d->members[i].s->link;

	if (!d->together)
		return;
	/* The kernel counts the page tables of all devices together. */
	link->memory = NULL;
	link->shared = d->ring.open;
}

int devices_connect(struct devices *d, unsigned int threads)
{
	unsigned int i;
	int ret;

	d->kind = COUNTERS_RUNS;
	if (!d->together)
		return session_connect(d->members[0].s, threads);
	ret = place(d, threads);
	if (!ret)
		ret = open_ring(d, d->members[0].s->o.transport);
	for (i = 0; i < d->nr && !ret; i++) {
		struct session *s = d->members[i].s;

		s->o.transport = TRANSPORT_IOCTL;
		ret = session_settle(s);
		devices_rejoin(d, i);
	}
	return ret;
}

void devices_iommu_kind(const struct devices *d, char *kind, size_t n)
{
	unsigned int i;
	size_t used;
	char one[64];

	device_iommu_kind(&d->members[0].s->device, kind, n);
	for (i = 1; i < d->nr; i++) {
		device_iommu_kind(&d->members[i].s->device, one, sizeof(one));
		used = strlen(kind);
		if (!strstr(kind, one))
			snprintf(kind + used, n - used, " and %s", one);
	}
}

bool devices_interrupted(const struct devices *d)
{
	return run_interrupted(&d->members[0].s->link);
}

double devices_ops_per_s(const struct devices_member *m)
{
	uint64_t ops = 0;
	unsigned int i;

	for (i = 0; i < m->t->nr_threads; i++)
		ops += m->t->threads[i].ops;
	return m->t->ticks ? (double)ops * (double)m->t->clock_hz / (double)m->t->ticks : 0;
}

int devices_end(struct devices *d)
{
	int ret = EXIT_DONE, ended;
	unsigned int i;

	ring_close(&d->ring);
	counters_free(d->common);
	d->common = NULL;
	for (i = 0; i < d->nr; i++) {
		struct session *s = d->members[i].s;

		if (d->together) {
			s->signals = -1;
			s->o.events = (struct perf_pmu_names){ NULL };
		}
		ended = session_end(s);
		ret = ret ? ret : ended;
	}
	return ret;
}
