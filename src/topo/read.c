// SPDX-License-Identifier: GPL-2.0-only
#include "topo/read.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/fs.h"
#include "base/xalloc.h"
#include "device/machine.h"
#include "device/saved_state.h"
#include "silicon/errata.h"
#include "silicon/silicon.h"
#include "topo/internal.h"
#include "users/users.h"

/* --- the machine -------------------------------------------------------------- */

static void read_soc(struct topo *t)
{
	static const char soc[] = "/sys/bus/soc/devices/soc0";
	const struct erratum *e;
	char text[512];

	fs_into(t->root, t->soc_family, sizeof(t->soc_family), "%s/family", soc);
	fs_into(t->root, t->soc_id, sizeof(t->soc_id), "%s/soc_id", soc);
	fs_into(t->root, t->soc_revision, sizeof(t->soc_revision), "%s/revision", soc);
	if (!*t->soc_id)
		return;
	if (silicon_explain(text, sizeof(text), t->soc_family, t->soc_id, t->soc_revision, NULL))
		lines_add(&t->silicon, "%s", text);
	for (e = errata_next(NULL); e; e = errata_next(e))
		if (erratum_is_of_soc(e, t->soc_id, t->soc_revision))
			lines_add(&t->silicon, "%s", e->text);
}

static bool told_virtual(const struct topo *t)
{
	static const char *const words[] = {
		"dummy-virt", "QEMU", "KVM", "VMware", "Virtual", "iommubench",
	};
	char *compatible, *cpuinfo, reason[256];
	bool found = false;
	size_t i;

	if (!*t->root)
		return machine_is_virtual(reason, sizeof(reason));
	cpuinfo = fs_text(t->root, "/proc/cpuinfo");
	found = strstr(cpuinfo, " hypervisor ");
	free(cpuinfo);
	compatible = fs_text(t->root, "/sys/firmware/devicetree/base/compatible");
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		found |= strstr(compatible, words[i]) || strstr(t->model, words[i]);
	free(compatible);
	return found;
}

static void read_machine(struct topo *t)
{
	struct utsname uts = { 0 };
	char *version;

	if (!*t->root) {
		uname(&uts);
		t->kernel = xstrdup(uts.release);
	} else {
		version = fs_text(t->root, "/proc/version");
		if (strncmp(version, "Linux version ", 14))
			t->kernel = xstrdup("");
		else
			t->kernel = xasprintf("%.*s", (int)strcspn(version + 14, " "),
					      version + 14);
		free(version);
	}
	t->model = fs_text(t->root, "/sys/firmware/devicetree/base/model");
	if (!*t->model) {
		free(t->model);
		t->model = fs_text(t->root, "/sys/class/dmi/id/product_name");
	}
	t->is_virtual = told_virtual(t);
	read_soc(t);
}

/* hwloc counts nodes and CPUs; on this machine by itself, in a saved tree if that has them. */
static void read_nodes(struct topo *t)
{
	hwloc_obj_t node;
	char *text;

	if (*t->root && !fs_there(t->root, "/sys/devices/system/cpu")) {
		lines_add(&t->warnings,
			  "CPUs and NUMA nodes are unknown: the saved tree has no sys/devices/system/cpu");
		return;
	}
	/* It would print about odd firmware on its own. */
	setenv("HWLOC_HIDE_ERRORS", "2", 0);
	if (*t->root)
		setenv("HWLOC_FSROOT", t->root, 1);
	if (hwloc_topology_init(&t->hwloc)) {
		t->hwloc = NULL;
	} else {
		/* The machine has more than this process may use. */
		hwloc_topology_set_flags(t->hwloc, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
		hwloc_topology_set_io_types_filter(t->hwloc, HWLOC_TYPE_FILTER_KEEP_ALL);
		hwloc_topology_set_type_filter(t->hwloc, HWLOC_OBJ_MISC,
					       HWLOC_TYPE_FILTER_KEEP_ALL);
		if (hwloc_topology_load(t->hwloc)) {
			hwloc_topology_destroy(t->hwloc);
			t->hwloc = NULL;
		}
	}
	if (*t->root)
		unsetenv("HWLOC_FSROOT");
	if (!t->hwloc) {
		lines_add(&t->warnings,
			  "CPUs and NUMA nodes are unknown: hwloc cannot describe this machine");
		return;
	}
	for (node = NULL;
	     (node = hwloc_get_next_obj_by_type(t->hwloc, HWLOC_OBJ_NUMANODE, node));) {
		t->nodes = xgrow(t->nodes, t->nr_nodes + 1, sizeof(*t->nodes));
		if (hwloc_bitmap_list_asprintf(&text, node->cpuset) < 0)
			text = NULL;
		t->nodes[t->nr_nodes++] = (struct topo_node){
			.number = (int)node->os_index,
			.listed = true,
			.cpus = xcheck(text),
			.memory_bytes = node->attr->numanode.local_memory,
		};
	}
}

/* --- IOMMUs and groups -------------------------------------------------------- */

static uint32_t read_cell(const struct topo *t, const char *path, const char *property,
			  uint32_t otherwise)
{
	size_t n;
	uint8_t *data = fs_bytes(t->root, &n, "%s/of_node/%s", path, property);

	if (data && n == 4)
		otherwise = (uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 |
			    (uint32_t)data[2] << 8 | data[3];
	free(data);
	return otherwise;
}

/* The IPMMU that a cache IPMMU asks: by its phandle among the devices of the same driver. */
static char *find_main(const struct topo *t, const struct topo_iommu *i)
{
	static const char folder[] = "/sys/bus/platform/devices";
	char *name = xstrdup("");
	uint32_t phandle = 0;
	struct lines names;
	size_t n, k;
	uint8_t *data;

	data = fs_bytes(t->root, &n, "%s/of_node/renesas,ipmmu-main", i->path);
	/* <phandle bit>, of which the second is there on some SoCs only. */
	if (data && n >= 4)
		phandle = (uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 |
			  (uint32_t)data[2] << 8 | data[3];
	free(data);
	if (!phandle)
		return name;
	fs_list(t->root, &names, folder);
	for (k = 0; k < names.n; k++) {
		char *path = xasprintf("%s/%s", folder, names.line[k]);

		if (read_cell(t, path, "phandle", 0) == phandle) {
			free(name);
			name = xstrdup(names.line[k]);
		}
		free(path);
	}
	lines_free(&names);
	return name;
}

static void read_iommu(struct topo *t, const char *name)
{
	struct topo_iommu i = { .node = -1 };

	i.name = xstrdup(name);
	i.path = fs_real(t->root, "/sys/class/iommu/%s/device", name);
	if (i.path) {
		i.hardware = xstrdup(strrchr(i.path, '/') + 1);
	} else {
		i.hardware = xstrdup("");
		i.path = fs_real(t->root, "/sys/class/iommu/%s", name);
		if (!i.path)
			i.path = xasprintf("/sys/class/iommu/%s", name);
	}
	i.driver = fs_link(t->root, "%s/driver", i.path);
	i.compatible = fs_text(t->root, "%s/of_node/compatible", i.path);
	i.revision = xstrdup("");
	i.node = (int)fs_number(t->root, -1, "%s/numa_node", i.path);
	i.phandle = read_cell(t, i.path, "phandle", 0);
	i.cells = read_cell(t, i.path, "#iommu-cells", 1);
	i.main = find_main(t, &i);
	topo_kind(t, &i);
	t->iommus = xgrow(t->iommus, t->nr_iommus + 1, sizeof(*t->iommus));
	t->iommus[t->nr_iommus++] = i;
}

static void read_iommus(struct topo *t)
{
	struct lines names;
	size_t i;

	fs_list(t->root, &names, "/sys/class/iommu");
	for (i = 0; i < names.n; i++)
		read_iommu(t, names.line[i]);
	lines_free(&names);
}

static void read_groups(struct topo *t)
{
	struct lines names, devices;
	size_t i;

	fs_list(t->root, &names, "/sys/kernel/iommu_groups");
	t->groups = xcalloc(names.n, sizeof(*t->groups));
	for (i = 0; i < names.n; i++) {
		struct topo_group *g = &t->groups[t->nr_groups++];
		char *folder = xasprintf("/sys/kernel/iommu_groups/%s/devices", names.line[i]);

		g->number = atoi(names.line[i]);
		fs_into(t->root, g->type, sizeof(g->type), "/sys/kernel/iommu_groups/%s/type",
			names.line[i]);
		fs_list(t->root, &devices, folder);
		g->nr_devices = (unsigned int)devices.n;
		lines_free(&devices);
		free(folder);
	}
	lines_free(&names);
}

/* --- devices ------------------------------------------------------------------ */

static int find_iommu(const struct topo *t, const char *name)
{
	size_t i;

	for (i = 0; i < t->nr_iommus && *name; i++)
		if (!strcmp(t->iommus[i].name, name))
			return (int)i;
	return -1;
}

static int find_group(const struct topo *t, const char *name)
{
	size_t i;

	for (i = 0; i < t->nr_groups && *name; i++)
		if (t->groups[i].number == atoi(name))
			return (int)i;
	return -1;
}

static void read_platform(const struct topo *t, struct topo_device *d)
{
	uint32_t bits = read_cell(t, d->path, "pasid-num-bits", 0);

	free(d->id);
	d->id = fs_text(t->root, "%s/of_node/compatible", d->path);
	d->ats.state = TOPO_ABSENT;
	d->pri.state = TOPO_ABSENT;
	if (fs_there(t->root, "%s/of_node", d->path)) {
		d->pasid.state = bits ? TOPO_ABLE : TOPO_ABSENT;
		d->pasid.value = bits;
		d->stall.state = fs_there(t->root, "%s/of_node/dma-can-stall", d->path) ?
			TOPO_ABLE : TOPO_ABSENT;
	}
}

static char *nearest_cpus(const struct topo *t, const struct topo_device *d)
{
	int node = topo_device_node(t, d);
	char *cpus;
	size_t i;

	for (i = 0; i < t->nr_nodes; i++)
		if (t->nodes[i].number == node && *t->nodes[i].cpus)
			return xstrdup(t->nodes[i].cpus);
	cpus = fs_text(t->root, "%s/local_cpulist", d->path);
	return cpus;
}

/* Into the list if it is behind an IOMMU, or could be; or always. */
static void read_device(struct topo *t, const char *bus, const char *name, bool always)
{
	struct topo_device d = { .iommu = -1, .group = -1, .node = -1 };
	char *text;
	bool told;

	d.path = fs_real(t->root, "/sys/bus/%s/devices/%s", bus, name);
	if (!d.path)
		return;
	d.name = xstrdup(name);
	snprintf(d.bus, sizeof(d.bus), "%s", bus);
	text = fs_link(t->root, "%s/iommu_group", d.path);
	d.group = find_group(t, text);
	free(text);
	text = fs_link(t->root, "%s/iommu", d.path);
	d.iommu = find_iommu(t, text);
	free(text);
	d.driver = fs_link(t->root, "%s/driver", d.path);
	d.node = (int)fs_number(t->root, -1, "%s/numa_node", d.path);
	d.id = xstrdup("");
	d.what = xasprintf("%s device", bus);
	d.cpus = xstrdup("");
	d.reason = xstrdup("");
	told = topo_tree_ids(t, &d);
	if (!strcmp(bus, "pci"))
		topo_pci(t, &d);
	else
		read_platform(t, &d);
	/* Other buses are full of what does no DMA. */
	if (!always && strcmp(bus, "pci") && d.group < 0 && !told) {
		topo_device_free(&d);
		return;
	}
	t->devices = xgrow(t->devices, t->nr_devices + 1, sizeof(*t->devices));
	t->devices[t->nr_devices++] = d;
}

static void read_devices(struct topo *t)
{
	struct lines buses, names;
	size_t b, i;

	fs_list(t->root, &buses, "/sys/bus");
	for (b = 0; b < buses.n; b++) {
		char *folder = xasprintf("/sys/bus/%s/devices", buses.line[b]);

		fs_list(t->root, &names, folder);
		for (i = 0; i < names.n; i++)
			read_device(t, buses.line[b], names.line[i], false);
		lines_free(&names);
		free(folder);
	}
	lines_free(&buses);
}

/* An IOMMU without a node of its own is where all of its devices are. */
static void place_iommus(struct topo *t)
{
	size_t i, k;

	for (i = 0; i < t->nr_iommus; i++) {
		int node = -1;
		bool same = true;

		if (t->iommus[i].node >= 0)
			continue;
		for (k = 0; k < t->nr_devices; k++) {
			const struct topo_device *d = &t->devices[k];

			if (d->iommu != (int)i || d->node < 0)
				continue;
			same = same && (node < 0 || node == d->node);
			node = d->node;
		}
		if (same)
			t->iommus[i].node = node;
	}
}

static void add_node(struct topo *t, int number)
{
	size_t i;

	for (i = 0; i < t->nr_nodes && t->nodes[i].number < number; i++)
		;
	if (number < 0 || (i < t->nr_nodes && t->nodes[i].number == number))
		return;
	t->nodes = xgrow(t->nodes, t->nr_nodes + 1, sizeof(*t->nodes));
	memmove(&t->nodes[i + 1], &t->nodes[i], (t->nr_nodes - i) * sizeof(*t->nodes));
	t->nodes[i] = (struct topo_node){ .number = number, .cpus = xstrdup("") };
	t->nr_nodes++;
}

/* Something may be at a node of which hwloc does not know: one of neither CPUs nor memory. */
static void add_nodes(struct topo *t)
{
	size_t i;

	for (i = 0; i < t->nr_iommus; i++)
		add_node(t, t->iommus[i].node);
	for (i = 0; i < t->nr_devices; i++)
		add_node(t, t->devices[i].node);
}

static int compare_nodes(const void *a, const void *b)
{
	const struct topo_node *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

static void warn_unknown(struct topo *t)
{
	unsigned int unknown = 0;
	size_t i;

	for (i = 0; i < t->nr_devices; i++)
		unknown += !strcmp(t->devices[i].bus, "pci") &&
			   t->devices[i].ats.state == TOPO_UNKNOWN;
	if (unknown)
		lines_add(&t->warnings,
			  "ATS, PRI and PASID of %u PCI device%s are unknown: the first 64 bytes of the configuration space do not tell; %s",
			  unknown, unknown == 1 ? "" : "s",
			  *t->root ? "save the tree as root" : "run as root");
}

/* To look is to change nothing, and so it is only told. */
static void warn_left(struct topo *t)
{
	struct lines left = { 0 };
	char *names;

	if (*t->root)
		return;
	saved_state_left(&left);
	names = lines_join(&left, ", ");
	if (left.n)
		lines_add(&t->warnings,
			  "a run that was killed has left the domain type or the driver of %s changed: the next measurement by root puts it back",
			  names);
	free(names);
	lines_free(&left);
}

int topo_read(struct topo *t, const char *root)
{
	char *real = NULL;
	size_t i;

	*t = (struct topo){ .root = xstrdup("") };
	if (root) {
		real = realpath(root, NULL);
		if (!real)
			return error_fail(EXIT_USAGE, "--root: cannot open %s: %m", root);
		/* "/" is this machine. */
		if (strcmp(real, "/")) {
			free((char *)t->root);
			t->root = real;
		} else {
			free(real);
		}
	}
	if (!fs_there(t->root, "/sys/bus"))
		return error_fail(EXIT_UNABLE, "there is no %s/sys/bus: %s", t->root,
				  *t->root ?
				  "give a folder that has the other machine's sys in it" :
				  "mount sysfs on /sys");
	read_machine(t);
	read_nodes(t);
	read_iommus(t);
	read_groups(t);
	read_devices(t);
	topo_iort_ids(t);
	place_iommus(t);
	if (t->nr_nodes)
		qsort(t->nodes, t->nr_nodes, sizeof(*t->nodes), compare_nodes);
	add_nodes(t);
	for (i = 0; i < t->nr_devices; i++) {
		topo_coherence(t, &t->devices[i]);
		free(t->devices[i].cpus);
		t->devices[i].cpus = nearest_cpus(t, &t->devices[i]);
	}
	topo_uses(t);
	topo_judge(t);
	topo_measure(t);
	warn_unknown(t);
	warn_left(t);
	topo_plain(t);
	return EXIT_DONE;
}

/* Of the devices, those with that name; on the buses that the module knows first. */
static struct topo_device *named(const struct topo *t, const char *name)
{
	struct topo_device *found = NULL;
	size_t i;

	for (i = 0; i < t->nr_devices; i++) {
		struct topo_device *d = &t->devices[i];

		if (strcmp(d->name, name))
			continue;
		if (!strcmp(d->bus, "pci"))
			return d;
		if (!found || !strcmp(d->bus, "platform"))
			found = d;
	}
	return found;
}

/* It may be on any bus, and need not do any DMA. */
static struct topo_device *find_device(struct topo *t, const char *name)
{
	struct lines buses;
	size_t i;

	read_devices(t);
	if (named(t, name))
		return named(t, name);
	read_device(t, "platform", name, true);
	fs_list("", &buses, "/sys/bus");
	for (i = 0; i < buses.n && !named(t, name); i++)
		read_device(t, buses.line[i], name, true);
	lines_free(&buses);
	return named(t, name);
}

int topo_read_device(struct topo *t, const char *name, const struct topo_device **device)
{
	struct topo_device *d = NULL;
	struct lines notes = { 0 };

	*t = (struct topo){ .root = xstrdup("") };
	read_iommus(t);
	read_groups(t);
	if (!strchr(name, '/'))
		d = find_device(t, name);
	if (!d)
		return error_fail(EXIT_UNABLE, "--judge: there is no device %s: iommubench topo shows which there are",
				  name);
	topo_uses(t);
	/* A second look, at all that is below it, gives whoever has just a file open a moment. */
	users_wait(d->path, &d->uses, &notes);
	lines_free(&notes);
	if (topo_spared(t, d))
		d->verdict = TOPO_FREE;
	topo_plain(t);
	*device = d;
	return EXIT_DONE;
}
