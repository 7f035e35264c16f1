// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lab's DMA test engine, PCI and platform form; see lab/qemu/dmatest.md. Its
 * ring is in the device, so that it needs no mapping and works in any domain.
 */
#include <linux/bitmap.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/property.h>
#include <linux/slab.h>
#include <linux/time64.h>

#include <iommubench/dmatest-regs.h>

#include "compat.h"
#include "engine/elsewhere.h"
#include "engine/pci.h"
#include "engine/types.h"
#include "lab/internal.h"

/* As many slots as there may be accesses under way, and as many again for those overtaken. */
#define DMATEST_RING_LOG2_USED	8
#define DMATEST_SLOTS		BIT(DMATEST_RING_LOG2_USED)
#define DMATEST_RESOURCE	"kmod_iommu_test"

/* A transfer without latencies is done before the doorbell's write returns. */
#define DMATEST_POLL_US		20
#define DMATEST_TIMEOUT_US	5000000
/* A watch may have to be waited for long, but is refused any moment. */
#define DMATEST_WATCH_POLL_US	50
/* No look at it counts as longer, or a host that lets the guest wait would end it. */
#define DMATEST_WATCH_SLICE_US	10000

/**
 * struct dmatest - the state of one engine
 * @regs: its registers and local memory
 * @res: the region, platform form
 * @tail: slots submitted
 * @watch_done: done record of the watch under way
 * @watch_reads: reads that the engine had done before it
 * @busy: slots whose access is under way
 * @page_requests: accesses ask for pages that are not there
 * @pri_ours: page requests were switched on by us and not by the IOMMU's driver
 * @pri_allowed: how many might be outstanding before that
 * @irq: interrupt that tells of ended accesses, 0 for none
 */
struct dmatest {
	void __iomem *regs;
	struct resource *res;
	u32 tail;
	void __iomem *watch_done;
	u64 watch_reads;
	DECLARE_BITMAP(busy, DMATEST_SLOTS);
	bool page_requests;
	bool pri_ours;
	u32 pri_allowed;
	int irq;
};

static int dmatest_map_pci(struct dmatest *dt, struct pci_dev *pdev)
{
	dt->regs = bench_engine_map_bar(pdev, DMATEST_PCI_BAR, DMATEST_BYTES);
	if (IS_ERR(dt->regs))
		return PTR_ERR(dt->regs);
	pci_set_master(pdev);
	return 0;
}

static int dmatest_map_platform(struct dmatest *dt, struct platform_device *pdev)
{
	struct resource *res = platform_get_resource(pdev, IORESOURCE_MEM, 0);

	if (!res || resource_size(res) < DMATEST_BYTES)
		return -EINVAL;
	dt->res = request_mem_region(res->start, DMATEST_BYTES, DMATEST_RESOURCE);
	if (!dt->res)
		return -EBUSY;
	dt->regs = ioremap(res->start, DMATEST_BYTES);
	if (dt->regs)
		return 0;
	release_mem_region(dt->res->start, DMATEST_BYTES);
	return -ENOMEM;
}

static void dmatest_unmap_platform(struct dmatest *dt)
{
	iounmap(dt->regs);
	release_mem_region(dt->res->start, DMATEST_BYTES);
}

static void dmatest_unmap(struct dmatest *dt, struct device *dev)
{
	if (dev_is_pci(dev))
		bench_engine_unmap_bar(to_pci_dev(dev), dt->regs);
	else
		dmatest_unmap_platform(dt);
}

/* Makes it ready; whatever it was doing is never completed. */
static void dmatest_start(struct dmatest *dt)
{
	writel(DMATEST_CONTROL_RESET, dt->regs + DMATEST_CONTROL);
	/* Read back: a reset waits for an operation that is in the middle of a step. */
	readl(dt->regs + DMATEST_STATUS);
	writel(0, dt->regs + DMATEST_RING_BASE);
	writel(0, dt->regs + DMATEST_RING_BASE + 4);
	writel(DMATEST_RING_LOG2_USED, dt->regs + DMATEST_RING_LOG2);
	writel(dt->irq ? DMATEST_IRQ_DONE : 0, dt->regs + DMATEST_IRQ_MASK);
	writel(DMATEST_CONTROL_ENABLE | DMATEST_CONTROL_RING_LOCAL, dt->regs + DMATEST_CONTROL);
	dt->tail = 0;
	bitmap_zero(dt->busy, DMATEST_SLOTS);
}

static bool dmatest_known(struct dmatest *dt, struct device *dev)
{
	u32 id = readl(dt->regs + DMATEST_ID);
	u32 version = readl(dt->regs + DMATEST_VERSION);

	if (id == DMATEST_ID_VALUE && version >> 16 == DMATEST_VERSION_VALUE >> 16)
		return true;
	dev_err(dev, "is no DMA test engine of version %u: identification 0x%08x, version 0x%08x\n",
		DMATEST_VERSION_VALUE >> 16, id, version);
	return false;
}

static int dmatest_probe(struct bench_engine *engine)
{
	struct device *dev = engine->dev;
	struct dmatest *dt;
	u32 limits;
	int ret;

	dt = kzalloc(sizeof(*dt), GFP_KERNEL);
	if (!dt)
		return -ENOMEM;
	if (dev_is_pci(dev))
		ret = dmatest_map_pci(dt, to_pci_dev(dev));
	else
		ret = dmatest_map_platform(dt, to_platform_device(dev));
	if (ret)
		goto free;
	if (!dmatest_known(dt, dev)) {
		dmatest_unmap(dt, dev);
		ret = -ENODEV;
		goto free;
	}
	limits = readl(dt->regs + DMATEST_LIMITS);
	engine->dma_bits = DMATEST_LIMITS_DMA_BITS(limits);
	engine->max_bytes = 1UL << DMATEST_LIMITS_BYTES_LOG2(limits);
	engine->priv = dt;
	dmatest_start(dt);
	return 0;

free:
	kfree(dt);
	return ret;
}

/* Ends whatever it does, also accesses that others have under way. */
static void dmatest_reset(struct bench_engine *engine)
{
	/* First, so that who finds an access done and this as it was knows that it is his. */
	WRITE_ONCE(engine->resets, engine->resets + 1);
	dmatest_start(engine->priv);
}

/* A function remembers bad answers until told to forget, which the next driver need not know. */
static void dmatest_pri_forget(struct pci_dev *pdev)
{
	int pri = pci_find_ext_capability(pdev, PCI_EXT_CAP_ID_PRI);

	if (pri)
		pci_write_config_word(pdev, pri + PCI_PRI_STATUS,
				      PCI_PRI_STATUS_RF | PCI_PRI_STATUS_UPRGI);
}

static void dmatest_remove(struct bench_engine *engine)
{
	struct dmatest *dt = engine->priv;

	writel(DMATEST_CONTROL_RESET, dt->regs + DMATEST_CONTROL);
	readl(dt->regs + DMATEST_STATUS);
	if (dev_is_pci(engine->dev))
		dmatest_pri_forget(to_pci_dev(engine->dev));
	dmatest_unmap(dt, engine->dev);
	kfree(dt);
}

static int dmatest_errno(u32 status)
{
	switch (status) {
	case DMATEST_OK:
		return 0;
	case DMATEST_REFUSED:
		return -EFAULT;
	case DMATEST_MISMATCH:
		return -EBADMSG;
	default:
		return -EIO;
	}
}

static void __iomem *dmatest_slot(struct dmatest *dt, u32 slot)
{
	return dt->regs + DMATEST_LOCAL + slot * DMATEST_SLOT_BYTES;
}

/*
 * Return: where the engine will say what became of it, or NULL when the slot whose turn it is
 * belongs to an access that is still under way.
 */
static void __iomem *dmatest_submit(struct dmatest *dt, const struct dmatest_desc *desc)
{
	u32 slot = dt->tail % DMATEST_SLOTS;
	void __iomem *mem = dmatest_slot(dt, slot);
	void __iomem *done = mem + DMATEST_DESC_BYTES;

	if (test_bit(slot, dt->busy))
		return NULL;
	memset_io(done, 0, DMATEST_DONE_BYTES);
	memcpy_toio(mem, desc, sizeof(*desc));
	/* writel() orders the descriptor before the doorbell. */
	writel(++dt->tail, dt->regs + DMATEST_TAIL);
	return done;
}

/* Return: 0, or -EFAULT, -EBADMSG, -ETIMEDOUT as &bench_engine_ops; -EIO for a bad descriptor */
static int dmatest_wait(void __iomem *done, u64 poll_us, u64 timeout_us)
{
	u32 status;

	if (readl_poll_timeout(done + offsetof(struct dmatest_done, status), status, status,
			       poll_us, timeout_us))
		return -ETIMEDOUT;
	return dmatest_errno(status);
}

/*
 * Waits for an operation, and stops the engine if need be, so that no access comes later. Without
 * an operation there was no room for it.
 */
static int dmatest_finish(struct bench_engine *engine, void __iomem *done)
{
	int ret;

	if (!done)
		return -EBUSY;
	ret = dmatest_wait(done, DMATEST_POLL_US, DMATEST_TIMEOUT_US);
	if (ret == -ETIMEDOUT)
		dmatest_reset(engine);
	return ret;
}

/* Is its translation cache switched on? Then it is used, as any device of its kind would. */
static bool dmatest_has_ats(const struct bench_engine *engine)
{
	return dev_is_pci(engine->dev) && bench_pci_ats_enabled(to_pci_dev(engine->dev));
}

static int dmatest_copy(struct bench_engine *engine, u64 dst, u64 src, size_t bytes)
{
	struct dmatest *dt = engine->priv;
	struct dmatest_desc desc = {
		.op = DMATEST_OP_COPY,
		/* A copy ends; who wants to see stalls asks for them. */
		.flags = DMATEST_F_NO_STALL,
		.bytes = bytes,
		.src = src,
		.dst = dst,
	};

	if (dmatest_has_ats(engine))
		desc.flags |= DMATEST_F_ATS;
	return dmatest_finish(engine, dmatest_submit(dt, &desc));
}

/* A read of one word as any device of its kind would do it now. */
static struct dmatest_desc dmatest_read_desc(struct bench_engine *engine, u32 op, u64 iova,
					     int pasid, u64 mark)
{
	struct dmatest_desc desc = {
		.op = op,
		.flags = DMATEST_F_NO_STALL,
		.bytes = BENCH_PROBE_BYTES,
		.src = iova,
	};

	if (pasid != BENCH_NO_PASID) {
		desc.flags |= DMATEST_F_SRC_PASID;
		desc.src_pasid = pasid;
	}
	if (mark) {
		desc.flags |= DMATEST_F_MATCH;
		desc.pattern = mark;
	}
	if (dmatest_has_ats(engine))
		desc.flags |= DMATEST_F_ATS;
	return desc;
}

static int dmatest_read_probe(struct bench_engine *engine, u64 iova, int pasid, u64 mark,
			      u64 *latency_ns)
{
	struct dmatest_desc desc = dmatest_read_desc(engine, DMATEST_OP_READ_PROBE, iova, pasid,
						     mark);
	struct dmatest *dt = engine->priv;
	void __iomem *done = dmatest_submit(dt, &desc);
	int ret = dmatest_finish(engine, done);

	*latency_ns = 0;
	if (ret != -ETIMEDOUT && ret != -EBUSY)
		*latency_ns = readq(done + offsetof(struct dmatest_done, done_ns)) -
			      readq(done + offsetof(struct dmatest_done, issued_ns));
	return ret;
}

static u64 dmatest_clock(struct bench_engine *engine)
{
	struct dmatest *dt = engine->priv;

	return readq(dt->regs + DMATEST_TIME);
}

static u64 dmatest_reads(struct dmatest *dt)
{
	return readq(dt->regs + DMATEST_COUNT_READS);
}

static int dmatest_watch_start(struct bench_engine *engine, u64 iova, int pasid, u64 mark,
			       u32 interval_ns)
{
	struct dmatest_desc desc = dmatest_read_desc(engine, DMATEST_OP_READ_BURST, iova, pasid,
						     mark);
	struct dmatest *dt = engine->priv;

	desc.flags |= DMATEST_F_LAST_TIME;
	desc.interval_ns = interval_ns;
	dt->watch_reads = dmatest_reads(dt);
	dt->watch_done = dmatest_submit(dt, &desc);
	return dt->watch_done ? 0 : -EBUSY;
}

/* The engine does nothing else meanwhile, so that what it reads is the watch. */
static u64 dmatest_watch_count(struct bench_engine *engine)
{
	struct dmatest *dt = engine->priv;

	return dmatest_reads(dt) - dt->watch_reads;
}

static int dmatest_watch_end(struct bench_engine *engine, u64 limit_ns, struct bench_watch *watch)
{
	struct dmatest *dt = engine->priv;
	u64 slices = div_u64(limit_ns, DMATEST_WATCH_SLICE_US * NSEC_PER_USEC);
	void __iomem *done = dt->watch_done;
	int ret;

	do {
		ret = dmatest_wait(done, DMATEST_WATCH_POLL_US, DMATEST_WATCH_SLICE_US);
	} while (ret == -ETIMEDOUT && slices-- && !bench_engine_hurried(engine));
	if (!ret)
		ret = -EIO;
	if (!bench_engine_answered(ret)) {
		/* A reset ends the watch, and the count with it. */
		watch->accesses = dmatest_watch_count(engine);
		dmatest_reset(engine);
		return ret;
	}
	watch->other = ret == -EBADMSG;
	watch->accesses = readq(done + offsetof(struct dmatest_done, count));
	watch->last_ns = readq(done + offsetof(struct dmatest_done, value));
	watch->refused_ns = readq(done + offsetof(struct dmatest_done, done_ns));
	return 0;
}

/*
 * A device that has the capability switched on and asks for pages is the driver's
 * business. Where the IOMMU's driver leaves it off, because it answers no page
 * requests, the device shall ask all the same, to see what becomes of it.
 */
static int dmatest_pri_on(struct dmatest *dt, struct pci_dev *pdev)
{
	int pri = pci_find_ext_capability(pdev, PCI_EXT_CAP_ID_PRI);
	u32 requests;
	u16 control;

	if (!pri)
		return -EOPNOTSUPP;
	pci_read_config_word(pdev, pri + PCI_PRI_CTRL, &control);
	if (control & PCI_PRI_CTRL_ENABLE)
		return 0;
	if (!dt->pri_ours)
		pci_read_config_dword(pdev, pri + PCI_PRI_ALLOC_REQ, &dt->pri_allowed);
	pci_read_config_dword(pdev, pri + PCI_PRI_MAX_REQ, &requests);
	pci_write_config_dword(pdev, pri + PCI_PRI_ALLOC_REQ, requests);
	pci_write_config_word(pdev, pri + PCI_PRI_CTRL, PCI_PRI_CTRL_ENABLE);
	dt->pri_ours = true;
	return 0;
}

static void dmatest_pri_off(struct dmatest *dt, struct pci_dev *pdev)
{
	int pri = pci_find_ext_capability(pdev, PCI_EXT_CAP_ID_PRI);

	pci_write_config_word(pdev, pri + PCI_PRI_CTRL, 0);
	pci_write_config_dword(pdev, pri + PCI_PRI_ALLOC_REQ, dt->pri_allowed);
}

static irqreturn_t dmatest_irq(int irq, void *data)
{
	struct bench_engine *engine = data;
	struct dmatest *dt = engine->priv;

	if (!(readl(dt->regs + DMATEST_IRQ_STATUS) & DMATEST_IRQ_DONE))
		return IRQ_NONE;
	writel(DMATEST_IRQ_DONE, dt->regs + DMATEST_IRQ_STATUS);
	wake_up(&engine->wait);
	return IRQ_HANDLED;
}

/* Without an interrupt it works as well, if not as smoothly. */
static void dmatest_irq_on(struct bench_engine *engine)
{
	struct dmatest *dt = engine->priv;
	struct pci_dev *pdev;
	int irq;

	if (dev_is_pci(engine->dev)) {
		pdev = to_pci_dev(engine->dev);
		if (pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI | PCI_IRQ_MSIX) != 1)
			return;
		irq = pci_irq_vector(pdev, 0);
	} else {
		irq = platform_get_irq_optional(to_platform_device(engine->dev), 0);
	}
	if (irq > 0 && !request_irq(irq, dmatest_irq, 0, DMATEST_RESOURCE, engine)) {
		dt->irq = irq;
		writel(DMATEST_IRQ_DONE, dt->regs + DMATEST_IRQ_MASK);
	} else if (dev_is_pci(engine->dev)) {
		pci_free_irq_vectors(to_pci_dev(engine->dev));
	}
	engine->wakes = dt->irq;
}

static void dmatest_irq_off(struct bench_engine *engine)
{
	struct dmatest *dt = engine->priv;

	if (!dt->irq)
		return;
	writel(0, dt->regs + DMATEST_IRQ_MASK);
	free_irq(dt->irq, engine);
	if (dev_is_pci(engine->dev))
		pci_free_irq_vectors(to_pci_dev(engine->dev));
	dt->irq = 0;
	engine->wakes = false;
}

static int dmatest_access_prepare(struct bench_engine *engine, bool page_requests, bool pasids)
{
	u32 wanted = page_requests ? DMATEST_FEATURE_PRI : DMATEST_FEATURE_STALL;
	struct dmatest *dt = engine->priv;
	int ret;

	if (pasids)
		wanted |= DMATEST_FEATURE_PASID;
	if (wanted & ~readl(dt->regs + DMATEST_FEATURES))
		return -EOPNOTSUPP;
	if (page_requests && (!dev_is_pci(engine->dev) ||
			      !bench_pci_ats_enabled(to_pci_dev(engine->dev))))
		return -EOPNOTSUPP;
	dt->page_requests = page_requests;
	ret = page_requests ? dmatest_pri_on(dt, to_pci_dev(engine->dev)) : 0;
	if (!ret)
		dmatest_irq_on(engine);
	return ret;
}

static void dmatest_access_finish(struct bench_engine *engine)
{
	struct dmatest *dt = engine->priv;

	dmatest_irq_off(engine);
	if (dt->pri_ours)
		dmatest_pri_off(dt, to_pci_dev(engine->dev));
	dt->pri_ours = false;
}

static int dmatest_access_start(struct bench_engine *engine, const struct bench_access *access)
{
	struct dmatest *dt = engine->priv;
	u32 slot = dt->tail % DMATEST_SLOTS;
	struct dmatest_desc desc = {
		.op = access->write ? DMATEST_OP_WRITE_PROBE : DMATEST_OP_READ_PROBE,
		.bytes = BENCH_PROBE_BYTES,
		.src = access->addr,
		.dst = access->addr,
		.pattern = access->value,
	};

	if (test_bit(slot, dt->busy))
		return -EAGAIN;
	if (access->pasid != BENCH_NO_PASID) {
		desc.flags |= access->write ? DMATEST_F_DST_PASID : DMATEST_F_SRC_PASID;
		desc.src_pasid = access->pasid;
		desc.dst_pasid = access->pasid;
	}
	if (dt->page_requests) {
		/* A failed request has the device stop asking. */
		if (dt->pri_ours)
			dmatest_pri_on(dt, to_pci_dev(engine->dev));
		desc.flags |= DMATEST_F_ATS;
		writel(access->pages, dt->regs + DMATEST_PRI_GROUP);
	}
	if (access->pages > 1) {
		/* What is asked for in one group is what one operation needs. */
		desc.op = access->write ? DMATEST_OP_FILL : DMATEST_OP_CHECK;
		desc.bytes = access->pages << PAGE_SHIFT;
	}
	if (dt->irq)
		desc.flags |= DMATEST_F_IRQ;
	dmatest_submit(dt, &desc);
	set_bit(slot, dt->busy);
	return slot;
}

static bool dmatest_access_ended(struct bench_engine *engine, unsigned int number)
{
	void __iomem *done = dmatest_slot(engine->priv, number) + DMATEST_DESC_BYTES;

	return readl(done + offsetof(struct dmatest_done, status)) != DMATEST_PENDING;
}

static bool dmatest_access_poll(struct bench_engine *engine, unsigned int number,
				struct bench_access_done *to)
{
	struct dmatest *dt = engine->priv;
	void __iomem *done = dmatest_slot(dt, number) + DMATEST_DESC_BYTES;
	u32 status = readl(done + offsetof(struct dmatest_done, status));

	if (status == DMATEST_PENDING)
		return false;
	to->refused = status != DMATEST_OK && status != DMATEST_MISMATCH;
	to->faults = readl(done + offsetof(struct dmatest_done, faults));
	to->value = readq(done + offsetof(struct dmatest_done, value));
	to->issued_ns = readq(done + offsetof(struct dmatest_done, issued_ns));
	to->fault_ns = readq(done + offsetof(struct dmatest_done, fault_ns));
	to->resumed_ns = readq(done + offsetof(struct dmatest_done, resumed_ns));
	to->done_ns = readq(done + offsetof(struct dmatest_done, done_ns));
	clear_bit_unlock(number, dt->busy);
	return true;
}

static void dmatest_access_reset(struct bench_engine *engine)
{
	dmatest_reset(engine);
}

const struct bench_engine_ops bench_engine_dmatest = {
	.name = "dmatest",
	.pasids = true,
	.match = bench_device_is_dmatest,
	.probe = dmatest_probe,
	.remove = dmatest_remove,
	.copy = dmatest_copy,
	.read_probe = dmatest_read_probe,
	.clock = dmatest_clock,
	.watch_start = dmatest_watch_start,
	.watch_count = dmatest_watch_count,
	.watch_end = dmatest_watch_end,
	.access_prepare = dmatest_access_prepare,
	.access_start = dmatest_access_start,
	.access_ended = dmatest_access_ended,
	.access_poll = dmatest_access_poll,
	.access_reset = dmatest_access_reset,
	.access_finish = dmatest_access_finish,
};
