/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Errata of SoCs and IOMMUs, a row each: what has it, what follows, what Linux does about it, and
 * how it can be shown.
 */
#ifndef IOMMUBENCH_SILICON_ERRATA_H
#define IOMMUBENCH_SILICON_ERRATA_H

#include <stdbool.h>
#include <stdint.h>

/* As &struct erratum_silicon.fixed: all releases that there are have it. */
#define ERRATUM_IN_ALL	0xff

/**
 * struct erratum_silicon - what has an erratum; it is told in one of three ways
 * @soc_id: shell pattern of the SoC's number, as in soc_id of /sys/bus/soc; NULL: not told by it
 * @revision: shell pattern of that SoC's revision; NULL without @soc_id
 * @product: product of Arm in the register IIDR of an SMMU; 0: not told by IIDR
 * @fixed: first release of that product without the erratum, 0x21 for r2p1; 0 without @product
 * @property: property by which the SMMU's node in the device tree says so, where neither IIDR nor
 *	"compatible" does; NULL: not told by the device tree
 */
struct erratum_silicon {
	const char *soc_id;
	const char *revision;
	unsigned int product;
	unsigned int fixed;
	const char *property;
};

/**
 * struct erratum_show - a run in which the erratum shows, unless a workaround is in place
 * @workload: subcommand of the tool; NULL: no workload tells who has the erratum
 * @options: its options, with blanks between them
 * @check: name of the result's check that fails
 */
struct erratum_show {
	const char *workload;
	const char *options;
	const char *check;
};

/**
 * struct erratum_board - a virtual board that has the erratum, or claims to be what has it
 *
 * Where there is something to show, no workaround is in place there; otherwise the board is as
 * Linux would meet the silicon.
 *
 * @name: file in lab/boards; NULL: none has it
 * @properties: of device models, each as lab/run takes it after --set, with blanks between; NULL:
 *	the board has it as it is
 */
struct erratum_board {
	const char *name;
	const char *properties;
};

/**
 * struct erratum - one erratum; all text is constant, and a clause without a full stop
 * @silicon: silicon that has the erratum
 * @text: what the erratum is
 * @consequence: what goes wrong, or cannot be used; NULL: nobody has made that public
 * @kernel: what Linux does about it
 * @show: how to show it
 * @board: where to show it, or to see what Linux does
 */
struct erratum {
	struct erratum_silicon silicon;
	const char *text;
	const char *consequence;
	const char *kernel;
	struct erratum_show show;
	struct erratum_board board;
};

/**
 * errata_next() - go through all errata
 * @last: where one is, NULL for the first
 *
 * Return: the next one in a fixed order, NULL after the last.
 */
const struct erratum *errata_next(const struct erratum *last);

/**
 * erratum_is_of_soc() - does a SoC have it?
 * @e: the erratum
 * @soc_id: soc_id of /sys/bus/soc
 * @revision: revision of /sys/bus/soc
 */
bool erratum_is_of_soc(const struct erratum *e, const char *soc_id, const char *revision);

/**
 * erratum_is_of_smmu() - does an SMMUv3 have it?
 * @e: the erratum
 * @iidr: the register IIDR of the SMMU, or of its counters
 */
bool erratum_is_of_smmu(const struct erratum *e, uint32_t iidr);

#endif
