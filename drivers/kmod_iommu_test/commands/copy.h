/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A command under way, and how its struct comes from user space and goes back.
 */
#ifndef IOMMUBENCH_COMMANDS_COPY_H
#define IOMMUBENCH_COMMANDS_COPY_H

#include <linux/types.h>

#include <uapi/iommubench.h>

#include "message.h"

struct bench_file;

/**
 * struct bench_call - one command under way
 * @bf: the open file
 * @user: its struct in user space
 * @user_bytes: how large user space says that it is
 * @uring: it came through io_uring, where it can be cancelled
 * @msg: why it is refused, in plain words, where its struct has room for that
 * @arg: its struct: what the tool gave, and then the answer
 */
struct bench_call {
	struct bench_file *bf;
	void __user *user;
	u32 user_bytes;
	bool uring;
	struct bench_message msg;
	union {
		u32 size;
		struct iommubench_info info;
		struct iommubench_run run;
		struct iommubench_wait wait;
		struct iommubench_result result;
		struct iommubench_memory memory;
		struct iommubench_pasid_info pasid_info;
		struct iommubench_pasid_bind pasid_bind;
		struct iommubench_pasid_unbind pasid_unbind;
		struct iommubench_pasid_access pasid_access;
		struct iommubench_iommufd_bind iommufd_bind;
		struct iommubench_iommufd_attach iommufd_attach;
	} arg;
};

int bench_copy_size(struct bench_call *call, size_t least);
int bench_copy_in(struct bench_call *call, size_t bytes);
int bench_copy_out(struct bench_call *call, size_t bytes);

#endif /* IOMMUBENCH_COMMANDS_COPY_H */
