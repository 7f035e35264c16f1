// SPDX-License-Identifier: GPL-2.0-only
/*
 * PASIDs, bound and unbound by commands in the caller's own context.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/iommu.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/uaccess.h>

#include "clock.h"
#include "commands/pasid.h"
#include "compat.h"
#include "device.h"
#include "iommu/domain.h"
#include "iommu/iova.h"
#include "iommu/sva.h"
#include "message.h"
#include "run/calibrate.h"

#define PASID_OVERHEAD_SAMPLES	101
/* A watch that was started has not got through by then: it never will. */
#define PASID_FIRST_ACCESS_NS	(20 * NSEC_PER_MSEC)

/**
 * struct pasid_domain - a domain with one page mapped, or none
 * @domain: the domain
 * @page: the page, zeroed; NULL in an empty domain
 * @iova: where it is mapped
 * @users: PASIDs that it is attached to
 */
struct pasid_domain {
	struct iommu_domain *domain;
	struct page *page;
	u64 iova;
	unsigned int users;
};

/**
 * struct pasid_bind - one PASID
 * @node: in &bench_pasids.binds
 * @pf: the file that it belongs to
 * @kind: what it is bound to
 * @pasid: which one
 * @dead: the device was given back and this with it
 * @handle: SVA
 * @domain: DOMAIN
 * @reservation: DOMAIN: whose PASID it has, NULL when that is its own
 * @users: commands that are about to undo it; RESERVE: also domains attached to it
 */
struct pasid_bind {
	struct list_head node;
	struct bench_pasid_file *pf;
	enum iommubench_pasid_kind kind;
	u32 pasid;
	bool dead;
	struct iommu_sva *handle;
	struct pasid_domain *domain;
	struct pasid_bind *reservation;
	unsigned int users;
};

/**
 * bench_pasids_init() - nothing is bound
 * @pasids: receives; zeroed by the caller
 */
void bench_pasids_init(struct bench_pasids *pasids)
{
	init_rwsem(&pasids->alive);
	mutex_init(&pasids->sva_lock);
	spin_lock_init(&pasids->lock);
	INIT_LIST_HEAD(&pasids->binds);
}

/**
 * bench_pasid_open() - a file has bound nothing yet
 * @pf: receives
 */
void bench_pasid_open(struct bench_pasid_file *pf)
{
	xa_init_flags(&pf->binds, XA_FLAGS_ALLOC);
	mutex_init(&pf->lock);
	pf->last = NULL;
}

static void domain_uncount(struct bench_pasids *pasids)
{
	spin_lock(&pasids->lock);
	pasids->domains--;
	spin_unlock(&pasids->lock);
}

static void domain_free(struct bench_pasids *pasids, struct pasid_domain *pd)
{
	if (pd->page) {
		iommu_unmap(pd->domain, pd->iova, PAGE_SIZE);
		__free_page(pd->page);
	}
	iommu_domain_free(pd->domain);
	domain_uncount(pasids);
	kfree(pd);
}

/* Sets @pd's page. Return: 0 or a negative errno, with nothing mapped. */
static int domain_map_page(struct bench_device *bd, struct pasid_domain *pd,
			   struct bench_message *msg)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	int err;

	if (!page)
		return -ENOMEM;
	err = bench_iova_find_span(bd->dev, pd->domain, bd->engine.dma_bits, PAGE_SIZE, PAGE_SIZE,
				   &pd->iova) ?:
	      bench_iommu_map(pd->domain, pd->iova, page_to_phys(page), PAGE_SIZE,
			      bench_domain_prot(bd->dev, DMA_TO_DEVICE));
	if (err) {
		__free_page(page);
		return bench_refuse(msg, err, "a page cannot be mapped in a new domain: error %d",
				    err);
	}
	pd->page = page;
	return 0;
}

/* Counts a domain that is about to be made. */
static int domain_count(struct bench_pasids *pasids, bool empty, struct bench_message *msg)
{
	bool full;

	spin_lock(&pasids->lock);
	full = !empty && pasids->domains >= IOMMUBENCH_MAX_PASID_DOMAINS;
	if (!full)
		pasids->domains++;
	spin_unlock(&pasids->lock);
	if (full)
		return bench_refuse(msg, -EMFILE,
				    "no more than %u domains at once: an IOMMU may have few address space identifiers, and some kernels crash when they run out",
				    IOMMUBENCH_MAX_PASID_DOMAINS);
	return 0;
}

static struct pasid_domain *domain_new(struct bench_device *bd, bool empty,
				       struct bench_message *msg)
{
	struct iommu_domain *domain;
	struct pasid_domain *pd;
	int err;

	err = domain_count(&bd->pasids, empty, msg);
	if (err)
		return ERR_PTR(err);
	pd = kzalloc(sizeof(*pd), GFP_KERNEL);
	if (!pd) {
		err = -ENOMEM;
		goto uncount;
	}
	domain = bench_domain_alloc(bd->dev);
	if (IS_ERR(domain)) {
		err = bench_refuse(msg, PTR_ERR(domain),
				   "no further domain for %s: its IOMMU has no address space identifier left, or memory is short (error %ld)",
				   dev_name(bd->dev), PTR_ERR(domain));
		goto free;
	}
	pd->domain = domain;
	if (empty)
		return pd;
	err = domain_map_page(bd, pd, msg);
	if (!err)
		return pd;
	iommu_domain_free(domain);
free:
	kfree(pd);
uncount:
	domain_uncount(&bd->pasids);
	return ERR_PTR(err);
}

/* The domain for a bind, with its user counted. */
static struct pasid_domain *domain_get(struct bench_device *bd, struct bench_pasid_file *pf,
				       u32 flags, struct bench_message *msg)
{
	struct pasid_domain *pd;

	mutex_lock(&pf->lock);
	if (!(flags & IOMMUBENCH_PASID_SAME_DOMAIN)) {
		pd = domain_new(bd, flags & IOMMUBENCH_PASID_EMPTY, msg);
		if (!IS_ERR(pd))
			pf->last = pd;
	} else {
		pd = pf->last;
		if (!pd) {
			bench_refuse(msg, -EINVAL,
				     "this file's last domain is bound to no PASID any more");
			pd = ERR_PTR(-EINVAL);
		}
	}
	if (!IS_ERR(pd))
		pd->users++;
	mutex_unlock(&pf->lock);
	return pd;
}

static void domain_put(struct bench_pasids *pasids, struct bench_pasid_file *pf,
		       struct pasid_domain *pd)
{
	mutex_lock(&pf->lock);
	if (!--pd->users) {
		if (pf->last == pd)
			pf->last = NULL;
		domain_free(pasids, pd);
	}
	mutex_unlock(&pf->lock);
}

/* Sets @bind's PASID: an own one, or that of a reservation. */
static int pasid_take(struct bench_device *bd, struct pasid_bind *bind, u32 reserved_id,
		      struct bench_message *msg)
{
	struct pasid_bind *reservation;
	int err = 0;

	if (!BENCH_HAS_DOMAIN_PASID || bench_device_pasids(bd->dev) < 2)
		return bench_refuse(msg, -EOPNOTSUPP,
				    "device %s has no PASIDs that domains can be attached to: that takes kernel 6.6, an IOMMU with substreams, and the PCI capability PASID or the firmware property pasid-num-bits",
				    dev_name(bd->dev));
	if (!reserved_id) {
		bind->pasid = bench_pasid_alloc(bd->dev);
		if (!bind->pasid)
			return bench_refuse(msg, -ENOSPC, "no PASID is left: all below %u are taken",
					    bench_device_pasids(bd->dev));
		return 0;
	}
	mutex_lock(&bind->pf->lock);
	reservation = xa_load(&bind->pf->binds, reserved_id - 1);
	if (!reservation || reservation->kind != IOMMUBENCH_PASID_RESERVE) {
		err = bench_refuse(msg, -EINVAL, "there is no reservation with id %u in this file",
				   reserved_id - 1);
	} else if (reservation->users) {
		err = bench_refuse(msg, -EINVAL, "the PASID of reservation %u is bound already",
				   reserved_id - 1);
	} else {
		reservation->users++;
		bind->reservation = reservation;
		bind->pasid = reservation->pasid;
	}
	mutex_unlock(&bind->pf->lock);
	return err;
}

static void pasid_give(struct pasid_bind *bind)
{
	if (!bind->reservation) {
		bench_pasid_free(bind->pasid);
		return;
	}
	mutex_lock(&bind->pf->lock);
	bind->reservation->users--;
	mutex_unlock(&bind->pf->lock);
}

static int bind_domain(struct bench_device *bd, struct pasid_bind *bind,
		       struct iommubench_pasid_bind *p, struct bench_message *msg)
{
	struct pasid_domain *pd;
	u64 start;
	int err;

	err = pasid_take(bd, bind, p->reserved_id, msg);
	if (err)
		return err;
	pd = domain_get(bd, bind->pf, p->flags, msg);
	if (IS_ERR(pd)) {
		pasid_give(bind);
		return PTR_ERR(pd);
	}
	start = bench_clock();
	err = bench_domain_attach_pasid(pd->domain, bd->dev, bind->pasid);
	p->ticks = bench_clock() - start;
	if (err) {
		domain_put(&bd->pasids, bind->pf, pd);
		pasid_give(bind);
		return bench_refuse(msg, err, "a domain cannot be attached to PASID %u of %s: error %d",
				    bind->pasid, dev_name(bd->dev), err);
	}
	bind->domain = pd;
	p->address = pd->page ? pd->iova : 0;
	return 0;
}

static int sva_switch_on(struct bench_device *bd, struct bench_message *msg)
{
	struct bench_pasids *pasids = &bd->pasids;
	int err = 0;

	if (READ_ONCE(pasids->sva_on))
		return 0;
	mutex_lock(&pasids->sva_lock);
	if (!pasids->sva_on)
		err = bench_sva_enable(&bd->sva, false, msg);
	if (!err)
		WRITE_ONCE(pasids->sva_on, true);
	mutex_unlock(&pasids->sva_lock);
	return err;
}

static int bind_sva(struct bench_device *bd, struct pasid_bind *bind,
		    struct iommubench_pasid_bind *p, struct bench_message *msg)
{
	u64 start;
	int err;

	if (!current->mm)
		return bench_refuse(msg, -EINVAL, "the caller has no address space");
	err = sva_switch_on(bd, msg);
	if (err)
		return err;
	start = bench_clock();
	bind->handle = bench_sva_bind(&bd->sva, current->mm);
	p->ticks = bench_clock() - start;
	err = PTR_ERR_OR_ZERO(bind->handle);
	switch (err) {
	case 0:
		bind->pasid = bench_sva_pasid(bind->handle);
		return 0;
	case -ENOSPC:
		return bench_refuse(msg, err, "no PASID is left for another address space");
	case -EBUSY:
		return bench_refuse(msg, err, "the IOMMU of %s has no address space identifier left for another address space",
				    dev_name(bd->dev));
	default:
		return bench_refuse(msg, err, "the address space cannot be bound to %s: error %d",
				    dev_name(bd->dev), err);
	}
}

static int bind_reserve(struct bench_device *bd, struct pasid_bind *bind,
			struct iommubench_pasid_bind *p, struct bench_message *msg)
{
	p->ticks = 0;
	return pasid_take(bd, bind, 0, msg);
}

static void bind_count(struct bench_pasids *pasids, struct pasid_bind *bind)
{
	spin_lock(&pasids->lock);
	list_add_tail(&bind->node, &pasids->binds);
	if (bind->kind == IOMMUBENCH_PASID_RESERVE) {
		pasids->reserved++;
	} else {
		pasids->live++;
		pasids->bound++;
	}
	spin_unlock(&pasids->lock);
}

/*
 * Undoes a bind, but for its PASID, which bind_give() gives back: until then nobody else
 * can have it.
 * Return: how many ticks the kernel's function took; @end receives when it returned.
 */
static u64 bind_undo(struct bench_device *bd, struct pasid_bind *bind, u64 *end)
{
	struct bench_pasids *pasids = &bd->pasids;
	u64 start = bench_clock();

	switch (bind->kind) {
	case IOMMUBENCH_PASID_SVA:
		bench_sva_unbind(bind->handle);
		break;
	case IOMMUBENCH_PASID_DOMAIN:
		bench_domain_detach_pasid(bind->domain->domain, bd->dev, bind->pasid);
		break;
	case IOMMUBENCH_PASID_RESERVE:
		break;
	}
	*end = bench_clock();
	if (bind->kind == IOMMUBENCH_PASID_DOMAIN)
		domain_put(pasids, bind->pf, bind->domain);
	spin_lock(&pasids->lock);
	list_del(&bind->node);
	if (bind->kind == IOMMUBENCH_PASID_RESERVE) {
		pasids->reserved--;
	} else {
		pasids->live--;
		pasids->unbound++;
	}
	spin_unlock(&pasids->lock);
	return *end - start;
}

/* The kernel's own PASID of an address space goes with that. */
static void bind_give(struct pasid_bind *bind)
{
	if (bind->kind != IOMMUBENCH_PASID_SVA)
		pasid_give(bind);
}

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

static int bind_new(struct bench_device *bd, struct pasid_bind *bind,
		    struct iommubench_pasid_bind *p, struct bench_message *msg)
{
	switch (bind->kind) {
	case IOMMUBENCH_PASID_SVA:
		return bind_sva(bd, bind, p, msg);
	case IOMMUBENCH_PASID_DOMAIN:
		return bind_domain(bd, bind, p, msg);
	default:
		return bind_reserve(bd, bind, p, msg);
	}
}

/* With the device there: bind, and enter the bind in the file's list. */
static int bind_locked(struct bench_file *bf, struct iommubench_pasid_bind *p,
		       struct bench_message *msg)
{
	struct bench_device *bd = bf->bd;
	struct pasid_bind *bind;
	u64 end;
	int err;

	if (bd->pasids.gone)
		return -ENODEV;
	bind = kzalloc(sizeof(*bind), GFP_KERNEL);
	if (!bind)
		return -ENOMEM;
	bind->pf = &bf->pasid;
	bind->kind = p->kind;
	err = bind_new(bd, bind, p, msg);
	if (err)
		goto free;
	bind_count(&bd->pasids, bind);
	p->pasid = bind->pasid;
	err = xa_alloc(&bf->pasid.binds, &p->id, bind,
		       XA_LIMIT(0, IOMMUBENCH_MAX_PASID_BINDS - 1), GFP_KERNEL);
	if (!err)
		return 0;
	bind_undo(bd, bind, &end);
	bind_give(bind);
	bench_refuse(msg, err, "this file has %u PASIDs bound and cannot have more",
		     IOMMUBENCH_MAX_PASID_BINDS);
free:
	kfree(bind);
	return err;
}

static long command_bind(struct bench_file *bf, void __user *arg)
{
	struct bench_pasids *pasids = &bf->bd->pasids;
	struct iommubench_pasid_bind p;
	struct bench_message msg = {};
	int err;

	err = bench_copy_struct(&p, sizeof(p), sizeof(p), arg);
	if (err)
		return err;
	p.address = 0;
	err = check_bind(&p, &msg);
	if (!err) {
		down_read(&pasids->alive);
		err = bind_locked(bf, &p, &msg);
		up_read(&pasids->alive);
	}
	if (err) {
		/* The reason counts, not whether its explanation could be stored. */
		bench_message_to_user(&msg, p.message, p.message_bytes);
		return err;
	}
	p.size = sizeof(p);
	/* What the caller does not learn of goes with the file. */
	return copy_to_user(arg, &p, sizeof(p)) ? -EFAULT : 0;
}

static u32 refusal(int err)
{
	return err == -EFAULT ? IOMMUBENCH_PASID_REFUSED : IOMMUBENCH_PASID_GOT_THROUGH;
}

/* Starts a watch and sees that it gets through. Return: 0, or a negative errno and no watch. */
static int watch_begin(struct bench_engine *engine, const struct iommubench_pasid_unbind *p,
		       u32 pasid)
{
	u64 limit = bench_clock() + bench_ns_to_ticks(PASID_FIRST_ACCESS_NS);
	struct bench_watch watch;
	int err;

	err = bench_engine_watch_start(engine, p->address, pasid, 0, p->interval_ns);
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
	p->ticks = bind_undo(bd, bind, &end);
	seen = bench_engine_watch_count(engine);
	err = bench_engine_watch_end(engine, p->limit_ns, &watch);
	p->error_ticks = sync.error_ticks;
	p->accesses = watch.accesses > seen ? watch.accesses - seen : 0;
	p->refused = err ? IOMMUBENCH_PASID_GOT_THROUGH : IOMMUBENCH_PASID_REFUSED;
	if (err == -ETIMEDOUT) {
		p->exposure_ticks = bench_ns_to_ticks(p->limit_ns);
		return 0;
	}
	if (err)
		return err;
	last = watch.last_ns ? bench_engine_ticks(&sync, watch.last_ns) : 0;
	p->exposure_ticks = last > end ? last - end : 0;
	return 0;
}

static int unbind_probed(struct bench_device *bd, u32 pasid, struct iommubench_pasid_unbind *p)
{
	u64 latency_ns;
	int err;

	err = bench_engine_read_probe(&bd->engine, p->address, pasid, 0, &latency_ns);
	if (err && err != -EFAULT)
		return err;
	if (p->refused != IOMMUBENCH_PASID_GOT_THROUGH)
		p->refused = refusal(err);
	return 0;
}

static int unbind_alive(struct bench_device *bd, struct pasid_bind *bind,
			struct iommubench_pasid_unbind *p)
{
	u32 pasid = bind->pasid;
	u64 end;
	int err = 0;

	if (p->flags & IOMMUBENCH_PASID_WATCH)
		err = unbind_watched(bd, bind, p);
	else
		p->ticks = bind_undo(bd, bind, &end);
	if (!err && (p->flags & IOMMUBENCH_PASID_PROBE))
		err = unbind_probed(bd, pasid, p);
	bind_give(bind);
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

/*
 * Keeps a bind from others until it is taken out of the list or file_leave().
 * Return: the bind, or an ERR_PTR() when there is none or it is in use.
 */
static struct pasid_bind *file_hold(struct bench_pasid_file *pf, u32 id)
{
	struct pasid_bind *bind;

	mutex_lock(&pf->lock);
	bind = xa_load(&pf->binds, id);
	if (!bind)
		bind = ERR_PTR(-ENOENT);
	else if (bind->users)
		bind = ERR_PTR(-EBUSY);
	else
		bind->users++;
	mutex_unlock(&pf->lock);
	return bind;
}

static void file_leave(struct bench_pasid_file *pf, struct pasid_bind *bind)
{
	mutex_lock(&pf->lock);
	bind->users--;
	mutex_unlock(&pf->lock);
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
	bind = file_hold(&bf->pasid, p->id);
	if (IS_ERR(bind))
		return PTR_ERR(bind);
	if (!bind->dead && (p->flags & IOMMUBENCH_PASID_WATCH)) {
		err = watch_begin(&bd->engine, p, bind->pasid);
		if (err) {
			file_leave(&bf->pasid, bind);
			return err;
		}
	}
	/* It is held, so nobody finds it between these. */
	xa_erase(&bf->pasid.binds, p->id);
	err = bind->dead ? -ENODEV : unbind_alive(bd, bind, p);
	kfree(bind);
	return err;
}

static long command_unbind(struct bench_file *bf, void __user *arg)
{
	struct bench_pasids *pasids = &bf->bd->pasids;
	struct iommubench_pasid_unbind p;
	int err;

	err = bench_copy_struct(&p, sizeof(p), sizeof(p), arg);
	if (err)
		return err;
	p.refused = IOMMUBENCH_PASID_NOT_TRIED;
	p.ticks = 0;
	p.exposure_ticks = 0;
	p.error_ticks = 0;
	p.accesses = 0;
	down_read(&pasids->alive);
	err = unbind_locked(bf, &p);
	up_read(&pasids->alive);
	if (err)
		return err;
	p.size = sizeof(p);
	return copy_to_user(arg, &p, sizeof(p)) ? -EFAULT : 0;
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
		err = bench_engine_read_probe(engine, p->address, p->pasid, 0, &p->device_ns);
		p->accesses = !err;
	} else {
		err = bench_engine_watch_start(engine, p->address, p->pasid, 0, 0);
		if (err)
			return err;
		err = bench_engine_watch_end(engine, p->limit_ns, &watch) ?: -EFAULT;
		p->accesses = watch.accesses;
		if (err == -ETIMEDOUT)
			err = 0;
	}
	if (err && err != -EFAULT)
		return err;
	p->refused = refusal(err);
	return 0;
}

static long command_access(struct bench_file *bf, void __user *arg)
{
	struct bench_pasids *pasids = &bf->bd->pasids;
	struct iommubench_pasid_access p;
	int err;

	err = bench_copy_struct(&p, sizeof(p), sizeof(p), arg);
	if (err)
		return err;
	if (p.reserved || p.limit_ns > IOMMUBENCH_MAX_WATCH_NS || p.address % BENCH_PROBE_BYTES)
		return -EINVAL;
	p.device_ns = 0;
	down_read(&pasids->alive);
	err = access_locked(bf->bd, &p);
	up_read(&pasids->alive);
	if (err)
		return err;
	p.size = sizeof(p);
	return copy_to_user(arg, &p, sizeof(p)) ? -EFAULT : 0;
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

static long command_info(struct bench_file *bf, void __user *arg)
{
	struct bench_pasids *pasids = &bf->bd->pasids;
	struct iommubench_pasid_info info;
	int err;

	err = bench_copy_struct(&info, sizeof(info), sizeof(info), arg);
	if (err)
		return err;
	info = (struct iommubench_pasid_info) {
		.size = sizeof(info),
		.overhead_ticks = overhead_ticks(),
		.resolution_ticks = bench_clock_resolution(),
	};
	down_read(&pasids->alive);
	if (pasids->gone)
		err = -ENODEV;
	else
		info.max_pasids = bench_device_pasids(bf->bd->dev);
	up_read(&pasids->alive);
	if (err)
		return err;
	spin_lock(&pasids->lock);
	info.live = pasids->live;
	info.reserved = pasids->reserved;
	info.binds = pasids->bound;
	info.unbinds = pasids->unbound;
	info.domains = pasids->domains;
	spin_unlock(&pasids->lock);
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

/**
 * bench_pasid_is_command() - is this command about PASIDs?
 * @cmd: IOMMUBENCH_IOC_*
 */
bool bench_pasid_is_command(unsigned int cmd)
{
	return cmd >= IOMMUBENCH_IOC_PASID_INFO && cmd <= IOMMUBENCH_IOC_PASID_ACCESS;
}

/**
 * bench_pasid_command() - a command about PASIDs, by ioctl or by io_uring
 * @bf: the open file
 * @cmd: IOMMUBENCH_IOC_PASID_*
 * @arg: its struct in user space
 *
 * Context: process, without the device's lock; sleeps. Any number at a time.
 * Return: 0 or a negative errno; -ENODEV when the device was given back.
 */
long bench_pasid_command(struct bench_file *bf, unsigned int cmd, void __user *arg)
{
	switch (cmd) {
	case IOMMUBENCH_IOC_PASID_INFO:
		return command_info(bf, arg);
	case IOMMUBENCH_IOC_PASID_BIND:
		return command_bind(bf, arg);
	case IOMMUBENCH_IOC_PASID_UNBIND:
		return command_unbind(bf, arg);
	case IOMMUBENCH_IOC_PASID_ACCESS:
		return command_access(bf, arg);
	default:
		return -ENOTTY;
	}
}

static bool is_reservation(const struct pasid_bind *bind)
{
	return bind->kind == IOMMUBENCH_PASID_RESERVE;
}

/* Reservations go after what is attached to their PASIDs. */
static void file_release_kind(struct bench_file *bf, bool reservations)
{
	struct pasid_bind *bind;
	unsigned long id;
	u64 end;

	xa_for_each(&bf->pasid.binds, id, bind) {
		if (is_reservation(bind) != reservations)
			continue;
		xa_erase(&bf->pasid.binds, id);
		if (!bind->dead) {
			bind_undo(bf->bd, bind, &end);
			bind_give(bind);
		}
		kfree(bind);
		cond_resched();
	}
}

/**
 * bench_pasid_release() - undo all that a file has bound
 * @bf: the file, which nobody uses any more
 *
 * Context: process; sleeps.
 */
void bench_pasid_release(struct bench_file *bf)
{
	struct bench_pasids *pasids = &bf->bd->pasids;

	down_read(&pasids->alive);
	file_release_kind(bf, false);
	file_release_kind(bf, true);
	up_read(&pasids->alive);
	xa_destroy(&bf->pasid.binds);
}

static void remove_kind(struct bench_device *bd, bool reservations)
{
	struct pasid_bind *bind, *next;
	u64 end;

	/* Nobody else is here: the lock for writing is held, and bind_undo() takes one out. */
	list_for_each_entry_safe(bind, next, &bd->pasids.binds, node) {
		if (is_reservation(bind) != reservations)
			continue;
		bind_undo(bd, bind, &end);
		bind_give(bind);
		bind->dead = true;
		cond_resched();
	}
}

/**
 * bench_pasids_remove() - undo all binds of a device that is given back
 * @bd: the device
 *
 * Files keep their ids; a command on them answers ENODEV.
 *
 * Context: the driver core's remove; sleeps until commands under way have ended.
 */
void bench_pasids_remove(struct bench_device *bd)
{
	struct bench_pasids *pasids = &bd->pasids;

	down_write(&pasids->alive);
	pasids->gone = true;
	remove_kind(bd, false);
	remove_kind(bd, true);
	up_write(&pasids->alive);
	if (pasids->sva_on)
		bench_sva_disable(&bd->sva);
	pasids->sva_on = false;
}
