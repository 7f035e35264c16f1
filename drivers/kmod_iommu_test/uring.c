// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commands through io_uring. All but WAIT are the ioctls, run from io_uring's
 * workers because they sleep; WAIT parks the command until the run has ended.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kernel.h>

#include "compat.h"
#include "device.h"
#include "run.h"
#include "uring.h"

/**
 * struct uring_wait - a parked WAIT, kept inside its command
 * @node: in run->waiters; empty once somebody has taken it off to complete it
 * @run: a reference is held
 * @ret: what it completes with
 */
struct uring_wait {
	struct list_head node;
	struct bench_run *run;
	int ret;
};

static struct uring_wait *to_wait(struct io_uring_cmd *cmd)
{
	BUILD_BUG_ON(sizeof(struct uring_wait) > sizeof(cmd->pdu));
	return (struct uring_wait *)cmd->pdu;
}

static struct io_uring_cmd *to_cmd(struct uring_wait *wait)
{
	return container_of((void *)wait, struct io_uring_cmd, pdu);
}

static void wait_finish(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	struct uring_wait *wait = to_wait(cmd);
	struct bench_run *run = wait->run;

	/* A cancel may look at the run until the command is done with. */
	bench_uring_done(cmd, wait->ret, issue_flags);
	bench_run_put(run);
}

BENCH_URING_TASK_WORK(wait_finish_work, wait_finish)

/**
 * bench_uring_run_ended() - complete all WAITs of a run
 * @run: the run, with run->ended complete
 *
 * Context: process, the last thread of the run.
 */
void bench_uring_run_ended(struct bench_run *run)
{
	struct uring_wait *wait;

	for (;;) {
		spin_lock(&run->lock);
		wait = list_first_entry_or_null(&run->waiters, struct uring_wait, node);
		if (wait)
			list_del_init(&wait->node);
		spin_unlock(&run->lock);
		if (!wait)
			return;
		wait->ret = 0;
		io_uring_cmd_complete_in_task(to_cmd(wait), wait_finish_work);
	}
}

static int uring_wait(struct bench_file *bf, struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	struct uring_wait *wait = to_wait(cmd);
	struct bench_run *run;
	u64 timeout_ns;

	run = bench_file_wait(bf, u64_to_user_ptr(bench_uring_arg(cmd)), &timeout_ns);
	if (IS_ERR(run))
		return PTR_ERR(run);
	if (timeout_ns) {
		bench_run_put(run);
		return -EINVAL;
	}
	INIT_LIST_HEAD(&wait->node);
	wait->run = run;
#if BENCH_URING_CANCEL
	io_uring_cmd_mark_cancelable(cmd, issue_flags);
#endif
	spin_lock(&run->lock);
	/* Checked under the lock that the last thread takes after completing it. */
	if (completion_done(&run->ended)) {
		spin_unlock(&run->lock);
		wait->ret = 0;
		wait_finish(cmd, issue_flags);
		return -EIOCBQUEUED;
	}
	list_add_tail(&wait->node, &run->waiters);
	spin_unlock(&run->lock);
	return -EIOCBQUEUED;
}

#if BENCH_URING_CANCEL
/* The waiter gives up, and so the run ends: nobody is left who wants it. */
static int uring_cancel(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	struct uring_wait *wait = to_wait(cmd);
	struct bench_run *run = wait->run;
	bool parked;

	spin_lock(&run->lock);
	parked = !list_empty(&wait->node);
	if (parked)
		list_del_init(&wait->node);
	spin_unlock(&run->lock);
	if (parked) {
		bench_run_stop(run, IOMMUBENCH_END_STOPPED);
		wait->ret = -ECANCELED;
		wait_finish(cmd, issue_flags);
	}
	return 0;
}
#endif

/**
 * bench_uring_cmd() - a command through io_uring
 * @cmd: the command
 * @issue_flags: io_uring's
 *
 * Return: the command's result; -EIOCBQUEUED when it completes later; -EAGAIN to
 * be called again from where it may sleep.
 */
int bench_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	struct bench_file *bf = cmd->file->private_data;

#if BENCH_URING_CANCEL
	if (issue_flags & IO_URING_F_CANCEL)
		return uring_cancel(cmd, issue_flags);
#endif
	if (issue_flags & IO_URING_F_NONBLOCK)
		return -EAGAIN;
	if (cmd->cmd_op == IOMMUBENCH_IOC_WAIT)
		return uring_wait(bf, cmd, issue_flags);
	return bench_file_command(bf, cmd->cmd_op, u64_to_user_ptr(bench_uring_arg(cmd)));
}
