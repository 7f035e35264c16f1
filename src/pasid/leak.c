// SPDX-License-Identifier: GPL-2.0-only
#include "pasid/leak.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/sysfs.h"
#include "pasid/commands.h"
#include "place/placement.h"
#include "text/json.h"
#include "text/progress.h"

/* What the kernel frees after a grace period, or when a CPU lets an address space go. */
#define SETTLE_NS	5000000000ULL
#define SETTLE_STEP_US	20000
/* How long to wait for that before there is anything to compare with. */
#define BEGIN_NS		1000000000ULL
/* No kernel numbers its CPUs higher. */
#define CPUS			(PLACEMENT_MAX_CPU + 1)
/* Processes come and go by themselves: so many address spaces more are no sign. */
#define MMS_SLACK	8

/*
 * A process that has ended may leave its address space behind on a CPU that has run nothing
 * else since: run there.
 */
static void visit_cpus(void)
{
	size_t bytes = CPU_ALLOC_SIZE(CPUS);
	cpu_set_t *old = CPU_ALLOC(CPUS), *one = CPU_ALLOC(CPUS);
	unsigned int cpu;

	if (old && one && !sched_getaffinity(0, bytes, old)) {
		for (cpu = 0; cpu < CPUS && cpu < (unsigned int)get_nprocs_conf(); cpu++) {
			CPU_ZERO_S(bytes, one);
			CPU_SET_S(cpu, bytes, one);
			if (!sched_setaffinity(0, bytes, one))
				sched_yield();
		}
		sched_setaffinity(0, bytes, old);
	}
	if (old)
		CPU_FREE(old);
	if (one)
		CPU_FREE(one);
}

/* A domain gives the PASID back at once; without one a process does, which takes a moment. */
static unsigned int lowest_pasid(const struct device *d)
{
	struct iommubench_pasid_bind bind = { .kind = IOMMUBENCH_PASID_DOMAIN };
	struct iommubench_pasid_unbind unbind = { 0 };
	unsigned int pasid;

	if (pasid_bind(d->fd, &bind, NULL)) {
		pasid_try_process(d, &pasid, NULL);
		return pasid;
	}
	unbind.id = bind.id;
	pasid_unbind(d->fd, &unbind);
	return bind.pasid;
}

static int64_t count_capacity(const struct device *d, const struct iommubench_pasid_info *info)
{
	int64_t got = 0;
	int fd;

	if (info->max_pasids < 2 || info->max_pasids > PASID_LEAK_COUNTED)
		return -1;
	fd = pasid_open(d, O_CLOEXEC);
	if (fd < 0)
		return -1;
	for (;; got++) {
		struct iommubench_pasid_bind bind = { .kind = IOMMUBENCH_PASID_DOMAIN };

		if (pasid_bind(fd, &bind, NULL))
			break;
	}
	close(fd);
	return got;
}

/* Objects in use of a slab cache, exact once each CPU's own were given back. */
static int64_t count_mms(void)
{
	char line[512];
	int64_t objects = -1;
	FILE *f;

	/* Where there is no such file the figure is a little too high, before and after. */
	(void)sysfs_write("1", "/sys/kernel/slab/mm_struct/shrink");
	f = fopen("/proc/slabinfo", "re");
	if (!f)
		return -1;
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "mm_struct %" SCNd64, &objects) == 1)
			break;
	fclose(f);
	return objects;
}

static void take_stock(struct pasid_stock *stock, const struct device *d, bool count_all)
{
	struct iommubench_pasid_info info;

	*stock = (struct pasid_stock){ .capacity = -1 };
	visit_cpus();
	usleep(SETTLE_STEP_US);
	stock->lowest_pasid = lowest_pasid(d);
	if (!pasid_info(d->fd, &info)) {
		if (count_all)
			stock->capacity = count_capacity(d, &info);
		pasid_info(d->fd, &info);
		stock->live = info.live;
		stock->reserved = info.reserved;
		stock->domains = info.domains;
		stock->binds = info.binds;
		stock->unbinds = info.unbinds;
	}
	stock->mms = count_mms();
}

void pasid_leak_begin(struct pasid_leaks *leaks, const struct device *d, bool count_all)
{
	uint64_t deadline = monotonic_ns() + BEGIN_NS;
	struct pasid_stock *stock = &leaks->before;
	unsigned int pasid;

	*leaks = (struct pasid_leaks){ 0 };
	/* What is there only since the first bind of all is no leak. */
	pasid_try_process(d, &pasid, NULL);
	/* The first one unless somebody has it, and be it a process that ended just now. */
	do {
		take_stock(stock, d, count_all);
	} while (stock->lowest_pasid > 1 && monotonic_ns() < deadline);
}

static bool mms_missing(const struct pasid_leaks *leaks)
{
	int64_t more = leaks->after.mms - leaks->before.mms;

	if (leaks->before.mms < 0 || leaks->after.mms < 0)
		return false;
	return more > MMS_SLACK && (uint64_t)more * 10 > leaks->ended;
}

static bool pasid_missing(const struct pasid_leaks *leaks)
{
	return leaks->before.lowest_pasid &&
	       (!leaks->after.lowest_pasid ||
		leaks->after.lowest_pasid > leaks->before.lowest_pasid);
}

void pasid_leak_end(struct pasid_leaks *leaks, const struct device *d, uint64_t ended)
{
	uint64_t deadline = monotonic_ns() + SETTLE_NS;
	struct iommubench_pasid_info info;
	char text[256];

	leaks->ended = ended;
	leaks->unknown = pasid_info(d->fd, &info);
	if (leaks->unknown)
		return;
	do {
		take_stock(&leaks->after, d, leaks->before.capacity >= 0);
	} while (pasid_leak_first(leaks, text, sizeof(text)) && monotonic_ns() < deadline);
}

bool pasid_leak_first(const struct pasid_leaks *leaks, char *text, size_t n)
{
	const struct pasid_stock *a = &leaks->before, *b = &leaks->after;

	if (leaks->unknown)
		return false;
	if (b->live > a->live || b->reserved > a->reserved || b->domains > a->domains)
		snprintf(text, n, "%" PRIu64 " PASIDs are still bound, %" PRIu64
			 " reserved, %" PRIu64 " domains there (before: %" PRIu64 ", %" PRIu64
			 ", %" PRIu64 ")", b->live, b->reserved, b->domains, a->live, a->reserved,
			 a->domains);
	else if (pasid_missing(leaks))
		snprintf(text, n, "the lowest PASID that is free is %u now and was %u before",
			 b->lowest_pasid, a->lowest_pasid);
	else if (b->capacity < a->capacity)
		snprintf(text, n, "%" PRId64 " domains can be attached at once now and %" PRId64
			 " before", b->capacity, a->capacity);
	else if (mms_missing(leaks))
		snprintf(text, n, "%" PRId64 " address spaces are left over after %" PRIu64
			 " processes ended", b->mms - a->mms, leaks->ended);
	else
		return false;
	return true;
}

static json_t *count_or_null(int64_t count)
{
	return count < 0 ? json_null() : xjson(json_integer(count));
}

static json_t *describe(const struct pasid_stock *s)
{
	json_t *j = xjson(json_object());

	xjson_put(j, "live", xjson(json_integer((json_int_t)s->live)));
	xjson_put(j, "reserved", xjson(json_integer((json_int_t)s->reserved)));
	xjson_put(j, "domains", xjson(json_integer((json_int_t)s->domains)));
	xjson_put(j, "binds", xjson(json_integer((json_int_t)s->binds)));
	xjson_put(j, "unbinds", xjson(json_integer((json_int_t)s->unbinds)));
	xjson_put(j, "lowest_pasid", xjson(json_integer(s->lowest_pasid)));
	xjson_put(j, "capacity", count_or_null(s->capacity));
	xjson_put(j, "address_spaces", count_or_null(s->mms));
	return j;
}

void pasid_leak_report(const struct pasid_leaks *leaks, struct result *r)
{
	const struct pasid_stock *a = &leaks->before, *b = &leaks->after;
	json_t *j;

	if (leaks->unknown)
		return;
	j = xjson(json_object());
	xjson_put(j, "before", describe(a));
	xjson_put(j, "after", describe(b));
	xjson_put(j, "processes_ended", xjson(json_integer((json_int_t)leaks->ended)));
	xjson_put(result_json(r), "leaks", j);
	result_add_check(r, "binds_undone", 1, b->live > a->live || b->reserved > a->reserved ||
			 b->domains > a->domains);
	result_add_check(r, "pasids_returned", 1, pasid_missing(leaks));
	if (a->capacity >= 0)
		result_add_check(r, "address_space_ids_returned", 1, b->capacity < a->capacity);
	if (a->mms >= 0)
		result_add_check(r, "address_spaces_returned", 1, mms_missing(leaks));
}
