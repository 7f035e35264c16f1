// SPDX-License-Identifier: GPL-2.0-only
/*
 * SMMUv3 model: registers (IHI 0070, chapter 6), properties, reset.
 *
 * Properties. Features, as the identification registers tell them:
 *   sid-bits, ssid-bits, cmdq-log2, eventq-log2, priq-log2
 *   oas-bits			32, 36, 40, 42, 44, 48 or 52
 *   stall-model		0: stall or terminate, 1: no stall, 2: always stall
 *   httu			0: none, 1: access flag, 2: and dirty state
 *   ttendian			0: both, 2: little, 3: big
 *   s1p s2p hyp ats pri pps msi sev btm cohacc asid16 vmid16 vmw cd2l st2l ril had
 *   gran4k gran16k gran64k	on or off
 *   iidr, aidr			whose silicon it claims to be
 * Latencies, in virtual nanoseconds, each 0 unless set:
 *   lat-cmd-ns			every command
 *   lat-tlbi-ns		a TLBI command, in addition
 *   lat-sync-ns		a SYNC command, in addition
 *   lat-jitter-ns		0 to as much less 1 more for a SYNC that has a latency
 *   lat-walk-level-ns		each descriptor that a walk reads
 *   lat-config-ns		each stream table or context descriptor access
 *   lat-tlb-hit-ns		a TLB hit
 *   lat-fault-event-ns		fault to event record
 *   lat-resume-ns		RESUME to restart of the transaction
 *   lat-atc-timeout-ns		until an ATC that does not answer is given up
 * Caches:
 *   tlb-entries		default 4096
 *   walk-cache-entries		tables that walks begin at; default 0, so that a miss reads all levels
 * Of the machine:
 *   gbpa-abort=on		after reset, transactions are aborted
 *   msi-devid			device ID of the SMMU's own messages
 * What silicon gets wrong: see silicon.c
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qapi/error.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "smmuv3.h"
#include "hw/iommubench/trace.h"

static void put32(uint32_t *reg, uint64_t value)
{
	*reg = value;
}

/* A half, or all, of a 64-bit register */
static void put64(uint64_t *reg, hwaddr offset, uint64_t value, unsigned int size)
{
	if (size == 8)
		*reg = value;
	else
		*reg = deposit64(*reg, offset & 4 ? 32 : 0, 32, value);
}

static uint64_t get64(uint64_t reg, hwaddr offset, unsigned int size)
{
	return size == 8 ? reg : extract64(reg, offset & 4 ? 32 : 0, 32);
}

static uint64_t identification(hwaddr offset)
{
	/* CoreSight component identification, by which debuggers know it */
	static const uint8_t cidr[] = { 0x0d, 0xf0, 0x05, 0xb1 };

	if (offset >= 0xff0)
		return cidr[(offset - 0xff0) / 4];
	return 0;
}

static uint64_t page1_read(IobSmmu *s, hwaddr offset)
{
	switch (offset) {
	case SMMU_EVENTQ_PROD:
		return s->eventq.prod;
	case SMMU_EVENTQ_CONS:
		return s->eventq.cons;
	case SMMU_PRIQ_PROD:
		return s->priq.prod;
	case SMMU_PRIQ_CONS:
		return s->priq.cons;
	}
	return 0;
}

static uint64_t page0_read(IobSmmu *s, hwaddr offset, unsigned int size)
{
	switch (offset) {
	case SMMU_IDR0 ... SMMU_IDR5:
		return s->idr[offset / 4];
	case SMMU_IIDR:
		return s->iidr;
	case SMMU_AIDR:
		return s->aidr;
	case SMMU_CR0:
	case SMMU_CR0ACK:
		return s->cr0;
	case SMMU_CR1:
		return s->cr1;
	case SMMU_CR2:
		return s->cr2;
	case SMMU_GBPA:
		return s->gbpa;
	case SMMU_AGBPA:
		return s->agbpa;
	case SMMU_IRQ_CTRL:
	case SMMU_IRQ_CTRLACK:
		return s->irq_ctrl;
	case SMMU_GERROR:
		return s->gerror;
	case SMMU_GERRORN:
		return s->gerrorn;
	case SMMU_GERROR_IRQ_CFG0 ... SMMU_GERROR_IRQ_CFG0 + 4:
		return get64(s->gerror_irq_addr, offset, size);
	case SMMU_GERROR_IRQ_CFG1:
		return s->gerror_irq_data;
	case SMMU_GERROR_IRQ_CFG2:
		return s->gerror_irq_attr;
	case SMMU_STRTAB_BASE ... SMMU_STRTAB_BASE + 4:
		return get64(s->strtab_base, offset, size);
	case SMMU_STRTAB_BASE_CFG:
		return s->strtab_cfg;
	case SMMU_CMDQ_BASE ... SMMU_CMDQ_BASE + 4:
		return get64(s->cmdq.base, offset, size);
	case SMMU_CMDQ_PROD:
		if (size == 8)
			return s->cmdq.prod | (uint64_t)s->cmdq.cons << 32;
		return s->cmdq.prod;
	case SMMU_CMDQ_CONS:
		return s->cmdq.cons;
	case SMMU_EVENTQ_BASE ... SMMU_EVENTQ_BASE + 4:
		return get64(s->eventq.base, offset, size);
	case SMMU_EVENTQ_IRQ_CFG0 ... SMMU_EVENTQ_IRQ_CFG0 + 4:
		return get64(s->eventq.irq_addr, offset, size);
	case SMMU_EVENTQ_IRQ_CFG1:
		return s->eventq.irq_data;
	case SMMU_EVENTQ_IRQ_CFG2:
		return s->eventq.irq_attr;
	case SMMU_PRIQ_BASE ... SMMU_PRIQ_BASE + 4:
		return get64(s->priq.base, offset, size);
	case SMMU_PRIQ_IRQ_CFG0 ... SMMU_PRIQ_IRQ_CFG0 + 4:
		return get64(s->priq.irq_addr, offset, size);
	case SMMU_PRIQ_IRQ_CFG1:
		return s->priq.irq_data;
	case SMMU_PRIQ_IRQ_CFG2:
		return s->priq.irq_attr;
	case SMMU_ID_REGS ... 0xffc:
		return identification(offset);
	}
	return 0;
}

/* The offset within page 1, if there is one of its registers at this address */
static bool is_page1(const IobSmmu *s, hwaddr offset, hwaddr *reg)
{
	*reg = offset & (SMMU_PAGE1 - 1);
	if (s->page1_at_page0)
		return offset == SMMU_EVENTQ_PROD || offset == SMMU_EVENTQ_CONS ||
		       offset == SMMU_PRIQ_PROD || offset == SMMU_PRIQ_CONS;
	return offset >= SMMU_PAGE1;
}

static uint64_t mmio_read(void *opaque, hwaddr offset, unsigned int size)
{
	IobSmmu *s = opaque;
	uint64_t value;
	hwaddr reg;

	if (is_page1(s, offset, &reg))
		value = page1_read(s, reg);
	else
		value = offset < SMMU_PAGE1 ? page0_read(s, offset, size) : 0;
	trace_iob_smmuv3_read(offset, value, size);
	return value;
}

static void cr0_write(IobSmmu *s, uint32_t value)
{
	uint32_t valid = CR0_SMMUEN | CR0_EVENTQEN | CR0_CMDQEN;

	if (s->pri)
		valid |= CR0_PRIQEN;
	if (s->ats)
		valid |= CR0_ATSCHK;
	if (s->vmw)
		valid |= 7 << CR0_VMW_SHIFT;
	s->cr0 = value & valid;
	iob_smmu_event_flush(s);
	iob_smmu_cmdq_run(s);
}

static void gerrorn_write(IobSmmu *s, uint32_t value)
{
	uint32_t before = s->gerror ^ s->gerrorn;

	/* Only active errors can be acknowledged. */
	s->gerrorn = (s->gerrorn & ~before) | (value & before);
	if (before & ~(s->gerror ^ s->gerrorn) & GERROR_CMDQ) {
		s->cmdq.cons &= ~CMDQ_CONS_ERR_MASK;
		iob_smmu_cmdq_run(s);
	}
	iob_smmu_event_flush(s);
}

static void queue_base_write(SmmuQueue *q, hwaddr offset, uint64_t value,
			     unsigned int size, unsigned int max_bits)
{
	put64(&q->base, offset, value, size);
	q->base &= BIT_ULL(62) | BASE_ADDR_MASK | BASE_LOG2SIZE_MASK;
	if (iob_smmu_queue_bits(q) > max_bits)
		q->base = (q->base & ~(uint64_t)BASE_LOG2SIZE_MASK) | max_bits;
}

static void page1_write(IobSmmu *s, hwaddr offset, uint32_t value)
{
	switch (offset) {
	case SMMU_EVENTQ_PROD:
		/* Written before the queue is on; the SMMU's own after that */
		if (!(s->cr0 & CR0_EVENTQEN))
			s->eventq.prod = value & (Q_OVFLG | 0xfffff);
		return;
	case SMMU_EVENTQ_CONS:
		s->eventq.cons = value & (Q_OVFLG | 0xfffff);
		iob_smmu_event_flush(s);
		return;
	case SMMU_PRIQ_PROD:
		if (!(s->cr0 & CR0_PRIQEN))
			s->priq.prod = value & (Q_OVFLG | 0xfffff);
		return;
	case SMMU_PRIQ_CONS:
		s->priq.cons = value & (Q_OVFLG | 0xfffff);
		return;
	}
}

/* Registers whose write is ignored while what they describe is in use (6.3) */
static bool is_locked(const IobSmmu *s, hwaddr offset)
{
	switch (offset) {
	case SMMU_CR1:
	case SMMU_CR2:
	case SMMU_STRTAB_BASE ... SMMU_STRTAB_BASE_CFG:
		return s->cr0 & CR0_SMMUEN;
	case SMMU_CMDQ_BASE ... SMMU_CMDQ_BASE + 4:
	case SMMU_CMDQ_CONS:
		return s->cr0 & CR0_CMDQEN;
	case SMMU_EVENTQ_BASE ... SMMU_EVENTQ_BASE + 4:
		return s->cr0 & CR0_EVENTQEN;
	case SMMU_PRIQ_BASE ... SMMU_PRIQ_BASE + 4:
		return s->cr0 & CR0_PRIQEN;
	case SMMU_GERROR_IRQ_CFG0 ... SMMU_GERROR_IRQ_CFG2:
		return s->irq_ctrl & IRQ_CTRL_GERROR;
	case SMMU_EVENTQ_IRQ_CFG0 ... SMMU_EVENTQ_IRQ_CFG2:
		return s->irq_ctrl & IRQ_CTRL_EVENTQ;
	case SMMU_PRIQ_IRQ_CFG0 ... SMMU_PRIQ_IRQ_CFG2:
		return s->irq_ctrl & IRQ_CTRL_PRIQ;
	}
	return false;
}

static void irq_addr_write(const IobSmmu *s, uint64_t *reg, hwaddr offset,
			   uint64_t value, unsigned int size)
{
	if (!s->msi)
		return;
	put64(reg, offset, value, size);
	*reg &= MSI_ADDR_MASK;
}

static void page0_write(IobSmmu *s, hwaddr offset, uint64_t value, unsigned int size)
{
	if (is_locked(s, offset)) {
		qemu_log_mask(LOG_GUEST_ERROR, "iob-smmuv3: write of 0x%" HWADDR_PRIx
			      " while it is in use\n", offset);
		return;
	}
	switch (offset) {
	case SMMU_CR0:
		cr0_write(s, value);
		return;
	case SMMU_CR1:
		put32(&s->cr1, value & 0xfff);
		return;
	case SMMU_CR2:
		s->cr2 = value & (CR2_RECINVSID | CR2_PTM | (s->hyp ? CR2_E2H : 0));
		return;
	case SMMU_GBPA:
		if (value & GBPA_UPDATE)
			s->gbpa = value & ~GBPA_UPDATE & 0x1fffff;
		return;
	case SMMU_AGBPA:
		put32(&s->agbpa, value);
		return;
	case SMMU_IRQ_CTRL:
		s->irq_ctrl = value & (IRQ_CTRL_GERROR | IRQ_CTRL_EVENTQ |
				       (s->pri ? IRQ_CTRL_PRIQ : 0));
		return;
	case SMMU_GERRORN:
		gerrorn_write(s, value);
		return;
	case SMMU_GERROR_IRQ_CFG0 ... SMMU_GERROR_IRQ_CFG0 + 4:
		irq_addr_write(s, &s->gerror_irq_addr, offset, value, size);
		return;
	case SMMU_GERROR_IRQ_CFG1:
		put32(&s->gerror_irq_data, value);
		return;
	case SMMU_GERROR_IRQ_CFG2:
		put32(&s->gerror_irq_attr, value);
		return;
	case SMMU_STRTAB_BASE ... SMMU_STRTAB_BASE + 4:
		put64(&s->strtab_base, offset, value, size);
		s->strtab_base &= BIT_ULL(62) | MAKE_64BIT_MASK(6, 46);
		return;
	case SMMU_STRTAB_BASE_CFG:
		put32(&s->strtab_cfg, value & 0x307ff);
		return;
	case SMMU_CMDQ_BASE ... SMMU_CMDQ_BASE + 4:
		queue_base_write(&s->cmdq, offset, value, size, s->cmdqs);
		return;
	case SMMU_CMDQ_PROD:
		s->cmdq.prod = value & 0xfffff;
		iob_smmu_cmdq_run(s);
		return;
	case SMMU_CMDQ_CONS:
		s->cmdq.cons = value & 0xfffff;
		return;
	case SMMU_EVENTQ_BASE ... SMMU_EVENTQ_BASE + 4:
		queue_base_write(&s->eventq, offset, value, size, s->eventqs);
		return;
	case SMMU_EVENTQ_IRQ_CFG0 ... SMMU_EVENTQ_IRQ_CFG0 + 4:
		irq_addr_write(s, &s->eventq.irq_addr, offset, value, size);
		return;
	case SMMU_EVENTQ_IRQ_CFG1:
		put32(&s->eventq.irq_data, value);
		return;
	case SMMU_EVENTQ_IRQ_CFG2:
		put32(&s->eventq.irq_attr, value);
		return;
	case SMMU_PRIQ_BASE ... SMMU_PRIQ_BASE + 4:
		queue_base_write(&s->priq, offset, value, size, s->priqs);
		return;
	case SMMU_PRIQ_IRQ_CFG0 ... SMMU_PRIQ_IRQ_CFG0 + 4:
		irq_addr_write(s, &s->priq.irq_addr, offset, value, size);
		return;
	case SMMU_PRIQ_IRQ_CFG1:
		put32(&s->priq.irq_data, value);
		return;
	case SMMU_PRIQ_IRQ_CFG2:
		put32(&s->priq.irq_attr, value);
		return;
	}
}

static void mmio_write(void *opaque, hwaddr offset, uint64_t value, unsigned int size)
{
	IobSmmu *s = opaque;
	hwaddr reg;

	trace_iob_smmuv3_write(offset, value, size);
	if (is_page1(s, offset, &reg))
		page1_write(s, reg, value);
	else if (offset < SMMU_PAGE1)
		page0_write(s, offset, value, size);
}

static const MemoryRegionOps mmio_ops = {
	.read = mmio_read,
	.write = mmio_write,
	.endianness = DEVICE_LITTLE_ENDIAN,
	.valid = { .min_access_size = 4, .max_access_size = 8 },
	.impl = { .min_access_size = 4, .max_access_size = 8 },
};

static int oas_code(unsigned int bits)
{
	static const uint8_t oas[] = { 32, 36, 40, 42, 44, 48, 52 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(oas); i++) {
		if (oas[i] == bits)
			return i;
	}
	return -1;
}

static void make_idr(IobSmmu *s)
{
	s->idr[0] = IDR0_TTF_AARCH64 | IDR0_TERM_MODEL |
		    (s->s2p ? IDR0_S2P : 0) | (s->s1p ? IDR0_S1P : 0) |
		    (s->cohacc ? IDR0_COHACC : 0) | (s->btm ? IDR0_BTM : 0) |
		    s->httu << IDR0_HTTU_SHIFT | (s->hyp ? IDR0_HYP : 0) |
		    (s->ats ? IDR0_ATS : 0) | (s->asid16 ? IDR0_ASID16 : 0) |
		    (s->msi ? IDR0_MSI : 0) | (s->sev ? IDR0_SEV : 0) |
		    (s->pri ? IDR0_PRI : 0) | (s->vmw ? IDR0_VMW : 0) |
		    (s->vmid16 ? IDR0_VMID16 : 0) | (s->cd2l ? IDR0_CD2L : 0) |
		    s->ttendian << IDR0_TTENDIAN_SHIFT |
		    s->stall_model << IDR0_STALL_SHIFT |
		    (s->st2l ? IDR0_ST_LEVEL_2L : 0);
	s->idr[1] = s->sidsize << IDR1_SIDSIZE_SHIFT | s->ssidsize << IDR1_SSIDSIZE_SHIFT |
		    s->priqs << IDR1_PRIQS_SHIFT | s->eventqs << IDR1_EVENTQS_SHIFT |
		    s->cmdqs << IDR1_CMDQS_SHIFT | IDR1_ATTR_PERMS_OVR |
		    IDR1_ATTR_TYPES_OVR;
	s->idr[2] = 0;
	s->idr[3] = (s->had ? IDR3_HAD : 0) | (s->ril ? IDR3_RIL : 0) |
		    (s->pri && s->pps ? IDR3_PPS : 0);
	s->idr[4] = 0;
	s->idr[5] = oas_code(s->oas) << IDR5_OAS_SHIFT |
		    (s->gran4k ? IDR5_GRAN4K : 0) | (s->gran16k ? IDR5_GRAN16K : 0) |
		    (s->gran64k ? IDR5_GRAN64K : 0) | SMMU_MAX_STALLS << 16;
}

static void hold_reset(Object *obj, ResetType type)
{
	IobSmmu *s = IOB_SMMUV3(obj);

	timer_del(s->cmd_timer);
	timer_del(s->event_timer);
	timer_del(s->resume_timer);
	s->cr0 = s->cr1 = s->cr2 = s->agbpa = s->irq_ctrl = 0;
	s->gbpa = GBPA_SHCFG_INCOMING | (s->gbpa_abort ? GBPA_ABORT : 0);
	s->gerror = s->gerrorn = 0;
	s->gerror_irq_addr = 0;
	s->gerror_irq_data = s->gerror_irq_attr = 0;
	s->strtab_base = 0;
	s->strtab_cfg = 0;
	memset(&s->cmdq, 0, sizeof(s->cmdq));
	memset(&s->eventq, 0, sizeof(s->eventq));
	memset(&s->priq, 0, sizeof(s->priq));
	s->cmd_waiting = false;
	s->atc_done = 0;
	s->atc_timeout = false;
	s->since_sync = 0;
	s->jitter_state = 0;
	/* The devices are reset as well and forget what was stalled. */
	iob_smmu_event_drop(s, NULL);
	memset(s->stall, 0, sizeof(s->stall));
	QTAILQ_INIT(&s->resumed);
	s->next_stag = 0;
	iob_smmu_stream_inv_all(s);
	iob_smmu_tlb_clear(&s->tlb);
	iob_smmu_tlb_clear(&s->walks);
}

static bool check_properties(IobSmmu *s, Error **errp)
{
	if (s->sidsize > 24 || s->ssidsize > 20 || s->cmdqs > 19 || s->eventqs > 19 ||
	    s->priqs > 19) {
		error_setg(errp, "sid-bits (24), ssid-bits (20) or a queue's log2 (19) is too big");
		return false;
	}
	if (s->stall_model > 2 || s->httu > 2 || s->ttendian == 1 || s->ttendian > 3) {
		error_setg(errp, "stall-model, httu or ttendian has no such value");
		return false;
	}
	if (oas_code(s->oas) < 0) {
		error_setg(errp, "oas-bits=%u: use 32, 36, 40, 42, 44, 48 or 52", s->oas);
		return false;
	}
	if (!s->s1p && !s->s2p) {
		error_setg(errp, "one of s1p and s2p must be on");
		return false;
	}
	return iob_smmu_silicon_init(s, errp);
}

static void event_timer(void *opaque)
{
	iob_smmu_event_flush(opaque);
}

static void realize(DeviceState *dev, Error **errp)
{
	IobSmmu *s = IOB_SMMUV3(dev);
	unsigned int i;

	if (!check_properties(s, errp))
		return;
	make_idr(s);
	s->streams = g_hash_table_new(NULL, NULL);
	iob_smmu_tlb_init(&s->tlb, s->tlb_entries);
	iob_smmu_tlb_init(&s->walks, s->walk_entries);
	QTAILQ_INIT(&s->events);
	QTAILQ_INIT(&s->resumed);
	s->cmd_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, iob_smmu_cmdq_timer, s);
	s->event_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, event_timer, s);
	s->resume_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, iob_smmu_resume_timer, s);
	memory_region_init_io(&s->mmio, OBJECT(s), &mmio_ops, s, TYPE_IOB_SMMUV3,
			      SMMU_BYTES);
	sysbus_init_mmio(SYS_BUS_DEVICE(dev), &s->mmio);
	for (i = 0; i < SMMU_NUM_IRQS; i++)
		sysbus_init_irq(SYS_BUS_DEVICE(dev), &s->irq[i]);
}

static IobResult if_translate(IobIommu *iommu, IobTxn *txn)
{
	/* Not IOB_SMMUV3(): a checked cast takes as long as a TLB hit. */
	IobSmmu *s = (IobSmmu *)iommu;

	return iob_smmu_translate(iob_smmu_stream(s, txn->sid), txn);
}

static void if_cancel(IobIommu *iommu, IobTxn *txn)
{
	iob_smmu_stall_end(IOB_SMMUV3(iommu), txn);
}

static bool if_page_request(IobIommu *iommu, const IobPageRequest *req)
{
	return iob_smmu_page_request(IOB_SMMUV3(iommu), req);
}

static void if_set_client(IobIommu *iommu, uint32_t sid, const IobClientOps *ops,
			  void *opaque)
{
	SmmuStream *st = iob_smmu_stream(IOB_SMMUV3(iommu), sid);

	st->ops = ops;
	st->opaque = opaque;
}

static AddressSpace *if_address_space(IobIommu *iommu, uint32_t sid)
{
	return &iob_smmu_stream(IOB_SMMUV3(iommu), sid)->as;
}

static void if_set_privileged(IobIommu *iommu, uint32_t sid)
{
	iob_smmu_stream(IOB_SMMUV3(iommu), sid)->priv = true;
}

static const Property props[] = {
	DEFINE_PROP_UINT32("sid-bits", IobSmmu, sidsize, 16),
	DEFINE_PROP_UINT32("ssid-bits", IobSmmu, ssidsize, 16),
	DEFINE_PROP_UINT32("cmdq-log2", IobSmmu, cmdqs, 12),
	DEFINE_PROP_UINT32("eventq-log2", IobSmmu, eventqs, 10),
	DEFINE_PROP_UINT32("priq-log2", IobSmmu, priqs, 10),
	DEFINE_PROP_UINT32("oas-bits", IobSmmu, oas, 48),
	DEFINE_PROP_UINT32("stall-model", IobSmmu, stall_model, 0),
	DEFINE_PROP_UINT32("httu", IobSmmu, httu, 2),
	DEFINE_PROP_UINT32("ttendian", IobSmmu, ttendian, 0),
	DEFINE_PROP_BOOL("s1p", IobSmmu, s1p, true),
	DEFINE_PROP_BOOL("s2p", IobSmmu, s2p, true),
	DEFINE_PROP_BOOL("hyp", IobSmmu, hyp, true),
	DEFINE_PROP_BOOL("ats", IobSmmu, ats, true),
	DEFINE_PROP_BOOL("pri", IobSmmu, pri, true),
	DEFINE_PROP_BOOL("pps", IobSmmu, pps, false),
	DEFINE_PROP_BOOL("msi", IobSmmu, msi, true),
	DEFINE_PROP_BOOL("sev", IobSmmu, sev, true),
	DEFINE_PROP_BOOL("btm", IobSmmu, btm, false),
	DEFINE_PROP_BOOL("cohacc", IobSmmu, cohacc, true),
	DEFINE_PROP_BOOL("asid16", IobSmmu, asid16, true),
	DEFINE_PROP_BOOL("vmid16", IobSmmu, vmid16, true),
	DEFINE_PROP_BOOL("vmw", IobSmmu, vmw, false),
	DEFINE_PROP_BOOL("cd2l", IobSmmu, cd2l, true),
	DEFINE_PROP_BOOL("st2l", IobSmmu, st2l, true),
	DEFINE_PROP_BOOL("ril", IobSmmu, ril, true),
	DEFINE_PROP_BOOL("had", IobSmmu, had, true),
	DEFINE_PROP_BOOL("gran4k", IobSmmu, gran4k, true),
	DEFINE_PROP_BOOL("gran16k", IobSmmu, gran16k, true),
	DEFINE_PROP_BOOL("gran64k", IobSmmu, gran64k, true),
	DEFINE_PROP_UINT32("iidr", IobSmmu, iidr, 0),
	DEFINE_PROP_UINT32("aidr", IobSmmu, aidr, 2),
	DEFINE_PROP_UINT64("lat-cmd-ns", IobSmmu, lat_cmd, 0),
	DEFINE_PROP_UINT64("lat-tlbi-ns", IobSmmu, lat_tlbi, 0),
	DEFINE_PROP_UINT64("lat-sync-ns", IobSmmu, lat_sync, 0),
	DEFINE_PROP_UINT64("lat-jitter-ns", IobSmmu, lat_jitter, 0),
	DEFINE_PROP_UINT64("lat-walk-level-ns", IobSmmu, lat_walk, 0),
	DEFINE_PROP_UINT64("lat-config-ns", IobSmmu, lat_config, 0),
	DEFINE_PROP_UINT64("lat-tlb-hit-ns", IobSmmu, lat_hit, 0),
	DEFINE_PROP_UINT64("lat-fault-event-ns", IobSmmu, lat_fault, 0),
	DEFINE_PROP_UINT64("lat-resume-ns", IobSmmu, lat_resume, 0),
	DEFINE_PROP_UINT64("lat-atc-timeout-ns", IobSmmu, lat_atc_timeout, 0),
	DEFINE_PROP_UINT32("tlb-entries", IobSmmu, tlb_entries, 4096),
	DEFINE_PROP_UINT32("walk-cache-entries", IobSmmu, walk_entries, 0),
	DEFINE_PROP_STRING("drop-tlbi", IobSmmu, drop_name),
	DEFINE_PROP_UINT32("sync-required", IobSmmu, sync_required, 0),
	DEFINE_PROP_BOOL("page1-at-page0", IobSmmu, page1_at_page0, false),
	DEFINE_PROP_BOOL("gbpa-abort", IobSmmu, gbpa_abort, false),
	DEFINE_PROP_UINT32("msi-devid", IobSmmu, msi_devid, 0),
};

static const VMStateDescription vmstate = {
	.name = TYPE_IOB_SMMUV3,
	.unmigratable = 1,
};

static void class_init(ObjectClass *oc, void *data)
{
	DeviceClass *dc = DEVICE_CLASS(oc);
	ResettableClass *rc = RESETTABLE_CLASS(oc);
	IobIommuClass *ic = IOB_IOMMU_CLASS(oc);

	dc->desc = "iommubench SMMUv3";
	dc->realize = realize;
	dc->vmsd = &vmstate;
	device_class_set_props(dc, props);
	rc->phases.hold = hold_reset;
	ic->translate = if_translate;
	ic->cancel = if_cancel;
	ic->page_request = if_page_request;
	ic->set_client = if_set_client;
	ic->address_space = if_address_space;
	ic->set_privileged = if_set_privileged;
}

static const TypeInfo info = {
	.name = TYPE_IOB_SMMUV3,
	.parent = TYPE_SYS_BUS_DEVICE,
	.instance_size = sizeof(IobSmmu),
	.class_init = class_init,
	.interfaces = (InterfaceInfo[]) { { TYPE_IOB_IOMMU }, { } },
};

static void register_types(void)
{
	type_register_static(&info);
}

type_init(register_types)
