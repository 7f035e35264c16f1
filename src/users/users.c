// SPDX-License-Identifier: GPL-2.0-only
/*
 * Users by what the kernel's classes in sysfs hang on a device.
 */
#include "users/users.h"

#include <ifaddrs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/fs.h"
#include "base/xalloc.h"
#include "users/internal.h"

/* How long who has a file of a device open is given, and the pause between two looks. */
#define WAIT_NS		2000000000LL
#define LOOK_NS		10000000

/* The device that an entry of a class hangs on, NULL for none. */
static struct users_device *owner_of(const struct users *u, const char *class, const char *name)
{
	char *path = fs_real(u->root, "/sys/class/%s/%s", class, name);
	int owner = users_owner(u, path);

	free(path);
	return owner < 0 ? NULL : &u->devices[owner];
}

static void see_net(struct users *u, struct users_device *d, const char *name)
{
	char *master = fs_link(u->root, "/sys/class/net/%s/master", name);
	struct ifaddrs *addresses, *a;
	bool told = false;

	lines_add(d->offers, "network %s", name);
	/* IFF_UP */
	if (fs_number(u->root, 0, "/sys/class/net/%s/flags", name) & 1) {
		lines_add(d->uses, "network %s is up", name);
		told = true;
	}
	if (*master)
		lines_add(d->uses, "network %s is part of %s", name, master);
	free(master);
	if (*u->root || told || getifaddrs(&addresses))
		return;
	for (a = addresses; a && !told; a = a->ifa_next) {
		told = !strcmp(a->ifa_name, name) && a->ifa_addr &&
		       (a->ifa_addr->sa_family == AF_INET || a->ifa_addr->sa_family == AF_INET6);
		if (told)
			lines_add(d->uses, "network %s has an address", name);
	}
	freeifaddrs(addresses);
}

static void see_dma(struct users *u, struct users_device *d, const char *name)
{
	if (fs_number(u->root, 0, "/sys/class/dma/%s/in_use", name) > 0) {
		lines_add(d->offers, "DMA channel %s", name);
		lines_add(d->uses, "DMA channel %s is in use", name);
	} else {
		/* As --engine and iommubench-bind call it. */
		lines_add(d->offers, "dmaengine:%s", name);
	}
}

static void see_rdma(struct users *u, struct users_device *d, const char *name)
{
	char *state = fs_text(u->root, "/sys/class/infiniband/%s/ports/1/state", name);

	lines_add(d->offers, "RDMA %s", name);
	if (strstr(state, "ACTIVE"))
		lines_add(d->uses, "RDMA %s is active", name);
	free(state);
}

static void see_drm(struct users *u, struct users_device *d, const char *name)
{
	char *status = fs_text(u->root, "/sys/class/drm/%s/status", name);

	if (!strcmp(status, "connected"))
		lines_add(d->uses, "a display is connected to %s", name);
	free(status);
}

static void see_fb(struct users *u, struct users_device *d, const char *name)
{
	if (!strncmp(name, "fb", 2))
		lines_add(d->uses, "%s shows the console", name);
}

static void see_input(struct users *u, struct users_device *d, const char *name)
{
	if (!strncmp(name, "event", 5))
		lines_add(d->uses, "a keyboard or the like, %s, hangs on it", name);
}

static void see_controller(struct users *u, struct users_device *d, const char *name)
{
	users_see_exports(u->root, "nvme", name, d->uses);
}

/* A row for each class of the kernel that says anything of who uses a device. */
static const struct {
	const char *class;
	void (*see)(struct users *u, struct users_device *d, const char *name);
} classes[] = {
	{ "block", users_see_block },
	{ "nvme", see_controller },
	{ "net", see_net },
	{ "dma", see_dma },
	{ "infiniband", see_rdma },
	{ "drm", see_drm },
	{ "graphics", see_fb },
	{ "input", see_input },
};

static void see_class(struct users *u, size_t c)
{
	char *folder = xasprintf("/sys/class/%s", classes[c].class);
	struct lines names;
	size_t i;

	fs_list(u->root, &names, folder);
	for (i = 0; i < names.n; i++) {
		struct users_device *d = owner_of(u, classes[c].class, names.line[i]);

		if (d)
			classes[c].see(u, d, names.line[i]);
	}
	lines_free(&names);
	free(folder);
}

static void see_consoles(struct users *u)
{
	size_t n;
	char *text = (char *)fs_bytes(u->root, &n, "/proc/consoles");
	char *line, *next;

	for (line = text; line && *line; line = next) {
		struct users_device *d;

		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		line[strcspn(line, " ")] = '\0';
		d = owner_of(u, "tty", line);
		if (d)
			lines_add(d->uses, "%s is a console", line);
	}
	free(text);
}

static void see_itself(const struct users *u, struct users_device *d)
{
	long long vfs = fs_number(u->root, 0, "%s/sriov_numvfs", d->path);

	if (vfs > 0)
		lines_add(d->uses, "it has %lld virtual functions", vfs);
	if (fs_number(u->root, 0, "%s/boot_vga", d->path) > 0)
		lines_add(d->uses, "firmware shows its messages there");
}

static void warn_unread(const struct users *u)
{
	if (u->unread)
		lines_add(u->warnings,
			  "who uses %u disk%s, and what is on %s, is known in part only: this user may not open %s; run as root",
			  u->unread, u->unread == 1 ? "" : "s", u->unread == 1 ? "it" : "them",
			  u->unread == 1 ? "it" : "them");
}

void users_find(const char *root, struct users_device *devices, size_t nr, struct lines *warnings)
{
	struct users u = { .root = root, .devices = devices, .nr = nr, .warnings = warnings };
	size_t i;

	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		see_class(&u, i);
	see_consoles(&u);
	users_see_folders(&u);
	for (i = 0; i < nr; i++) {
		see_itself(&u, &devices[i]);
		devices[i].lasting = devices[i].uses->n;
	}
	if (!*root)
		users_see_files(&u);
	free(u.nodes);
	warn_unread(&u);
}

/* One look at a disk and its partitions alone. */
static void find_of_disk(const char *name, struct users_device *d, struct lines *warnings)
{
	struct users u = { .root = "", .devices = d, .nr = 1, .warnings = warnings };

	users_see_block(&u, d, name);
	d->lasting = d->uses->n;
	users_see_files(&u);
	free(u.nodes);
}

static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/*
 * Looks again as long as there is nothing but open files. A look takes long where there are many
 * processes, so time is what ends it. @disk: NULL for the whole device.
 */
static void wait_for_files(const char *path, const char *disk, struct lines *uses,
			   struct lines *notes)
{
	const struct timespec moment = { .tv_nsec = LOOK_NS };
	struct lines offers = { 0 }, warnings = { 0 };
	struct users_device d = {
		.path = path,
		.offers = &offers,
		.uses = uses,
		.notes = notes,
	};
	const long long end = now_ns() + WAIT_NS;

	for (;;) {
		lines_free(uses);
		lines_free(notes);
		if (disk)
			find_of_disk(disk, &d, &warnings);
		else
			users_find("", &d, 1, &warnings);
		lines_free(&offers);
		lines_free(&warnings);
		if (!uses->n || d.lasting || now_ns() >= end)
			break;
		nanosleep(&moment, NULL);
	}
}

void users_wait(const char *path, struct lines *uses, struct lines *notes)
{
	wait_for_files(path, NULL, uses, notes);
}

void users_of_disk(const char *name, struct lines *uses)
{
	char *path = fs_real("", "/sys/class/block/%s", name);
	struct lines notes = { 0 };

	if (path)
		wait_for_files(path, name, uses, &notes);
	lines_free(&notes);
	free(path);
}
