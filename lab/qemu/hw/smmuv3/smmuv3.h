/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SMMUv3 model: state and what its files offer each other.
 *
 * Each file calls only what stands before it:
 *
 * mem.c	its own access to memory
 * irq.c	interrupts, global errors
 * silicon.c	what silicon gets wrong
 * stream.c	streams, and what is cached of their configuration
 * tlb.c	translation cache and its invalidation
 * walk.c	table walks
 * config.c	stream table entries, context descriptors
 * events.c	event records and their queue
 * pri.c	page requests and their queue
 * translate.c	the way of a transaction
 * stall.c	how stalled transactions end
 * cmdq.c	commands
 * registers.c	registers, properties, reset
 * pmcg.c	performance monitor counter groups
 *
 * All of it runs with the big QEMU lock held.
 */
#ifndef IOMMUBENCH_SMMUV3_SMMUV3_H
#define IOMMUBENCH_SMMUV3_SMMUV3_H

#include "hw/sysbus.h"
#include "qemu/timer.h"
#include "hw/iommubench/iommu-if.h"
#include "regs.h"

#define TYPE_IOB_SMMUV3		"iob-smmuv3"
OBJECT_DECLARE_SIMPLE_TYPE(IobSmmu, IOB_SMMUV3)

#define TYPE_IOB_SMMUV3_MR	"iob-smmuv3-memory-region"

/* Interrupt lines, in the order of the sysbus device */
enum {
	SMMU_IRQ_EVENTQ,
	SMMU_IRQ_PRIQ,
	SMMU_IRQ_SYNC,
	SMMU_IRQ_GERROR,
	SMMU_NUM_IRQS
};

/*
 * Events that a performance monitor counts (chapter 10); from SMMU_PMU_IMPDEF on they
 * are ours.
 */
enum {
	SMMU_PMU_CYCLES = 0,
	SMMU_PMU_TRANSACTION = 1,
	SMMU_PMU_TLB_MISS = 2,
	SMMU_PMU_CONFIG_MISS = 3,
	SMMU_PMU_WALK_ACCESS = 4,
	SMMU_PMU_CONFIG_ACCESS = 5,
	SMMU_PMU_ATS_REQUEST = 6,
	SMMU_PMU_ATS_TRANSLATED = 7,
	SMMU_PMU_IMPDEF = 0x80,
	SMMU_PMU_COMMAND = 0x80,
	SMMU_PMU_TLBI = 0x81,
	SMMU_PMU_SYNC = 0x82,
	SMMU_PMU_EVENT = 0x83,
	SMMU_PMU_STALL = 0x84,
	SMMU_PMU_PAGE_REQUEST = 0x85,
	SMMU_PMU_ATC_INV = 0x86,
	SMMU_PMU_END
};

/* Invalidations to be withheld, bits of property "drop-tlbi" */
#define SMMU_DROP_VA		BIT(0)
#define SMMU_DROP_ASID		BIT(1)
#define SMMU_DROP_VMID		BIT(2)
#define SMMU_DROP_RANGE		BIT(3)
#define SMMU_DROP_ALL		BIT(4)
#define SMMU_DROP_ATC		BIT(5)

/* Translation regimes, as the TLB tells them apart */
enum {
	SMMU_REGIME_EL1,	/* VMID, ASID */
	SMMU_REGIME_EL2,	/* neither */
	SMMU_REGIME_EL2H,	/* ASID */
	SMMU_REGIME_S2,		/* VMID; input is an IPA */
};

/**
 * struct SmmuQueue - command, event or page request queue
 * @irq_addr:	message signalled interrupt, 0 for none
 */
typedef struct SmmuQueue {
	uint64_t base;
	uint32_t prod;
	uint32_t cons;
	uint64_t irq_addr;
	uint32_t irq_data;
	uint32_t irq_attr;
} SmmuQueue;

/**
 * struct SmmuTable - one translation table base, as a walk needs it
 * @ttb:	address
 * @ibits:	input address bits
 * @gbits:	log2 of the granule
 * @level:	first level
 * @obits:	output address bits
 * @valid:	walks are allowed (EPDn clear)
 */
typedef struct SmmuTable {
	uint64_t ttb;
	uint8_t ibits;
	uint8_t gbits;
	uint8_t level;
	uint8_t obits;
	bool valid;
	bool tbi;
	bool had;
} SmmuTable;

/**
 * struct SmmuCd - a context descriptor that passed its checks
 */
typedef struct SmmuCd {
	SmmuTable tt[2];
	uint32_t ssid;
	uint16_t asid;
	bool valid;		/* this cache slot is in use */
	bool affd, ha, hd, wxn, uwxn, pan, big_endian;
	bool stall, record;
} SmmuCd;

/**
 * struct SmmuSte - a stream table entry that passed its checks
 */
typedef struct SmmuSte {
	bool valid;		/* cached */
	uint8_t config;
	uint8_t s1fmt, s1cdmax, s1dss, eats, strw, privcfg, instcfg;
	bool s1stalld, ppar;
	uint64_t s1ctxptr;
	uint8_t regime;
	uint16_t vmid;
	SmmuTable s2;
	bool s2affd, s2ha, s2hd, s2ptw, s2_big_endian;
	bool s2stall, s2record;
} SmmuSte;

#define SMMU_CD_SLOTS	64

typedef struct IobSmmu IobSmmu;

/**
 * struct SmmuStream - a stream ID that a device uses, with its configuration cache
 * @priv:	accesses through @as are privileged
 * @ops:	ATS and PRI side of the device, or NULL
 */
typedef struct SmmuStream {
	IobSmmu *smmu;
	uint32_t sid;
	bool priv;
	IOMMUMemoryRegion mr;
	AddressSpace as;
	const IobClientOps *ops;
	void *opaque;
	SmmuSte ste;
	SmmuCd cd[SMMU_CD_SLOTS];
} SmmuStream;

/**
 * struct SmmuTlbEntry - one cached translation
 * @va:		input address, first of the entry
 * @pa:		output address that belongs to it
 * @ebits:	log2 of the entry's size
 * @lbits:	log2 of the stage 1 leaf it was made from (more than @ebits if stage 2
 *		has smaller pages)
 * @gbits:	log2 of that leaf's granule
 * @level:	that leaf's level
 * @perm:	IOB_PERM_*, unprivileged in bits 0 to 2, privileged in bits 4 to 6
 * @dbm:	like @perm, rights that come with a dirty state update
 * @s1_perm:	like @perm, what stage 1 alone grants
 * @ipa:	with both stages, the intermediate address of the first walk's access
 *
 * In the walk cache it is a table instead: @va and @ebits say what it translates, @pa
 * is where it is (for stage 1 of both, an intermediate address), @level is its own, and
 * @table holds bits 63:59 of the descriptors on the way to it.
 */
typedef struct SmmuTlbEntry {
	uint64_t va;
	uint64_t pa;
	uint16_t asid;
	uint16_t vmid;
	uint8_t regime;
	bool valid;
	bool global;
	uint8_t ebits;
	uint8_t lbits;
	uint8_t gbits;
	uint8_t level;
	uint8_t perm;
	uint8_t dbm;
	uint8_t s1_perm;
	uint8_t table;
	uint64_t ipa;
} SmmuTlbEntry;

#define SMMU_PERM_PRIV_SHIFT	4

/**
 * struct SmmuTlbKey - what a translation belongs to
 */
typedef struct SmmuTlbKey {
	uint8_t regime;
	uint16_t asid;
	uint16_t vmid;
} SmmuTlbKey;

#define SMMU_TLB_WAYS		4
#define SMMU_NUM_SIZES		52

typedef struct SmmuTlb {
	SmmuTlbEntry *entry;
	uint32_t num_sets;
	uint32_t victim;
	uint64_t sizes;			/* bit n: entries of 2^n bytes may be present */
	uint32_t count[SMMU_NUM_SIZES];
	uint32_t num_global;
	uint32_t num_split;		/* entries with ebits < lbits */
	uint32_t num_valid;
} SmmuTlb;

/**
 * struct SmmuTlbi - one invalidation
 * @regimes:	bit mask of SMMU_REGIME_*
 * @by_vmid:	only this VMID
 * @by_asid:	only this ASID, globals stay
 * @by_va:	only entries that have an address in [@first, @last]; with @by_asid
 *		and @by_va, globals go as well
 * @gbits:	granule hint, 0 for none
 * @level:	level hint, 0 for none
 * @leaf:	walk caches may keep what they have
 */
typedef struct SmmuTlbi {
	uint32_t regimes;
	bool by_vmid, by_asid, by_va;
	uint16_t vmid, asid;
	uint64_t first, last;
	uint8_t gbits;
	uint8_t level;
	bool leaf;
} SmmuTlbi;

/**
 * struct SmmuFault - what goes into an event record
 * @type:	event number, EVT_NONE for an abort that leaves no record
 * @s2:		found by stage 2
 * @class:	EVT_CLASS_*
 * @ipa:	for @s2
 * @fetch:	address of an external abort
 * @stall:	this stage's setting
 * @record:	this stage's setting
 */
typedef struct SmmuFault {
	uint8_t type;
	bool s2;
	uint8_t class;
	uint64_t ipa;
	uint64_t fetch;
	bool stall;
	bool record;
} SmmuFault;

/**
 * struct SmmuEvent - an event record on its way to the queue
 * @due:	virtual time at which it may be written
 * @txn:	the stalled transaction, or NULL
 */
typedef struct SmmuEvent {
	uint64_t w[4];
	int64_t due;
	IobTxn *txn;
	QTAILQ_ENTRY(SmmuEvent) next;
} SmmuEvent;

#define SMMU_MAX_STALLS		256

struct SmmuPmcg;

/**
 * struct IobSmmu - the SMMU
 *
 * Members from @sidsize to @sync_required are properties, see registers.c and silicon.c;
 * of them, @drop is what @drop_name stands for.
 * @count: counts events of @sid for the counter groups, NULL while no counter counts
 */
struct IobSmmu {
	SysBusDevice parent;
	MemoryRegion mmio;
	qemu_irq irq[SMMU_NUM_IRQS];

	uint32_t sidsize, ssidsize, cmdqs, eventqs, priqs;
	uint32_t stall_model, httu, oas, ttendian;
	uint32_t iidr, aidr;
	bool s1p, s2p, hyp, ats, pri, pps, msi, sev, btm, cohacc;
	bool asid16, vmid16, vmw, cd2l, st2l, ril, had;
	bool gran4k, gran16k, gran64k;
	bool page1_at_page0, gbpa_abort;
	uint32_t msi_devid;

	uint64_t lat_cmd, lat_tlbi, lat_sync, lat_walk, lat_config, lat_hit;
	uint64_t lat_fault, lat_resume, lat_atc_timeout, lat_jitter;
	uint32_t tlb_entries, walk_entries;
	char *drop_name;
	uint32_t drop;
	uint32_t sync_required;

	uint32_t idr[6];
	uint32_t cr0, cr1, cr2, gbpa, agbpa, irq_ctrl;
	uint32_t gerror, gerrorn;
	uint64_t gerror_irq_addr;
	uint32_t gerror_irq_data, gerror_irq_attr;
	uint64_t strtab_base;
	uint32_t strtab_cfg;
	SmmuQueue cmdq, eventq, priq;

	GHashTable *streams;		/* sid -> SmmuStream */
	SmmuStream *last_stream;
	SmmuTlb tlb;
	SmmuTlb walks;			/* tables, by what they translate */

	QEMUTimer *cmd_timer;
	bool cmd_running;		/* inside the loop */
	bool cmd_waiting;		/* for cmd_timer, with cmd_word in hand */
	uint64_t cmd_word[2];
	int64_t atc_done;
	bool atc_timeout;
	uint64_t jitter_state;
	uint32_t since_sync;		/* invalidations since the last SYNC */

	QTAILQ_HEAD(, SmmuEvent) events;
	QEMUTimer *event_timer;
	IobTxn *stall[SMMU_MAX_STALLS];
	uint32_t next_stag;
	QTAILQ_HEAD(, IobTxn) resumed;	/* wait for lat_resume */
	QEMUTimer *resume_timer;

	struct SmmuPmcg *pmcg[4];
	unsigned int num_pmcg;
	void (*count)(IobSmmu *s, unsigned int event, uint32_t sid, unsigned int n);
};

/* Commands belong to no stream; no stream filter but "all" matches them. */
#define SMMU_NO_SID	UINT32_MAX

static inline void iob_smmu_count(IobSmmu *s, unsigned int event, uint32_t sid,
				  unsigned int n)
{
	if (unlikely(s->count))
		s->count(s, event, sid, n);
}

static inline uint32_t iob_smmu_queue_bits(const SmmuQueue *q)
{
	return q->base & BASE_LOG2SIZE_MASK;
}

static inline uint32_t iob_smmu_queue_index(const SmmuQueue *q, uint32_t pointer)
{
	return pointer & MAKE_64BIT_MASK(0, iob_smmu_queue_bits(q));
}

/* Index and wrap bit */
static inline uint32_t iob_smmu_queue_mask(const SmmuQueue *q)
{
	return MAKE_64BIT_MASK(0, iob_smmu_queue_bits(q) + 1);
}

static inline bool iob_smmu_queue_empty(const SmmuQueue *q)
{
	return !((q->prod ^ q->cons) & iob_smmu_queue_mask(q));
}

static inline bool iob_smmu_queue_full(const SmmuQueue *q)
{
	return ((q->prod ^ q->cons) & iob_smmu_queue_mask(q)) ==
	       1u << iob_smmu_queue_bits(q);
}

static inline uint32_t iob_smmu_queue_next(const SmmuQueue *q, uint32_t pointer)
{
	return (pointer & ~iob_smmu_queue_mask(q)) |
	       ((pointer + 1) & iob_smmu_queue_mask(q));
}

/* Address of an entry of 2^@log2 bytes */
static inline uint64_t iob_smmu_queue_entry(const SmmuQueue *q, uint32_t pointer,
					    unsigned int log2)
{
	return (q->base & BASE_ADDR_MASK &
		~MAKE_64BIT_MASK(0, iob_smmu_queue_bits(q) + log2)) +
	       ((uint64_t)iob_smmu_queue_index(q, pointer) << log2);
}

/* Chapters 7 and 8: a new overflow is only told when the last one was acknowledged. */
static inline void iob_smmu_queue_overflow(SmmuQueue *q)
{
	if (!((q->prod ^ q->cons) & Q_OVFLG))
		q->prod ^= Q_OVFLG;
}

/* mem.c */

/**
 * iob_smmu_mem_read() - read tables and queues; only memory, never registers
 *
 * Returns false for an external abort.
 */
bool iob_smmu_mem_read(uint64_t addr, void *buf, unsigned int size);
bool iob_smmu_mem_write(uint64_t addr, const void *buf, unsigned int size);

/**
 * iob_smmu_mem_cmpxchg() - atomic update of a descriptor
 * @old: in: expected value, out: the value found (both as in memory)
 *
 * Returns false for an external abort.
 */
bool iob_smmu_mem_cmpxchg(uint64_t addr, uint64_t *old, uint64_t new);

/* irq.c */

void iob_smmu_gerror(IobSmmu *s, uint32_t bits);

/**
 * iob_smmu_queue_irq() - raise a queue's interrupt
 * @line:	SMMU_IRQ_*
 * @abort_bit:	global error if its message cannot be written
 */
void iob_smmu_queue_irq(IobSmmu *s, unsigned int line, const SmmuQueue *q,
			uint32_t abort_bit);

/**
 * iob_smmu_sync_irq() - raise the interrupt of a CMD_SYNC
 * @addr:	address of its message, 0 for none
 */
void iob_smmu_sync_irq(IobSmmu *s, uint64_t addr, uint32_t data);

/* silicon.c */

/** iob_smmu_silicon_init() - resolve the properties that name a fault */
bool iob_smmu_silicon_init(IobSmmu *s, Error **errp);

/**
 * iob_smmu_silicon_loses() - is an invalidation accepted and not done?
 * @kinds: what it is, SMMU_DROP_*
 */
bool iob_smmu_silicon_loses(IobSmmu *s, uint32_t kinds);

/* stream.c */

/** iob_smmu_stream() - the stream of a device, which is made at its first use */
SmmuStream *iob_smmu_stream(IobSmmu *s, uint32_t sid);

/** iob_smmu_stream_find() - same, NULL if no device has used it */
SmmuStream *iob_smmu_stream_find(IobSmmu *s, uint32_t sid);

/** iob_smmu_stream_inv() - forget a stream's configuration, its descriptors as well */
void iob_smmu_stream_inv(IobSmmu *s, uint32_t sid);
void iob_smmu_stream_inv_range(IobSmmu *s, uint32_t sid, unsigned int range);
void iob_smmu_stream_inv_all(IobSmmu *s);

/** iob_smmu_stream_inv_cd() - forget a context descriptor */
void iob_smmu_stream_inv_cd(IobSmmu *s, uint32_t sid, uint32_t ssid);
void iob_smmu_stream_inv_cds(IobSmmu *s, uint32_t sid);

/* Where a context descriptor is cached; what is there may be another one. */
static inline SmmuCd *iob_smmu_stream_cd(SmmuStream *st, uint32_t ssid)
{
	return &st->cd[(ssid ^ ssid >> 6 ^ ssid >> 12) % SMMU_CD_SLOTS];
}

/* tlb.c */
void iob_smmu_tlb_init(SmmuTlb *tlb, uint32_t entries);
void iob_smmu_tlb_clear(SmmuTlb *tlb);
SmmuTlbEntry *iob_smmu_tlb_lookup(SmmuTlb *tlb, const SmmuTlbKey *key, uint64_t va);
void iob_smmu_tlb_insert(SmmuTlb *tlb, const SmmuTlbEntry *e);
void iob_smmu_tlb_invalidate(SmmuTlb *tlb, const SmmuTlbi *inv);

/* walk.c */

/**
 * iob_smmu_walk() - walk stage 1 tables, and stage 2 where it is used
 * @cd:		context descriptor
 * @key:	TLB tag of the result
 * @va:		input address
 * @need:	IOB_PERM_* that are wanted: for the dirty state, and for stage 2's
 *		permission fault
 * @priv:	they are wanted for a privileged access
 * @e:		result, not yet in the TLB
 *
 * Returns false and fills @fault if there is no translation. Stage 1's permissions
 * are left to the caller to check.
 */
bool iob_smmu_walk(IobSmmu *s, const SmmuSte *ste, const SmmuCd *cd,
		   const SmmuTlbKey *key, uint64_t va, unsigned int need, bool priv,
		   IobTxn *txn, SmmuTlbEntry *e, SmmuFault *fault);

/**
 * iob_smmu_walk_s2() - stage 2 of one address, from the TLB or from the tables
 * @class:	what the access is for, EVT_CLASS_*
 * @need:	rights (unprivileged bits) that it needs, for a fault of its own
 */
bool iob_smmu_walk_s2(IobSmmu *s, const SmmuSte *ste, uint64_t ipa, unsigned int need,
		      unsigned int class, IobTxn *txn, SmmuTlbEntry *e, SmmuFault *fault);

/* config.c */

/** iob_smmu_oas_bits() - physical address size */
unsigned int iob_smmu_oas_bits(const IobSmmu *s);

/**
 * iob_smmu_config_ste() - the stream's entry, from the cache or from memory
 *
 * Returns NULL and fills @fault if there is none.
 */
const SmmuSte *iob_smmu_config_ste(SmmuStream *st, IobTxn *txn, SmmuFault *fault);

/**
 * iob_smmu_config_cd() - a context descriptor, from the cache or from memory
 * @ssid: 0 for transactions without a substream, too
 */
const SmmuCd *iob_smmu_config_cd(SmmuStream *st, const SmmuSte *ste, uint32_t ssid,
				 IobTxn *txn, SmmuFault *fault);

/* events.c */

/** iob_smmu_event() - put a record, with its latency, on its way; takes ev over */
void iob_smmu_event(IobSmmu *s, SmmuEvent *ev);
/** iob_smmu_event_flush() - write what is due and has room */
void iob_smmu_event_flush(IobSmmu *s);
/** iob_smmu_event_drop() - forget the record of a transaction that has ended */
void iob_smmu_event_drop(IobSmmu *s, IobTxn *txn);

/* pri.c */
bool iob_smmu_page_request(IobSmmu *s, const IobPageRequest *req);

/* translate.c */
IobResult iob_smmu_translate(SmmuStream *st, IobTxn *txn);

/* stall.c */
void iob_smmu_resume(IobSmmu *s, uint32_t sid, uint32_t stag, unsigned int response);
void iob_smmu_stall_term(IobSmmu *s, uint32_t sid);
void iob_smmu_stall_end(IobSmmu *s, IobTxn *txn);
void iob_smmu_resume_timer(void *opaque);

/* cmdq.c */
void iob_smmu_cmdq_run(IobSmmu *s);
void iob_smmu_cmdq_timer(void *opaque);

#endif
