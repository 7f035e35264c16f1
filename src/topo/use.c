// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who needs a device: mounted file systems, swap, network, console, displays, DMA clients, open
 * files. All of it by what the kernel's classes in sysfs hang on the device.
 */
#include "base/xalloc.h"
#include "topo/fs.h"
#include "topo/internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* The nearest device above a real path in sysfs. Return: its number, -1 when there is none. */
static int nearest_above(const struct topo *t, const char *path)
{
	size_t best = 0, i;
	int owner = -1;

	for (i = 0; i < t->nr_devices; i++) {
		size_t n = strlen(t->devices[i].path);

		if (n > best && !strncmp(path, t->devices[i].path, n) && path[n] == '/') {
			best = n;
			owner = (int)i;
		}
	}
	return owner;
}

/* The device that an entry of a class hangs on, NULL for none. */
static struct topo_device *owner_of(struct topo *t, const char *class, const char *name)
{
	char *path = topo_fs_real(t, "/sys/class/%s/%s", class, name);
	int owner = path ? nearest_above(t, path) : -1;

	free(path);
	return owner < 0 ? NULL : &t->devices[owner];
}

/* Calls a function for each entry of a class that hangs on one of the devices. */
static void each(struct topo *t, const char *class,
		 void (*function)(struct topo *t, struct topo_device *d, const char *name))
{
	char *folder = xasprintf("/sys/class/%s", class);
	struct topo_list names;
	size_t i;

	topo_fs_list(t, &names, folder);
	for (i = 0; i < names.n; i++) {
		struct topo_device *d = owner_of(t, class, names.line[i]);

		if (d)
			function(t, d, names.line[i]);
	}
	topo_list_free(&names);
	free(folder);
}

/* --- storage ---------------------------------------------------------------- */

/* Where a block device is mounted, by its number or its name. */
static char *mount_point(struct topo *t, const char *number, const char *name)
{
	size_t n;
	char *mounts = (char *)topo_fs_bytes(t, &n, "/proc/self/mountinfo");
	char *line, *next, *found = NULL;
	char *source = xasprintf("/dev/%s", name);

	for (line = mounts; line && *line && !found; line = next) {
		char device[32], point[1024], from[1024], *rest;

		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		rest = strstr(line, " - ");
		if (!rest || sscanf(line, "%*d %*d %31s %*s %1023s", device, point) != 2)
			continue;
		if (sscanf(rest, " - %*s %1023s", from) != 1)
			*from = '\0';
		if (!strcmp(device, number) || !strcmp(from, source))
			found = xstrdup(point);
	}
	free(source);
	free(mounts);
	return found;
}

static bool is_swap(struct topo *t, const char *name)
{
	char *swaps = topo_fs_text(t, "/proc/swaps"), *source = xasprintf("/dev/%s ", name);
	bool found = strstr(swaps, source);

	free(source);
	free(swaps);
	return found;
}

/* With several paths to an NVMe drive, its disk belongs to none of them; each path is hidden. */
static char *head_of(const char *name)
{
	unsigned int subsystem, path, space;
	char rest[16];

	if (sscanf(name, "nvme%uc%un%u%15s", &subsystem, &path, &space, rest) == 3)
		return xasprintf("nvme%un%u", subsystem, space);
	return xstrdup(name);
}

static void see_one_block(struct topo *t, struct topo_device *d, const char *name)
{
	char *number = topo_fs_text(t, "/sys/class/block/%s/dev", name);
	char *point = mount_point(t, number, name);
	char *holders = xasprintf("/sys/class/block/%s/holders", name);
	struct topo_list held;

	if (point)
		topo_list_add(&d->uses, "%s is mounted on %s", name, point);
	if (is_swap(t, name))
		topo_list_add(&d->uses, "%s is swap space", name);
	topo_fs_list(t, &held, holders);
	if (held.n)
		topo_list_add(&d->uses, "%s is part of %s", name, held.line[0]);
	topo_list_free(&held);
	free(holders);
	free(point);
	free(number);
}

static void see_block(struct topo *t, struct topo_device *d, const char *name)
{
	char *head = head_of(name);
	struct topo_list names;
	size_t i;

	if (!topo_fs_there(t, "/sys/class/block/%s/partition", head))
		topo_list_add(&d->offers, "disk %s", head);
	see_one_block(t, d, head);
	/* The partitions of such a disk are elsewhere as well. */
	if (strcmp(head, name)) {
		topo_fs_list(t, &names, "/sys/class/block");
		for (i = 0; i < names.n; i++)
			if (!strncmp(names.line[i], head, strlen(head)) &&
			    names.line[i][strlen(head)] == 'p')
				see_one_block(t, d, names.line[i]);
		topo_list_free(&names);
	}
	free(head);
}

/* --- the other classes -------------------------------------------------------- */

static void see_net(struct topo *t, struct topo_device *d, const char *name)
{
	char *master = topo_fs_link(t, "/sys/class/net/%s/master", name);

	topo_list_add(&d->offers, "network %s", name);
	/* IFF_UP */
	if (topo_fs_number(t, 0, "/sys/class/net/%s/flags", name) & 1)
		topo_list_add(&d->uses, "network %s is up", name);
	if (*master)
		topo_list_add(&d->uses, "network %s is part of %s", name, master);
	free(master);
}

static void see_dma(struct topo *t, struct topo_device *d, const char *name)
{
	if (topo_fs_number(t, 0, "/sys/class/dma/%s/in_use", name) > 0)
		topo_list_add(&d->uses, "DMA channel %s is in use", name);
	else
		/* As --engine and iommubench-bind call it. */
		topo_list_add(&d->offers, "dmaengine:%s", name);
}

static void see_rdma(struct topo *t, struct topo_device *d, const char *name)
{
	char *state = topo_fs_text(t, "/sys/class/infiniband/%s/ports/1/state", name);

	topo_list_add(&d->offers, "RDMA %s", name);
	if (strstr(state, "ACTIVE"))
		topo_list_add(&d->uses, "RDMA %s is active", name);
	free(state);
}

static void see_drm(struct topo *t, struct topo_device *d, const char *name)
{
	char *status = topo_fs_text(t, "/sys/class/drm/%s/status", name);

	if (!strcmp(status, "connected"))
		topo_list_add(&d->uses, "a display is connected to %s", name);
	free(status);
}

static void see_fb(struct topo *t, struct topo_device *d, const char *name)
{
	if (!strncmp(name, "fb", 2))
		topo_list_add(&d->uses, "%s shows the console", name);
}

static void see_input(struct topo *t, struct topo_device *d, const char *name)
{
	if (!strncmp(name, "event", 5))
		topo_list_add(&d->uses, "a keyboard or the like, %s, hangs on it", name);
}

static void see_consoles(struct topo *t)
{
	size_t n;
	char *text = (char *)topo_fs_bytes(t, &n, "/proc/consoles");
	char *line, *next;

	for (line = text; line && *line; line = next) {
		struct topo_device *d;

		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		line[strcspn(line, " ")] = '\0';
		d = owner_of(t, "tty", line);
		if (d)
			topo_list_add(&d->uses, "%s is a console", line);
	}
	free(text);
}

/* A folder of another machine over virtio; the mount's source is the device's tag. */
static void see_shared_folders(struct topo *t)
{
	struct topo_list names;
	size_t i, n;
	char *mounts = topo_fs_text(t, "/proc/self/mountinfo");

	topo_fs_list(t, &names, "/sys/bus/virtio/devices");
	for (i = 0; i < names.n; i++) {
		char *path = topo_fs_real(t, "/sys/bus/virtio/devices/%s", names.line[i]);
		int owner = path ? nearest_above(t, path) : -1;
		char *tag = topo_fs_text(t, "/sys/bus/virtio/devices/%s/mount_tag", names.line[i]);
		char *source = xasprintf(" - 9p %s ", tag);

		n = strlen(tag);
		if (n && owner >= 0 && strstr(mounts, source))
			topo_list_add(&t->devices[owner].uses, "its shared folder %s is mounted",
				      tag);
		free(source);
		free(tag);
		free(path);
	}
	topo_list_free(&names);
	free(mounts);
}

/* --- open files --------------------------------------------------------------- */

/* A device file and whose it is. */
struct node {
	dev_t number;
	mode_t type;
	size_t device;
	bool open;
};

static size_t list_nodes(struct topo *t, struct node **nodes)
{
	static const struct {
		const char *folder;
		mode_t type;
	} kinds[] = { { "/sys/dev/char", S_IFCHR }, { "/sys/dev/block", S_IFBLK } };
	size_t nr = 0, room = 0, k, i;

	*nodes = NULL;
	for (k = 0; k < 2; k++) {
		struct topo_list names;

		topo_fs_list(t, &names, kinds[k].folder);
		for (i = 0; i < names.n; i++) {
			char *path = topo_fs_real(t, "%s/%s", kinds[k].folder, names.line[i]);
			int owner = path ? nearest_above(t, path) : -1;
			unsigned int major, minor;

			free(path);
			if (owner < 0 || sscanf(names.line[i], "%u:%u", &major, &minor) != 2)
				continue;
			if (nr == room) {
				room = room ? 2 * room : 64;
				*nodes = xgrow(*nodes, room, sizeof(**nodes));
			}
			(*nodes)[nr++] = (struct node){
				.number = makedev(major, minor),
				.type = kinds[k].type,
				.device = (size_t)owner,
			};
		}
		topo_list_free(&names);
	}
	return nr;
}

static void see_files_of(struct topo *t, const char *process, struct node *nodes, size_t nr)
{
	char *folder = xasprintf("/proc/%s/fd", process), path[64];
	struct topo_list files;
	struct stat st;
	size_t i, k;

	topo_fs_list(t, &files, folder);
	for (i = 0; i < files.n; i++) {
		snprintf(path, sizeof(path), "/proc/%.20s/fd/%.20s", process, files.line[i]);
		if (stat(path, &st) || (!S_ISCHR(st.st_mode) && !S_ISBLK(st.st_mode)))
			continue;
		for (k = 0; k < nr; k++) {
			if (nodes[k].open || nodes[k].number != st.st_rdev ||
			    nodes[k].type != (st.st_mode & S_IFMT))
				continue;
			nodes[k].open = true;
			topo_list_add(&t->devices[nodes[k].device].uses,
				      "process %s has it open (%c%u:%u)", process,
				      S_ISCHR(st.st_mode) ? 'c' : 'b', major(st.st_rdev),
				      minor(st.st_rdev));
		}
	}
	topo_list_free(&files);
	free(folder);
}

/* Of this machine only: a saved tree has no processes. */
static void see_files(struct topo *t)
{
	struct topo_list processes;
	struct node *nodes;
	size_t nr, i;

	if (*t->root)
		return;
	nr = list_nodes(t, &nodes);
	topo_fs_list(t, &processes, "/proc");
	for (i = 0; nr && i < processes.n; i++)
		if (strspn(processes.line[i], "0123456789") == strlen(processes.line[i]))
			see_files_of(t, processes.line[i], nodes, nr);
	topo_list_free(&processes);
	free(nodes);
	if (nr && geteuid())
		topo_list_add(&t->warnings,
			      "who has a device's files open is seen of this user's processes only; run as root to see all");
}

/* The last of its kind is missed most. */
static void see_only(struct topo *t, const char *begin, const char *what)
{
	struct topo_device *only = NULL;
	size_t i, k, n = 0;

	for (i = 0; i < t->nr_devices; i++) {
		struct topo_device *d = &t->devices[i];

		for (k = 0; k < d->offers.n; k++)
			if (!strncmp(d->offers.line[k], begin, strlen(begin)))
				break;
		if (k < d->offers.n) {
			only = d;
			n++;
		}
	}
	if (n == 1 && !only->uses.n)
		topo_list_add(&only->uses, "it is the only %s", what);
}

void topo_uses(struct topo *t)
{
	size_t i;

	each(t, "block", see_block);
	each(t, "net", see_net);
	each(t, "dma", see_dma);
	each(t, "infiniband", see_rdma);
	each(t, "drm", see_drm);
	each(t, "graphics", see_fb);
	each(t, "input", see_input);
	see_consoles(t);
	see_shared_folders(t);
	see_files(t);
	for (i = 0; i < t->nr_devices; i++) {
		struct topo_device *d = &t->devices[i];
		long long vfs = topo_fs_number(t, 0, "%s/sriov_numvfs", d->path);

		if (vfs > 0)
			topo_list_add(&d->uses, "it has %lld virtual functions", vfs);
		if (topo_fs_number(t, 0, "%s/boot_vga", d->path) > 0)
			topo_list_add(&d->uses, "firmware shows its messages there");
	}
	see_only(t, "network ", "network device");
	see_only(t, "disk ", "device with a disk");
}
