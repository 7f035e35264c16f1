// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way out of an own domain. To put the default domain back, the IOMMU's driver may need memory;
 * without it the device stays in the own domain, and the kernel does not tell: since 6.5 it even
 * takes the domain for detached. Freed then, it would be used by the device as before. So
 *
 * - a worker detaches, for which nobody can be killed or made to fail, and which may take the
 *   memory that is kept for emergencies;
 * - the kernel's trace event of an attach tells whether each device of the group got to another
 *   domain. If not, it is tried again;
 * - as long as that does not succeed, the domain is kept and the group is not used.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/iommu.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "iommu/detach.h"
#include "iommu/group.h"

#define DETACH_TRIES		10
#define DETACH_PAUSE_MS		10
/* A domain that was kept is tried again so often. */
#define DETACH_AGAIN		HZ

/**
 * struct attached - an own domain that is attached to a group
 * @node: in the list of all of them
 * @domain: the domain
 * @group: the group, a reference is held
 * @dev: the device that has the domain, a reference is held
 * @moved: devices of the group that were attached to something since it was last set to 0
 * @work: detaches it
 * @kept: that did not succeed, and the one who wanted it has gone on
 */
struct attached {
	struct list_head node;
	struct iommu_domain *domain;
	struct iommu_group *group;
	struct device *dev;
	atomic_t moved;
	struct delayed_work work;
	bool kept;
};

/* Guards the list, and @kept. */
static DEFINE_SPINLOCK(attached_lock);
static LIST_HEAD(attached_domains);
/* Has a thread of its own for when there is no memory for more of them. */
static struct workqueue_struct *detach_queue;

static void on_attach(void *data, struct device *dev)
{
	struct iommu_group *group = iommu_group_get(dev);
	struct attached *a;

	spin_lock(&attached_lock);
	list_for_each_entry(a, &attached_domains, node)
		if (a->group == group)
			atomic_inc(&a->moved);
	spin_unlock(&attached_lock);
	iommu_group_put(group);
}

static void attached_free(struct attached *a)
{
	spin_lock(&attached_lock);
	list_del(&a->node);
	spin_unlock(&attached_lock);
	iommu_group_put(a->group);
	put_device(a->dev);
	kfree(a);
}

static int count_one(struct device *dev, void *data)
{
	(*(int *)data)++;
	return 0;
}

/* Return: whether no device is in the domain any more. */
static bool detach_once(struct attached *a)
{
	int members = 0;

	/* The kernel does nothing for what it takes for detached. */
	if (iommu_get_domain_for_dev(a->dev) != a->domain &&
	    iommu_attach_group(a->domain, a->group))
		return false;
	iommu_group_for_each_dev(a->group, &members, count_one);
	atomic_set(&a->moved, 0);
	iommu_detach_group(a->domain, a->group);
	if (iommu_get_domain_for_dev(a->dev) == a->domain)
		return false;
	return !BENCH_ATTACH_TRACED || atomic_read(&a->moved) >= members;
}

static bool detach_at_last(struct attached *a)
{
	unsigned int flags = memalloc_noreclaim_save(), i;
	bool gone;

	for (i = 0; !(gone = detach_once(a)) && i < DETACH_TRIES; i++)
		msleep(DETACH_PAUSE_MS);
	memalloc_noreclaim_restore(flags);
	return gone;
}

static void detach_work(struct work_struct *work)
{
	struct attached *a = container_of(to_delayed_work(work), struct attached, work);
	struct module *owner = a->kept ? THIS_MODULE : NULL;

	if (detach_at_last(a)) {
		iommu_domain_free(a->domain);
		attached_free(a);
		/* bench_detach_exit() waits for this function to return. */
		module_put(owner);
		return;
	}
	if (!a->kept) {
		__module_get(THIS_MODULE);
		dev_warn(a->dev, "a domain of a run cannot be detached for want of memory: it is kept, and tried again every second\n");
		spin_lock(&attached_lock);
		a->kept = true;
		spin_unlock(&attached_lock);
	}
	queue_delayed_work(detach_queue, &a->work, DETACH_AGAIN);
}

struct call {
	struct work_struct work;
	void (*fn)(void *arg);
	void *arg;
};

static void call_work(struct work_struct *work)
{
	struct call *call = container_of(work, struct call, work);

	call->fn(call->arg);
}

/**
 * bench_detach_call() - have something of the kernel's put a default domain back
 * @fn: does it, and takes no lock that the caller holds
 * @arg: what @fn gets
 *
 * A worker of the kernel's does it, whom no OOM killer chooses, so that the few pages that it takes
 * are waited for. It takes no emergency memory: some drivers wait there for work of their own
 * that may not.
 *
 * Context: process, may sleep; returns when @fn has.
 */
void bench_detach_call(void (*fn)(void *arg), void *arg)
{
	struct call call = { .fn = fn, .arg = arg };

	INIT_WORK_ONSTACK(&call.work, call_work);
	queue_work(system_unbound_wq, &call.work);
	flush_work(&call.work);
	destroy_work_on_stack(&call.work);
}

/**
 * bench_attach() - put an own domain in place of the default one of a group
 * @domain: the domain
 * @hold: the group, held
 *
 * Context: process; sleeps.
 * Return: 0; -ENOMEM, or an error of the kernel's, with nothing attached.
 */
int bench_attach(struct iommu_domain *domain, const struct bench_group_hold *hold)
{
	struct attached *a = kzalloc(sizeof(*a), GFP_KERNEL);
	int err;

	if (!a)
		return -ENOMEM;
	a->domain = domain;
	a->group = iommu_group_get(hold->dev);
	a->dev = get_device(hold->dev);
	INIT_DELAYED_WORK(&a->work, detach_work);
	spin_lock(&attached_lock);
	list_add_tail(&a->node, &attached_domains);
	spin_unlock(&attached_lock);
	err = iommu_attach_group(domain, a->group);
	if (err)
		attached_free(a);
	return err;
}

static struct attached *find(const struct iommu_domain *domain)
{
	struct attached *a, *found = NULL;

	spin_lock(&attached_lock);
	list_for_each_entry(a, &attached_domains, node)
		if (a->domain == domain)
			found = a;
	spin_unlock(&attached_lock);
	return found;
}

/**
 * bench_detach() - take an own domain away again, and free it
 * @domain: from bench_attach(); nobody else uses it
 *
 * Takes no memory of the caller's. If the device cannot be got out of the domain for want of
 * memory, that is tried again until it can, and bench_detach_pending() meanwhile.
 *
 * Context: process; sleeps.
 */
void bench_detach(struct iommu_domain *domain)
{
	struct attached *a = find(domain);

	queue_delayed_work(detach_queue, &a->work, 0);
	/* It may be freed, or be queued again: only the first time is waited for. */
	flush_workqueue(detach_queue);
}

/**
 * bench_detach_pending() - is a domain of a run that has ended still attached?
 * @group: the group, or NULL
 */
bool bench_detach_pending(const struct iommu_group *group)
{
	struct attached *a;
	bool pending = false;

	spin_lock(&attached_lock);
	list_for_each_entry(a, &attached_domains, node)
		pending = pending || (group && a->group == group && a->kept);
	spin_unlock(&attached_lock);
	return pending;
}

/**
 * bench_detach_init() - make ready to detach
 *
 * Context: the module's init.
 * Return: 0 or a negative errno.
 */
int bench_detach_init(void)
{
	int err;

	detach_queue = alloc_workqueue("iommubench_detach", WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	if (!detach_queue)
		return -ENOMEM;
	err = bench_trace_attach(on_attach);
	if (err)
		destroy_workqueue(detach_queue);
	return err;
}

/**
 * bench_detach_exit() - undo bench_detach_init()
 *
 * Context: the module's exit; what is attached keeps the module.
 */
void bench_detach_exit(void)
{
	bench_untrace_attach(on_attach);
	destroy_workqueue(detach_queue);
}
