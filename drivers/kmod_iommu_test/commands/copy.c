// SPDX-License-Identifier: GPL-2.0-only
/*
 * Structs start with their size, so that tool and module need not be of the same version.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/uaccess.h>

#include "commands/copy.h"

/**
 * bench_copy_size() - learn how large user space's struct is
 * @call: receives it in @user_bytes
 * @least: size of the struct's first version
 *
 * Return: 0; -EFAULT; -EINVAL when it is too small; -E2BIG when it is too large.
 */
int bench_copy_size(struct bench_call *call, size_t least)
{
	if (get_user(call->user_bytes, (u32 __user *)call->user))
		return -EFAULT;
	if (call->user_bytes < least)
		return -EINVAL;
	/* No struct grows that far; it bounds the search for zeroes. */
	return call->user_bytes > PAGE_SIZE ? -E2BIG : 0;
}

/**
 * bench_copy_in() - copy a command's struct in
 * @call: its size is known; receives it in @arg
 * @bytes: its size as this module knows it
 *
 * Return: 0; -EFAULT; -E2BIG when it has something in what this module does not know.
 */
int bench_copy_in(struct bench_call *call, size_t bytes)
{
	return copy_struct_from_user(&call->arg, bytes, call->user, call->user_bytes);
}

/**
 * bench_copy_out() - copy a command's answer out
 * @call: its size is known, and @arg is the answer
 * @bytes: its size as this module knows it, which is told
 *
 * An older tool does not get what it does not know; what a newer one knows beyond this module
 * is all zeroes.
 *
 * Return: 0 or -EFAULT.
 */
int bench_copy_out(struct bench_call *call, size_t bytes)
{
	size_t user_bytes = call->user_bytes;

	call->arg.size = bytes;
	if (copy_to_user(call->user, &call->arg, min(user_bytes, bytes)))
		return -EFAULT;
	if (user_bytes > bytes && clear_user(call->user + bytes, user_bytes - bytes))
		return -EFAULT;
	return 0;
}
