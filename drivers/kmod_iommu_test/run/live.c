// SPDX-License-Identifier: GPL-2.0-only
/*
 * A run whose threads are not where they were pinned, or that the machine was asleep in, measures
 * something else than it was asked for. It is ended with a reason, and what it has counted so far
 * is its result.
 *
 * What a run takes was estimated beforehand, but others take memory as well, and what the kernel's
 * allocators of addresses touch is only guessed. Memory for page tables may be allocated so that
 * the kernel would rather kill a process than fail, so runs have to end before it comes to that.
 */
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/notifier.h>
#include <linux/spinlock.h>
#include <linux/suspend.h>
#include <linux/workqueue.h>

#include "memory/need.h"
#include "run/live.h"
#include "run/types.h"

/* For the threads of a run that was ended, before a suspend goes on. */
#define LIVE_END_TIMEOUT	(10 * HZ)
#define LIVE_END_POLL_MS	5
/* Free memory is looked at so often, for some microseconds of one CPU. */
#define LIVE_GUARD_MS		20

/* Guards the list and what follows; within it, no lock but that of a run. */
static DEFINE_SPINLOCK(live_lock);
static LIST_HEAD(live_runs);
static bool live_suspending;

static bench_live_end_fn live_end;
static int live_hotplug_state;

static void live_look(struct work_struct *work);
static DECLARE_DELAYED_WORK(live_guard, live_look);

static void live_end_suspended(struct bench_run *run)
{
	live_end(run, -EINTR,
		 "the machine is being suspended, which ended the run: measure again, and keep it awake meanwhile");
}

static void live_end_offline(struct bench_run *run, const struct bench_thread *t)
{
	live_end(run, -ENODEV,
		 "CPU %d, which thread %u is pinned to, was taken offline, which ended the run: put it online again, or choose other CPUs",
		 t->cpu, t->index);
}

static void live_check_cpus(struct bench_run *run)
{
	unsigned int i;

	for (i = 0; i < run->desc.threads; i++)
		if (run->threads[i].cpu >= 0 && !cpu_online(run->threads[i].cpu))
			live_end_offline(run, &run->threads[i]);
}

/* The CPU still works, and its threads are moved only later. */
static int live_cpu_goes(unsigned int cpu)
{
	struct bench_run *run;
	unsigned int i;

	spin_lock(&live_lock);
	list_for_each_entry(run, &live_runs, live)
		for (i = 0; i < run->desc.threads; i++)
			if (run->threads[i].cpu == (int)cpu)
				live_end_offline(run, &run->threads[i]);
	spin_unlock(&live_lock);
	return 0;
}

static bool live_working(void)
{
	struct bench_run *run;
	bool working = false;

	spin_lock(&live_lock);
	list_for_each_entry(run, &live_runs, live)
		working = working || !completion_done(&run->ended);
	spin_unlock(&live_lock);
	return working;
}

static void live_end_all(void)
{
	struct bench_run *run;

	spin_lock(&live_lock);
	live_suspending = true;
	list_for_each_entry(run, &live_runs, live)
		if (!completion_done(&run->ended))
			live_end_suspended(run);
	spin_unlock(&live_lock);
}

static void live_wake(void)
{
	spin_lock(&live_lock);
	live_suspending = false;
	spin_unlock(&live_lock);
}

/* Threads of runs are not frozen: they have to be gone before the device is. */
static int live_suspend(void)
{
	unsigned long limit = jiffies + LIVE_END_TIMEOUT;

	live_end_all();
	while (live_working()) {
		if (time_after(jiffies, limit)) {
			live_wake();
			return notifier_from_errno(-EBUSY);
		}
		msleep(LIVE_END_POLL_MS);
	}
	return NOTIFY_OK;
}

static void live_look(struct work_struct *work)
{
	u64 free = bench_memory_free_bytes(), reserve = bench_memory_reserve_bytes();
	struct bench_run *run;

	spin_lock(&live_lock);
	if (free < reserve)
		list_for_each_entry(run, &live_runs, live)
			if (!bench_run_stopped(run))
				live_end(run, -ENOMEM,
					 "memory is short: %llu MiB are free and %llu MiB must stay so, the run was stopped: use fewer threads or mappings, or a smaller IOVA span",
					 free >> 20, reserve >> 20);
	if (!list_empty(&live_runs))
		queue_delayed_work(system_unbound_wq, &live_guard,
				   msecs_to_jiffies(LIVE_GUARD_MS));
	spin_unlock(&live_lock);
}

static int live_on_pm(struct notifier_block *nb, unsigned long event, void *data)
{
	switch (event) {
	case PM_SUSPEND_PREPARE:
	case PM_HIBERNATION_PREPARE:
	case PM_RESTORE_PREPARE:
		return live_suspend();
	case PM_POST_SUSPEND:
	case PM_POST_HIBERNATION:
	case PM_POST_RESTORE:
		live_wake();
	}
	return NOTIFY_DONE;
}

static struct notifier_block live_pm_notifier = {
	.notifier_call = live_on_pm,
};

/**
 * bench_live_init() - look at what the machine does from now on
 * @end: ends a run for a reason
 *
 * Context: the module's init.
 * Return: 0 or a negative errno.
 */
int bench_live_init(bench_live_end_fn end)
{
	int state = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN, "iommubench:online", NULL,
					      live_cpu_goes);
	int err;

	if (state < 0)
		return state;
	live_end = end;
	live_hotplug_state = state;
	err = register_pm_notifier(&live_pm_notifier);
	if (err)
		cpuhp_remove_state_nocalls(state);
	return err;
}

/**
 * bench_live_exit() - undo bench_live_init()
 *
 * Context: the module's exit; there are no runs any more.
 */
void bench_live_exit(void)
{
	cancel_delayed_work_sync(&live_guard);
	unregister_pm_notifier(&live_pm_notifier);
	cpuhp_remove_state_nocalls(live_hotplug_state);
}

/**
 * bench_live_add() - a run gets its threads
 * @run: the run; it is ended at once when the machine is not as it was when it was prepared
 *
 * Context: process; sleeps.
 */
void bench_live_add(struct bench_run *run)
{
	/* A CPU that goes is either gone, or the run is in the list before. */
	cpus_read_lock();
	spin_lock(&live_lock);
	if (list_empty(&live_runs))
		queue_delayed_work(system_unbound_wq, &live_guard, 0);
	list_add_tail(&run->live, &live_runs);
	live_check_cpus(run);
	if (live_suspending)
		live_end_suspended(run);
	spin_unlock(&live_lock);
	cpus_read_unlock();
}

/**
 * bench_live_remove() - the threads of a run are gone
 * @run: the run, also one that was never added
 *
 * Context: process.
 */
void bench_live_remove(struct bench_run *run)
{
	spin_lock(&live_lock);
	list_del_init(&run->live);
	spin_unlock(&live_lock);
}
