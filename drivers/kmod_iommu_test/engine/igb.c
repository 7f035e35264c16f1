// SPDX-License-Identifier: GPL-2.0-only
/*
 * A network port that is looped back (Intel 82576, I350): it reads what a transmit descriptor names
 * and writes it where a receive descriptor says. A copy is one frame: a header from memory of ours,
 * then the data. The header comes back to memory of ours, so that just the data are written,
 * however few they are, and whatever they are nothing in the port takes them for addresses or
 * lengths.
 *
 * A read that is refused may come to an end, with other data, as in QEMU; on silicon the port then
 * waits for ever, and is reset. A write that is refused is lost without a word.
 */
#include <linux/dma-mapping.h>
#include <linux/etherdevice.h>
#include <linux/iopoll.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "engine/igb_hw.h"
#include "engine/pages.h"
#include "engine/types.h"

#define IGB_MAX_BYTES		1024
/* Where a buffer for transmission may end in between: pages need not lie one behind the other. */
#define IGB_PAGE		SZ_4K
/* IEEE's type for local experiments. */
#define IGB_ETHERTYPE		0x88b5

/* Transmit descriptor: data, with the extended layout; the port adds the checksum. */
#define IGB_TX_DATA		(3 << 20 | BIT(29) | BIT(25))
#define IGB_TX_END		(BIT(24) | BIT(27))
#define IGB_TX_TOTAL(bytes)	((u32)(bytes) << 14)
#define IGB_TX_DONE		BIT(0)
/* Receive descriptor, as written back. */
#define IGB_RX_DONE		BIT(0)
#define IGB_RX_END		BIT(1)

/* A frame of 1 KiB takes some 10 us. */
#define IGB_SPIN_US		100
#define IGB_POLL_US		50
#define IGB_TIMEOUT_US		200000

/* What a test of the port copies: the shortest frame, and the longest. */
#define IGB_TEST_BYTES		4
#define IGB_TEST_CANARY		0xa5
/* Of so many reads the fastest counts. */
#define IGB_TRIES		16

struct igb_tx_desc {
	__le64 buffer;
	__le32 command;
	/* Read: bytes of the whole frame. Written back: status. */
	__le32 status;
};

union igb_rx_desc {
	struct {
		__le64 packet;
		__le64 header;
	} read;
	struct {
		__le64 info;
		__le32 status;
		__le16 bytes;
		__le16 vlan;
	} written;
};

/**
 * struct igb_header - the start of a frame
 * @eth: addresses and type
 * @pad: keeps what follows aligned
 * @number: which frame it is
 * @rest: nothing
 */
struct igb_header {
	struct ethhdr eth;
	u8 pad[2];
	__le64 number;
	u8 rest[IGB_HEADER_BYTES - 24];
};

/**
 * struct igb_memory - what the port works with, apart from what it copies
 * @tx: transmit descriptors
 * @rx: receive descriptors
 * @sent: header of the frame under way
 * @received: header of the frame that came
 * @target: where a test or a probe has the port write
 * @source: what a test has it read
 *
 * It does not cross a boundary of IGB_PAGE, and neither do its parts.
 */
struct igb_memory {
	struct igb_tx_desc tx[IGB_RING];
	union igb_rx_desc rx[IGB_RING];
	struct igb_header sent;
	struct igb_header received;
	u8 target[IGB_MAX_BYTES + 64];
	u8 source[IGB_MAX_BYTES];
};

/**
 * struct igb - the state of one engine
 * @hw: the port
 * @memory: shared with the port
 * @dma: where that is for the port
 * @tx: next transmit descriptor
 * @rx: next receive descriptor
 * @number: frames sent so far
 * @running: the port was started, and has not failed since
 */
struct igb {
	struct igb_hw hw;
	struct igb_memory *memory;
	dma_addr_t dma;
	unsigned int tx;
	unsigned int rx;
	u64 number;
	bool running;
};

static bool igb_match(struct device *dev)
{
	return dev_is_pci(dev) && igb_hw_known(to_pci_dev(dev));
}

static u64 igb_dma(const struct igb *igb, size_t offset)
{
	return igb->dma + offset;
}

/* Return: the descriptor, for more to be said of it. */
static struct igb_tx_desc *igb_send(struct igb *igb, u64 buffer, size_t bytes, size_t total)
{
	struct igb_tx_desc *desc = &igb->memory->tx[igb->tx];

	desc->buffer = cpu_to_le64(buffer);
	desc->command = cpu_to_le32(IGB_TX_DATA | bytes);
	desc->status = cpu_to_le32(IGB_TX_TOTAL(total));
	igb->tx = (igb->tx + 1) % IGB_RING;
	return desc;
}

static bool igb_arrived(const struct igb_tx_desc *tx, const union igb_rx_desc *rx)
{
	/* The port is through with sending as well, and touches nothing of it any more. */
	return le32_to_cpu(READ_ONCE(rx->written.status)) & IGB_RX_DONE &&
	       le32_to_cpu(READ_ONCE(tx->status)) & IGB_TX_DONE;
}

static int igb_wait(const struct igb_tx_desc *tx, const union igb_rx_desc *rx)
{
	bool done;

	if (!read_poll_timeout_atomic(igb_arrived, done, done, 1, IGB_SPIN_US, false, tx, rx))
		return 0;
	return read_poll_timeout(igb_arrived, done, done, IGB_POLL_US, IGB_TIMEOUT_US, false,
				 tx, rx);
}

/* Return: 0; -ETIMEDOUT when the frame did not come; -EIO when something else did. */
static int igb_frame(struct igb *igb, u64 dst, u64 src, size_t bytes)
{
	struct igb_memory *m = igb->memory;
	union igb_rx_desc *rx = &m->rx[igb->rx];
	size_t total = IGB_HEADER_BYTES + bytes, part;
	struct igb_tx_desc *tx;
	int err;

	m->sent.number = cpu_to_le64(++igb->number);
	rx->read.packet = cpu_to_le64(dst);
	rx->read.header = cpu_to_le64(igb_dma(igb, offsetof(struct igb_memory, received)));
	igb->rx = (igb->rx + 1) % IGB_RING;
	tx = igb_send(igb, igb_dma(igb, offsetof(struct igb_memory, sent)), IGB_HEADER_BYTES,
		      total);
	while (bytes) {
		part = min_t(size_t, bytes, IGB_PAGE - src % IGB_PAGE);
		tx = igb_send(igb, src, part, total);
		src += part;
		bytes -= part;
	}
	tx->command |= cpu_to_le32(IGB_TX_END);
	bytes = total - IGB_HEADER_BYTES;
	dma_wmb();
	writel(igb->rx, igb->hw.regs + IGB_RDT(0));
	writel(igb->tx, igb->hw.regs + IGB_TDT(0));
	err = igb_wait(tx, rx);
	dma_rmb();
	if (err)
		return err;
	if (!(le32_to_cpu(rx->written.status) & IGB_RX_END) ||
	    le16_to_cpu(rx->written.bytes) != bytes || m->received.number != m->sent.number)
		return -EIO;
	return 0;
}

/* Copy within our own memory. Return: 0 when the port works, -EIO when it does something else. */
static int igb_test(struct igb *igb, size_t bytes)
{
	struct igb_memory *m = igb->memory;
	size_t i;
	int err;

	for (i = 0; i < bytes; i++)
		m->source[i] = i * 7 + bytes + igb->number;
	memset(m->target, IGB_TEST_CANARY, sizeof(m->target));
	err = igb_frame(igb, igb_dma(igb, offsetof(struct igb_memory, target)),
			igb_dma(igb, offsetof(struct igb_memory, source)), bytes);
	if (err)
		return err;
	return memcmp(m->target, m->source, bytes) ||
	       memchr_inv(m->target + bytes, IGB_TEST_CANARY, sizeof(m->target) - bytes) ? -EIO : 0;
}

/* The port was reset: its queues are empty. */
static int igb_start(struct igb *igb)
{
	int err;

	igb->running = false;
	igb->tx = 0;
	igb->rx = 0;
	err = igb_hw_start(&igb->hw, igb_dma(igb, offsetof(struct igb_memory, tx)),
			   igb_dma(igb, offsetof(struct igb_memory, rx))) ?:
	      igb_test(igb, IGB_TEST_BYTES) ?: igb_test(igb, IGB_MAX_BYTES);
	igb->running = !err;
	return err;
}

static int igb_restart(struct igb *igb)
{
	igb->running = false;
	pci_info(igb->hw.pdev, "the port is reset: a transfer did not come to an end\n");
	return igb_hw_reset_function(&igb->hw) ?: igb_start(igb);
}

static int igb_copy(struct bench_engine *engine, u64 dst, u64 src, size_t bytes)
{
	struct igb *igb = engine->priv;
	int err = 0;

	if (!igb->running)
		err = igb_restart(igb);
	if (err)
		return -ETIMEDOUT;
	err = igb_frame(igb, dst, src, bytes);
	if (!err)
		return 0;
	if (igb_restart(igb))
		return -ETIMEDOUT;
	/* As the port works again with memory of ours, the other memory was the reason. */
	return err == -ETIMEDOUT ? -EFAULT : err;
}

/* A read that was refused brings nothing, or as in QEMU zeros. */
static int igb_read_probe(struct bench_engine *engine, u64 iova, int pasid, u64 mark,
			  u64 *latency_ns)
{
	struct igb *igb = engine->priv;
	__le64 *target = (__le64 *)igb->memory->target;
	u64 found;
	int err;

	*latency_ns = 0;
	*target = cpu_to_le64(~mark);
	err = igb_copy(engine, igb_dma(igb, offsetof(struct igb_memory, target)), iova,
		       BENCH_PROBE_BYTES);
	if (err)
		return err;
	found = le64_to_cpu(READ_ONCE(*target));
	if (found == mark)
		return 0;
	return !found || found == ~mark ? -EFAULT : -EBADMSG;
}

/* How long a read takes, at best, with all that the CPU does for it. */
static int igb_time_probes(struct bench_engine *engine)
{
	struct igb *igb = engine->priv;
	u64 mark = 0x6d61726b6d61726bULL, begun, ignored;
	unsigned int i;
	int err;

	*(__le64 *)igb->memory->source = cpu_to_le64(mark);
	engine->probe_ns = U64_MAX;
	for (i = 0; i < IGB_TRIES; i++) {
		begun = ktime_get_ns();
		err = igb_read_probe(engine, igb_dma(igb, offsetof(struct igb_memory, source)),
				     BENCH_NO_PASID, mark, &ignored);
		if (err)
			return err;
		engine->probe_ns = min(engine->probe_ns, ktime_get_ns() - begun);
	}
	return 0;
}

static int igb_probe(struct bench_engine *engine)
{
	struct igb_header *header;
	struct igb *igb;
	int err;

	BUILD_BUG_ON(sizeof(struct igb_header) != IGB_HEADER_BYTES);
	BUILD_BUG_ON(sizeof(struct igb_tx_desc) != 16 || sizeof(union igb_rx_desc) != 16);
	BUILD_BUG_ON(sizeof(struct igb_memory) > IGB_PAGE);
	igb = kzalloc(sizeof(*igb), GFP_KERNEL);
	if (!igb)
		return -ENOMEM;
	err = igb_hw_open(&igb->hw, to_pci_dev(engine->dev));
	if (err)
		goto free;
	err = dma_set_mask_and_coherent(engine->dev, DMA_BIT_MASK(64));
	if (err)
		goto close;
	/* Whole pages, so that no boundary lies in it. */
	err = bench_engine_pages_alloc(engine, sizeof(*igb->memory));
	if (err)
		goto close;
	igb->memory = engine->pages.cpu;
	igb->dma = engine->pages.range.start;
	header = &igb->memory->sent;
	ether_addr_copy(header->eth.h_dest, igb_hw_address);
	ether_addr_copy(header->eth.h_source, igb_hw_address);
	header->eth.h_proto = htons(IGB_ETHERTYPE);
	err = igb_start(igb);
	if (err) {
		dev_err(engine->dev, "the port does not receive what it sends: error %d\n", err);
		goto close;
	}
	engine->priv = igb;
	engine->max_bytes = IGB_MAX_BYTES;
	engine->dma_bits = 64;
	err = igb_time_probes(engine);
	if (!err)
		return 0;
close:
	/* Closed, it does not reach the memory any more. */
	igb_hw_close(&igb->hw);
	bench_engine_pages_free(engine);
free:
	kfree(igb);
	return err;
}

static void igb_remove(struct bench_engine *engine)
{
	struct igb *igb = engine->priv;

	igb_hw_close(&igb->hw);
	bench_engine_pages_free(engine);
	kfree(igb);
}

const struct bench_engine_ops bench_engine_igb = {
	.name = "igb",
	.by_data = true,
	.maps = true,
	.match = igb_match,
	.probe = igb_probe,
	.remove = igb_remove,
	.copy = igb_copy,
	.read_probe = igb_read_probe,
};
