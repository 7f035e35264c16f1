// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which devices can be given to the module: by the rules of iommubench-bind and of the module, and
 * by what the user would miss.
 */
#include "topo/internal.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "device/device.h"
#include "device/group.h"
#include "silicon/silicon.h"

static void say(struct topo_device *d, enum topo_verdict verdict, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void say(struct topo_device *d, enum topo_verdict verdict, const char *fmt, ...)
{
	char text[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	d->verdict = verdict;
	free(d->reason);
	d->reason = xstrdup(text);
}

static bool is_iommu(const struct topo *t, const struct topo_device *d)
{
	size_t i;

	for (i = 0; i < t->nr_iommus; i++)
		if (!strcmp(t->iommus[i].hardware, d->name))
			return true;
	return (d->pci_class & 0xffff00) == 0x080600;
}

/* What the chipset consists of; what helps processors is none of it. */
static bool is_chipset(const struct topo_device *d)
{
	unsigned int base = d->pci_class >> 16;

	return !strcmp(d->bus, "pci") && !topo_is_dma_controller(d) &&
	       (d->bridge || base == 0x05 || base == 0x06 || base == 0x08 ||
		(base == 0x0b && d->pci_class >> 8 != 0x0b40));
}

static bool is_ours(const struct topo_device *d)
{
	return !strncmp(d->driver, DEVICE_DRIVER, strlen(DEVICE_DRIVER));
}

const struct topo_device *topo_in_the_way(const struct topo *t, const struct topo_device *d,
					  bool ours)
{
	size_t i;

	for (i = 0; d->group >= 0 && i < t->nr_devices; i++) {
		const struct topo_device *other = &t->devices[i];

		if (other != d && other->group == d->group && !other->bridge &&
		    group_driver_does_dma(other->driver) && (ours || !is_ours(other)))
			return other;
	}
	return NULL;
}

/* Names of up to three others that are no bridges, and how many more; NULL for none. */
static char *others_in_group(const struct topo *t, const struct topo_device *d)
{
	struct lines names = { 0 };
	unsigned int others = 0;
	char *text = NULL;
	size_t i;

	for (i = 0; i < t->nr_devices; i++) {
		const struct topo_device *other = &t->devices[i];

		if (other == d || other->group != d->group || other->bridge)
			continue;
		if (others++ < 3)
			lines_add(&names, "%s", other->name);
	}
	if (others > 3)
		lines_add(&names, "%u more", others - 3);
	if (others)
		text = lines_join(&names, ", ");
	lines_free(&names);
	return text;
}

/* The rule for groups: what can be done in one of several, after what is known of the device. */
static void judge_group(const struct topo *t, struct topo_device *d)
{
	const struct topo_device *user;
	char *others, *reason;
	int number;

	if (d->group < 0)
		return;
	others = others_in_group(t, d);
	if (!others)
		return;
	user = topo_in_the_way(t, d, false);
	number = t->groups[d->group].number;
	if (user)
		reason = xasprintf("%s%sit shares IOMMU group %d with %s: runs over the DMA API only, as long as %s has the driver %s",
				   d->reason, *d->reason ? "; " : "", number, others, user->name,
				   user->driver);
	else
		reason = xasprintf("%s%sit shares IOMMU group %d with %s, where no driver is in the way",
				   d->reason, *d->reason ? "; " : "", number, others);
	say(d, d->verdict, "%s", reason);
	free(reason);
	free(others);
}

/* Another function in the same slot, one that is in a group if there is any; NULL for none. */
static const struct topo_device *sibling(const struct topo *t, const struct topo_device *d)
{
	unsigned int domain, rid, other_domain, other;
	const struct topo_device *found = NULL;
	size_t i;

	if (strcmp(d->bus, "pci") || !topo_pci_address(d->name, &domain, &rid))
		return NULL;
	for (i = 0; i < t->nr_devices; i++)
		if (&t->devices[i] != d && !strcmp(t->devices[i].bus, "pci") &&
		    topo_pci_address(t->devices[i].name, &other_domain, &other) &&
		    domain == other_domain && rid >> 3 == other >> 3 &&
		    (!found || t->devices[i].group >= 0))
			found = &t->devices[i];
	return found;
}

/* Why the IOMMUs' driver does not take a device, by what is known of the SoC, or "". */
static const char *refusal(const struct topo *t, const struct topo_device *d, char *buf, size_t n)
{
	const char *platform = strcmp(d->bus, "platform") ? NULL : d->name;

	*buf = '\0';
	if (!t->nr_iommus)
		return "; this machine has none that is switched on";
	if (silicon_explain(buf, n, t->soc_family, t->soc_id, t->soc_revision, NULL))
		/* That is told once, of the machine. */
		return ": the IOMMUs' driver refuses all devices of this SoC and revision";
	if (!silicon_explain(buf, n, t->soc_family, t->soc_id, t->soc_revision, platform))
		return "";
	memmove(buf + 2, buf, n - 2);
	memcpy(buf, ": ", 2);
	buf[n - 1] = '\0';
	return buf;
}

/* The device has no group yet: the kernel forms it when a driver is first bound. */
static void judge_ungrouped(const struct topo *t, struct topo_device *d)
{
	const struct topo_device *other = sibling(t, d);
	char buf[512];
	const char *refused = refusal(t, d, buf, sizeof(buf));

	if (!d->by_tree || *refused) {
		d->iommu = -1;
		d->nr_ids = 0;
		say(d, TOPO_NEEDED, "it is behind no IOMMU%s", refused);
	} else if (*d->driver) {
		say(d, TOPO_NEEDED,
		    "the kernel has not put it behind the IOMMU, although firmware says that it is and the driver %s holds it",
		    d->driver);
	} else if (other && d->acs.state != TOPO_ON && d->acs.state != TOPO_UNKNOWN) {
		if (other->group >= 0)
			say(d, TOPO_MAYBE,
			    "it will share IOMMU group %d with %s, in the same slot: nothing keeps the two apart (no ACS)",
			    t->groups[other->group].number, other->name);
		else
			say(d, TOPO_MAYBE,
			    "it is alone in its IOMMU group only until %s, in the same slot, gets a driver: nothing keeps the two apart (no ACS)",
			    other->name);
	} else {
		say(d, TOPO_MAYBE,
		    "its IOMMU group is formed when a driver is first bound, and who else is in it shows then");
	}
}

bool topo_spared(const struct topo *t, struct topo_device *d)
{
	char *text;

	if (is_ours(d))
		return true;
	if (is_iommu(t, d)) {
		say(d, TOPO_NEEDED, "it is an IOMMU itself");
	} else if (is_chipset(d)) {
		say(d, TOPO_NEEDED, "it is part of the machine's own buses, a %s",
		    d->bridge ? "bridge" : d->what);
	} else if (d->uses.n) {
		text = lines_join(&d->uses, ", ");
		say(d, TOPO_NEEDED, "%s", text);
		free(text);
	} else {
		return true;
	}
	return false;
}

/* Of a device that may be spared: who holds it, or why it is of no use. */
static void judge_spared(const struct topo *t, struct topo_device *d)
{
	char *notes = lines_join(&d->notes, ", ");

	if (is_ours(d))
		say(d, TOPO_READY, "%s",
		    d->group < 0 ? "it is behind no IOMMU: nothing translates" : "");
	else if (d->group < 0)
		judge_ungrouped(t, d);
	else if (strcmp(d->bus, "pci") && strcmp(d->bus, "platform"))
		say(d, TOPO_NEEDED, "the module binds PCI and platform devices only, not %s",
		    d->bus);
	else if (*d->driver)
		say(d, TOPO_RELEASE, "the driver %s holds it; nothing is seen that needs it%s%s",
		    d->driver, *notes ? ", but mind: " : "", notes);
	else
		say(d, TOPO_FREE, "no driver holds it");
	free(notes);
}

static void judge(const struct topo *t, struct topo_device *d)
{
	if (!topo_spared(t, d))
		return;
	judge_spared(t, d);
	if (d->verdict != TOPO_NEEDED)
		judge_group(t, d);
}

void topo_judge(struct topo *t)
{
	size_t i;

	for (i = 0; i < t->nr_devices; i++)
		judge(t, &t->devices[i]);
}
