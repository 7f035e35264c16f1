/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An NVMe controller's admin queue, and no other: one command at a time.
 */
#ifndef IOMMUBENCH_ENGINE_NVME_ADMIN_H
#define IOMMUBENCH_ENGINE_NVME_ADMIN_H

#include <linux/types.h>

#include "engine/types.h"

struct nvme_command;

/* A controller's page with CC.MPS of 0, whatever the CPU's pages are. */
#define BENCH_NVME_PAGE		4096

/**
 * struct bench_nvme - one controller, used by one at a time
 * @engine: its engine
 * @regs: BAR 0
 * @cap: its capabilities, as it says
 * @page: a page of our own, for data of commands that always get through
 * @page_iova: where the controller finds that
 * @filled: what a fill has written
 * @tail: slot of the submission queue that comes next
 * @head: slot of the completion queue that comes next
 * @phase: phase bit of an entry there that is new
 * @command_id: of the last command
 * @intx: the function's interrupt pin was not disabled before us
 * @working: it takes commands
 * @timestamp_ms: its time when we took it
 * @taken_ms: ktime of @timestamp_ms in milliseconds
 */
struct bench_nvme {
	struct bench_engine *engine;
	void __iomem *regs;
	u64 cap;
	void *page;
	u64 page_iova;
	void *filled;
	unsigned int tail;
	unsigned int head;
	unsigned int phase;
	u16 command_id;
	bool intx;
	bool working;
	u64 timestamp_ms;
	u64 taken_ms;
};

int bench_nvme_start(struct bench_nvme *nvme);
void bench_nvme_stop(struct bench_nvme *nvme);
int bench_nvme_do(struct bench_nvme *nvme, struct nvme_command *command);

#endif /* IOMMUBENCH_ENGINE_NVME_ADMIN_H */
