// SPDX-License-Identifier: GPL-2.0-only
#include "doctor/facts.h"

#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/kmsg.h"
#include "base/tracefs.h"
#include "device/device.h"
#include "device/saved_state.h"
#include "run/ring.h"
#include "topo/read.h"

/* To open a device and to ask what it is disturbs nobody who measures with it. */
static void ask_one(struct doctor_facts *facts, const char *name)
{
	struct device d;

	facts->abi = DOCTOR_ABI_CLOSED;
	if (device_find(&d, name))
		return;
	if (!device_open(&d))
		facts->abi = DOCTOR_ABI_SAME;
	else if (d.info.size)
		facts->abi = DOCTOR_ABI_OTHER;
	device_close(&d);
}

/* What is bound has a file, unless nobody makes any in /dev. */
static void miss_file(struct doctor_facts *facts)
{
	size_t i;

	for (i = 0; i < facts->topo.nr_devices; i++) {
		if (strcmp(facts->topo.devices[i].driver, DEVICE_DRIVER))
			continue;
		facts->abi = DOCTOR_ABI_CLOSED;
		error_set(&facts->abi_error,
			  "device %s has no file in /dev/iommubench: is devtmpfs mounted on /dev?",
			  facts->topo.devices[i].name);
	}
}

static void ask_module(struct doctor_facts *facts)
{
	struct lines names;
	size_t i;

	error_keep(&facts->abi_error);
	fs_list("", &names, "/dev/iommubench");
	for (i = 0; i < names.n && facts->abi != DOCTOR_ABI_SAME &&
	     facts->abi != DOCTOR_ABI_OTHER; i++)
		ask_one(facts, names.line[i]);
	if (!names.n)
		miss_file(facts);
	lines_free(&names);
	error_keep(NULL);
}

static int try_uring(void)
{
	struct ring ring;
	int ret = ring_open(&ring, 2);

	if (!ret)
		ring_close(&ring);
	return -ret;
}

/* Whether it can be had, of which no trace stays. */
static bool can_have(int fd)
{
	if (fd < 0)
		return false;
	close(fd);
	return true;
}

int doctor_facts_read(struct doctor_facts *facts, const char *root)
{
	int status;

	*facts = (struct doctor_facts){ .root = root, .is_root = true };
	status = topo_read(&facts->topo, *root ? root : NULL);
	if (status)
		return status;
	if (*root) {
		facts->tracefs = fs_there(root, "/sys/kernel/tracing/events");
		facts->kmsg = fs_there(root, "/dev/kmsg");
		return EXIT_DONE;
	}
	facts->is_root = geteuid() == 0;
	facts->tracefs = can_have(tracefs_open());
	facts->kmsg = can_have(kmsg_open(true));
	facts->uring_errno = try_uring();
	saved_state_left(&facts->left);
	ask_module(facts);
	return EXIT_DONE;
}

void doctor_facts_free(struct doctor_facts *facts)
{
	lines_free(&facts->left);
	topo_free(&facts->topo);
}
