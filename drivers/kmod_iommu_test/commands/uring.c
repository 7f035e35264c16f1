// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commands through io_uring: the ioctls, run by io_uring's workers because
 * they sleep; only a START that opens a gate is done at once. A worker that
 * waits for a run is what makes WAIT cancelable in all kernels; a command parked
 * in the driver is only cancelled when its ring goes away, and not by
 * IORING_OP_ASYNC_CANCEL or a linked timeout.
 */
#include <linux/fs.h>
#include <linux/kernel.h>

#include "commands/commands.h"
#include "commands/uring.h"
#include "compat.h"

/**
 * bench_uring_cmd() - a command through io_uring
 * @cmd: the command
 * @issue_flags: flags of io_uring
 *
 * Return: the command's result, or -EAGAIN to be called again from where it may
 * sleep.
 */
int bench_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	struct bench_file *bf = cmd->file->private_data;
	void __user *arg = u64_to_user_ptr(bench_uring_arg(cmd));

	/* Of those that are submitted together, none waits for a worker to open its gate. */
	if (issue_flags & IO_URING_F_NONBLOCK)
		return bench_command_at_once(bf, cmd->cmd_op);
	return bench_command(bf, cmd->cmd_op, arg, true);
}
