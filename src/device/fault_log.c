// SPDX-License-Identifier: GPL-2.0-only
#include "device/fault_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/kmsg.h"
#include "base/xalloc.h"

/* The kernel's DEFAULT_RATELIMIT_BURST and DEFAULT_RATELIMIT_INTERVAL. */
#define BURST		10
#define INTERVAL_US	5000000ULL
/* The clock of the log and CLOCK_MONOTONIC begin at two moments of the boot. */
#define APART_US	1000000ULL
/* A driver's thread writes it after the access has ended. */
#define WAIT_NS		20000000L
#define WAITS		10

/**
 * struct fault_log - what is read, and what was
 * @d: the device
 * @fd: the kernel's log
 * @record: where a line of it is read to
 * @sum: what was said since the beginning
 * @begin_us: when that was, by CLOCK_MONOTONIC
 * @last: when the latest reports were written, a ring
 * @next: where the next one goes in there
 * @limited_until: until then the kernel may have left some out, 0 for never
 * @smmu: driver and name of the SMMUv3 that has announced an event, whose words come next
 */
struct fault_log {
	const struct device *d;
	int fd;
	struct kmsg_record *record;
	struct fault_reports sum;
	uint64_t begin_us;
	uint64_t last[BURST];
	unsigned int next;
	uint64_t limited_until;
	char smmu[128];
};

enum whose {
	WHOSE_DEVICE,
	WHOSE_OTHER,
	WHOSE_UNKNOWN,
	WHOSE_NOBODY,
};

static enum whose by_id(const struct device *d, uint32_t id)
{
	uint32_t i;

	for (i = 0; i < d->info.nr_ids && i < IOMMUBENCH_INFO_IDS; i++)
		if (d->info.ids[i] == id)
			return WHOSE_DEVICE;
	return d->info.nr_ids > IOMMUBENCH_INFO_IDS ? WHOSE_UNKNOWN : WHOSE_OTHER;
}

/* SMMUv3 driver: a line that announces an event, then its words, of which the first has the ID. */
static enum whose told_by_smmu3(struct fault_log *log, const char *text)
{
	const char *end = strstr(text, ": ");
	unsigned long long word;
	size_t n;

	if (!end || strncmp(text, "arm-smmu-v3 ", 12))
		return WHOSE_NOBODY;
	n = (size_t)(end - text);
	if (*log->smmu && strlen(log->smmu) == n && !strncmp(text, log->smmu, n)) {
		*log->smmu = '\0';
		if (sscanf(end, ": \\x09%llx", &word) == 1)
			return by_id(log->d, (uint32_t)(word >> 32));
	}
	if (!strncmp(end, ": event 0x", 10) && strstr(end, " received:"))
		snprintf(log->smmu, sizeof(log->smmu), "%.*s", (int)n, text);
	return WHOSE_NOBODY;
}

/* SMMUv1 and v2. */
static enum whose told_by_smmu(struct fault_log *log, const char *text)
{
	const char *id = strstr(text, "cbfrsynra=");

	if (strncmp(text, "arm-smmu ", 9) || !strstr(text, "nhandled context fault: ") || !id)
		return WHOSE_NOBODY;
	return by_id(log->d, strtoul(id + strlen("cbfrsynra="), NULL, 16) & 0xffff);
}

static enum whose told_by_ipmmu(struct fault_log *log, const char *text)
{
	(void)log;
	return !strncmp(text, "ipmmu-vmsa ", 11) && strstr(text, ": Unhandled fault: ") ?
	       WHOSE_UNKNOWN : WHOSE_NOBODY;
}

/* VT-d: bus, device and function, without the segment. */
static enum whose told_by_vtd(struct fault_log *log, const char *text)
{
	const char *name = strstr(text, "Request device ["), *own = log->d->on_bus;

	if (strncmp(text, "DMAR: ", 6) || !name || strstr(text, "[INTR-REMAP]"))
		return WHOSE_NOBODY;
	name += strlen("Request device [");
	own = strchr(own, ':');
	return !strcmp(log->d->bus, "pci") && own &&
	       !strncmp(name, own + 1, strlen(own + 1)) && name[strlen(own + 1)] == ']' ?
	       WHOSE_DEVICE : WHOSE_OTHER;
}

/* AMD: the device's own line, or one that has it after "device=", since 6.2 with the segment. */
static enum whose told_by_amd(struct fault_log *log, const char *text)
{
	const char *line = strstr(text, "AMD-Vi: Event logged [IO_PAGE_FAULT "), *name, *own;
	size_t n;

	if (!line)
		return WHOSE_NOBODY;
	own = log->d->on_bus;
	name = strstr(line, "device=");
	if (!name) {
		name = strstr(text, own);
		n = strlen(own);
		return name && name < line && name > text && name[-1] == ' ' && name[n] == ':' ?
		       WHOSE_DEVICE : WHOSE_OTHER;
	}
	name += strlen("device=");
	n = strcspn(name, " ");
	if (n < strlen(own) && strchr(own, ':'))
		own = strchr(own, ':') + 1;
	return n == strlen(own) && !strncmp(name, own, n) ? WHOSE_DEVICE : WHOSE_OTHER;
}

/* As many in so short a time are all that the kernel lets pass. */
static void note_time(struct fault_log *log, uint64_t time_us)
{
	uint64_t first;

	log->last[log->next] = time_us;
	log->next = (log->next + 1) % BURST;
	first = log->last[log->next];
	if (first && time_us < first + INTERVAL_US)
		log->limited_until = first + INTERVAL_US;
}

void fault_log_take(struct fault_log *log, uint64_t time_us, const char *text)
{
	static enum whose (*const drivers[])(struct fault_log *log, const char *text) = {
		told_by_smmu3, told_by_smmu, told_by_ipmmu, told_by_vtd, told_by_amd,
	};
	enum whose whose = WHOSE_NOBODY;
	size_t i;

	for (i = 0; i < sizeof(drivers) / sizeof(drivers[0]) && whose == WHOSE_NOBODY; i++)
		whose = drivers[i](log, text);
	log->sum.of_device += whose == WHOSE_DEVICE;
	log->sum.of_others += whose == WHOSE_OTHER;
	log->sum.of_unknown += whose == WHOSE_UNKNOWN;
	if (whose != WHOSE_NOBODY)
		note_time(log, time_us);
}

static void take_all(struct fault_log *log)
{
	while (kmsg_next(log->fd, log->record))
		fault_log_take(log, log->record->time_us, log->record->text);
}

struct fault_log *fault_log_open(const struct device *d)
{
	int fd = kmsg_open(false);

	return fd < 0 ? NULL : fault_log_new(d, fd);
}

struct fault_log *fault_log_new(const struct device *d, int fd)
{
	struct fault_log *log = xcalloc(1, sizeof(*log));

	log->record = xcalloc(1, sizeof(*log->record));
	log->fd = fd;
	log->d = d;
	fault_log_begin(log);
	return log;
}

void fault_log_begin(struct fault_log *log)
{
	struct timespec now;

	if (!log)
		return;
	take_all(log);
	clock_gettime(CLOCK_MONOTONIC, &now);
	log->begin_us = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
	log->sum = (struct fault_reports){ 0 };
}

const struct fault_reports *fault_log_read(struct fault_log *log, bool wait)
{
	const struct timespec moment = { .tv_nsec = WAIT_NS };
	struct fault_reports *sum = &log->sum;
	unsigned int i;

	take_all(log);
	for (i = 0; wait && i < WAITS && !sum->of_device && !sum->of_unknown; i++) {
		nanosleep(&moment, NULL);
		take_all(log);
	}
	sum->limited = log->limited_until + APART_US > log->begin_us && log->limited_until;
	return sum;
}

void fault_log_free(struct fault_log *log)
{
	if (!log)
		return;
	if (log->fd >= 0)
		close(log->fd);
	free(log->record);
	free(log);
}
