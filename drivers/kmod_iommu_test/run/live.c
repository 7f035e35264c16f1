// SPDX-License-Identifier: GPL-2.0-only
/*
 * A run whose threads are not where they were pinned, or that the machine was asleep in, measures
 * something else than it was asked for. It is ended with a reason, and what it has counted so far
 * is its result.
 */
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/notifier.h>
#include <linux/spinlock.h>
#include <linux/suspend.h>

#include "run/live.h"
#include "run/run.h"

/* For the threads of a run that was ended, before a suspend goes on. */
#define LIVE_END_TIMEOUT	(10 * HZ)

/* Guards the list and what follows; within it, no lock but that of a run. */
static DEFINE_SPINLOCK(live_lock);
static LIST_HEAD(live_runs);
static bool live_suspending;

static int live_hotplug_state;

static void live_end_suspended(struct bench_run *run)
{
	bench_run_fail(run, -EINTR,
		       "the machine is being suspended, which ended the run: measure again, and keep it awake meanwhile");
}

static void live_end_offline(struct bench_run *run, const struct bench_thread *t)
{
	bench_run_fail(run, -ENODEV,
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

/* Return: one that has not ended, with a reference; NULL when all have. */
static struct bench_run *live_working(void)
{
	struct bench_run *run, *found = NULL;

	spin_lock(&live_lock);
	list_for_each_entry(run, &live_runs, live) {
		if (completion_done(&run->ended))
			continue;
		bench_run_get(run);
		found = run;
		break;
	}
	spin_unlock(&live_lock);
	return found;
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
	struct bench_run *run;
	bool ended = true;

	live_end_all();
	while (ended && (run = live_working())) {
		ended = wait_for_completion_timeout(&run->ended, LIVE_END_TIMEOUT);
		bench_run_put(run);
	}
	if (!ended)
		live_wake();
	return ended ? NOTIFY_OK : notifier_from_errno(-EBUSY);
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
 *
 * Context: the module's init.
 * Return: 0 or a negative errno.
 */
int bench_live_init(void)
{
	int state = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN, "iommubench:online", NULL,
					      live_cpu_goes);
	int err;

	if (state < 0)
		return state;
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
