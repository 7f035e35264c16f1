// SPDX-License-Identifier: GPL-2.0-only
#include "events/iommu_commands.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/sysfs.h"
#include "base/tracefs.h"

/* Each is followed by the process's number. */
#define INSTANCE	"iommubench_"
#define GROUP		"iommubench"
#define SENT		"sent_"
#define FULL		"full_"

/* Bytes of one event in the trace buffer, rounded up. */
#define EVENT_BYTES	64
#define MAX_BUFFER_KB	(64 << 10)

/**
 * struct place - a function that is called for each thing to be counted
 * @kind: kind of the IOMMU, as machine.iommu.kind in a result
 * @function: name of the kernel's function
 * @lists: it takes a list of commands
 */
struct place {
	const char *kind;
	const char *function;
	bool lists;
};

/* The first row of a kind is taken whose function the kernel has. */
static const struct place places[] = {
	{ "arm-smmu-v3", "arm_smmu_cmdq_issue_cmdlist", true },
	/* Waits for every flush; the functions that ask for one may be inlined into many. */
	{ "ipmmu-vmsa", "ipmmu_tlb_sync", false },
	{ "ipmmu-vmsa", "ipmmu_tlb_invalidate", false },
};

static int no_count(struct iommu_commands *c, const char *fmt,
		    ...) __attribute__((format(printf, 2, 3)));

static int no_count(struct iommu_commands *c, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(c->reason, sizeof(c->reason), fmt, args);
	va_end(args);
	return -1;
}

static void in_tracefs(const struct iommu_commands *c, char *path, size_t n, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

static void in_tracefs(const struct iommu_commands *c, char *path, size_t n, const char *fmt, ...)
{
	int used = snprintf(path, n, "/proc/self/fd/%d/", c->tracefs);
	va_list args;

	va_start(args, fmt);
	vsnprintf(path + used, n - (size_t)used, fmt, args);
	va_end(args);
}

static int put(const struct iommu_commands *c, const char *text, const char *file)
{
	char path[PATH_MAX];

	in_tracefs(c, path, sizeof(path), "%s", file);
	return sysfs_write(text, "%s", path);
}

/* Writes to a file of this invocation's own tracing instance. */
static int put_own(const struct iommu_commands *c, const char *text, const char *file)
{
	char path[PATH_MAX];

	in_tracefs(c, path, sizeof(path), "instances/" INSTANCE "%d/%s", getpid(), file);
	return sysfs_write(text, "%s", path);
}

static void remove_probes(const struct iommu_commands *c, int pid)
{
	char path[PATH_MAX], line[96];

	in_tracefs(c, path, sizeof(path), "instances/" INSTANCE "%d", pid);
	rmdir(path);
	snprintf(line, sizeof(line), "-:" GROUP "/" SENT "%d", pid);
	put(c, line, "kprobe_events");
	snprintf(line, sizeof(line), "-:" GROUP "/" FULL "%d", pid);
	put(c, line, "kprobe_events");
}

/* Removes what invocations that were killed have left. */
static void remove_leftovers(const struct iommu_commands *c)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *dir;
	int pid;

	in_tracefs(c, path, sizeof(path), "instances");
	dir = opendir(path);
	if (!dir)
		return;
	while ((entry = readdir(dir)))
		if (sscanf(entry->d_name, INSTANCE "%d", &pid) == 1 && pid > 0 &&
		    kill(pid, 0) && errno == ESRCH)
			remove_probes(c, pid);
	closedir(dir);
}

/*
 * Which of the arguments are the number of commands and the sync differs between
 * kernels, so all that may be are recorded.
 */
static int add_probe(const struct iommu_commands *c, const char *name, const struct place *place)
{
	char line[256];

	snprintf(line, sizeof(line), "p:" GROUP "/%s%d %s%s", name, getpid(), place->function,
		 place->lists ? " a3=$arg3:x64 a4=$arg4:x64 a5=$arg5:x64" : "");
	return put(c, line, "kprobe_events");
}

static int add_probes(struct iommu_commands *c, const char *kind)
{
	static const struct place full = { NULL, "arm_smmu_cmdq_poll_until_not_full", false };
	const struct place *wanted = NULL;
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		const struct place *p = &places[i];

		if (strcmp(p->kind, kind))
			continue;
		wanted = p;
		if (add_probe(c, SENT, p))
			continue;
		snprintf(c->source, sizeof(c->source), "kprobe %s", p->function);
		c->lists = p->lists;
		/* Most compilers inline it. */
		c->waits = p->lists && !add_probe(c, FULL, &full);
		return 0;
	}
	if (!wanted)
		return no_count(c, "no function is known that shows what is sent to an IOMMU of kind %s",
				kind);
	if (errno == ENOENT)
		return no_count(c, "this kernel has no function %s to probe, or no kprobe events (CONFIG_KPROBE_EVENTS)",
				wanted->function);
	return no_count(c, "cannot probe %s: %s", wanted->function, strerror(errno));
}

void iommu_commands_open(struct iommu_commands *c, const char *kind)
{
	char path[PATH_MAX];

	*c = (struct iommu_commands){ .tracefs = -1 };
	c->tracefs = tracefs_open();
	if (c->tracefs < 0) {
		no_count(c, "this kernel's tracing cannot be used (CONFIG_FTRACE, root): %s",
			 strerror(errno));
		return;
	}
	remove_leftovers(c);
	if (add_probes(c, kind))
		return;
	in_tracefs(c, path, sizeof(path), "instances/" INSTANCE "%d", getpid());
	if (mkdir(path, 0700))
		no_count(c, "cannot make a tracing instance: %s", strerror(errno));
	else
		c->usable = true;
}

/* Room on each CPU, because all events may come from one. */
static int make_room(struct iommu_commands *c, uint64_t events)
{
	uint64_t kb = (events * EVENT_BYTES >> 10) + 64;
	char text[32];

	if (kb > MAX_BUFFER_KB)
		kb = MAX_BUFFER_KB;
	if (kb <= c->buffer_kb)
		return 0;
	snprintf(text, sizeof(text), "%" PRIu64, kb);
	if (put_own(c, text, "buffer_size_kb"))
		return no_count(c, "no memory for %" PRIu64 " KiB of events on each CPU", kb);
	c->buffer_kb = kb;
	return 0;
}

static int switch_probe(const struct iommu_commands *c, const char *name, const char *what,
			const char *text)
{
	char file[128];

	snprintf(file, sizeof(file), "events/" GROUP "/%s%d/%s", name, getpid(), what);
	return put_own(c, text, file);
}

static int switch_probes(const struct iommu_commands *c, const char *what, const char *text)
{
	if (c->waits && switch_probe(c, FULL, what, text))
		return -1;
	return switch_probe(c, SENT, what, text);
}

/* That is what opening it with O_TRUNC means. */
static int empty_trace(const struct iommu_commands *c)
{
	char path[PATH_MAX];
	int fd;

	in_tracefs(c, path, sizeof(path), "instances/" INSTANCE "%d/trace", getpid());
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0)
		return -1;
	close(fd);
	return 0;
}

int iommu_commands_start(struct iommu_commands *c, bool workers, uint64_t events)
{
	if (make_room(c, events))
		return -1;
	if (empty_trace(c) ||
	    switch_probes(c, "filter", workers ? "COMM ~ \"iommubench/*\"" : "0") ||
	    switch_probes(c, "enable", "1"))
		return no_count(c, "cannot switch the probe on: %s", strerror(errno));
	return 0;
}

/* The value behind " NAME=" in a line. */
static uint64_t field(const char *line, const char *name)
{
	const char *at = strstr(line, name);

	return at ? strtoull(at + strlen(name), NULL, 0) : 0;
}

/* An address is never a number of commands; where it stands tells the kernel's function. */
static bool is_address(uint64_t value)
{
	return value >> 48 == 0xffff;
}

static void count_list(const char *line, struct iommu_commands_count *count)
{
	uint64_t a3 = field(line, " a3="), a4 = field(line, " a4="), a5 = field(line, " a5=");
	uint64_t commands = (uint32_t)(is_address(a3) ? a4 : a3);
	bool sync = (uint8_t)(is_address(a3) ? a5 : a4);

	/* The sync is a command as well. */
	commands += sync;
	count->commands += commands;
	count->syncs += sync;
	if (commands > count->longest)
		count->longest = commands;
}

uint64_t iommu_commands_parse(char *text, bool lists, struct iommu_commands_count *count)
{
	static const char format[] = "# entries-in-buffer/entries-written: %" SCNu64 "/%" SCNu64;
	uint64_t there, written, lost = 0;
	char *rest = text, *line;

	*count = (struct iommu_commands_count){ 0 };
	while ((line = strsep(&rest, "\n"))) {
		if (sscanf(line, format, &there, &written) == 2)
			lost = written > there ? written - there : 0;
		if (*line == '#')
			continue;
		if (strstr(line, ": " FULL)) {
			count->waits++;
		} else if (strstr(line, ": " SENT)) {
			count->events++;
			if (lists)
				count_list(line, count);
		}
	}
	return lost;
}

int iommu_commands_stop(struct iommu_commands *c, struct iommu_commands_count *count)
{
	char path[PATH_MAX], *text = NULL;
	uint64_t lost;
	size_t n;
	int fd;

	if (switch_probes(c, "enable", "0"))
		return no_count(c, "cannot switch the probe off: %s", strerror(errno));
	in_tracefs(c, path, sizeof(path), "instances/" INSTANCE "%d/trace", getpid());
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		text = file_read(fd, &n);
		close(fd);
	}
	if (!text)
		return no_count(c, "cannot read the trace: %s", strerror(errno));
	lost = iommu_commands_parse(text, c->lists, count);
	free(text);
	if (lost)
		return no_count(c, "%" PRIu64 " events were lost, which were more than there was room for",
				lost);
	return 0;
}

void iommu_commands_close(struct iommu_commands *c)
{
	if (c->tracefs < 0)
		return;
	remove_probes(c, getpid());
	close(c->tracefs);
	c->tracefs = -1;
}
