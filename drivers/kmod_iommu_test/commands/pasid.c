// SPDX-License-Identifier: GPL-2.0-only
/*
 * PASIDs, bound and unbound by commands in the caller's own context.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "clock.h"
#include "commands/copy.h"
#include "commands/pasid.h"
#include "commands/pasid_bind.h"
#include "compat.h"
#include "device.h"
#include "engine/engine.h"
#include "message.h"
#include "run/calibrate.h"

#define PASID_OVERHEAD_SAMPLES	101
/* A watch that was started has not got through by then: it never will. */
#define PASID_FIRST_ACCESS_NS	(20 * NSEC_PER_MSEC)

static int check_bind(const struct iommubench_pasid_bind *p, struct bench_message *msg)
{
	bool domain = p->kind == IOMMUBENCH_PASID_DOMAIN;

	if (p->reserved)
		return bench_refuse(msg, -EINVAL, "a reserved field of the bind is not zero");
	if (p->kind < IOMMUBENCH_PASID_SVA || p->kind > IOMMUBENCH_PASID_RESERVE)
		return bench_refuse(msg, -EINVAL, "unknown kind of bind %u", p->kind);
	if (p->flags & ~(IOMMUBENCH_PASID_SAME_DOMAIN | IOMMUBENCH_PASID_EMPTY))
		return bench_refuse(msg, -EINVAL, "unknown bind flags 0x%x", p->flags);
	if ((p->flags || p->reserved_id) && !domain)
		return bench_refuse(msg, -EINVAL, "only the bind of a domain has flags and a reservation");
	if (p->reserved_id > IOMMUBENCH_MAX_PASID_BINDS)
		return bench_refuse(msg, -EINVAL, "reservation %u, expected at most %u",
				    p->reserved_id, IOMMUBENCH_MAX_PASID_BINDS);
	return 0;
}

/**
 * bench_pasid_bind() - IOMMUBENCH_IOC_PASID_BIND
 * @call: the command
 *
 * Context: process, without the device's lock; sleeps.
 * Return: 0 or a negative errno; -ENODEV when the device was given back.
 */
int bench_pasid_bind(struct bench_call *call)
{
	struct bench_pasids *pasids = &call->bf->bd->pasids;
	struct iommubench_pasid_bind *p = &call->arg.pasid_bind;
	int err;

	p->address = 0;
	p->mark = 0;
	err = check_bind(p, &call->msg);
	if (err)
		return err;
	if (down_read_killable(&pasids->alive))
		return -EINTR;
	err = pasids->gone ? -ENODEV : pasid_bind_new(call->bf, p, &call->msg);
	up_read(&pasids->alive);
	/* What the caller does not learn of goes with the file. */
	return err;
}

/* What an access came to that the engine has told of. */
static u32 refusal(int err)
{
	switch (err) {
	case -EFAULT:
		return IOMMUBENCH_PASID_REFUSED;
	case -EBADMSG:
		return IOMMUBENCH_PASID_OTHER;
	default:
		return IOMMUBENCH_PASID_GOT_THROUGH;
	}
}

/* Starts a watch and sees that it gets through. Return: 0, or a negative errno and no watch. */
static int watch_begin(struct bench_engine *engine, const struct iommubench_pasid_unbind *p,
		       u32 pasid)
{
	u64 limit = bench_clock() + bench_ns_to_ticks(PASID_FIRST_ACCESS_NS);
	struct bench_watch watch;
	u64 latency_ns;
	int err = 0;

	/* A watch that finds something else ends at once, as one that is refused. */
	if (p->mark)
		err = bench_engine_read_probe(engine, p->address, pasid, p->mark, &latency_ns);
	if (!err)
		err = bench_engine_watch_start(engine, p->address, pasid, p->mark, p->interval_ns);
	if (err == -EBADMSG)
		return -EFAULT;
	if (err)
		return err;
	while (!bench_engine_watch_count(engine)) {
		if (bench_clock() > limit) {
			bench_engine_watch_end(engine, 0, &watch);
			return -EFAULT;
		}
		usleep_range(5, 20);
	}
	return 0;
}

static int unbind_watched(struct bench_device *bd, struct pasid_bind *bind,
			  struct iommubench_pasid_unbind *p)
{
	struct bench_engine *engine = &bd->engine;
	struct bench_engine_sync sync;
	struct bench_watch watch;
	u64 end, last, seen;
	int err;

	bench_engine_sync(engine, &sync);
	p->ticks = pasid_bind_undo(bd, bind, &end);
	seen = bench_engine_watch_count(engine);
	err = bench_engine_watch_end(engine, p->limit_ns, &watch);
	p->error_ticks = sync.error_ticks;
	p->accesses = watch.accesses > seen ? watch.accesses - seen : 0;
	if (err && err != -ETIMEDOUT)
		return err;
	p->refused = refusal(err ?: watch.other ? -EBADMSG : -EFAULT);
	if (err) {
		p->exposure_ticks = bench_ns_to_ticks(p->limit_ns);
		return 0;
	}
	last = watch.last_ns ? bench_engine_ticks(&sync, watch.last_ns) : 0;
	p->exposure_ticks = last > end ? last - end : 0;
	return 0;
}

static int unbind_probed(struct bench_device *bd, u32 pasid, struct iommubench_pasid_unbind *p)
{
	u64 latency_ns;
	int err;

	err = bench_engine_read_probe(&bd->engine, p->address, pasid, p->mark, &latency_ns);
	if (!bench_engine_answered(err))
		return err;
	if (p->refused <= IOMMUBENCH_PASID_REFUSED)
		p->refused = refusal(err);
	return 0;
}

/* What is looked at is the detach alone: what was mapped is still there, and unmapped at last. */
static int unbind_alive(struct bench_device *bd, struct pasid_bind *bind,
			struct iommubench_pasid_unbind *p)
{
	u32 pasid = bind->pasid;
	u64 end;
	int err = 0;

	if (p->flags & IOMMUBENCH_PASID_WATCH)
		err = unbind_watched(bd, bind, p);
	else
		p->ticks = pasid_bind_undo(bd, bind, &end);
	if (!err && (p->flags & IOMMUBENCH_PASID_PROBE))
		err = unbind_probed(bd, pasid, p);
	pasid_bind_give(bd, bind);
	return err;
}

static int check_unbind(struct bench_device *bd, const struct iommubench_pasid_unbind *p)
{
	u64 features = bench_engine_features(&bd->engine);

	if (p->reserved || p->flags & ~(IOMMUBENCH_PASID_WATCH | IOMMUBENCH_PASID_PROBE) ||
	    p->limit_ns > IOMMUBENCH_MAX_WATCH_NS || p->address % BENCH_PROBE_BYTES)
		return -EINVAL;
	if ((p->flags & IOMMUBENCH_PASID_WATCH && !(features & IOMMUBENCH_FEATURE_WATCH)) ||
	    (p->flags & IOMMUBENCH_PASID_PROBE && !(features & IOMMUBENCH_FEATURE_PROBE)))
		return -EOPNOTSUPP;
	return 0;
}

static int unbind_locked(struct bench_file *bf, struct iommubench_pasid_unbind *p)
{
	struct bench_device *bd = bf->bd;
	struct pasid_bind *bind;
	int err = 0;

	if (!bd->pasids.gone)
		err = check_unbind(bd, p);
	if (err)
		return err;
	bind = pasid_bind_hold(&bf->pasid, p->id);
	if (IS_ERR(bind))
		return PTR_ERR(bind);
	if (!bind->dead && (p->flags & IOMMUBENCH_PASID_WATCH)) {
		err = watch_begin(&bd->engine, p, bind->pasid);
		if (err) {
			pasid_bind_leave(bind);
			return err;
		}
	}
	/* It is held, so nobody finds it between these. */
	xa_erase(&bf->pasid.binds, p->id);
	err = bind->dead ? -ENODEV : unbind_alive(bd, bind, p);
	kfree(bind);
	return err;
}

/**
 * bench_pasid_unbind() - IOMMUBENCH_IOC_PASID_UNBIND
 * @call: the command
 *
 * Context: process, without the device's lock; sleeps.
 * Return: 0 or a negative errno; -ENODEV when the device was given back.
 */
int bench_pasid_unbind(struct bench_call *call)
{
	struct bench_pasids *pasids = &call->bf->bd->pasids;
	struct iommubench_pasid_unbind *p = &call->arg.pasid_unbind;
	int err;

	p->refused = IOMMUBENCH_PASID_NOT_TRIED;
	p->ticks = 0;
	p->exposure_ticks = 0;
	p->error_ticks = 0;
	p->accesses = 0;
	if (down_read_killable(&pasids->alive))
		return -EINTR;
	err = unbind_locked(call->bf, p);
	up_read(&pasids->alive);
	return err;
}

static int access_locked(struct bench_device *bd, struct iommubench_pasid_access *p)
{
	struct bench_engine *engine = &bd->engine;
	struct bench_watch watch = {};
	int err;

	if (bd->pasids.gone)
		return -ENODEV;
	if (!(bench_engine_features(engine) &
	      (p->limit_ns ? IOMMUBENCH_FEATURE_WATCH : IOMMUBENCH_FEATURE_PROBE)))
		return -EOPNOTSUPP;
	if (!p->pasid || p->pasid >= bench_device_pasids(bd->dev))
		return -EINVAL;
	if (!p->limit_ns) {
		err = bench_engine_read_probe(engine, p->address, p->pasid, p->mark,
					      &p->device_ns);
		p->accesses = !err;
	} else {
		err = bench_engine_watch_start(engine, p->address, p->pasid, p->mark, 0);
		if (err)
			return err;
		err = bench_engine_watch_end(engine, p->limit_ns, &watch);
		p->accesses = watch.accesses;
		if (!err)
			err = watch.other ? -EBADMSG : -EFAULT;
		else if (err == -ETIMEDOUT)
			err = 0;
	}
	if (!bench_engine_answered(err))
		return err;
	p->refused = refusal(err);
	return 0;
}

/**
 * bench_pasid_access() - IOMMUBENCH_IOC_PASID_ACCESS
 * @call: the command
 *
 * Context: process, without the device's lock; sleeps.
 * Return: 0 or a negative errno; -ENODEV when the device was given back.
 */
int bench_pasid_access(struct bench_call *call)
{
	struct bench_pasids *pasids = &call->bf->bd->pasids;
	struct iommubench_pasid_access *p = &call->arg.pasid_access;
	int err;

	if (p->reserved || p->limit_ns > IOMMUBENCH_MAX_WATCH_NS || p->address % BENCH_PROBE_BYTES)
		return -EINVAL;
	p->device_ns = 0;
	if (down_read_killable(&pasids->alive))
		return -EINTR;
	err = access_locked(call->bf->bd, p);
	up_read(&pasids->alive);
	return err;
}

static int compare_ticks(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

/* Two reads of the clock is all that the harness adds to a sample. */
static u64 overhead_ticks(void)
{
	u64 samples[PASID_OVERHEAD_SAMPLES], start;
	unsigned int i;

	for (i = 0; i < PASID_OVERHEAD_SAMPLES; i++) {
		start = bench_clock();
		samples[i] = bench_clock() - start;
	}
	sort(samples, PASID_OVERHEAD_SAMPLES, sizeof(*samples), compare_ticks, NULL);
	return samples[PASID_OVERHEAD_SAMPLES / 2];
}

/**
 * bench_pasid_info() - IOMMUBENCH_IOC_PASID_INFO
 * @call: the command
 *
 * Context: process, without the device's lock; sleeps.
 * Return: 0 or a negative errno; -ENODEV when the device was given back.
 */
int bench_pasid_info(struct bench_call *call)
{
	struct bench_pasids *pasids = &call->bf->bd->pasids;
	struct iommubench_pasid_info *info = &call->arg.pasid_info;
	int err = 0;

	*info = (struct iommubench_pasid_info) {
		.overhead_ticks = overhead_ticks(),
		.resolution_ticks = bench_clock_resolution(),
	};
	if (down_read_killable(&pasids->alive))
		return -EINTR;
	if (pasids->gone)
		err = -ENODEV;
	else
		info->max_pasids = bench_device_pasids(call->bf->bd->dev);
	up_read(&pasids->alive);
	if (err)
		return err;
	spin_lock(&pasids->lock);
	info->live = pasids->live;
	info->reserved = pasids->reserved;
	info->binds = pasids->bound;
	info->unbinds = pasids->unbound;
	info->domains = pasids->domains;
	spin_unlock(&pasids->lock);
	return 0;
}
