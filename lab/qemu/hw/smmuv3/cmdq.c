// SPDX-License-Identifier: GPL-2.0-only
/*
 * SMMUv3 model: the command queue (IHI 0070, chapter 4).
 *
 * A command without latency is done in the write of CMDQ_PROD. With one, it takes
 * effect, and CMDQ_CONS advances, that much later in virtual time; commands follow
 * each other.
 */
#include "qemu/osdep.h"
#include "smmuv3.h"
#include "hw/iommubench/trace.h"

typedef enum Outcome {
	CMD_DONE,
	CMD_WAIT,	/* for an ATC; cmd_timer runs */
	CMD_STOPPED,	/* by an error */
} Outcome;

static const char *cmd_name(unsigned int op)
{
	static const char * const name[] = {
		[CMD_PREFETCH_CONFIG] = "PREFETCH_CONFIG",
		[CMD_PREFETCH_ADDR] = "PREFETCH_ADDR",
		[CMD_CFGI_STE] = "CFGI_STE",
		[CMD_CFGI_STE_RANGE] = "CFGI_STE_RANGE",
		[CMD_CFGI_CD] = "CFGI_CD",
		[CMD_CFGI_CD_ALL] = "CFGI_CD_ALL",
		[CMD_CFGI_VMS_PIDM] = "CFGI_VMS_PIDM",
		[CMD_TLBI_NH_ALL] = "TLBI_NH_ALL",
		[CMD_TLBI_NH_ASID] = "TLBI_NH_ASID",
		[CMD_TLBI_NH_VA] = "TLBI_NH_VA",
		[CMD_TLBI_NH_VAA] = "TLBI_NH_VAA",
		[CMD_TLBI_EL3_ALL] = "TLBI_EL3_ALL",
		[CMD_TLBI_EL3_VA] = "TLBI_EL3_VA",
		[CMD_TLBI_EL2_ALL] = "TLBI_EL2_ALL",
		[CMD_TLBI_EL2_ASID] = "TLBI_EL2_ASID",
		[CMD_TLBI_EL2_VA] = "TLBI_EL2_VA",
		[CMD_TLBI_EL2_VAA] = "TLBI_EL2_VAA",
		[CMD_TLBI_S12_VMALL] = "TLBI_S12_VMALL",
		[CMD_TLBI_S2_IPA] = "TLBI_S2_IPA",
		[CMD_TLBI_NSNH_ALL] = "TLBI_NSNH_ALL",
		[CMD_ATC_INV] = "ATC_INV",
		[CMD_PRI_RESP] = "PRI_RESP",
		[CMD_RESUME] = "RESUME",
		[CMD_STALL_TERM] = "STALL_TERM",
		[CMD_SYNC] = "SYNC",
	};

	return op < ARRAY_SIZE(name) && name[op] ? name[op] : "?";
}

static Outcome error(IobSmmu *s, unsigned int code)
{
	trace_iob_smmuv3_cmd_error(code, s->cmdq.cons);
	s->cmdq.cons = (s->cmdq.cons & ~CMDQ_CONS_ERR_MASK) | code << CMDQ_CONS_ERR_SHIFT;
	iob_smmu_gerror(s, GERROR_CMDQ);
	return CMD_STOPPED;
}

static bool is_tlbi(unsigned int op)
{
	return op >= CMD_TLBI_NH_ALL && op <= CMD_TLBI_NSNH_ALL;
}

/* Does this SMMU have the command on its non-secure queue (chapter 4)? */
static bool is_legal(const IobSmmu *s, const uint64_t *w)
{
	bool ssec = w[0] & CMD0_SSEC;

	switch (w[0] & 0xff) {
	case CMD_PREFETCH_CONFIG:
	case CMD_PREFETCH_ADDR:
	case CMD_CFGI_STE:
	case CMD_CFGI_STE_RANGE:
	case CMD_CFGI_VMS_PIDM:
		return !ssec;
	case CMD_CFGI_CD:
	case CMD_CFGI_CD_ALL:
		return !ssec && s->s1p;
	case CMD_TLBI_NH_ALL:
	case CMD_TLBI_NH_ASID:
	case CMD_TLBI_NH_VA:
	case CMD_TLBI_NH_VAA:
		return s->s1p;
	case CMD_TLBI_EL2_ALL:
	case CMD_TLBI_EL2_VA:
		return s->hyp;
	case CMD_TLBI_EL2_ASID:
	case CMD_TLBI_EL2_VAA:
		return s->hyp && (s->cr2 & CR2_E2H);
	case CMD_TLBI_S12_VMALL:
	case CMD_TLBI_S2_IPA:
		return s->s2p;
	case CMD_TLBI_NSNH_ALL:
		return true;
	case CMD_ATC_INV:
		return !ssec && s->ats;
	case CMD_PRI_RESP:
		return !ssec && s->pri;
	case CMD_RESUME:
	case CMD_STALL_TERM:
		return !ssec && s->stall_model != 1;
	case CMD_SYNC:
		return extract64(w[0], 12, 2) != 3;
	}
	return false;
}

/* TLBI commands: one address, or with a granule a range */
static void set_range(const IobSmmu *s, const uint64_t *w, uint64_t addr, SmmuTlbi *inv,
		      bool *many)
{
	static const uint8_t granule[] = { 0, 12, 14, 16 };
	unsigned int gbits = s->ril ? granule[extract64(w[1], 10, 2)] : 0;
	uint64_t pages;

	inv->by_va = true;
	inv->leaf = w[1] & 1;
	inv->first = addr;
	inv->last = addr | 0xfff;
	*many = false;
	if (!gbits)
		return;
	inv->gbits = gbits;
	inv->level = extract64(w[1], 8, 2);
	inv->first &= ~MAKE_64BIT_MASK(0, gbits);
	pages = (extract64(w[0], 12, 5) + 1) << extract64(w[0], 20, 5);
	*many = pages > 1;
	if (pages > UINT64_MAX >> gbits || inv->first + (pages << gbits) - 1 < inv->first)
		inv->last = UINT64_MAX;
	else
		inv->last = inv->first + (pages << gbits) - 1;
}

static void tlbi(IobSmmu *s, const uint64_t *w)
{
	unsigned int op = w[0] & 0xff;
	uint64_t va = w[1] & ~0xfffULL;
	bool e2h = s->cr2 & CR2_E2H;
	bool many = false;
	uint32_t kind = 0;
	SmmuTlbi inv = {
		.vmid = extract64(w[0], 32, 16),
		.asid = extract64(w[0], 48, 16),
	};

	if (!s->vmid16)
		inv.vmid &= 0xff;
	if (!s->s2p)
		inv.vmid = 0;
	if (!s->asid16)
		inv.asid &= 0xff;

	switch (op) {
	case CMD_TLBI_NH_ALL:
		inv.regimes = BIT(SMMU_REGIME_EL1);
		inv.by_vmid = true;
		kind = SMMU_DROP_VMID;
		break;
	case CMD_TLBI_NH_ASID:
		inv.regimes = BIT(SMMU_REGIME_EL1);
		inv.by_vmid = true;
		inv.by_asid = true;
		kind = SMMU_DROP_ASID;
		break;
	case CMD_TLBI_NH_VA:
	case CMD_TLBI_NH_VAA:
		inv.regimes = BIT(SMMU_REGIME_EL1);
		inv.by_vmid = true;
		inv.by_asid = op == CMD_TLBI_NH_VA;
		set_range(s, w, va, &inv, &many);
		kind = SMMU_DROP_VA;
		break;
	case CMD_TLBI_EL2_ALL:
		inv.regimes = BIT(SMMU_REGIME_EL2) | BIT(SMMU_REGIME_EL2H);
		kind = SMMU_DROP_ALL;
		break;
	case CMD_TLBI_EL2_ASID:
		inv.regimes = BIT(SMMU_REGIME_EL2H);
		inv.by_asid = true;
		kind = SMMU_DROP_ASID;
		break;
	case CMD_TLBI_EL2_VA:
	case CMD_TLBI_EL2_VAA:
		inv.regimes = BIT(e2h ? SMMU_REGIME_EL2H : SMMU_REGIME_EL2);
		inv.by_asid = e2h && op == CMD_TLBI_EL2_VA;
		set_range(s, w, va, &inv, &many);
		kind = SMMU_DROP_VA;
		break;
	case CMD_TLBI_S12_VMALL:
		inv.regimes = BIT(SMMU_REGIME_EL1) | BIT(SMMU_REGIME_S2);
		inv.by_vmid = true;
		kind = SMMU_DROP_VMID;
		break;
	case CMD_TLBI_S2_IPA:
		inv.regimes = BIT(SMMU_REGIME_S2);
		inv.by_vmid = true;
		set_range(s, w, w[1] & MAKE_64BIT_MASK(12, 40), &inv, &many);
		kind = SMMU_DROP_VA;
		break;
	case CMD_TLBI_NSNH_ALL:
		inv.regimes = BIT(SMMU_REGIME_EL1) | BIT(SMMU_REGIME_S2);
		kind = SMMU_DROP_ALL;
		break;
	}
	if (many)
		kind |= SMMU_DROP_RANGE;

	iob_smmu_count(s, SMMU_PMU_TLBI, SMMU_NO_SID, 1);
	if (iob_smmu_silicon_loses(s, kind)) {
		trace_iob_smmuv3_tlbi_dropped(cmd_name(op));
		return;
	}
	iob_smmu_tlb_invalidate(&s->tlb, &inv);
	if (!inv.leaf) {
		/* The level is that of the leaf: tables above it go whatever it is. */
		inv.level = 0;
		iob_smmu_tlb_invalidate(&s->walks, &inv);
	}
}

static void atc_inv(IobSmmu *s, const uint64_t *w)
{
	SmmuStream *st = iob_smmu_stream_find(s, w[0] >> 32);
	uint32_t ssid = w[0] & CMD0_SSV ? extract64(w[0], 12, 20) : IOB_NO_SSID;
	unsigned int size = extract64(w[1], 0, 6);
	uint64_t mask = size >= 52 ? UINT64_MAX : MAKE_64BIT_MASK(0, size + 12);
	uint64_t ns, addr = w[1] & ~0xfffULL & ~mask;
	int64_t done;

	iob_smmu_count(s, SMMU_PMU_ATC_INV, w[0] >> 32, 1);
	if (!st || !st->ops || !(s->cr0 & CR0_SMMUEN))
		return;
	if (iob_smmu_silicon_loses(s, SMMU_DROP_ATC)) {
		trace_iob_smmuv3_tlbi_dropped("ATC_INV");
		return;
	}
	ns = st->ops->invalidate(st->opaque, ssid, w[0] & CMD0_ATC_GLOBAL, addr, mask);
	if (ns == IOB_ATC_TIMEOUT) {
		s->atc_timeout = true;
		ns = s->lat_atc_timeout;
	}
	done = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + ns;
	s->atc_done = MAX(s->atc_done, done);
}

static void pri_resp(IobSmmu *s, const uint64_t *w)
{
	static const uint8_t code[] = { IOB_PRG_FAILURE, IOB_PRG_INVALID, IOB_PRG_SUCCESS };
	SmmuStream *st = iob_smmu_stream_find(s, w[0] >> 32);
	uint32_t ssid = w[0] & CMD0_SSV ? extract64(w[0], 12, 20) : IOB_NO_SSID;

	if (st && st->ops && (s->cr0 & CR0_SMMUEN))
		st->ops->page_response(st->opaque, ssid, extract64(w[1], 0, 9),
				       code[extract64(w[1], 12, 2)]);
}

static void advance(IobSmmu *s)
{
	s->cmdq.cons = iob_smmu_queue_next(&s->cmdq, s->cmdq.cons);
}

/* CMD_SYNC: done when all before it is done; ATC invalidations may take longer. */
static Outcome do_sync(IobSmmu *s, const uint64_t *w)
{
	uint64_t addr = w[1] & MSI_ADDR_MASK;

	if (s->atc_done > qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL)) {
		s->cmd_waiting = true;
		timer_mod(s->cmd_timer, s->atc_done);
		return CMD_WAIT;
	}
	if (s->atc_timeout) {
		s->atc_timeout = false;
		return error(s, CERROR_ATC_INV_SYNC);
	}
	s->since_sync = 0;
	iob_smmu_count(s, SMMU_PMU_SYNC, SMMU_NO_SID, 1);
	advance(s);
	/* SEV: QEMU's CPUs never sleep in WFE, nothing has to wake them. */
	if (extract64(w[0], 12, 2) != SYNC_CS_IRQ)
		return CMD_DONE;
	iob_smmu_sync_irq(s, addr, w[0] >> 32);
	return CMD_DONE;
}

static Outcome execute(IobSmmu *s)
{
	const uint64_t *w = s->cmd_word;
	unsigned int op = w[0] & 0xff;
	uint32_t sid = w[0] >> 32;

	trace_iob_smmuv3_cmd(cmd_name(op), w[0], w[1]);
	if (!is_legal(s, w) || (op == CMD_PRI_RESP && extract64(w[1], 12, 2) == 3))
		return error(s, CERROR_ILL);
	iob_smmu_count(s, SMMU_PMU_COMMAND, SMMU_NO_SID, 1);
	if (op == CMD_SYNC)
		return do_sync(s, w);

	if (is_tlbi(op))
		tlbi(s, w);
	else if (op == CMD_CFGI_STE)
		iob_smmu_stream_inv(s, sid);
	else if (op == CMD_CFGI_STE_RANGE)
		iob_smmu_stream_inv_range(s, sid, w[1] & 0x1f);
	else if (op == CMD_CFGI_CD)
		iob_smmu_stream_inv_cd(s, sid, extract64(w[0], 12, 20));
	else if (op == CMD_CFGI_CD_ALL)
		iob_smmu_stream_inv_cds(s, sid);
	else if (op == CMD_ATC_INV)
		atc_inv(s, w);
	else if (op == CMD_PRI_RESP)
		pri_resp(s, w);
	else if (op == CMD_RESUME)
		iob_smmu_resume(s, sid, extract64(w[1], 0, 16), extract64(w[0], 12, 2));
	else if (op == CMD_STALL_TERM)
		iob_smmu_stall_term(s, sid);
	advance(s);
	return CMD_DONE;
}

/*
 * Spread: software that polls sees a completion at its next look only, which would
 * round all latencies of a deterministic run in the same way. The sequence is the
 * same after each reset.
 */
static uint64_t jitter(IobSmmu *s)
{
	if (!s->lat_jitter)
		return 0;
	s->jitter_state = s->jitter_state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (s->jitter_state >> 33) % s->lat_jitter;
}

static uint64_t latency(IobSmmu *s)
{
	unsigned int op = s->cmd_word[0] & 0xff;
	uint64_t cost = s->lat_cmd;

	if (op == CMD_SYNC)
		cost += s->lat_sync;
	else if (is_tlbi(op))
		cost += s->lat_tlbi;
	if (cost && op == CMD_SYNC)
		cost += jitter(s);
	return cost;
}

static bool may_run(const IobSmmu *s)
{
	return (s->cr0 & CR0_CMDQEN) && !((s->gerror ^ s->gerrorn) & GERROR_CMDQ);
}

void iob_smmu_cmdq_run(IobSmmu *s)
{
	SmmuQueue *q = &s->cmdq;
	uint64_t addr, cost;

	if (s->cmd_running || s->cmd_waiting)
		return;
	s->cmd_running = true;
	while (may_run(s) && !iob_smmu_queue_empty(q)) {
		addr = iob_smmu_queue_entry(q, q->cons, 4);
		if (!iob_smmu_mem_read(addr, s->cmd_word, sizeof(s->cmd_word))) {
			error(s, CERROR_ABT);
			break;
		}
		s->cmd_word[0] = le64_to_cpu(s->cmd_word[0]);
		s->cmd_word[1] = le64_to_cpu(s->cmd_word[1]);
		cost = latency(s);
		if (cost) {
			s->cmd_waiting = true;
			timer_mod(s->cmd_timer,
				  qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + cost);
			break;
		}
		if (execute(s) != CMD_DONE)
			break;
	}
	s->cmd_running = false;
}

void iob_smmu_cmdq_timer(void *opaque)
{
	IobSmmu *s = opaque;
	Outcome outcome;

	s->cmd_waiting = false;
	if (!may_run(s))
		return;
	s->cmd_running = true;
	outcome = execute(s);
	s->cmd_running = false;
	if (outcome == CMD_DONE)
		iob_smmu_cmdq_run(s);
}
