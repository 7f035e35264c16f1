// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can be measured with a device: by the engine that the module would have for it, by what
 * device and IOMMU can, and by whether it can be spared. Two tables; all else compares no names.
 */
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/xalloc.h"
#include "device/device.h"
#include "text/shell.h"
#include "topo/internal.h"

/* What engines can. */
#define CAN_COPY	(1U << 0)	/* move data that is looked at */
#define CAN_PROBE	(1U << 1)	/* tell a refused access */
#define CAN_WATCH	(1U << 2)	/* repeat one until it is refused */
#define CAN_CLOCK	(1U << 3)	/* time accesses by a clock of its own */
#define CAN_PASID	(1U << 4)	/* access with a PASID */
#define CAN_FAULT	(1U << 5)	/* access memory that faults, with PASIDs */

/* What else a measurement needs of device and IOMMU. */
#define NEEDS_PASID	(1U << 0)
#define NEEDS_FAULT	(1U << 1)	/* PRI or stall, and PASIDs with them */
#define NEEDS_OWN	(1U << 2)	/* an own domain, and so nobody else's DMA in the group */

/*
 * The engines of the module, by whatever tells a device that has one: its bus, its PCI ID among
 * some, its PCI class or "compatible" in the device tree; 0 and NULL where that is not asked. And
 * the module that has the engine, NULL for the one that has all else. What only some devices can is
 * in @may, and @if_has says which, for that nobody knows before the device is bound.
 */
static const struct {
	const char *name;
	const char *bus;
	const char *pci_id;
	unsigned int pci_class;
	const char *compatible;
	const char *module;
	unsigned int can;
	unsigned int may;
	const char *if_has;
} engines[] = {
	{ .name = "nvme", .pci_class = 0x010802, .can = CAN_COPY, .may = CAN_PROBE | CAN_WATCH,
	  .if_has = "the drive has the Timestamp feature" },
	{ .name = "dmaengine", .bus = "iommubench", .can = CAN_COPY | CAN_PROBE | CAN_WATCH },
	{ .name = "igb", .pci_id = "8086:10c9 8086:10e8 8086:150a 8086:1526 8086:1521",
	  .can = CAN_COPY | CAN_PROBE | CAN_WATCH },
	{ .name = "edu", .pci_id = "1234:11e8", .module = DEVICE_LAB_MODULE, .can = CAN_COPY },
	{ .name = "dmatest", .pci_id = "1234:10b7", .compatible = "iommubench,dmatest",
	  .module = DEVICE_LAB_MODULE,
	  .can = CAN_COPY | CAN_PROBE | CAN_WATCH | CAN_CLOCK | CAN_PASID | CAN_FAULT },
};

/*
 * Of each subcommand in order: what asks more is later, and its command does the earlier as well,
 * but for what is apart. tlb-flush does all strategies and skips those that cannot be had.
 */
static const struct {
	const char *what;
	const char *subcommand;
	const char *options;
	unsigned int can;
	unsigned int needs;
	const char *lacks;
	bool apart;
} measurements[] = {
	{ "map-unmap", "map-unmap" },
	{ "map-unmap --verify", "map-unmap", " --verify", CAN_COPY, 0, "moves data" },
	{ "map-unmap --api iommu", "map-unmap", " --api iommu", 0, NEEDS_OWN, .apart = true },
	{ "tlb-flush --strategy full", "tlb-flush", " --strategy full", 0, NEEDS_OWN },
	{ "tlb-flush", "tlb-flush" },
	{ "tlb-flush --exposure", "tlb-flush", "", CAN_WATCH, 0,
	  "repeats an access until it is refused" },
	{ "tlb-flush --device-latency", "tlb-flush", "", CAN_CLOCK, 0, "has a clock" },
	{ "tlb-flush --check-stale", "tlb-flush", " --check-stale", CAN_PROBE, 0,
	  "tells a refused access" },
	{ "pasid", "pasid", "", 0, NEEDS_PASID },
	{ "pasid --use read", "pasid", " --use read", CAN_PROBE | CAN_PASID, NEEDS_PASID,
	  "tells a refused access with a PASID" },
	{ "iopf", "iopf", "", CAN_FAULT, NEEDS_PASID | NEEDS_FAULT,
	  "accesses memory that faults" },
};

#define NR_ENGINES	(sizeof(engines) / sizeof(engines[0]))
#define NR_MEASUREMENTS	(sizeof(measurements) / sizeof(measurements[0]))

/* Return: number of the engine that the module would have, -1 for none. */
static int engine_of(const struct topo_device *d)
{
	size_t i;

	for (i = 0; i < NR_ENGINES; i++) {
		if (engines[i].bus && !strcmp(d->bus, engines[i].bus))
			return (int)i;
		if (!strcmp(d->bus, "pci") &&
		    ((engines[i].pci_id && line_has_word(engines[i].pci_id, d->id)) ||
		     (engines[i].pci_class && d->pci_class == engines[i].pci_class)))
			return (int)i;
		if (strcmp(d->bus, "pci") && engines[i].compatible &&
		    line_has_word(d->id, engines[i].compatible))
			return (int)i;
	}
	return -1;
}

/* Names of the engines that can all of that, with the modules of those that are in another. */
static char *engines_that(unsigned int can)
{
	struct lines names = { 0 };
	char *text;
	size_t i;

	for (i = 0; i < NR_ENGINES; i++)
		if (((engines[i].can | engines[i].may) & can) == can)
			lines_add(&names, engines[i].module ? "%s (module %s)" : "%s",
				  engines[i].name, engines[i].module);
	text = lines_join(&names, " or ");
	lines_free(&names);
	return text;
}

/* What an ability lacks, "" for nothing. */
static const char *lack_of(const struct topo_ability *a, const char *absent, const char *unknown)
{
	return a->state == TOPO_ABSENT ? absent : a->state == TOPO_UNKNOWN ? unknown : "";
}

static bool iommu_has_pasids(const struct topo *t, const struct topo_device *d)
{
	const struct topo_iommu *i = d->iommu < 0 ? NULL : &t->iommus[d->iommu];
	size_t k;

	if (!i)
		return false;
	/* Whether an SMMUv3 has them is in its features, if those are known. */
	if (!strcmp(i->kind, "Arm SMMUv3"))
		return true;
	for (k = 0; k < i->features.n; k++)
		if (strstr(i->features.line[k], "PASID"))
			return true;
	return false;
}

/* What device and IOMMU lack, "" for nothing. */
static const char *lack_of_device(const struct topo *t, const struct topo_device *d,
				  unsigned int needs)
{
	const char *lack = "";

	if (needs & NEEDS_PASID) {
		lack = lack_of(&d->pasid, "a device with PASIDs",
			       "to know of the device's PASIDs: run as root");
		if (!*lack && !iommu_has_pasids(t, d))
			lack = "an IOMMU with PASIDs";
	}
	if (!*lack && (needs & NEEDS_FAULT)) {
		if (!strcmp(d->bus, "pci"))
			lack = lack_of(&d->pri, "a device with page requests (PRI)",
				       "to know of the device's page requests: run as root");
		else
			lack = lack_of(&d->stall, "a device that stalls", "");
	}
	return lack;
}

/* Who is in the way of an own domain or of PASIDs, as what it would take; NULL for nobody. */
static char *lack_of_group(const struct topo *t, const struct topo_device *d, unsigned int needs)
{
	const struct topo_device *user;

	if (!(needs & (NEEDS_OWN | NEEDS_PASID)))
		return NULL;
	if (d->verdict == TOPO_READY && d->group < 0)
		return xstrdup("a device behind an IOMMU");
	user = topo_in_the_way(t, d, needs & NEEDS_PASID);
	return user ? xasprintf("an IOMMU group in which no other driver does DMA: %s has the driver %s",
				user->name, user->driver) : NULL;
}

/*
 * Is the engine's module missing? Drivers get their engines when they are bound. Where a saved tree
 * tells of no modules, it is not.
 */
static bool lacks_module(const struct topo *t, const struct topo_device *d, int engine)
{
	return d->verdict == TOPO_READY && engines[engine].module &&
	       fs_there(t->root, "/sys/module/%s", DEVICE_DRIVER) &&
	       !fs_there(t->root, "/sys/module/%s", engines[engine].module);
}

/* What it would take, a string that the caller frees; "" when nothing is missing. */
static char *needs_of(const struct topo *t, const struct topo_device *d, size_t m, int engine)
{
	const char *lack = lack_of_device(t, d, measurements[m].needs);
	unsigned int can = measurements[m].can;
	char *names, *text;

	if (*lack)
		return xstrdup(lack);
	text = lack_of_group(t, d, measurements[m].needs);
	if (text)
		return text;
	if (!can)
		return xstrdup("");
	if (engine >= 0 && ((engines[engine].can | engines[engine].may) & can) == can)
		return lacks_module(t, d, engine) ?
		       xasprintf("the module %s, loaded before the bind", engines[engine].module) :
		       xstrdup("");
	names = engines_that(can);
	text = xasprintf("an engine that %s: %s", measurements[m].lacks, names);
	free(names);
	return text;
}

static struct topo_measurement *add(struct topo_device *d)
{
	d->measurements = xgrow(d->measurements, d->nr_measurements + 1,
				sizeof(*d->measurements));
	return &d->measurements[d->nr_measurements++];
}

static void add_one(const struct topo *t, struct topo_device *d, size_t m, int engine)
{
	struct topo_measurement *one = add(d);
	char *name = shell_word(d->name);

	*one = (struct topo_measurement){
		.what = measurements[m].what,
		.subcommand = measurements[m].subcommand,
		.engine = measurements[m].can && engine >= 0 ? engines[engine].name : NULL,
		.module = measurements[m].can && engine >= 0 ? engines[engine].module : NULL,
		.apart = measurements[m].apart,
		.can = d->verdict == TOPO_READY ? TOPO_CAN_NOW : TOPO_CAN_BOUND,
	};
	if (d->verdict == TOPO_NEEDED)
		one->needs = xasprintf("another device: %s", d->reason);
	else
		one->needs = needs_of(t, d, m, engine);
	if (*one->needs) {
		one->can = TOPO_CAN_NOT;
		one->engine = NULL;
		one->module = NULL;
	} else {
		if (one->engine && measurements[m].can & ~engines[engine].can)
			one->condition = engines[engine].if_has;
		one->command = xasprintf("iommubench %s -d %s%s", measurements[m].subcommand,
					 name, measurements[m].options ?
					 measurements[m].options : "");
	}
	free(name);
}

/* Reading a disk takes its own driver, and may be done while others use it. */
static void add_disks(struct topo_device *d)
{
	static const char begin[] = "disk ";
	size_t i;

	for (i = 0; i < d->offers.n; i++) {
		struct topo_measurement *one;

		if (strncmp(d->offers.line[i], begin, strlen(begin)))
			continue;
		one = add(d);
		*one = (struct topo_measurement){
			.what = "io",
			.subcommand = "io",
			.apart = true,
			.can = d->group < 0 ? TOPO_CAN_NOT : TOPO_CAN_NOW,
			.needs = xstrdup(d->group < 0 ? "a disk behind an IOMMU" : ""),
		};
		if (d->group >= 0) {
			char *disk = shell_word(d->offers.line[i] + strlen(begin));

			one->command = xasprintf("iommubench io -d %s", disk);
			free(disk);
		}
	}
}

void topo_measure(struct topo *t)
{
	size_t i, m;

	for (i = 0; i < t->nr_devices; i++) {
		struct topo_device *d = &t->devices[i];
		int engine = engine_of(d);

		for (m = 0; m < NR_MEASUREMENTS; m++)
			add_one(t, d, m, engine);
		add_disks(d);
	}
}

bool topo_is_last_of(const struct topo_device *d, size_t m)
{
	size_t i;

	if (d->measurements[m].can == TOPO_CAN_NOT)
		return false;
	for (i = m + 1; i < d->nr_measurements && !d->measurements[m].apart; i++)
		if (d->measurements[i].can != TOPO_CAN_NOT && !d->measurements[i].apart &&
		    !strcmp(d->measurements[i].subcommand, d->measurements[m].subcommand))
			return false;
	return true;
}
