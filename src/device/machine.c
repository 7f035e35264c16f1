// SPDX-License-Identifier: GPL-2.0-only
#include "device/machine.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/kmsg.h"
#include "base/sysfs.h"
#include "base/xalloc.h"
#include "device/channel.h"
#include "device/group.h"
#include "text/json.h"

/* VT-d specification, extended capability register */
#define ECAP_C		0x0000000000001ULL
#define ECAP_SMTS	0x0080000000000ULL
#define ECAP_SMPWC	0x1000000000000ULL
/* The SMMUv3 driver's number of a feature, the same in all kernels since 5.12. */
#define SMMU3_LOG_COHERENT	8

static json_t *text_or_null(const char *s)
{
	return *s ? xjson_text(s) : json_null();
}

/* Joins the strings of a device tree property, which are separated by zero bytes. */
static int read_property(char *buf, size_t n, const char *path)
{
	size_t got, i;
	FILE *f;

	*buf = '\0';
	f = fopen(path, "re");
	if (!f)
		return -1;
	got = fread(buf, 1, n - 1, f);
	fclose(f);
	while (got && buf[got - 1] == '\0')
		got--;
	for (i = 0; i < got; i++)
		if (buf[i] == '\0')
			buf[i] = ' ';
	buf[got] = '\0';
	return 0;
}

/* The value of the first line of /proc/cpuinfo that starts with @key. */
static bool cpuinfo_value(const char *key, char *buf, size_t n)
{
	const size_t length = strlen(key);
	char line[4096], *value;
	bool found = false;
	FILE *f;

	*buf = '\0';
	f = fopen("/proc/cpuinfo", "re");
	if (!f)
		return false;
	while (!found && fgets(line, sizeof(line), f)) {
		if (strncmp(line, key, length) || (line[length] != '\t' && line[length] != ' '))
			continue;
		value = strchr(line, ':');
		if (!value)
			continue;
		value += 1 + strspn(value + 1, " \t");
		value[strcspn(value, "\n")] = '\0';
		snprintf(buf, n, "%s", value);
		found = true;
	}
	fclose(f);
	return found;
}

static bool has_word(const char *list, const char *word)
{
	const size_t n = strlen(word);
	const char *p;

	for (p = list; (p = strstr(p, word)); p += n)
		if ((p == list || p[-1] == ' ') && (!p[n] || p[n] == ' '))
			return true;
	return false;
}

bool machine_is_virtual(char *reason, size_t n)
{
	/* Words that only virtual machines carry in these places. */
	static const char * const words[] = {
		"dummy-virt", "QEMU", "qemu", "KVM", "VMware", "VirtualBox", "Bochs", "Xen",
		"Virtual Machine", "Firecracker", "Parallels", "bhyve", "Google Compute Engine",
		"Amazon EC2", "OpenStack", "Cloud Hypervisor", "Apple Virtualization",
		/* The lab's own boards, whose other names are those of silicon. */
		"iommubench",
	};
	static const char * const places[] = {
		"/sys/firmware/devicetree/base/compatible",
		"/sys/firmware/devicetree/base/model",
		"/sys/class/dmi/id/sys_vendor",
		"/sys/class/dmi/id/product_name",
		"/sys/class/dmi/id/bios_vendor",
	};
	char text[4096];
	size_t i, j;

	*reason = '\0';
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (read_property(text, sizeof(text), places[i]))
			continue;
		text[strcspn(text, "\n")] = '\0';
		for (j = 0; j < sizeof(words) / sizeof(words[0]); j++) {
			if (!strstr(text, words[j]))
				continue;
			snprintf(reason, n, "%s is '%s'", places[i], text);
			return true;
		}
	}
	if (cpuinfo_value("flags", text, sizeof(text)) && has_word(text, "hypervisor")) {
		snprintf(reason, n, "the CPU has the hypervisor flag");
		return true;
	}
	if (!sysfs_read(text, sizeof(text), "/sys/hypervisor/type") && *text) {
		snprintf(reason, n, "/sys/hypervisor/type is '%s'", text);
		return true;
	}
	if (!access("/sys/firmware/devicetree/base/hypervisor", F_OK)) {
		snprintf(reason, n, "the device tree has a hypervisor node");
		return true;
	}
	return false;
}

const char *machine_cpu_name(unsigned int implementer, unsigned int part)
{
	static const struct {
		unsigned int implementer;
		unsigned int part;
		const char *name;
	} names[] = {
		{ 0x41, 0xd03, "Cortex-A53" },	{ 0x41, 0xd04, "Cortex-A35" },
		{ 0x41, 0xd05, "Cortex-A55" },	{ 0x41, 0xd07, "Cortex-A57" },
		{ 0x41, 0xd08, "Cortex-A72" },	{ 0x41, 0xd09, "Cortex-A73" },
		{ 0x41, 0xd0a, "Cortex-A75" },	{ 0x41, 0xd0b, "Cortex-A76" },
		{ 0x41, 0xd0c, "Neoverse N1" },	{ 0x41, 0xd0e, "Cortex-A76AE" },
		{ 0x41, 0xd40, "Neoverse V1" },	{ 0x41, 0xd41, "Cortex-A78" },
		{ 0x41, 0xd42, "Cortex-A78AE" }, { 0x41, 0xd46, "Cortex-A510" },
		{ 0x41, 0xd47, "Cortex-A710" },	{ 0x41, 0xd49, "Neoverse N2" },
		{ 0x41, 0xd4a, "Neoverse E1" },	{ 0x41, 0xd4f, "Neoverse V2" },
		{ 0x41, 0xd80, "Cortex-A520" },	{ 0x41, 0xd81, "Cortex-A720" },
		{ 0x41, 0xd84, "Neoverse V3" },	{ 0x41, 0xd8e, "Neoverse N3" },
		{ 0x42, 0x516, "ThunderX2" },	{ 0x43, 0x0a1, "ThunderX" },
		{ 0x43, 0x0af, "ThunderX2" },	{ 0x46, 0x001, "A64FX" },
		{ 0x48, 0xd01, "Kunpeng 920" },	{ 0x4e, 0x004, "Carmel" },
		{ 0xc0, 0xac3, "Ampere-1" },	{ 0xc0, 0xac4, "Ampere-1A" },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].implementer == implementer && names[i].part == part)
			return names[i].name;
	return NULL;
}

/* One entry of a list of CPU models. */
struct cpu_model {
	char name[128];
	unsigned int count;
};

#define MAX_CPU_MODELS	8

static void count_model(struct cpu_model *models, const char *name)
{
	unsigned int i;

	for (i = 0; i < MAX_CPU_MODELS - 1; i++)
		if (!models[i].count || !strcmp(models[i].name, name))
			break;
	if (!models[i].count)
		snprintf(models[i].name, sizeof(models[i].name), "%s", name);
	models[i].count++;
}

static void arm_model(char *name, size_t n, const unsigned int *id)
{
	const char *known = machine_cpu_name(id[0], id[2]);
	char base[64];

	if (known)
		snprintf(base, sizeof(base), "%s", known);
	else
		snprintf(base, sizeof(base), "implementer 0x%02x part 0x%03x", id[0], id[2]);
	snprintf(name, n, "%s r%up%u", base, id[1], id[3]);
}

/* Counts the models in /proc/cpuinfo; boards may have more than one. */
static void read_models(struct cpu_model *models)
{
	static const char * const keys[] = {
		"CPU implementer", "CPU variant", "CPU part", "CPU revision",
	};
	unsigned int id[4] = { 0 }, i;
	char line[4096], name[128], *value;
	FILE *f;

	f = fopen("/proc/cpuinfo", "re");
	if (!f)
		return;
	while (fgets(line, sizeof(line), f)) {
		value = strchr(line, ':');
		if (!value)
			continue;
		value += 1 + strspn(value + 1, " \t");
		value[strcspn(value, "\n")] = '\0';
		if (!strncmp(line, "model name", 10)) {
			count_model(models, value);
			continue;
		}
		for (i = 0; i < 4; i++)
			if (!strncmp(line, keys[i], strlen(keys[i])))
				break;
		if (i == 4)
			continue;
		id[i] = (unsigned int)strtoul(value, NULL, 0);
		/* The last of the four lines that a CPU has. */
		if (i == 3) {
			arm_model(name, sizeof(name), id);
			count_model(models, name);
		}
	}
	fclose(f);
}

static json_t *describe_cpu(void)
{
	struct cpu_model models[MAX_CPU_MODELS] = { 0 };
	json_t *cpu = xjson(json_object());
	json_t *list = xjson(json_array());
	char all[512] = "";
	size_t used = 0;
	int i;

	read_models(models);
	for (i = 0; i < MAX_CPU_MODELS && models[i].count; i++) {
		json_t *model = xjson(json_object());

		xjson_put(model, "model", xjson_text(models[i].name));
		xjson_put(model, "count", xjson(json_integer(models[i].count)));
		xjson_add(list, model);
		if (used < sizeof(all))
			used += (size_t)snprintf(all + used, sizeof(all) - used, "%s%s",
						 i ? " + " : "", models[i].name);
	}
	xjson_put(cpu, "model", text_or_null(all));
	xjson_put(cpu, "count", xjson(json_integer(sysconf(_SC_NPROCESSORS_ONLN))));
	xjson_put(cpu, "models", list);
	return cpu;
}

static json_t *describe_soc(void)
{
	static const char * const keys[] = { "family", "soc_id", "revision", "machine" };
	char text[256];
	json_t *soc;
	size_t i;

	if (access("/sys/bus/soc/devices/soc0", F_OK))
		return json_null();
	soc = xjson(json_object());
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		sysfs_read(text, sizeof(text), "/sys/bus/soc/devices/soc0/%s", keys[i]);
		xjson_put(soc, strcmp(keys[i], "soc_id") ? keys[i] : "id", text_or_null(text));
	}
	return soc;
}

static json_t *describe_platform(void)
{
	json_t *platform = xjson(json_object());
	char text[512];

	if (read_property(text, sizeof(text), "/sys/firmware/devicetree/base/model"))
		sysfs_read(text, sizeof(text), "/sys/class/dmi/id/product_name");
	xjson_put(platform, "model", text_or_null(text));
	read_property(text, sizeof(text), "/sys/firmware/devicetree/base/compatible");
	xjson_put(platform, "compatible", text_or_null(text));
	return platform;
}

bool machine_log_line(const char *driver, const char *device, const char *needle, char *buf,
		      size_t n)
{
	struct kmsg_record *record = xcalloc(1, sizeof(*record));
	int fd = kmsg_open(false);
	bool found = false;
	char prefix[256];

	snprintf(prefix, sizeof(prefix), "%.63s %.127s: ", driver, device);
	while (!found && kmsg_next(fd, record)) {
		found = !strncmp(record->text, prefix, strlen(prefix)) &&
			strstr(record->text, needle);
		if (found)
			snprintf(buf, n, "%s", record->text + strlen(prefix));
	}
	free(record);
	if (fd >= 0)
		close(fd);
	return found;
}

/*
 * Do table walks snoop? For an SMMU, the SMMUv3 driver's log tells, or the device tree, which both
 * SMMU drivers obey. The IPMMU driver never relies on it. An Intel IOMMU tells for its modes with
 * and without PASIDs (ECAP.SMPWC and ECAP.C), but nothing tells which of them is in use.
 */
static json_t *describe_walks(const char *iommu, const char *driver, const char *hardware)
{
	unsigned long long ecap;
	const char *features;
	char text[256], *end;

	if (!strcmp(driver, "ipmmu-vmsa"))
		return xjson(json_false());
	if (!sysfs_read(text, sizeof(text), "/sys/class/iommu/%s/intel-iommu/ecap", iommu)) {
		ecap = strtoull(text, &end, 16);
		if (end == text || ((ecap & ECAP_SMTS) && !(ecap & ECAP_C) != !(ecap & ECAP_SMPWC)))
			return json_null();
		return xjson(json_boolean(ecap & ECAP_C));
	}
	if (strncmp(driver, "arm-smmu", 8))
		return json_null();
	if (machine_log_line(driver, hardware, "features 0x", text, sizeof(text))) {
		features = strstr(text, "features 0x");
		return xjson(json_boolean(strtoull(features + strlen("features "), NULL, 16) >>
					  SMMU3_LOG_COHERENT & 1));
	}
	if (sysfs_read(text, sizeof(text), "/sys/class/iommu/%s/device/of_node/compatible", iommu))
		return json_null();
	return xjson(json_boolean(!sysfs_read(text, sizeof(text),
					      "/sys/class/iommu/%s/device/of_node/dma-coherent",
					      iommu)));
}

/* Features, as the IOMMU's driver words them. */
static json_t *describe_features(const char *iommu, const char *driver, const char *hardware)
{
	static const char * const files[] = {
		"intel-iommu/version", "intel-iommu/cap", "intel-iommu/ecap",
		"amd-iommu/cap", "amd-iommu/features",
	};
	json_t *features = xjson(json_object());
	char text[256];
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (!sysfs_read(text, sizeof(text), "/sys/class/iommu/%s/%s", iommu, files[i]))
			xjson_put(features, strchr(files[i], '/') + 1, xjson_text(text));
	/*
	 * The kernel log is the only place where the SMMUv3 driver tells what its
	 * hardware can do: "arm-smmu-v3 9050000.smmuv3: ias 44-bit, oas 44-bit
	 * (features 0x00000305)".
	 */
	if (*hardware && machine_log_line(driver, hardware, "features 0x", text, sizeof(text)))
		xjson_put(features, "log", xjson_text(text));
	return features;
}

static json_t *describe_page_sizes(uint64_t bitmap)
{
	json_t *list = xjson(json_array());
	unsigned int bit;

	for (bit = 0; bit < 63; bit++)
		if (bitmap & (1ULL << bit))
			xjson_add(list, xjson(json_integer((json_int_t)(1ULL << bit))));
	return list;
}

static const char *domain_word(uint32_t type)
{
	switch (type) {
	case IOMMUBENCH_DOMAIN_NONE:
		return "none";
	case IOMMUBENCH_DOMAIN_IDENTITY:
		return "identity";
	case IOMMUBENCH_DOMAIN_STRICT:
		return "strict";
	case IOMMUBENCH_DOMAIN_LAZY:
		return "lazy";
	default:
		return "other";
	}
}

static json_t *describe_iommu(const struct device *d)
{
	char name[128], driver[64] = "", hardware[128] = "", type[32] = "", kind[64];
	json_t *iommu = xjson(json_object());
	struct group_others others;

	if (sysfs_link(name, sizeof(name), "/sys/bus/%s/devices/%s/iommu", d->bus, d->on_bus))
		*name = '\0';
	if (*name) {
		sysfs_link(driver, sizeof(driver), "/sys/class/iommu/%s/device/driver", name);
		sysfs_link(hardware, sizeof(hardware), "/sys/class/iommu/%s/device", name);
	}
	if (d->group >= 0)
		sysfs_read(type, sizeof(type), "/sys/kernel/iommu_groups/%d/type", d->group);

	/* Without a driver behind it (Intel, AMD), the name up to its number says what it is. */
	if (*driver)
		snprintf(kind, sizeof(kind), "%s", driver);
	else
		snprintf(kind, sizeof(kind), "%.*s", (int)strcspn(name, "0123456789"), name);
	if (!*kind)
		snprintf(kind, sizeof(kind), "%s", d->group >= 0 ? "unknown" : "none");
	xjson_put(iommu, "kind", xjson_text(kind));
	xjson_put(iommu, "name", text_or_null(name));
	xjson_put(iommu, "features", describe_features(name, driver, hardware));
	xjson_put(iommu, "coherent_walks", describe_walks(name, driver, hardware));
	xjson_put(iommu, "page_sizes", describe_page_sizes(d->info.pgsize_bitmap));
	xjson_put(iommu, "group", d->group >= 0 ? xjson(json_integer(d->group)) : json_null());
	group_others_read(&others, d);
	xjson_put(iommu, "group_others", group_others_describe(&others));
	group_others_free(&others);
	xjson_put(iommu, "domain_type", xjson_text(domain_word(d->info.domain_type)));
	xjson_put(iommu, "default_domain_type", text_or_null(type));
	return iommu;
}

/* What tells the same kind of device again: PCI ids, or what the device tree says. */
static json_t *describe_ids(const struct device *d)
{
	static const char * const keys[] = {
		"vendor", "device", "subsystem_vendor", "subsystem_device", "class", "revision",
	};
	json_t *ids = xjson(json_object());
	char text[256], path[PATH_MAX];
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!sysfs_read(text, sizeof(text), "/sys/bus/%s/devices/%s/%s", d->bus, d->on_bus,
				keys[i]))
			xjson_put(ids, keys[i], xjson_text(text));
	snprintf(path, sizeof(path), "/sys/bus/%s/devices/%s/of_node/compatible", d->bus,
		 d->on_bus);
	if (!read_property(text, sizeof(text), path))
		xjson_put(ids, "compatible", xjson_text(text));
	return ids;
}

/* How a refusal is known of: by what the engine says, or by what came to the other side. */
static json_t *describe_refusals(const struct device *d)
{
	uint64_t can = d->info.features;

	if (can & IOMMUBENCH_FEATURE_BY_DATA)
		return xjson_text("data");
	return can & IOMMUBENCH_FEATURE_PROBE ? xjson_text("status") : json_null();
}

static json_t *describe_device(const struct device *d)
{
	json_t *device = xjson(json_object());
	char driver[64] = "";

	device_driver(d, driver, sizeof(driver));
	xjson_put(device, "name", xjson_text(d->name));
	if (channel_is(d->name))
		xjson_put(device, "controller", xjson_text(d->on_bus));
	xjson_put(device, "bus", text_or_null(d->bus));
	xjson_put(device, "driver", text_or_null(driver));
	xjson_put(device, "engine", xjson_text(d->info.engine));
	xjson_put(device, "refusals_told_by", describe_refusals(d));
	xjson_put(device, "ids", describe_ids(d));
	xjson_put(device, "numa_node", xjson(json_integer(d->info.numa_node)));
	xjson_put(device, "dma_bits", xjson(json_integer(d->info.dma_bits)));
	xjson_put(device, "coherent", d->info.coherence == IOMMUBENCH_COHERENCE_UNKNOWN ?
		  json_null() :
		  xjson(json_boolean(d->info.coherence == IOMMUBENCH_COHERENCE_YES)));
	return device;
}

json_t *machine_describe(const struct device *d)
{
	json_t *machine = xjson(json_object());
	json_t *clock = xjson(json_object());
	struct utsname uts = { 0 };
	char text[4096];
	bool is_virtual;

	uname(&uts);
	is_virtual = machine_is_virtual(text, sizeof(text));
	xjson_put(machine, "virtual", xjson(json_boolean(is_virtual)));
	xjson_put(machine, "virtual_reason", text_or_null(text));
	xjson_put(machine, "kernel", xjson_text(uts.release));
	xjson_put(machine, "kernel_version", xjson_text(uts.version));
	xjson_put(machine, "architecture", xjson_text(uts.machine));
	sysfs_read(text, sizeof(text), "/proc/cmdline");
	xjson_put(machine, "command_line", xjson_text(text));
	xjson_put(machine, "soc", describe_soc());
	xjson_put(machine, "platform", describe_platform());
	xjson_put(machine, "cpu", describe_cpu());
	xjson_put(machine, "memory_bytes",
		  xjson(json_integer((json_int_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE))));
	xjson_put(clock, "name", xjson_text(d->info.clock));
	xjson_put(clock, "resolution_ns", xjson(json_real(1e9 / (double)d->info.clock_hz)));
	xjson_put(clock, "frequency_hz", xjson(json_integer((json_int_t)d->info.clock_hz)));
	xjson_put(machine, "clock", clock);
	xjson_put(machine, "iommu", describe_iommu(d));
	xjson_put(machine, "device", describe_device(d));
	return machine;
}

void machine_set_resolution(json_t *machine, double resolution_ns)
{
	xjson_put(json_object_get(machine, "clock"), "resolution_ns",
		  xjson(json_real(resolution_ns)));
}
