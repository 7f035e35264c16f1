/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The IOMMUs of a machine, what is behind them, and what of that can be spared: a model, the words
 * for it, and the ways to write it, each of which is in the file of its name: text, JSON, hwloc XML
 * and a picture.
 *
 * What a user without rights cannot read is unknown in the model, never absent.
 */
#ifndef IOMMUBENCH_TOPO_MODEL_H
#define IOMMUBENCH_TOPO_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <hwloc.h>
#include <jansson.h>

#include <iommubench.h>

#include "base/error.h"
#include "base/lines.h"

#define TOPO_SCHEMA	"iommubench-topo/1"

/* IDs of one device that are told; the kernel has no device with nearly as many. */
#define TOPO_MAX_IDS	16

/**
 * enum topo_state - what is known of something that a device may be able to do
 * @TOPO_UNKNOWN: it cannot be read, by this user or at all
 * @TOPO_ABSENT: the device cannot do it
 * @TOPO_ABLE: the device can; whether it is enabled is not told
 * @TOPO_OFF: the device can, but it is not enabled
 * @TOPO_ON: enabled
 */
enum topo_state {
	TOPO_UNKNOWN = 0,
	TOPO_ABSENT,
	TOPO_ABLE,
	TOPO_OFF,
	TOPO_ON,
};

/**
 * struct topo_ability - ATS, PRI, PASID or stall of a device
 * @state: what is known
 * @value: ATS: invalidations that it queues; PRI: page requests that may be outstanding; PASID:
 *	bits; 0 for others and when not told
 */
struct topo_ability {
	enum topo_state state;
	unsigned int value;
};

/**
 * enum topo_verdict - can a device be given to the module?
 * @TOPO_READY: it is bound to the module
 * @TOPO_FREE: no driver holds it
 * @TOPO_RELEASE: a driver holds it, but nothing is seen that needs it
 * @TOPO_MAYBE: no driver holds it, and its IOMMU group is formed when one is first bound
 * @TOPO_NEEDED: no; struct topo_device tells why
 */
enum topo_verdict {
	TOPO_READY,
	TOPO_FREE,
	TOPO_RELEASE,
	TOPO_MAYBE,
	TOPO_NEEDED,
};

#define TOPO_VERDICTS	(TOPO_NEEDED + 1)

/**
 * enum topo_can - can something be measured with a device?
 * @TOPO_CAN_NOW: the device is where that needs it
 * @TOPO_CAN_BOUND: when the device was given to the module
 * @TOPO_CAN_NOT: no
 */
enum topo_can {
	TOPO_CAN_NOW,
	TOPO_CAN_BOUND,
	TOPO_CAN_NOT,
};

/**
 * struct topo_measurement - something that may be measured with a device
 * @what: subcommand, and the option of a check
 * @subcommand: subcommand alone
 * @can: whether it can be
 * @engine: DMA engine that does it, NULL when it takes none or cannot be done
 * @module: module that has @engine and is to be loaded before the bind, NULL for our first one
 * @condition: it can only be done if, a clause, which shows when it is tried; NULL for none
 * @apart: no other command of its subcommand does it as well
 * @needs: what it would take, a noun; "" when it can be done
 * @command: what to type, NULL when it cannot be done
 */
struct topo_measurement {
	const char *what;
	const char *subcommand;
	enum topo_can can;
	const char *engine;
	const char *module;
	const char *condition;
	bool apart;
	char *needs;
	char *command;
};

/**
 * struct topo_node - a NUMA node
 * @number: as the kernel counts
 * @listed: its CPUs and memory are known; otherwise something is there, and that is all
 * @cpus: list of its CPUs, such as "0-3,8"
 * @memory_bytes: size of its memory
 */
struct topo_node {
	int number;
	bool listed;
	char *cpus;
	uint64_t memory_bytes;
};

/**
 * struct topo_iommu - an IOMMU that a driver has registered
 * @name: name in /sys/class/iommu
 * @kind: what it is, in words
 * @driver: driver that holds it, "" when it is part of the kernel
 * @hardware: its device, "" when it has none
 * @path: path of that in sysfs, or of its class device
 * @compatible: "compatible" of its device tree node, or ""
 * @revision: version of hardware or architecture, "" when nothing tells
 * @main: the IPMMU that has the page table walker, "" for others
 * @ids: what the numbers of its devices are called: "stream ID", "micro-TLB" or "ID"
 * @base: address of its registers, 0 when not told
 * @node: NUMA node, -1 when not told
 * @phandle: in the device tree, 0 without
 * @cells: words that name a device in the device tree
 * @walks: do table walks snoop the CPUs' caches?
 * @features: what it can do, a line each
 * @notes: what is known of it besides, such as errata
 */
struct topo_iommu {
	char *name;
	const char *kind;
	char *driver;
	char *hardware;
	char *path;
	char *compatible;
	char *revision;
	char *main;
	const char *ids;
	uint64_t base;
	int node;
	uint32_t phandle;
	uint32_t cells;
	enum iommubench_coherence walks;
	struct lines features;
	struct lines notes;
};

/**
 * struct topo_group - an IOMMU group
 * @number: as the kernel counts
 * @type: default domain as sysfs spells it, such as "DMA-FQ"
 * @nr_devices: number of devices in it
 */
struct topo_group {
	int number;
	char type[32];
	unsigned int nr_devices;
};

/**
 * struct topo_device - a device that is behind an IOMMU, or could be
 * @name: name on its bus
 * @bus: such as "pci"
 * @path: real path in sysfs
 * @driver: driver that holds it, or ""
 * @what: what it is, in words
 * @id: vendor and device as "8086:1533", or "compatible" of the device tree, or ""
 * @iommu: number in the list of IOMMUs, -1 for none
 * @by_tree: firmware says that it is behind @iommu, the kernel has not attached it
 * @group: number in the list of groups, -1 for none
 * @nr_ids: entries of @ids that are in use
 * @ids: how the IOMMU knows it: stream IDs or micro-TLBs
 * @node: NUMA node, -1 when not told
 * @cpus: nearest CPUs, "" when not known
 * @ats: address translation service
 * @pri: page request interface
 * @pasid: address spaces
 * @stall: faulting accesses wait
 * @acs: peers are kept apart
 * @coherence: does it snoop the CPUs' caches?
 * @pci_class: class code, 0 for others
 * @bridge: has a bus behind it
 * @offers: what hangs on it, such as "disk sda"
 * @uses: who needs it, a clause each
 * @notes: what to mind although nobody needs it, a clause each
 * @verdict: can it be spared
 * @reason: why not, or what to mind; a clause
 * @measurements: what may be measured with it
 * @nr_measurements: entries at @measurements
 */
struct topo_device {
	char *name;
	char bus[32];
	char *path;
	char *driver;
	char *what;
	char *id;
	int iommu;
	bool by_tree;
	int group;
	unsigned int nr_ids;
	uint32_t ids[TOPO_MAX_IDS];
	int node;
	char *cpus;
	struct topo_ability ats;
	struct topo_ability pri;
	struct topo_ability pasid;
	struct topo_ability stall;
	struct topo_ability acs;
	enum iommubench_coherence coherence;
	unsigned int pci_class;
	bool bridge;
	struct lines offers;
	struct lines uses;
	struct lines notes;
	enum topo_verdict verdict;
	char *reason;
	struct topo_measurement *measurements;
	size_t nr_measurements;
};

/**
 * struct topo - a machine
 * @root: where /sys and /proc are, "" for this machine's
 * @kernel: its release, "" when not told
 * @model: model of the machine, or ""
 * @is_virtual: a virtual machine
 * @soc_family: content of family in /sys/bus/soc, "" without
 * @soc_id: content of soc_id there, which is the number of the SoC
 * @soc_revision: such as "ES3.0"
 * @silicon: what is known of this SoC's IOMMUs and their errata
 * @nodes: NUMA nodes
 * @nr_nodes: entries at @nodes
 * @iommus: in the order of their names
 * @nr_iommus: entries at @iommus
 * @groups: in the order of their numbers
 * @nr_groups: entries at @groups
 * @devices: in the order of their buses and names
 * @nr_devices: entries at @devices
 * @warnings: what could not be read, and how it could be
 * @hwloc: the machine as hwloc sees it, NULL when it cannot
 */
struct topo {
	const char *root;
	char *kernel;
	char *model;
	bool is_virtual;
	char soc_family[64];
	char soc_id[64];
	char soc_revision[64];
	struct lines silicon;
	struct topo_node *nodes;
	size_t nr_nodes;
	struct topo_iommu *iommus;
	size_t nr_iommus;
	struct topo_group *groups;
	size_t nr_groups;
	struct topo_device *devices;
	size_t nr_devices;
	struct lines warnings;
	hwloc_topology_t hwloc;
};

/**
 * topo_device_free() - give what a device holds back
 * @d: the device, which itself belongs to the caller
 */
void topo_device_free(struct topo_device *d);

/**
 * topo_free() - give the model back
 * @t: the machine
 */
void topo_free(struct topo *t);

/**
 * topo_verdict_word() - the word for a verdict
 * @verdict: the verdict
 */
const char *topo_verdict_word(enum topo_verdict verdict);

/**
 * topo_verdict_text() - a verdict for people
 * @verdict: the verdict
 */
const char *topo_verdict_text(enum topo_verdict verdict);

/**
 * topo_state_word() - the word for what is known of an ability
 * @state: the state
 */
const char *topo_state_word(enum topo_state state);

/**
 * topo_can_word() - the word for whether something can be measured
 * @can: whether it can
 */
const char *topo_can_word(enum topo_can can);

/**
 * topo_is_last_of() - is its command the one to type for its subcommand?
 * @d: the device
 * @m: number of the measurement
 *
 * Return: whether it can be done, and nothing later of that subcommand can that does it as well.
 */
bool topo_is_last_of(const struct topo_device *d, size_t m);

/**
 * topo_bind_command() - how to give a device to the module
 * @d: a device that can be spared
 *
 * Return: a command that the caller frees, NULL when there is none.
 */
char *topo_bind_command(const struct topo_device *d);

/**
 * topo_ids_text() - how its IOMMU knows a device
 * @t: the machine
 * @d: the device
 *
 * Return: such as "stream ID 0x10", which the caller frees; "" when not known.
 */
char *topo_ids_text(const struct topo *t, const struct topo_device *d);

/**
 * topo_type_text() - the default domain of a group in words
 * @g: the group
 */
const char *topo_type_text(const struct topo_group *g);

/**
 * topo_node_text() - a NUMA node in words
 * @node: the node, NULL for one that is not known
 *
 * Return: such as "NUMA node 0, CPUs 0-3, 2048 MiB", which the caller frees.
 */
char *topo_node_text(const struct topo_node *node);

/**
 * topo_device_node() - where a device is shown
 * @t: the machine
 * @d: the device
 *
 * Return: number of its NUMA node, or that of its IOMMU, or of the only one; -1 when unknown.
 */
int topo_device_node(const struct topo *t, const struct topo_device *d);

/**
 * topo_iommu_node() - where an IOMMU is shown
 * @t: the machine
 * @i: the IOMMU
 *
 * Return: number of its NUMA node, or of the only one; -1 when unknown.
 */
int topo_iommu_node(const struct topo *t, const struct topo_iommu *i);

/**
 * topo_devices_behind() - how many devices an IOMMU has, those without a group as well
 * @t: the machine
 * @iommu: its number, -1 for devices behind none
 */
size_t topo_devices_behind(const struct topo *t, int iommu);

/**
 * topo_idle() - the IOMMUs of a node that have nothing behind them
 * @t: the machine
 * @node: number of the node, -1 for those of which it is not known
 *
 * Return: a list by kind that the caller frees; "" when there are none.
 */
char *topo_idle(const struct topo *t, int node);

/**
 * topo_headline() - how many of what there are
 * @t: the machine
 *
 * Return: one line that the caller frees. Without an IOMMU it says so.
 */
char *topo_headline(const struct topo *t);

/**
 * topo_print() - the machine as a tree
 * @t: the machine
 * @out: where to
 */
void topo_print(const struct topo *t, FILE *out);

/**
 * topo_json() - the machine as results/schema/iommubench-topo-1.schema.json describes
 * @t: the machine
 *
 * Return: a new reference.
 */
json_t *topo_json(const struct topo *t);

/**
 * topo_xml() - the machine as hwloc writes it, with what is known of IOMMUs added
 * @t: the machine
 * @text: receives the document, which the caller frees
 * @n: receives its bytes
 * @e: receives what is wrong
 *
 * PCI devices that hwloc knows get info attributes, all of whose names begin with "IOMMU". IOMMUs,
 * and devices that hwloc does not know, become Misc objects.
 *
 * Return: 0, or -1.
 */
int topo_xml(const struct topo *t, char **text, size_t *n, struct error *e);

/**
 * topo_svg() - the machine as a picture
 * @t: the machine
 * @n: receives its bytes
 *
 * Return: the document, which the caller frees.
 */
char *topo_svg(const struct topo *t, size_t *n);

#endif
