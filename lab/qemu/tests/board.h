/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the SMMU tests share: the board's addresses, structures in memory, commands,
 * events, and transactions from the DMA test engines. Field positions are those of
 * IHI 0070 and DDI 0487, written down anew here: the tests do not share them with the
 * model.
 */
#ifndef IOMMUBENCH_TEST_BOARD_H
#define IOMMUBENCH_TEST_BOARD_H

#include "../../../include/iommubench/dmatest-regs.h"
#include "qtest.h"

#define SMMU		0x0a000000ULL
#define PMCG(n)		(0x0a040000ULL + (n) * 0x20000ULL)
#define ENGINE(n)	(0x0b000000ULL + (n) * 0x10000ULL)
#define SID(n)		(0x1000u + (n))		/* of engine n */
#define SPI_EVENTQ	16
#define SPI_PRIQ	17
#define SPI_SYNC	18
#define SPI_GERROR	19

#define CR0		(SMMU + 0x20)
#define CR0ACK		(SMMU + 0x24)
#define CR2		(SMMU + 0x2c)
#define GBPA		(SMMU + 0x44)
#define IRQ_CTRL	(SMMU + 0x50)
#define GERROR		(SMMU + 0x60)
#define GERRORN		(SMMU + 0x64)
#define STRTAB_BASE	(SMMU + 0x80)
#define STRTAB_CFG	(SMMU + 0x88)
#define CMDQ_BASE	(SMMU + 0x90)
#define CMDQ_PROD	(SMMU + 0x98)
#define CMDQ_CONS	(SMMU + 0x9c)
#define EVENTQ_BASE	(SMMU + 0xa0)
#define EVENTQ_PROD	(SMMU + 0x100a8)
#define EVENTQ_CONS	(SMMU + 0x100ac)
#define PRIQ_BASE	(SMMU + 0xc0)
#define PRIQ_PROD	(SMMU + 0x100c8)
#define PRIQ_CONS	(SMMU + 0x100cc)

/* Memory */
#define STRTAB		0x40100000ULL	/* 2^13 entries */
#define CMDQ		0x40200000ULL
#define CMDQ_LOG2	6
#define EVENTQ		0x40210000ULL
#define EVENTQ_LOG2	3
#define PRIQ		0x40220000ULL
#define PRIQ_LOG2	2
#define CDTAB		0x40230000ULL
#define DATA		0x41000000ULL	/* 4 MiB for pages that are mapped */
#define NOTHING		0x3000000000ULL	/* no memory there */

#define SSID_NONE	(-1)

/* Commands, word 0 */
#define CMD_PREFETCH	0x01ULL
#define CFGI_STE	0x03ULL
#define CFGI_ALL	0x04ULL
#define CFGI_CD		0x05ULL
#define CFGI_CD_ALL	0x06ULL
#define NH_ALL		0x10ULL
#define NH_ASID		0x11ULL
#define NH_VA		0x12ULL
#define NH_VAA		0x13ULL
#define EL2_ALL		0x20ULL
#define EL2_ASID	0x21ULL
#define EL2_VA		0x22ULL
#define EL2_VAA		0x23ULL
#define S12_VMALL	0x28ULL
#define S2_IPA		0x2aULL
#define NSNH_ALL	0x30ULL
#define ATC_INV		0x40ULL
#define PRI_RESP	0x41ULL
#define RESUME		0x44ULL
#define STALL_TERM	0x45ULL
#define SYNC		0x46ULL
#define ASID(n)		((uint64_t)(n) << 48)
#define VMID(n)		((uint64_t)(n) << 32)
#define CMD_SID(n)	((uint64_t)(n) << 32)
#define CMD_SSID(n)	((uint64_t)(n) << 12 | 1ULL << 11)

/* Events */
#define C_BAD_STREAMID		0x02
#define F_STE_FETCH		0x03
#define C_BAD_STE		0x04
#define F_BAD_ATS_TREQ		0x05
#define F_STREAM_DISABLED	0x06
#define F_TRANSL_FORBIDDEN	0x07
#define C_BAD_SUBSTREAMID	0x08
#define F_CD_FETCH		0x09
#define C_BAD_CD		0x0a
#define F_WALK_EABT		0x0b
#define F_TRANSLATION		0x10
#define F_ADDR_SIZE		0x11
#define F_ACCESS		0x12
#define F_PERMISSION		0x13

/* Descriptors */
#define D_VALID		1ULL
#define D_TABLE		3ULL
#define D_PAGE		3ULL
#define D_BLOCK		1ULL
#define D_USER		(1ULL << 6)
#define D_RO		(1ULL << 7)
#define D_AF		(1ULL << 10)
#define D_NG		(1ULL << 11)
#define D_DBM		(1ULL << 51)
#define D_CONT		(1ULL << 52)
#define D_PXN		(1ULL << 53)
#define D_UXN		(1ULL << 54)
#define D_RW_PAGE	(D_PAGE | D_USER | D_AF | D_NG)
#define D_RW_BLOCK	(D_BLOCK | D_USER | D_AF | D_NG)
#define S2_R		(1ULL << 6)
#define S2_W		(1ULL << 7)
#define S2_RW_PAGE	(D_PAGE | S2_R | S2_W | D_AF | 0xfULL << 2)

/* STE: Config */
#define STE_ABORT	0
#define STE_BYPASS	4
#define STE_S1		5
#define STE_S2		6
#define STE_NESTED	7

/**
 * struct cd - fields of a context descriptor; cd_default() has usual ones
 */
struct cd {
	unsigned int t0sz, tg0, t1sz, tg1, ips, asid;
	bool epd0, epd1, tbi0, affd, wxn, pan, ha, hd, stall, no_record;
	uint64_t ttb0, ttb1;
};

/**
 * struct tables - translation tables under construction
 */
struct tables {
	uint64_t root;
	unsigned int gbits, ibits, level;
};

/** board_start() - start the board, with the SMMU as reset leaves it */
void board_start(const char *options);

/**
 * smmu_start() - start the board, program the SMMU and switch it on
 *
 * Linear stream table, all streams without a valid entry.
 */
void smmu_start(const char *options);
/** smmu_setup() - the same for a machine that runs; @cr0: last value of CR0 */
void smmu_setup(uint32_t cr0);

void cmd(uint64_t w0, uint64_t w1);
/** cmd_sync() - a SYNC; true when the queue has been consumed */
bool cmd_sync(void);
unsigned int cmd_error(void);

/** event() - take one event record; false if there is none */
bool event(uint64_t w[4]);
/** expect_event() - check that there is exactly one, of this type and stream */
bool expect_event(unsigned int type, uint32_t sid, uint64_t w[4], const char *what);
void expect_no_event(const char *what);

void ste_write(uint32_t sid, const uint64_t w[8]);
/** ste_s1() - a stream with stage 1; ssid_bits 0: one context */
void ste_s1(uint32_t sid, uint64_t cd, unsigned int ssid_bits);
void ste_s2(uint32_t sid, const struct tables *t, unsigned int vmid);
void ste_nested(uint32_t sid, uint64_t cd, const struct tables *t, unsigned int vmid);
void ste_config(uint32_t sid, unsigned int config);
/** ste_s2_words() - words 2 and 3 of an entry with stage 2 */
void ste_s2_words(uint64_t w[8], const struct tables *t, unsigned int vmid);
void ste_inv(uint32_t sid);

struct cd cd_default(const struct tables *t, unsigned int asid);
void cd_words(uint64_t w[8], const struct cd *cd);
void cd_write(uint64_t addr, const struct cd *cd);

/** tables_new() - @gbits 12, 14 or 16; the first level follows from @ibits */
struct tables tables_new(unsigned int gbits, unsigned int ibits);
/** tables_new_s2() - up to 16 first-level tables side by side */
struct tables tables_new_s2(unsigned int gbits, unsigned int ibits, unsigned int level);
/** tables_set() - write the descriptor for @va at @level; returns its address */
uint64_t tables_set(struct tables *t, uint64_t va, unsigned int level, uint64_t desc);
/** tables_find() - where the descriptor at a level is */
uint64_t tables_find(struct tables *t, uint64_t va, unsigned int level);
uint64_t page_alloc(unsigned int bits);

/* One transaction of an engine */
struct dmatest_done access_at(unsigned int engine, uint64_t iova, int ssid, bool write,
			      uint32_t flags);
struct dmatest_done read_at(unsigned int engine, uint64_t iova, int ssid);
struct dmatest_done write_at(unsigned int engine, uint64_t iova, int ssid,
			     uint64_t value);
/** submit() - put a descriptor in the ring; returns its slot */
unsigned int submit(unsigned int engine, const struct dmatest_desc *d);
struct dmatest_done done_of(unsigned int engine, unsigned int slot);

/** reads() - does a read give this value? */
bool reads(unsigned int engine, uint64_t iova, int ssid, uint64_t value);
/** faults() - is a read (or write) refused, and leaves this event? */
bool faults(unsigned int engine, uint64_t iova, int ssid, bool write, unsigned int type,
	    const char *what);

#endif
