// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every pair of uses of a device's DMA, on one device or on two of one IOMMU group: the first is
 * begun by a child process, then the second is tried, then the first one is ended in one of several
 * ways, after which the second must be possible. Prints one line a pair, in the words of TAP
 * without numbers.
 *
 * ownership_check ENDS FIRST-NODE SECOND-NODE USE...
 *
 * ENDS are of the first use, with commas: undo, close, kill, unbind. A USE is dma, own, pasid, sva
 * or iommufd. The nodes are /dev/iommubench/DEVICE.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <iommubench.h>

enum use {
	DMA,
	OWN,
	PASID,
	SVA,
	IOMMUFD,
	USES
};

static const char *const use_names[USES] = { "dma", "own", "pasid", "sva", "iommufd" };

/* As the table in docs/module.md says: of a group, ... */
static const bool excluded[USES][USES] = {
	[DMA] = { [OWN] = true, [IOMMUFD] = true },
	[OWN] = { [DMA] = true, [OWN] = true, [PASID] = true, [SVA] = true, [IOMMUFD] = true },
	[PASID] = { [OWN] = true, [IOMMUFD] = true },
	[SVA] = { [OWN] = true, [IOMMUFD] = true },
	[IOMMUFD] = { [DMA] = true, [OWN] = true, [PASID] = true, [SVA] = true },
};

/* ... and of one device besides: it has one run, and one iommufd. */
static const bool excluded_on_one[USES][USES] = {
	[DMA] = { [DMA] = true },
	[IOMMUFD] = { [IOMMUFD] = true },
};

enum end {
	UNDO,
	CLOSE,
	KILL,
	UNBIND,
	ENDS
};

static const char *const end_names[ENDS] = { "undo", "close", "kill", "unbind" };

static char message[IOMMUBENCH_MESSAGE_BYTES];

/* An open device, and what is begun on it. */
struct user {
	int fd;
	int iommufd;
	enum use use;
	unsigned int bind_id;
};

static int command(int fd, unsigned int cmd, void *arg)
{
	return ioctl(fd, cmd, arg) ? -errno : 0;
}

static int begin_run(int fd, uint32_t api)
{
	struct iommubench_map_unmap params = {
		.size = sizeof(params),
		.api = api,
		.mapping_bytes = 4096,
	};
	struct iommubench_run run = {
		.size = sizeof(run),
		.workload = IOMMUBENCH_WORKLOAD_MAP_UNMAP,
		.params = (uintptr_t)&params,
		.threads = 1,
		.duration_ns = 600000000000,
		.batch = 1,
		.message = (uintptr_t)message,
		.message_bytes = sizeof(message),
	};
	int err = command(fd, IOMMUBENCH_IOC_PREPARE, &run);

	return err ? err : command(fd, IOMMUBENCH_IOC_START, NULL);
}

static int begin_bind(struct user *u, uint32_t kind)
{
	struct iommubench_pasid_bind bind = {
		.size = sizeof(bind),
		.kind = kind,
		.message = (uintptr_t)message,
		.message_bytes = sizeof(message),
	};
	int err = command(u->fd, IOMMUBENCH_IOC_PASID_BIND, &bind);

	u->bind_id = bind.id;
	return err;
}

static int begin_iommufd(struct user *u)
{
	struct iommubench_iommufd_bind bind = {
		.size = sizeof(bind),
		.message = (uintptr_t)message,
		.message_bytes = sizeof(message),
	};

	if (u->iommufd < 0)
		u->iommufd = open("/dev/iommu", O_RDWR | O_CLOEXEC);
	if (u->iommufd < 0)
		return -errno;
	bind.iommufd = u->iommufd;
	return command(u->fd, IOMMUBENCH_IOC_IOMMUFD_BIND, &bind);
}

static int begin(struct user *u)
{
	message[0] = '\0';
	switch (u->use) {
	case DMA:
		return begin_run(u->fd, IOMMUBENCH_API_DMA_SINGLE);
	case OWN:
		return begin_run(u->fd, IOMMUBENCH_API_IOMMU);
	case PASID:
		return begin_bind(u, IOMMUBENCH_PASID_DOMAIN);
	case SVA:
		return begin_bind(u, IOMMUBENCH_PASID_SVA);
	default:
		return begin_iommufd(u);
	}
}

static int undo(struct user *u)
{
	struct iommubench_pasid_unbind unbind = { .size = sizeof(unbind), .id = u->bind_id };
	struct iommubench_wait wait = { .size = sizeof(wait) };
	struct iommubench_result result = { .size = sizeof(result) };
	int err;

	switch (u->use) {
	case DMA:
	case OWN:
		err = command(u->fd, IOMMUBENCH_IOC_STOP, NULL);
		err = err ? err : command(u->fd, IOMMUBENCH_IOC_WAIT, &wait);
		/* The result takes the run off the device. */
		return err ? err : command(u->fd, IOMMUBENCH_IOC_RESULT, &result);
	case IOMMUFD:
		return command(u->fd, IOMMUBENCH_IOC_IOMMUFD_UNBIND, NULL);
	default:
		return command(u->fd, IOMMUBENCH_IOC_PASID_UNBIND, &unbind);
	}
}

static struct user user_open(const char *node, enum use use)
{
	struct user u = { .iommufd = -1, .use = use };
	int tries;

	/* It may just have been bound. */
	for (tries = 0; tries < 100; tries++) {
		u.fd = open(node, O_RDWR | O_CLOEXEC);
		if (u.fd >= 0)
			return u;
		usleep(50000);
	}
	printf("not ok - %s can be opened (%s)\n", node, strerror(errno));
	exit(1);
}

static void user_close(struct user *u)
{
	close(u->fd);
	if (u->iommufd >= 0)
		close(u->iommufd);
}

/* --- the child, which has the first use -------------------------------------------- */

struct child {
	pid_t pid;
	int to;
	int from;
	int err;
};

static void child_does(const char *node, enum use use, int in, int out)
{
	struct user u = user_open(node, use);
	int err = begin(&u);
	char word;

	if (write(out, &err, sizeof(err)) != sizeof(err))
		_exit(1);
	while (read(in, &word, 1) == 1) {
		err = 0;
		if (word == 'u')
			err = undo(&u);
		else
			user_close(&u);
		if (write(out, &err, sizeof(err)) != sizeof(err))
			_exit(1);
	}
	_exit(0);
}

static int child_answer(const struct child *c)
{
	int err;

	return read(c->from, &err, sizeof(err)) == sizeof(err) ? err : -EIO;
}

static int child_told(const struct child *c, char word)
{
	return write(c->to, &word, 1) == 1 ? child_answer(c) : -EIO;
}

static struct child child_begin(const char *node, enum use use)
{
	struct child c;
	int to[2], from[2];

	fflush(stdout);
	if (pipe2(to, O_CLOEXEC) || pipe2(from, O_CLOEXEC))
		exit(1);
	c.pid = fork();
	if (c.pid < 0)
		exit(1);
	if (!c.pid) {
		close(to[1]);
		close(from[0]);
		child_does(node, use, to[0], from[1]);
	}
	close(to[0]);
	close(from[1]);
	c.to = to[1];
	c.from = from[0];
	c.err = child_answer(&c);
	return c;
}

static void child_kill(const struct child *c)
{
	kill(c->pid, SIGKILL);
	waitpid(c->pid, NULL, 0);
}

static void child_end(const struct child *c)
{
	close(c->to);
	close(c->from);
	waitpid(c->pid, NULL, 0);
}

/* --- the device's driver ------------------------------------------------------------ */

static int driver_path(char *path, size_t n, const char *name)
{
	static const char *const buses[] = { "pci", "platform" };
	char link[300];
	size_t i;

	for (i = 0; i < 2; i++) {
		snprintf(link, sizeof(link), "/sys/bus/%s/devices/%s/driver", buses[i], name);
		char *real = realpath(link, NULL);

		if (!real)
			continue;
		snprintf(path, n, "%s", real);
		free(real);
		return 0;
	}
	return -ENODEV;
}

static int driver_write(const char *driver, const char *file, const char *name)
{
	char path[400];
	int fd, err = 0;

	snprintf(path, sizeof(path), "%s/%s", driver, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, name, strlen(name)) < 0)
		err = -errno;
	close(fd);
	return err;
}

/* --- pairs --------------------------------------------------------------------------- */

static int end_first(struct child *c, enum end way, const char *driver, const char *name)
{
	switch (way) {
	case UNDO:
		return child_told(c, 'u');
	case CLOSE:
		return child_told(c, 'c');
	case KILL:
		child_kill(c);
		return 0;
	default:
		return driver_write(driver, "unbind", name);
	}
}

static bool excludes(enum use a, enum use b, bool one)
{
	bool run = (a == DMA || a == OWN) && (b == DMA || b == OWN);

	return excluded[a][b] || (one && (run || excluded_on_one[a][b]));
}

/* A refusal names the process that is in the way, if that holds a claim or a run. */
static bool names_child(const struct child *c)
{
	char pid[32];

	snprintf(pid, sizeof(pid), "process %d", c->pid);
	return strstr(message, pid) || strstr(message, "has a run or an iommufd already");
}

static const char *pair(const char *const nodes[2], enum use first, enum use second, enum end end)
{
	bool one = !strcmp(nodes[0], nodes[1]), refused = excludes(first, second, one);
	const char *name = strrchr(nodes[0], '/') + 1, *why = NULL;
	struct child c = child_begin(nodes[0], first);
	struct user u = user_open(nodes[1], second);
	char driver[300];
	int got;

	if (c.err)
		why = "the first use failed";
	if (driver_path(driver, sizeof(driver), name))
		why = "the device has no driver";
	got = why ? 0 : begin(&u);
	if (!why && got != (refused ? -EBUSY : 0))
		why = refused ? "the second one was not refused with EBUSY" :
				"the second one was refused";
	else if (!why && refused && !names_child(&c))
		why = "the refusal does not name the process in the way";
	if (!why && end_first(&c, end, driver, name))
		why = "the first use did not end";
	if (!why && one && end == UNBIND) {
		/* The file outlives the device and has nothing to do with it any more. */
		got = begin(&u);
		if (got != -ENODEV)
			why = "a device that is gone was used";
	} else if (!why && refused) {
		got = begin(&u);
		if (got)
			why = "the second use is not possible after the first one";
	}
	if (!why && !(one && end == UNBIND) && undo(&u))
		why = "the second use did not end";
	user_close(&u);
	if (end == UNBIND && driver_write(driver, "bind", name))
		why = why ? why : "the device was not bound again";
	if (end == KILL && !why) {
		close(c.to);
		close(c.from);
	} else {
		child_end(&c);
	}
	if (why)
		printf("# %s: %d %s: %s\n", name, got, strerror(-got), message);
	return why;
}

static int number_of(const char *name, const char *const *names, int n)
{
	int i;

	for (i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return i;
	fprintf(stderr, "ownership_check: unknown word %s\n", name);
	exit(2);
}

int main(int argc, char **argv)
{
	const char *nodes[2];
	bool ends[ENDS] = { false };
	char *word, *rest;
	int i, k, end;

	if (argc < 5)
		return 2;
	for (word = strtok_r(argv[1], ",", &rest); word; word = strtok_r(NULL, ",", &rest))
		ends[number_of(word, end_names, ENDS)] = true;
	nodes[0] = argv[2];
	nodes[1] = argv[3];
	for (i = 4; i < argc; i++) {
		for (k = 4; k < argc; k++) {
			enum use first = (enum use)number_of(argv[i], use_names, USES);
			enum use second = (enum use)number_of(argv[k], use_names, USES);

			for (end = 0; end < ENDS; end++) {
				const char *why;

				if (!ends[end])
					continue;
				why = pair(nodes, first, second, (enum end)end);
				printf("%s - %s, then %s, which is %s; the first ends by %s%s%s\n",
				       why ? "not ok" : "ok", argv[i], argv[k],
				       excludes(first, second, !strcmp(nodes[0], nodes[1])) ?
				       "refused" : "possible", end_names[end], why ? ": " : "",
				       why ? why : "");
			}
		}
	}
	return 0;
}
