/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IOMMUBENCH_COMMANDS_URING_H
#define IOMMUBENCH_COMMANDS_URING_H

struct io_uring_cmd;

int bench_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags);

#endif /* IOMMUBENCH_COMMANDS_URING_H */
