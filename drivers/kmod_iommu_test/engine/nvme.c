// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any NVMe controller, through its admin queue alone: no I/O queue is made, no namespace is
 * needed, and nothing on the medium is read or written. Facts: NVM Express Base Specification 2.0,
 * sections 5.17 (Identify) and 5.27.1.13 (Timestamp).
 *
 * The device writes by Identify: 4 KiB of what it says of itself, to any address. It reads by Set
 * Features: a Timestamp, which Get Features then tells from a page that is always there. The
 * drive's time is put back in the end.
 *
 * It could be made to read at any address by a submission queue or a list of pages (PRP) there,
 * too, and every controller could do that. It is not done: such an address is where a mapping is
 * or was, and if a stale translation leads to memory that is somebody else's by now, what lies
 * there would be carried out as a command, or be written to as if it were our page.
 *
 * Whether an access was refused is told by the data alone. The status does not tell: emulated
 * drives succeed all the same, real ones say Data Transfer Error, fail in whole, or do not answer.
 */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/ktime.h>
#include <linux/nvme.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "engine/nvme_admin.h"
#include "engine/pages.h"
#include "engine/pci.h"

#define NVME_BAR		0
/* In the engine's memory, behind both queues. */
#define NVME_AT_PAGE		2
#define NVME_PAGES		3

/* A Timestamp are so many bits, in milliseconds. The others of its word are to be zero. */
#define NVME_TIME_MASK		GENMASK_ULL(47, 0)
/*
 * By this much a time that was set from our page differs from what is then looked for, so that
 * time that passes makes none of them the other.
 */
#define NVME_TIME_FAR		BIT_ULL(46)
/* What a drive's clock, which need not be exact, may add to the time that passes here. */
#define NVME_TIME_SLACK_MS	1000
/* Of so many probes the fastest says how long one takes. */
#define NVME_TRIES		4

static bool nvme_match(struct device *dev)
{
	return dev_is_pci(dev) && to_pci_dev(dev)->class == PCI_CLASS_STORAGE_EXPRESS;
}

static u64 now_ms(void)
{
	return ktime_to_ms(ktime_get());
}

/* Return: as bench_nvme_do() */
static int nvme_identify(struct bench_nvme *nvme, u64 iova)
{
	struct nvme_command command = {
		.identify.opcode = nvme_admin_identify,
		.identify.cns = NVME_ID_CNS_CTRL,
	};

	command.identify.dptr.prp1 = cpu_to_le64(iova);
	return bench_nvme_do(nvme, &command);
}

/* Return: as bench_nvme_do() */
static int nvme_timestamp(struct bench_nvme *nvme, u8 opcode, u64 iova)
{
	struct nvme_command command = {
		.features.opcode = opcode,
		.features.fid = cpu_to_le32(NVME_FEAT_TIMESTAMP),
	};

	command.features.dptr.prp1 = cpu_to_le64(iova);
	return bench_nvme_do(nvme, &command);
}

/* A command with our own page has to succeed. Return: 0, or -EIO when it has not. */
static int nvme_must(int ret)
{
	return ret ? -EIO : 0;
}

static int nvme_time_set(struct bench_nvme *nvme, u64 ms)
{
	*(__le64 *)nvme->page = cpu_to_le64(ms & NVME_TIME_MASK);
	return nvme_must(nvme_timestamp(nvme, nvme_admin_set_features, nvme->page_iova));
}

static int nvme_time_get(struct bench_nvme *nvme, u64 *ms)
{
	int err = nvme_must(nvme_timestamp(nvme, nvme_admin_get_features, nvme->page_iova));

	*ms = le64_to_cpu(*(__le64 *)nvme->page) & NVME_TIME_MASK;
	return err;
}

/* Return: whether @now is what @then has become in @passed_ms */
static bool nvme_time_follows(u64 now, u64 then, u64 passed_ms)
{
	return ((now - then) & NVME_TIME_MASK) <= 2 * passed_ms + NVME_TIME_SLACK_MS;
}

static int nvme_read_probe(struct bench_engine *engine, u64 iova, int pasid, u64 mark,
			   u64 *latency_ns)
{
	struct bench_nvme *nvme = engine->priv;
	u64 begun = now_ms(), canary = mark ^ NVME_TIME_FAR, seen, passed;
	int ret;

	*latency_ns = 0;
	if (nvme_time_set(nvme, canary))
		return -EIO;
	ret = nvme_timestamp(nvme, nvme_admin_set_features, iova);
	if (ret == -ENODEV || nvme_time_get(nvme, &seen))
		return -EIO;
	passed = now_ms() - begun;
	if (nvme_time_follows(seen, mark, passed))
		return 0;
	/*
	 * Nothing was taken over, or zeros: a refused read has no data, and a drive that takes
	 * that for zeros, as QEMU's, then counts on from there; so does one that was reset.
	 */
	if (nvme_time_follows(seen, canary, passed) || nvme_time_follows(seen, 0, passed))
		return -EFAULT;
	return -EBADMSG;
}

static int nvme_fill(struct bench_engine *engine, u64 iova)
{
	struct bench_nvme *nvme = engine->priv;

	/* Asked for anew each time, because some of it may change, such as what is left. */
	if (nvme_identify(nvme, nvme->page_iova))
		return -EIO;
	memcpy(nvme->filled, nvme->page, BENCH_NVME_PAGE);
	return nvme_identify(nvme, iova) == -ENODEV ? -EIO : 0;
}

static void nvme_remove(struct bench_engine *engine);

/* A drive without Timestamp reads nothing that could be looked at. */
static const struct bench_engine_ops nvme_writes_only = {
	.name = "nvme",
	.by_data = true,
	.maps = true,
	.remove = nvme_remove,
	.fill = nvme_fill,
};

/* Does the drive take a time and tell it? Keeps its own, and sets @probe_ns of the engine. */
static bool nvme_can_read(struct bench_nvme *nvme)
{
	const struct nvme_id_ctrl *id = nvme->filled;
	struct bench_engine *engine = nvme->engine;
	u64 mark = NVME_TIME_FAR / 3, iova = nvme->page_iova + BENCH_PROBE_BYTES, ignored, begun;
	unsigned int i;

	if (!(le16_to_cpu(id->oncs) & NVME_CTRL_ONCS_TIMESTAMP) ||
	    nvme_time_get(nvme, &nvme->timestamp_ms))
		return false;
	nvme->taken_ms = now_ms();
	engine->probe_ns = U64_MAX;
	for (i = 0; i < NVME_TRIES; i++) {
		((__le64 *)nvme->page)[1] = cpu_to_le64(mark);
		begun = ktime_get_ns();
		if (nvme_read_probe(engine, iova, BENCH_NO_PASID, mark, &ignored))
			return false;
		engine->probe_ns = min(engine->probe_ns, ktime_get_ns() - begun);
	}
	return true;
}

static int nvme_check(struct bench_nvme *nvme)
{
	struct device *dev = nvme->engine->dev;

	nvme->cap = lo_hi_readq(nvme->regs + NVME_REG_CAP);
	if (nvme->cap == U64_MAX) {
		dev_err(dev, "the NVMe controller does not answer: its registers read as ones\n");
		return -ENODEV;
	}
	if (NVME_CAP_MPSMIN(nvme->cap)) {
		dev_err(dev, "the NVMe controller takes pages of %u bytes at least, expected %u\n",
			BENCH_NVME_PAGE << NVME_CAP_MPSMIN(nvme->cap), BENCH_NVME_PAGE);
		return -EOPNOTSUPP;
	}
	if (pci_resource_len(to_pci_dev(dev), NVME_BAR) <
	    NVME_REG_DBS + (8ULL << NVME_CAP_STRIDE(nvme->cap))) {
		dev_err(dev, "the NVMe controller's BAR has no room for the admin queue's doorbells\n");
		return -ENODEV;
	}
	return 0;
}

static int nvme_begin(struct bench_nvme *nvme)
{
	struct bench_engine *engine = nvme->engine;
	const struct nvme_id_ctrl *id = nvme->filled;
	int err, name = sizeof(id->mn);

	err = bench_nvme_start(nvme);
	if (err)
		return err;
	err = nvme_identify(nvme, nvme->page_iova);
	if (err) {
		dev_err(engine->dev, "the NVMe controller does not identify itself: error %d\n",
			err);
		bench_nvme_stop(nvme);
		return -EIO;
	}
	memcpy(nvme->filled, nvme->page, BENCH_NVME_PAGE);
	if (!nvme_can_read(nvme)) {
		engine->ops = &nvme_writes_only;
		engine->probe_ns = 0;
	}
	while (name && (id->mn[name - 1] == ' ' || !id->mn[name - 1]))
		name--;
	dev_info(engine->dev, "NVMe controller %.*s is a DMA engine: it writes by Identify and %s\n",
		 name, id->mn, engine->ops->read_probe ?
		 "reads by Timestamp" : "cannot read, for want of a Timestamp");
	return 0;
}

static int nvme_take_regs(struct bench_nvme *nvme, struct pci_dev *pdev)
{
	u16 command;

	nvme->regs = bench_engine_map_bar(pdev, NVME_BAR, 0);
	if (IS_ERR(nvme->regs))
		return PTR_ERR(nvme->regs);
	/* Nobody would take the interrupts of the admin queue. */
	pci_read_config_word(pdev, PCI_COMMAND, &command);
	nvme->intx = !(command & PCI_COMMAND_INTX_DISABLE);
	pci_intx(pdev, 0);
	pci_set_master(pdev);
	return 0;
}

static void nvme_give_regs(struct bench_nvme *nvme, struct pci_dev *pdev)
{
	/* The interrupt only where no DMA can ask for it any more. */
	pci_clear_master(pdev);
	if (nvme->intx)
		pci_intx(pdev, 1);
	bench_engine_unmap_bar(pdev, nvme->regs);
}

static int nvme_probe(struct bench_engine *engine)
{
	struct pci_dev *pdev = to_pci_dev(engine->dev);
	struct bench_nvme *nvme = kzalloc(sizeof(*nvme), GFP_KERNEL);
	int err = -ENOMEM;

	if (!nvme)
		return -ENOMEM;
	nvme->engine = engine;
	nvme->filled = kmalloc(BENCH_NVME_PAGE, GFP_KERNEL);
	if (!nvme->filled)
		goto free;
	err = nvme_take_regs(nvme, pdev);
	if (err)
		goto free;
	err = nvme_check(nvme);
	if (err)
		goto give;
	engine->dma_bits = 64;
	err = dma_set_mask_and_coherent(engine->dev, DMA_BIT_MASK(engine->dma_bits));
	if (err)
		goto give;
	err = bench_engine_pages_alloc(engine, NVME_PAGES * BENCH_NVME_PAGE);
	if (err)
		goto give;
	nvme->page = engine->pages.cpu + NVME_AT_PAGE * BENCH_NVME_PAGE;
	nvme->page_iova = engine->pages.range.start + NVME_AT_PAGE * BENCH_NVME_PAGE;
	engine->priv = nvme;
	engine->max_bytes = BENCH_NVME_PAGE;
	engine->mark_mask = NVME_TIME_MASK & ~NVME_TIME_FAR;
	engine->filled = nvme->filled;
	err = nvme_begin(nvme);
	if (!err)
		return 0;
give:
	/* Without bus mastering, not even a controller that did not stop reaches the memory. */
	nvme_give_regs(nvme, pdev);
	bench_engine_pages_free(engine);
free:
	kfree(nvme->filled);
	kfree(nvme);
	return err;
}

static void nvme_remove(struct bench_engine *engine)
{
	struct bench_nvme *nvme = engine->priv;

	/* Elsewhere it would take what is not ours for commands. Registers do for a shutdown. */
	if (nvme->working && !bench_engine_reaches(engine))
		dev_notice(engine->dev, "the NVMe controller keeps a time that is not its own: another device of its IOMMU group has a run with an own domain\n");
	else if (nvme->working && engine->ops->read_probe)
		nvme_time_set(nvme, nvme->timestamp_ms + now_ms() - nvme->taken_ms);
	bench_nvme_stop(nvme);
	nvme_give_regs(nvme, to_pci_dev(engine->dev));
	bench_engine_pages_free(engine);
	kfree(nvme->filled);
	kfree(nvme);
}

const struct bench_engine_ops bench_engine_nvme = {
	.name = "nvme",
	.by_data = true,
	.maps = true,
	.match = nvme_match,
	.probe = nvme_probe,
	.remove = nvme_remove,
	.fill = nvme_fill,
	.read_probe = nvme_read_probe,
};
