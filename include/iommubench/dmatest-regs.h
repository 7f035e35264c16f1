/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers and descriptors of the DMA test engine. lab/qemu/dmatest.md has the
 * text. Plain C, little endian; for the device model, drivers and tests alike.
 */
#ifndef IOMMUBENCH_DMATEST_REGS_H
#define IOMMUBENCH_DMATEST_REGS_H

#include <linux/types.h>

/* PCI form: BAR 0; platform form: its one memory region. */
#define DMATEST_PCI_VENDOR		0x1234	/* as QEMU's other teaching devices */
#define DMATEST_PCI_DEVICE		0x10b7
#define DMATEST_PCI_BAR			0
#define DMATEST_COMPATIBLE		"iommubench,dmatest"
#define DMATEST_BYTES			0x10000
#define DMATEST_REGS_BYTES		0x1000
/* Memory inside the device: rings and data that need no translation. */
#define DMATEST_LOCAL			0x1000
#define DMATEST_LOCAL_BYTES		0xf000

/* A register has 32 bits, or 64 where it says so, which can be accessed as two halves as well. */
#define DMATEST_ID			0x000
#define DMATEST_ID_VALUE		0x54414d44	/* "DMAT" */
#define DMATEST_VERSION			0x004		/* major << 16 | minor */
#define DMATEST_VERSION_VALUE		0x00010003
#define DMATEST_FEATURES		0x008
#define DMATEST_FEATURE_PASID		(1u << 0)
#define DMATEST_FEATURE_ATS		(1u << 1)
#define DMATEST_FEATURE_PRI		(1u << 2)
#define DMATEST_FEATURE_STALL		(1u << 3)
#define DMATEST_FEATURE_MSI		(1u << 4)
#define DMATEST_FEATURE_IOMMU		(1u << 5)	/* faults have kinds and times */
#define DMATEST_LIMITS			0x00c
#define DMATEST_LIMITS_RING_LOG2(v)	((v) & 0xff)
#define DMATEST_LIMITS_PASID_BITS(v)	(((v) >> 8) & 0xff)
#define DMATEST_LIMITS_BYTES_LOG2(v)	(((v) >> 16) & 0xff)
#define DMATEST_LIMITS_DMA_BITS(v)	(((v) >> 24) & 0xff)
#define DMATEST_CONTROL			0x010
#define DMATEST_CONTROL_ENABLE		(1u << 0)	/* fetch descriptors */
#define DMATEST_CONTROL_RESET		(1u << 1)	/* reads as 0 */
#define DMATEST_CONTROL_RING_LOCAL	(1u << 2)	/* ring base is in local memory */
#define DMATEST_STATUS			0x014
#define DMATEST_STATUS_IDLE		(1u << 0)	/* nothing in flight, ring empty */
#define DMATEST_STATUS_RING_ERROR	(1u << 1)	/* stopped; see RING_FAULT */
#define DMATEST_IRQ_STATUS		0x018		/* write 1 to clear */
#define DMATEST_IRQ_MASK		0x01c		/* 1: raises the interrupt */
#define DMATEST_IRQ_DONE		(1u << 0)	/* a descriptor with DMATEST_F_IRQ */
#define DMATEST_IRQ_IDLE		(1u << 1)	/* the last one in the ring */
#define DMATEST_IRQ_RING_ERROR		(1u << 2)
#define DMATEST_RING_BASE		0x020		/* 64 bits */
#define DMATEST_RING_LOG2		0x028		/* of the number of descriptors */
#define DMATEST_IN_FLIGHT		0x02c		/* limit, 1 to DMATEST_MAX_IN_FLIGHT */
#define DMATEST_TAIL			0x030		/* doorbell, runs free */
#define DMATEST_HEAD			0x034		/* descriptors fetched, runs free */
#define DMATEST_DONE			0x038		/* descriptors done, runs free */
#define DMATEST_RING_FAULT		0x03c		/* enum dmatest_fault */
#define DMATEST_RING_FAULT_ADDR		0x040		/* 64 bits */
#define DMATEST_TIME			0x048		/* 64 bits, device clock, ns */
#define DMATEST_PRI_GROUP		0x050		/* pages asked for at a time */
/* Counters, 64 bits, cleared by reset only. */
#define DMATEST_COUNT_READS		0x080
#define DMATEST_COUNT_WRITES		0x088
#define DMATEST_COUNT_REFUSED		0x090
#define DMATEST_COUNT_STALLED		0x098
#define DMATEST_COUNT_ATC_HITS		0x0a0
#define DMATEST_COUNT_ATC_MISSES	0x0a8
#define DMATEST_COUNT_ATC_INVALIDATIONS	0x0b0
#define DMATEST_COUNT_PAGE_REQUESTS	0x0b8

#define DMATEST_MAX_RING_LOG2		16
#define DMATEST_MAX_IN_FLIGHT		1024
#define DMATEST_MAX_BYTES_LOG2		30
#define DMATEST_MAX_PRI_GROUP		64

enum dmatest_op {
	DMATEST_OP_NOP = 0,
	DMATEST_OP_COPY = 1,		/* src to dst */
	DMATEST_OP_FILL = 2,		/* pattern to dst */
	DMATEST_OP_CHECK = 3,		/* src against pattern */
	DMATEST_OP_COMPARE = 4,		/* src against dst */
	DMATEST_OP_READ_PROBE = 5,	/* 1 to 8 bytes at src */
	DMATEST_OP_WRITE_PROBE = 6,	/* 1 to 8 bytes of the pattern to dst */
	DMATEST_OP_READ_BURST = 7,	/* probe src until refused or count */
	DMATEST_OP_WRITE_BURST = 8,	/* probe dst until refused or count */
	DMATEST_OP_STOP_PASID = 9,	/* PCI: use src_pasid no more */
	DMATEST_OP_MAX = 9,
};

/* struct dmatest_desc.flags; src and dst are its members. */
#define DMATEST_F_IRQ		(1u << 0)	/* raise DMATEST_IRQ_DONE when done */
#define DMATEST_F_SRC_LOCAL	(1u << 1)	/* src is an offset in local memory */
#define DMATEST_F_DST_LOCAL	(1u << 2)
#define DMATEST_F_SRC_PASID	(1u << 3)	/* src_pasid is valid */
#define DMATEST_F_DST_PASID	(1u << 4)
#define DMATEST_F_PRIV		(1u << 5)	/* privileged accesses */
#define DMATEST_F_COUNT_UP	(1u << 6)	/* 64-bit word n of the pattern is pattern + n */
#define DMATEST_F_ATS		(1u << 7)	/* PCI: through the translation cache */
#define DMATEST_F_NO_STALL	(1u << 8)	/* platform: a fault ends it at once */
#define DMATEST_F_LAST_TIME	(1u << 9)	/* bursts: value is a time, see there */
#define DMATEST_F_MATCH		(1u << 10)	/* reads must find the pattern */
#define DMATEST_F_ALL		0x7ffu

enum dmatest_status {
	DMATEST_PENDING = 0,
	DMATEST_OK = 1,
	DMATEST_REFUSED = 2,		/* see fault, value */
	DMATEST_MISMATCH = 3,		/* check, compare: see value; DMATEST_F_MATCH */
	DMATEST_BAD_DESC = 4,
};

enum dmatest_fault {
	DMATEST_FAULT_NONE = 0,
	DMATEST_FAULT_TRANSLATION = 1,
	DMATEST_FAULT_PERMISSION = 2,
	DMATEST_FAULT_ACCESS = 3,
	DMATEST_FAULT_ADDR_SIZE = 4,
	DMATEST_FAULT_CONFIG = 5,
	DMATEST_FAULT_EXTERNAL = 6,
	DMATEST_FAULT_DISABLED = 7,
	DMATEST_FAULT_TERMINATED = 8,
	DMATEST_FAULT_CONFLICT = 9,
	DMATEST_FAULT_MEMORY = 10,	/* translated, but nothing answers there */
	DMATEST_FAULT_NO_MASTER = 11,	/* PCI bus mastering or PASID is off */
	DMATEST_FAULT_PAGE_REQUEST = 12,	/* page request denied; syndrome: code */
	DMATEST_FAULT_RING = 13,	/* tail is more than a ring ahead */
};

/**
 * struct dmatest_desc - what the engine is to do; software writes it
 * @op: enum dmatest_op
 * @flags: DMATEST_F_*
 * @bytes: bytes to move or look at, up to 2^DMATEST_MAX_BYTES_LOG2; probes and bursts 1 to 8
 * @src_pasid: PASID of accesses to @src, 20 bits, with DMATEST_F_SRC_PASID
 * @dst_pasid: PASID of accesses to @dst, 20 bits, with DMATEST_F_DST_PASID
 * @src: device address that is read
 * @dst: device address that is written (compare: read)
 * @pattern: 64-bit pattern, little endian, starts anew at each operation
 * @count: bursts: most accesses, 0 for no limit
 * @interval_ns: bursts: nanoseconds of virtual time from one access to the next, 0 for the
 *	device's own choice
 * @reserved: zero
 */
struct dmatest_desc {
	__u32 op;
	__u32 flags;
	__u32 bytes;
	__u32 src_pasid;
	__u32 dst_pasid;
	__u32 interval_ns;
	__u64 src;
	__u64 dst;
	__u64 pattern;
	__u64 count;
	__u64 reserved;
};

/**
 * struct dmatest_done - how it went; the engine writes it, software submits it all zero
 * @status: enum dmatest_status, which the engine writes last
 * @fault: enum dmatest_fault
 * @syndrome: the IOMMU's own fault code
 * @faults: number of faults that the IOMMU reported (stalls, page request groups)
 * @value: probes and read bursts: what was read last; check and compare that
 *	found a difference: offset of the first wrong byte; otherwise, when
 *	refused: device address of the refused access. Bursts with
 *	DMATEST_F_LAST_TIME: when the last access that succeeded was made, 0 for none
 * @count: bytes moved; bursts: accesses that succeeded
 * @issued_ns: when the first access started
 * @fault_ns: when the first fault was sent (stall or page request), or the access refused, 0 for
 *	none
 * @resumed_ns: when the answer to the last fault arrived, 0 for none
 * @done_ns: when all of it was done; bursts: when an access was refused, or found other data
 *
 * All of those times are nanoseconds of the device's clock, DMATEST_TIME.
 */
struct dmatest_done {
	__u32 status;
	__u32 fault;
	__u32 syndrome;
	__u32 faults;
	__u64 value;
	__u64 count;
	__u64 issued_ns;
	__u64 fault_ns;
	__u64 resumed_ns;
	__u64 done_ns;
};

/* A ring is an array of slots, in memory of the system or of the device (DMATEST_LOCAL). */
struct dmatest_slot {
	struct dmatest_desc desc;
	struct dmatest_done done;
};

#define DMATEST_DESC_BYTES	64
#define DMATEST_DONE_BYTES	64
#define DMATEST_SLOT_BYTES	128

#endif
