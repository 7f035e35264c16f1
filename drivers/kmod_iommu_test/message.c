// SPDX-License-Identifier: GPL-2.0-only
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "message.h"

int bench_refuse(struct bench_message *msg, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vscnprintf(msg->text, sizeof(msg->text), fmt, args);
	va_end(args);
	return err;
}

/**
 * bench_message_to_user() - hand a line to the tool
 * @msg: the line, possibly empty
 * @user: user address, 0 when the caller wants none
 * @bytes: room there; a longer line is cut
 *
 * Return: 0 or -EFAULT.
 */
int bench_message_to_user(const struct bench_message *msg, u64 user, u32 bytes)
{
	size_t length = strlen(msg->text);

	if (!user || !bytes)
		return 0;
	length = min_t(size_t, length, bytes - 1);
	if (copy_to_user(u64_to_user_ptr(user), msg->text, length) ||
	    put_user('\0', (char __user *)u64_to_user_ptr(user) + length))
		return -EFAULT;
	return 0;
}
