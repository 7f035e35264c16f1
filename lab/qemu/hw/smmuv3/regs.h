/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SMMUv3 register, structure, command and event layouts: Arm IHI 0070, "Arm System
 * Memory Management Unit Architecture Specification, SMMU architecture version 3".
 * Chapters named in comments are that document's.
 */
#ifndef IOMMUBENCH_SMMUV3_REGS_H
#define IOMMUBENCH_SMMUV3_REGS_H

#include "qemu/bitops.h"

/* 6.3: registers, page 0 */
#define SMMU_IDR0		0x000
#define SMMU_IDR5		0x014
#define SMMU_IIDR		0x018
#define SMMU_AIDR		0x01c
#define SMMU_CR0		0x020
#define SMMU_CR0ACK		0x024
#define SMMU_CR1		0x028
#define SMMU_CR2		0x02c
#define SMMU_STATUSR		0x040
#define SMMU_GBPA		0x044
#define SMMU_AGBPA		0x048
#define SMMU_IRQ_CTRL		0x050
#define SMMU_IRQ_CTRLACK	0x054
#define SMMU_GERROR		0x060
#define SMMU_GERRORN		0x064
#define SMMU_GERROR_IRQ_CFG0	0x068
#define SMMU_GERROR_IRQ_CFG1	0x070
#define SMMU_GERROR_IRQ_CFG2	0x074
#define SMMU_STRTAB_BASE	0x080
#define SMMU_STRTAB_BASE_CFG	0x088
#define SMMU_CMDQ_BASE		0x090
#define SMMU_CMDQ_PROD		0x098
#define SMMU_CMDQ_CONS		0x09c
#define SMMU_EVENTQ_BASE	0x0a0
#define SMMU_EVENTQ_IRQ_CFG0	0x0b0
#define SMMU_EVENTQ_IRQ_CFG1	0x0b8
#define SMMU_EVENTQ_IRQ_CFG2	0x0bc
#define SMMU_PRIQ_BASE		0x0c0
#define SMMU_PRIQ_IRQ_CFG0	0x0d0
#define SMMU_PRIQ_IRQ_CFG1	0x0d8
#define SMMU_PRIQ_IRQ_CFG2	0x0dc
#define SMMU_ID_REGS		0xfd0

/* Page 1; on page 0 with erratum Cavium 74 */
#define SMMU_PAGE1		0x10000
#define SMMU_EVENTQ_PROD	0x0a8
#define SMMU_EVENTQ_CONS	0x0ac
#define SMMU_PRIQ_PROD		0x0c8
#define SMMU_PRIQ_CONS		0x0cc

#define SMMU_BYTES		0x20000

#define IDR0_S2P		BIT(0)
#define IDR0_S1P		BIT(1)
#define IDR0_TTF_AARCH64	(2u << 2)
#define IDR0_COHACC		BIT(4)
#define IDR0_BTM		BIT(5)
#define IDR0_HTTU_SHIFT		6
#define IDR0_HYP		BIT(9)
#define IDR0_ATS		BIT(10)
#define IDR0_ASID16		BIT(12)
#define IDR0_MSI		BIT(13)
#define IDR0_SEV		BIT(14)
#define IDR0_PRI		BIT(16)
#define IDR0_VMW		BIT(17)
#define IDR0_VMID16		BIT(18)
#define IDR0_CD2L		BIT(19)
#define IDR0_TTENDIAN_SHIFT	21
#define IDR0_STALL_SHIFT	24
#define IDR0_TERM_MODEL		BIT(26)
#define IDR0_ST_LEVEL_2L	BIT(27)

#define IDR1_SIDSIZE_SHIFT	0
#define IDR1_SSIDSIZE_SHIFT	6
#define IDR1_PRIQS_SHIFT	11
#define IDR1_EVENTQS_SHIFT	16
#define IDR1_CMDQS_SHIFT	21
#define IDR1_ATTR_PERMS_OVR	BIT(26)
#define IDR1_ATTR_TYPES_OVR	BIT(27)

#define IDR3_HAD		BIT(2)
#define IDR3_PPS		BIT(5)
#define IDR3_RIL		BIT(10)

#define IDR5_OAS_SHIFT		0
#define IDR5_GRAN4K		BIT(4)
#define IDR5_GRAN16K		BIT(5)
#define IDR5_GRAN64K		BIT(6)

#define CR0_SMMUEN		BIT(0)
#define CR0_PRIQEN		BIT(1)
#define CR0_EVENTQEN		BIT(2)
#define CR0_CMDQEN		BIT(3)
#define CR0_ATSCHK		BIT(4)
#define CR0_VMW_SHIFT		6
#define CR0_VALID		0x1dfu

#define CR2_E2H			BIT(0)
#define CR2_RECINVSID		BIT(1)
#define CR2_PTM			BIT(2)

#define GBPA_ABORT		BIT(20)
#define GBPA_UPDATE		BIT(31)
#define GBPA_SHCFG_INCOMING	BIT(12)

#define IRQ_CTRL_GERROR		BIT(0)
#define IRQ_CTRL_PRIQ		BIT(1)
#define IRQ_CTRL_EVENTQ		BIT(2)

#define GERROR_CMDQ		BIT(0)
#define GERROR_EVENTQ_ABT	BIT(2)
#define GERROR_PRIQ_ABT		BIT(3)
#define GERROR_MSI_CMDQ_ABT	BIT(4)
#define GERROR_MSI_EVENTQ_ABT	BIT(5)
#define GERROR_MSI_PRIQ_ABT	BIT(6)
#define GERROR_MSI_GERROR_ABT	BIT(7)

#define BASE_ADDR_MASK		MAKE_64BIT_MASK(5, 47)
#define BASE_LOG2SIZE_MASK	0x1fu
#define MSI_ADDR_MASK		MAKE_64BIT_MASK(2, 50)

#define PRIQ_IRQ_LAST_ONLY	BIT(31)
#define Q_OVFLG			BIT(31)
#define CMDQ_CONS_ERR_SHIFT	24
#define CMDQ_CONS_ERR_MASK	(0x7fu << CMDQ_CONS_ERR_SHIFT)

#define STRTAB_FMT_2LVL		1

/* Chapter 4: commands */
enum {
	CMD_PREFETCH_CONFIG = 0x01,
	CMD_PREFETCH_ADDR = 0x02,
	CMD_CFGI_STE = 0x03,
	CMD_CFGI_STE_RANGE = 0x04,
	CMD_CFGI_CD = 0x05,
	CMD_CFGI_CD_ALL = 0x06,
	CMD_CFGI_VMS_PIDM = 0x07,
	CMD_TLBI_NH_ALL = 0x10,
	CMD_TLBI_NH_ASID = 0x11,
	CMD_TLBI_NH_VA = 0x12,
	CMD_TLBI_NH_VAA = 0x13,
	CMD_TLBI_EL3_ALL = 0x18,
	CMD_TLBI_EL3_VA = 0x1a,
	CMD_TLBI_EL2_ALL = 0x20,
	CMD_TLBI_EL2_ASID = 0x21,
	CMD_TLBI_EL2_VA = 0x22,
	CMD_TLBI_EL2_VAA = 0x23,
	CMD_TLBI_S12_VMALL = 0x28,
	CMD_TLBI_S2_IPA = 0x2a,
	CMD_TLBI_NSNH_ALL = 0x30,
	CMD_ATC_INV = 0x40,
	CMD_PRI_RESP = 0x41,
	CMD_RESUME = 0x44,
	CMD_STALL_TERM = 0x45,
	CMD_SYNC = 0x46,
};

/* CMDQ_CONS.ERR */
enum {
	CERROR_NONE = 0,
	CERROR_ILL = 1,
	CERROR_ABT = 2,
	CERROR_ATC_INV_SYNC = 3,
};

#define CMD0_SSEC		BIT_ULL(10)
#define CMD0_SSV		BIT_ULL(11)
#define CMD0_ATC_GLOBAL		BIT_ULL(9)
#define SYNC_CS_IRQ		1
#define SYNC_CS_SEV		2

/* Chapter 7: event numbers */
enum {
	EVT_NONE = 0,
	F_UUT = 0x01,
	C_BAD_STREAMID = 0x02,
	F_STE_FETCH = 0x03,
	C_BAD_STE = 0x04,
	F_BAD_ATS_TREQ = 0x05,
	F_STREAM_DISABLED = 0x06,
	F_TRANSL_FORBIDDEN = 0x07,
	C_BAD_SUBSTREAMID = 0x08,
	F_CD_FETCH = 0x09,
	C_BAD_CD = 0x0a,
	F_WALK_EABT = 0x0b,
	F_TRANSLATION = 0x10,
	F_ADDR_SIZE = 0x11,
	F_ACCESS = 0x12,
	F_PERMISSION = 0x13,
	F_TLB_CONFLICT = 0x20,
	F_CFG_CONFLICT = 0x21,
	E_PAGE_REQUEST = 0x24,
};

/* Fields of an event's second double word */
#define EVT1_STALL		BIT_ULL(31)
#define EVT1_PNU		BIT_ULL(33)
#define EVT1_IND		BIT_ULL(34)
#define EVT1_RNW		BIT_ULL(35)
#define EVT1_S2			BIT_ULL(39)
#define EVT1_CLASS_SHIFT	40
#define EVT_CLASS_CD		0
#define EVT_CLASS_TT		1
#define EVT_CLASS_IN		2

/* Chapter 8: page request record */
#define PRI0_PRIV		BIT_ULL(58)
#define PRI0_EXEC		BIT_ULL(59)
#define PRI0_READ		BIT_ULL(60)
#define PRI0_WRITE		BIT_ULL(61)
#define PRI0_LAST		BIT_ULL(62)
#define PRI0_SSV		BIT_ULL(63)

/* 5.2: stream table entry */
#define STE_WORDS		8
#define STE_CONFIG_S1		BIT(0)
#define STE_CONFIG_S2		BIT(1)
#define STE_CONFIG_ON		BIT(2)
#define STE_S1DSS_TERMINATE	0
#define STE_S1DSS_BYPASS	1
#define STE_S1DSS_SSID0		2
#define STE_EATS_ABORT		0
#define STE_EATS_TRANS		1
#define STE_EATS_S1CHK		2
#define STE_STRW_EL1		0
#define STE_STRW_EL2		2

#define CD_WORDS		8

#endif
