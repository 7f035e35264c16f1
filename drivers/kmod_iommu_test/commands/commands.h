/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands of /dev/iommubench/<device>.
 */
#ifndef IOMMUBENCH_COMMANDS_COMMANDS_H
#define IOMMUBENCH_COMMANDS_COMMANDS_H

#include <linux/types.h>

struct bench_file;

long bench_command(struct bench_file *bf, unsigned int cmd, void __user *user, bool uring);
int bench_command_at_once(struct bench_file *bf, unsigned int cmd);

#endif /* IOMMUBENCH_COMMANDS_COMMANDS_H */
