// SPDX-License-Identifier: GPL-2.0-only
/*
 * An NVMe controller's admin queue, and no other. Completions are polled for, so that no interrupt
 * is needed. All waits are bounded, and a controller that does not answer, or says that it has
 * failed, is reset: afterwards nothing of the command before comes to memory any more. Facts: NVM
 * Express Base Specification 2.0, sections 3.1 (registers) and 3.5 (initialisation, shutdown).
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/io.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/iopoll.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/nvme.h>
#include <linux/string.h>

#include "engine/nvme_admin.h"

/* Enough for one command at a time. */
#define NVME_DEPTH		16
/* Where in the engine's memory, in controller's pages. */
#define NVME_AT_SQ		0
#define NVME_AT_CQ		1

/* What CAP.TO and CRTO count in. */
#define NVME_READY_UNIT_US	500000
#define NVME_READY_POLL_US	100
/* The specification leaves it to the controller; a flush of what it has cached is in it. */
#define NVME_SHUTDOWN_US	10000000

/* No command here works for long; a refused access may have to run into the link's own limit. */
#define NVME_COMMAND_NS		(5 * NSEC_PER_SEC)
/* So long a command is waited for without sleeping. */
#define NVME_SPIN_NS		(100 * NSEC_PER_USEC)
#define NVME_SLEEP_US		50
/* Looking at a register takes longer than at memory: that is done now and then only. */
#define NVME_LOOKS		64

/* All bits of a register of a device that is gone. */
#define NVME_GONE		U32_MAX

static u32 nvme_status(struct bench_nvme *nvme)
{
	return readl(nvme->regs + NVME_REG_CSTS);
}

/* Return: microseconds that the controller may take to become ready or not ready. */
static u64 nvme_ready_us(struct bench_nvme *nvme)
{
	u64 units = NVME_CAP_TIMEOUT(nvme->cap);

	if (nvme->cap & (NVME_CAP_CRMS_CRWMS | NVME_CAP_CRMS_CRIMS))
		units = max_t(u64, units, NVME_CRTO_CRWMT(readl(nvme->regs + NVME_REG_CRTO)));
	return max(units, 1ULL) * NVME_READY_UNIT_US;
}

/* Return: 0, or -ENODEV, -EIO, -ETIMEDOUT after a line in the log. */
static int nvme_wait_ready(struct bench_nvme *nvme, bool ready)
{
	u32 wanted = ready ? NVME_CSTS_RDY : 0, status;
	u64 limit = nvme_ready_us(nvme);
	int err;

	/* Failed is what it may be until it was disabled; all ones are no status. */
	err = readl_poll_timeout(nvme->regs + NVME_REG_CSTS, status, status == NVME_GONE ||
				 (status & NVME_CSTS_RDY) == wanted ||
				 (ready && status & NVME_CSTS_CFS), NVME_READY_POLL_US, limit);
	if (status == NVME_GONE)
		err = -ENODEV;
	else if (ready && status & NVME_CSTS_CFS)
		err = -EIO;
	if (err)
		dev_err(nvme->engine->dev, "the NVMe controller %s %sready %s %llu ms: status 0x%x, error %d\n",
			err == -ENODEV ? "is gone and not" :
			err == -EIO ? "failed and did not become" : "did not become",
			ready ? "" : "un", "within", limit / 1000, status, err);
	return err;
}

static int nvme_disable(struct bench_nvme *nvme)
{
	u32 config = readl(nvme->regs + NVME_REG_CC);

	nvme->working = false;
	writel(config & ~(NVME_CC_ENABLE | NVME_CC_SHN_MASK), nvme->regs + NVME_REG_CC);
	return nvme_wait_ready(nvme, false);
}

static u64 nvme_at(const struct bench_nvme *nvme, unsigned int page)
{
	return nvme->engine->pages.range.start + page * BENCH_NVME_PAGE;
}

static struct nvme_command *nvme_sq(const struct bench_nvme *nvme)
{
	return nvme->engine->pages.cpu + NVME_AT_SQ * BENCH_NVME_PAGE;
}

static struct nvme_completion *nvme_cq(const struct bench_nvme *nvme)
{
	return nvme->engine->pages.cpu + NVME_AT_CQ * BENCH_NVME_PAGE;
}

/* Return: the command set to select, of which no command is ever used. */
static u32 nvme_command_set(u64 cap)
{
	u32 sets = NVME_CAP_CSS(cap);

	if (sets & NVME_CAP_CSS_NVM || !sets)
		return NVME_CC_CSS_NVM;
	/* Several, or none but that of the admin queue. */
	return sets & NVME_CAP_CSS_CSI ? NVME_CC_CSS_CSI : NVME_CC_CSS_MASK;
}

/**
 * bench_nvme_start() - reset the controller and have it ready for commands
 * @nvme: with @engine, @regs and @cap, and the engine's memory
 *
 * Context: sleeps, for up to a minute or two with a controller that is slow.
 * Return: 0, or -ENODEV, -EIO or -ETIMEDOUT after a line in the log.
 */
int bench_nvme_start(struct bench_nvme *nvme)
{
	int err = nvme_disable(nvme);

	if (err)
		return err;
	memset(nvme_sq(nvme), 0, BENCH_NVME_PAGE);
	memset(nvme_cq(nvme), 0, BENCH_NVME_PAGE);
	nvme->tail = 0;
	nvme->head = 0;
	nvme->phase = 1;
	writel((NVME_DEPTH - 1) << 16 | (NVME_DEPTH - 1), nvme->regs + NVME_REG_AQA);
	lo_hi_writeq(nvme_at(nvme, NVME_AT_SQ), nvme->regs + NVME_REG_ASQ);
	lo_hi_writeq(nvme_at(nvme, NVME_AT_CQ), nvme->regs + NVME_REG_ACQ);
	writel(NVME_CC_IOSQES | NVME_CC_IOCQES | nvme_command_set(nvme->cap) | NVME_CC_ENABLE,
	       nvme->regs + NVME_REG_CC);
	err = nvme_wait_ready(nvme, true);
	nvme->working = !err;
	return err;
}

/**
 * bench_nvme_stop() - shut the controller down as its own driver would, and disable it
 * @nvme: started or not, it may be gone
 *
 * Context: sleeps.
 */
void bench_nvme_stop(struct bench_nvme *nvme)
{
	u32 config = readl(nvme->regs + NVME_REG_CC), status;

	if (config == NVME_GONE)
		return;
	if (nvme->working) {
		writel((config & ~NVME_CC_SHN_MASK) | NVME_CC_SHN_NORMAL,
		       nvme->regs + NVME_REG_CC);
		readl_poll_timeout(nvme->regs + NVME_REG_CSTS, status, status == NVME_GONE ||
				   (status & NVME_CSTS_SHST_MASK) == NVME_CSTS_SHST_CMPLT,
				   NVME_READY_POLL_US, NVME_SHUTDOWN_US);
	}
	nvme_disable(nvme);
}

static void nvme_ring(struct bench_nvme *nvme, bool completion, u32 value)
{
	u32 bytes = 4U << NVME_CAP_STRIDE(nvme->cap);

	/* writel() orders what is in memory before it. */
	writel(value, nvme->regs + NVME_REG_DBS + (completion ? bytes : 0));
}

/* Return: 0; -EIO when the controller has failed, -ENODEV when it is gone, -ETIMEDOUT */
static int nvme_wait(struct bench_nvme *nvme, const struct nvme_completion *entry)
{
	u64 begun = ktime_get_ns(), waited;
	unsigned int looks = 0;
	u32 status;

	while ((le16_to_cpu(READ_ONCE(entry->status)) & 1) != nvme->phase) {
		waited = ktime_get_ns() - begun;
		if (++looks % NVME_LOOKS == 0 || waited > NVME_SPIN_NS) {
			status = nvme_status(nvme);
			if (status == NVME_GONE)
				return -ENODEV;
			if (status & NVME_CSTS_CFS)
				return -EIO;
		}
		if (waited > NVME_COMMAND_NS)
			return -ETIMEDOUT;
		if (waited > NVME_SPIN_NS)
			usleep_range(NVME_SLEEP_US / 2, NVME_SLEEP_US);
		else
			cpu_relax();
	}
	/* The rest of the entry, and the data, were there before its phase. */
	dma_rmb();
	return 0;
}

/* Return: the status field, 0 for success; a negative errno when the controller has to be reset */
static int nvme_submit(struct bench_nvme *nvme, struct nvme_command *command)
{
	struct nvme_completion *entry = nvme_cq(nvme) + nvme->head;
	int err;

	/* The controller hands it back as it is, in whatever order of bytes. */
	command->common.command_id = ++nvme->command_id;
	nvme_sq(nvme)[nvme->tail] = *command;
	nvme->tail = (nvme->tail + 1) % NVME_DEPTH;
	nvme_ring(nvme, false, nvme->tail);
	err = nvme_wait(nvme, entry);
	if (err)
		return err;
	/* An answer to nothing that was asked: from here on nothing can be relied on. */
	if (entry->command_id != nvme->command_id)
		return -EIO;
	err = le16_to_cpu(entry->status) >> 1;
	nvme->head = (nvme->head + 1) % NVME_DEPTH;
	if (!nvme->head)
		nvme->phase ^= 1;
	nvme_ring(nvme, true, nvme->head);
	return err;
}

/**
 * bench_nvme_do() - have the controller carry out a command
 * @nvme: the controller
 * @command: the command, without its number
 *
 * Where a command does not end, or is the controller's end, the controller is reset, and then
 * takes commands again.
 *
 * Context: sleeps.
 * Return: the status field of the completion, 0 for success; -ETIMEDOUT or -EIO when there was
 * none and the controller was reset; -ENODEV when it does not work any more.
 */
int bench_nvme_do(struct bench_nvme *nvme, struct nvme_command *command)
{
	int ret;

	if (!nvme->working)
		return -ENODEV;
	ret = nvme_submit(nvme, command);
	if (ret >= 0)
		return ret;
	if (ret == -ENODEV) {
		nvme->working = false;
		return ret;
	}
	dev_info_ratelimited(nvme->engine->dev, "the NVMe controller is reset: command 0x%02x had no end, error %d\n",
			     command->common.opcode, ret);
	return bench_nvme_start(nvme) ? -ENODEV : ret;
}
