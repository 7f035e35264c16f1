// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is bound to a device's PASIDs, and by which file.
 */
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "clock.h"
#include "commands/pasid_bind.h"
#include "commands/pasid_domain.h"
#include "compat.h"
#include "device.h"
#include "iommu/domain.h"
#include "iommu/group.h"
#include "iommu/sva.h"
#include "message.h"

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
	pd = pasid_domain_get(bd, bind->pf, p->flags, msg);
	if (IS_ERR(pd)) {
		pasid_give(bind);
		return PTR_ERR(pd);
	}
	start = bench_clock();
	err = bench_domain_attach_pasid(pd->domain, bd->dev, bind->pasid);
	p->ticks = bench_clock() - start;
	if (err) {
		pasid_domain_put(&bd->pasids, bind->pf, pd);
		pasid_give(bind);
		return bench_refuse(msg, err, "a domain cannot be attached to PASID %u of %s: error %d",
				    bind->pasid, dev_name(bd->dev), err);
	}
	bind->domain = pd;
	p->address = pd->page ? pd->iova : 0;
	p->mark = pd->mark;
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

/**
 * pasid_bind_undo() - undo a bind, but for its PASID and its domain
 * @bd: the device
 * @bind: the bind, taken out of the device's list
 * @end: receives when the kernel's function returned, in ticks
 *
 * Until pasid_bind_give() nobody else can have the PASID, and what is mapped in the domain is as it
 * was: only that it was detached keeps the device off.
 *
 * Context: process, with &bench_pasids.alive held; sleeps.
 * Return: how many ticks the kernel's function took.
 */
u64 pasid_bind_undo(struct bench_device *bd, struct pasid_bind *bind, u64 *end)
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

/**
 * pasid_bind_give() - give back what a bind had: its PASID, its domain, its claim to the device
 * @bd: the device
 * @bind: the bind, undone already
 *
 * The kernel's own PASID of an address space has gone with that.
 *
 * Context: process; sleeps.
 */
void pasid_bind_give(struct bench_device *bd, struct pasid_bind *bind)
{
	if (bind->kind == IOMMUBENCH_PASID_DOMAIN)
		pasid_domain_put(&bd->pasids, bind->pf, bind->domain);
	if (bind->kind != IOMMUBENCH_PASID_SVA)
		pasid_give(bind);
	if (bind->kind != IOMMUBENCH_PASID_RESERVE)
		bench_claim_drop(&bd->pasids.claim);
}

/* A PASID that is only kept from others is in nobody's way. */
static int bind_kind(struct bench_device *bd, struct pasid_bind *bind,
		     struct iommubench_pasid_bind *p, struct bench_message *msg)
{
	struct bench_claim *claim = &bd->pasids.claim;
	struct bench_group_hold hold;
	int err;

	if (bind->kind == IOMMUBENCH_PASID_RESERVE)
		return bind_reserve(bd, bind, p, msg);
	err = bench_device_claim(bd, claim, BENCH_USE_PASIDS, &hold, msg);
	if (err)
		return err;
	err = bind->kind == IOMMUBENCH_PASID_SVA ? bind_sva(bd, bind, p, msg) :
						   bind_domain(bd, bind, p, msg);
	bench_group_let_go(&hold);
	if (err)
		bench_claim_drop(claim);
	return err;
}

/**
 * pasid_bind_new() - bind a PASID, and enter the bind in the file's list
 * @bf: the open file
 * @p: what is to be bound; receives what was
 * @msg: receives one line when it is refused
 *
 * Context: process, with &bench_pasids.alive held and the device not gone; sleeps.
 * Return: 0 or a negative errno.
 */
int pasid_bind_new(struct bench_file *bf, struct iommubench_pasid_bind *p,
		   struct bench_message *msg)
{
	struct bench_device *bd = bf->bd;
	struct pasid_bind *bind;
	u64 end;
	int err;

	bind = kzalloc(sizeof(*bind), GFP_KERNEL);
	if (!bind)
		return -ENOMEM;
	bind->pf = &bf->pasid;
	bind->kind = p->kind;
	err = bind_kind(bd, bind, p, msg);
	if (err)
		goto free;
	bind_count(&bd->pasids, bind);
	p->pasid = bind->pasid;
	err = xa_alloc(&bf->pasid.binds, &p->id, bind,
		       XA_LIMIT(0, IOMMUBENCH_MAX_PASID_BINDS - 1), GFP_KERNEL);
	if (!err)
		return 0;
	pasid_bind_undo(bd, bind, &end);
	pasid_bind_give(bd, bind);
	bench_refuse(msg, err, "this file has %u PASIDs bound and cannot have more",
		     IOMMUBENCH_MAX_PASID_BINDS);
free:
	kfree(bind);
	return err;
}

/**
 * pasid_bind_hold() - keep a bind from others
 * @pf: the file's binds
 * @id: number of the bind, as the tool knows it
 *
 * It is kept until it is taken out of the list, or pasid_bind_leave().
 *
 * Context: process; sleeps.
 * Return: the bind, or an ERR_PTR() when there is none or it is in use.
 */
struct pasid_bind *pasid_bind_hold(struct bench_pasid_file *pf, u32 id)
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

/**
 * pasid_bind_leave() - leave a bind to others again
 * @bind: from pasid_bind_hold()
 *
 * Context: process; sleeps.
 */
void pasid_bind_leave(struct pasid_bind *bind)
{
	mutex_lock(&bind->pf->lock);
	bind->users--;
	mutex_unlock(&bind->pf->lock);
}

/**
 * bench_pasid_open() - a file has bound nothing yet
 * @pf: the file's binds, empty from here on
 */
void bench_pasid_open(struct bench_pasid_file *pf)
{
	xa_init_flags(&pf->binds, XA_FLAGS_ALLOC);
	mutex_init(&pf->lock);
	pf->last = NULL;
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
			pasid_bind_undo(bf->bd, bind, &end);
			pasid_bind_give(bf->bd, bind);
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

	/* Nobody else is here, as the lock for writing is held; pasid_bind_undo() takes one out. */
	list_for_each_entry_safe(bind, next, &bd->pasids.binds, node) {
		if (is_reservation(bind) != reservations)
			continue;
		pasid_bind_undo(bd, bind, &end);
		pasid_bind_give(bd, bind);
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
