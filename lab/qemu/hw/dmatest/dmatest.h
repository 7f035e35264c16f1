/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * DMA test engine: state and what its files offer each other. Each file calls only
 * what stands before it:
 *
 * irq.c	its interrupt
 * pattern.c	the data of fill, check and compare
 * pri.c	page requests
 * atc.c	address translation cache
 * access.c	how it reaches memory
 * ops.c	one operation, from its descriptor to its completion
 * ring.c	fetches descriptors, hands back completions
 * registers.c	registers, reset
 * pci.c	PCI form
 * platform.c	platform form
 *
 * One descriptor is one DmaOp, a small state machine. Each step takes virtual
 * time (translation, transfer); a step that takes none is followed by the next at
 * once, so that without latencies a write to the doorbell does all the work.
 */
#ifndef IOMMUBENCH_DMATEST_DMATEST_H
#define IOMMUBENCH_DMATEST_DMATEST_H

#include "exec/memory.h"
#include "hw/qdev-core.h"
#include "qemu/queue.h"
#include "qemu/timer.h"
/* Of include/iommubench; the build puts it beside our folders. */
#include "hw/iommubench/dmatest-regs.h"
#include "hw/iommubench/iommu-if.h"

/*
 * QOM types for machines.
 *
 * TYPE_DMATEST_PCI: PCIe endpoint; its IOMMU is the one in front of the bus
 * (iob_iommu_set_pci()), or whatever QEMU's own bus has.
 * TYPE_DMATEST_PLATFORM: sysbus device, one memory region of DMATEST_BYTES, one
 * interrupt; properties "iommu" (link) and "sid". Both have the properties of
 * DMATEST_PROPERTIES().
 */
#define TYPE_DMATEST_PCI	"iob-dmatest-pci"
#define TYPE_DMATEST_PLATFORM	"iob-dmatest"

#define DMATEST_NUM_COUNTERS	8
/* PCIe: a page request group index has 9 bits. */
#define DMATEST_NUM_PRGI	512
#define DMATEST_CHUNK		4096u

typedef struct DmaTest DmaTest;
typedef struct DmaOp DmaOp;

/**
 * enum DmaSide - which address of a descriptor
 */
typedef enum DmaSide {
	DMA_SRC,
	DMA_DST,
} DmaSide;

/**
 * enum DmaStep - where an operation is
 * @DMA_STEP_ISSUE:	before its first access
 * @DMA_STEP_SRC:	about to translate and access src
 * @DMA_STEP_DST:	about to translate and access dst
 * @DMA_STEP_PAGE_REQUEST: about to send a page request, or waits until it may
 * @DMA_STEP_WAIT:	stalled, or waits for a page response
 * @DMA_STEP_FINISH:	last latency is over
 */
typedef enum DmaStep {
	DMA_STEP_ISSUE,
	DMA_STEP_SRC,
	DMA_STEP_DST,
	DMA_STEP_PAGE_REQUEST,
	DMA_STEP_WAIT,
	DMA_STEP_FINISH,
} DmaStep;

/**
 * struct DmaOp - an operation in flight
 * @dev:	the engine
 * @desc:	what to do
 * @done:	how it went so far
 * @index:	number of its slot in the ring
 * @step:	next step
 * @side:	side of the translation that waits
 * @now:	virtual time that it has come to
 * @fetch_ns:	what it took to fetch it
 * @complete:	called when it is over; @done says how it went
 * @resumed:	called when the IOMMU has held @txn and lets it go, as IobTxn.resumed
 * @answered:	called when the page it waits for is there (DMATEST_FAULT_NONE) or will not
 *		come (another of enum dmatest_fault, with its syndrome); it goes on @wait_ns
 *		after @now
 * @offset:	bytes done
 * @chunk:	bytes of the present chunk
 * @prgi:	page request group that it has, or -1
 * @queued:	waits until it may have one
 * @retries:	translations retried after a page response, for the present chunk
 * @txn:	present translation
 * @stalled:	the IOMMU has @txn
 * @buf:	data on the way
 */
struct DmaOp {
	DmaTest *dev;
	struct dmatest_desc desc;
	struct dmatest_done done;
	uint32_t index;
	DmaStep step;
	DmaSide side;
	int64_t now;
	uint64_t fetch_ns;
	void (*complete)(DmaOp *op);
	void (*resumed)(IobTxn *txn, IobResult result);
	void (*answered)(DmaOp *op, uint32_t fault, uint32_t syndrome, uint64_t wait_ns);
	uint32_t offset;
	uint32_t chunk;
	int prgi;
	bool queued;
	unsigned int retries;
	IobTxn txn;
	bool stalled;
	QEMUTimer *timer;
	QTAILQ_ENTRY(DmaOp) next;
	QTAILQ_ENTRY(DmaOp) queue;
	uint8_t buf[DMATEST_CHUNK];
};

/**
 * struct DmaPrg - a page request group from its index being taken to its answer
 * @op:		who waits for it, NULL if nobody does any more
 * @ssid:	PASID of its requests
 * @requests:	number of its requests, 0 when the index is free
 * @sent:	on its way, or with the IOMMU
 */
typedef struct DmaPrg {
	DmaOp *op;
	uint32_t ssid;
	uint32_t requests;
	bool sent;
} DmaPrg;

typedef struct DmaAtcEntry {
	uint64_t iova;
	uint64_t mask;
	uint64_t pa;
	uint32_t ssid;
	uint32_t perm;
	bool valid;
	bool global;
} DmaAtcEntry;

/**
 * struct DmaTestBackend - what the PCI and the platform form do differently
 * @iommu:	IOMMU and stream ID now, NULL if there is none of ours
 * @as:		memory as the device sees it, used without an IOMMU of ours
 * @set_irq:	interrupt line or message
 * @may_master:	may it access memory now? (PCI bus mastering)
 * @pasid_on:	may it send PASIDs now?
 * @ats_on:	ATS enabled
 * @pri_on:	PRI enabled
 * @pri_limit:	page requests that may be outstanding
 * @pri_changed: something was sent or answered; an answer was "response failure",
 *		or not one that the device waits for
 */
typedef struct DmaTestBackend {
	IobIommu *(*iommu)(DmaTest *dev, uint32_t *sid);
	AddressSpace *(*as)(DmaTest *dev);
	void (*set_irq)(DmaTest *dev, bool level);
	bool (*may_master)(DmaTest *dev);
	bool (*pasid_on)(DmaTest *dev);
	bool (*ats_on)(DmaTest *dev);
	bool (*pri_on)(DmaTest *dev);
	uint32_t (*pri_limit)(DmaTest *dev);
	void (*pri_changed)(DmaTest *dev, bool failed, bool unexpected);
} DmaTestBackend;

/**
 * struct DmaTest - an engine
 * @lat_issue:	property "lat-issue-ns": descriptor fetched to first access
 * @lat_kib:	property "lat-per-kib-ns": transfer
 * @lat_burst:	property "lat-burst-ns": from one access of a burst to the next
 *		when the descriptor does not say
 * @lat_atc_hit: property "lat-atc-hit-ns"
 * @lat_atc_inv: property "lat-atc-inv-ns": until an ATS invalidation is answered
 * @lat_page_request: property "lat-page-request-ns": page request sent to
 *		received by the IOMMU
 * @pasid_bits:	property "pasid-bits", 0 for no PASID
 * @ats:	property "ats" (PCI form)
 * @pri:	property "pri" (PCI form)
 * @prg_pasid:	property "prg-pasid": an answer to a page request with a PASID has to
 *		have it, too
 * @stall:	property "stall" (platform form)
 * @atc_ignore_inv: property "atc-ignore-inv": fault put in on purpose, the ATC
 *		answers invalidations but keeps its entries
 * @atc_no_answer: property "atc-no-answer": fault put in on purpose, the ATC never answers
 * @atc_entries: property "atc-entries", 0 for an ATC that holds nothing
 */
struct DmaTest {
	const DmaTestBackend *backend;
	DeviceState *owner;

	uint64_t lat_issue;
	uint64_t lat_kib;
	uint64_t lat_burst;
	uint64_t lat_atc_hit;
	uint64_t lat_atc_inv;
	uint64_t lat_page_request;
	uint32_t pasid_bits;
	bool ats;
	bool pri;
	bool prg_pasid;
	bool stall;
	bool atc_ignore_inv;
	bool atc_no_answer;
	uint32_t atc_entries;

	MemoryRegion container;
	MemoryRegion regs;
	MemoryRegion local;
	uint8_t *local_ptr;
	bool msi;

	uint32_t control;
	uint32_t irq_status;
	uint32_t irq_mask;
	uint64_t ring_base;
	uint32_t ring_log2;
	uint32_t in_flight_max;
	uint32_t tail;
	uint32_t head;
	uint32_t done;
	bool ring_error;
	uint32_t ring_fault;
	uint64_t ring_fault_addr;
	uint64_t time_latch;
	uint64_t count[DMATEST_NUM_COUNTERS];

	QEMUTimer *kick;
	bool fetching;		/* the loop that fetches is under way */
	unsigned int depth;	/* of operations being run */
	bool reset_pending;
	uint32_t sync_bytes;	/* moved without giving QEMU a chance */
	uint32_t in_flight;
	QTAILQ_HEAD(, DmaOp) ops;	/* in flight */
	QTAILQ_HEAD(, DmaOp) pool;	/* to be used again */

	DmaAtcEntry *atc;	/* NULL until ATS is enabled */
	uint32_t atc_victim;
	uint16_t next_prgi;
	uint32_t pri_group;
	uint32_t page_requests;		/* outstanding */
	DmaPrg prg[DMATEST_NUM_PRGI];
	QTAILQ_HEAD(, DmaOp) pri_queue;	/* wait for others' requests to be answered */
	IobIommu *client_of;
	uint32_t client_sid;
};

#define DMATEST_PROPERTIES(_state, _field)				\
	DEFINE_PROP_UINT64("lat-issue-ns", _state, _field.lat_issue, 0), \
	DEFINE_PROP_UINT64("lat-per-kib-ns", _state, _field.lat_kib, 0), \
	DEFINE_PROP_UINT64("lat-burst-ns", _state, _field.lat_burst, 100)

/* Work done at once before QEMU gets a chance to do something else. */
#define DMATEST_SYNC_BYTES	(16u << 20)
#define DMATEST_SYNC_OPS	4096u

static inline void dmatest_count(DmaTest *dev, unsigned int reg)
{
	dev->count[(reg - DMATEST_COUNT_READS) / 8]++;
}

/* irq.c */
void dmatest_update_irq(DmaTest *dev);
void dmatest_raise(DmaTest *dev, uint32_t irq);

/* pattern.c */
void dmatest_pattern(const struct dmatest_desc *desc, uint32_t offset,
		     uint8_t *buf, uint32_t bytes);
uint32_t dmatest_first_difference(const uint8_t *a, const uint8_t *b, uint32_t bytes);

/* pri.c */
bool dmatest_pri_may_ask(const DmaOp *op);
void dmatest_pri_request(DmaOp *op);
void dmatest_pri_response(void *opaque, uint32_t ssid, uint16_t prgi,
			  unsigned int code);
void dmatest_pri_wake(DmaTest *dev);
void dmatest_pri_forget(DmaOp *op);
void dmatest_pri_reset(DmaTest *dev);
bool dmatest_pri_stop(DmaTest *dev, uint32_t ssid);

/* atc.c */
void dmatest_atc_clear(DmaTest *dev);
void dmatest_atc_connect(DmaTest *dev);
void dmatest_atc_disconnect(DmaTest *dev);
IobResult dmatest_atc_translate(DmaOp *op, IobIommu *iommu);

/* access.c */
IobResult dmatest_translate(DmaOp *op, DmaSide side);
bool dmatest_access(DmaOp *op, void *buf, bool write);
bool dmatest_ring_access(DmaTest *dev, uint64_t addr, void *buf, uint32_t bytes,
			 bool write, uint64_t *cost_ns);
bool dmatest_is_local(const DmaOp *op, DmaSide side);
uint64_t dmatest_addr(const DmaOp *op, DmaSide side);

/* ops.c */
void dmatest_op_start(DmaOp *op);
void dmatest_op_run(DmaOp *op);

/* ring.c */
void dmatest_kick(DmaTest *dev);
void dmatest_cancel_all(DmaTest *dev);
void dmatest_free_pool(DmaTest *dev);

/* registers.c */
void dmatest_init(DmaTest *dev, DeviceState *owner, const DmaTestBackend *backend);
void dmatest_exit(DmaTest *dev);
void dmatest_reset(DmaTest *dev);

#endif
