// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cases in which PASIDs or address space identifiers are used up.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "pasid/commands.h"
#include "pasid/lifecycle/actor.h"
#include "pasid/lifecycle/expect.h"
#include "pasid/lifecycle/internal.h"
#include "text/progress.h"

/* Up to so many PASIDs, processes are used as well to exhaust them. */
#define MAX_PROCESSES		256

/* Processes alone are too few to use up what there is. */
static bool no_domains(const struct device *d, struct lifecycle_outcome *o)
{
	if (device_can(d, IOMMUBENCH_FEATURE_PASID))
		return false;
	SKIPPED(o, "no domains can be attached to PASIDs here, which takes kernel 6.6");
	return true;
}

/* Bind processes until there is no PASID for another one. Return: how many that were. */
static unsigned int fill_with_processes(struct device *d, unsigned int limit,
					struct lifecycle_outcome *o)
{
	static struct actor actors[MAX_PROCESSES];
	unsigned int n, i;
	int err = 0;

	for (n = 0; n < limit; n++) {
		err = actor_start(&actors[n], d, ROLE_WAIT, o);
		if (err)
			break;
	}
	if (err && err != -ENOSPC)
		FAILED(o, "process %u was not bound: %s", n + 1, strerror(-err));
	for (i = 0; i < n; i++)
		actor_end(&actors[i], o);
	return n;
}

/* What domains can take; PASIDs of processes that ended a moment ago may come yet. */
static uint64_t fill_with_domains(struct device *d, uint64_t expected, int *fd,
				  struct lifecycle_outcome *o)
{
	uint64_t deadline = monotonic_ns() + SETTLE_NS, got = 0;
	char message[IOMMUBENCH_MESSAGE_BYTES];
	int err;

	for (;;) {
		*fd = pasid_open(d, O_CLOEXEC);
		if (*fd < 0) {
			FAILED(o, "the device cannot be opened: %s", strerror(-*fd));
			return 0;
		}
		err = pasid_fill(*fd, expected + 1, &got, message);
		if (got == expected || monotonic_ns() > deadline)
			break;
		close(*fd);
		usleep(SETTLE_STEP_US);
	}
	if (err != -ENOSPC)
		FAILED(o, "after %" PRIu64 " PASIDs the next bind said '%s', expected '%s'", got,
		       err ? message : "success", strerror(ENOSPC));
	return got;
}

void lifecycle_run_pasids_exhausted(struct device *d, struct lifecycle_outcome *o)
{
	struct iommubench_pasid_info info;
	uint64_t expected, got[2];
	unsigned int i, processes = 0;
	int fd;

	if (pasid_info(d->fd, &info) || info.max_pasids < 2) {
		SKIPPED(o, "the device has no PASIDs");
		return;
	}
	if (no_domains(d, o))
		return;
	/* All but 0, which stands for accesses without PASID. */
	expected = info.max_pasids - 1;
	for (i = 0; i < 2 && o->verdict != LIFECYCLE_FAILED; i++) {
		got[i] = fill_with_domains(d, expected, &fd, o);
		if (!o->sva_missing)
			expect_process(d, -ENOSPC, "with no PASID left", o);
		close(fd);
		expect_live(d, 0, "after the file was closed", o);
		if (!o->sva_missing)
			expect_process(d, 0, "after the PASIDs were given back", o);
	}
	if (o->verdict == LIFECYCLE_FAILED)
		return;
	if (got[0] != expected || got[1] != expected)
		FAILED(o, "%" PRIu64 " and then %" PRIu64 " PASIDs could be had, expected %" PRIu64,
		       got[0], got[1], expected);
	if (!o->sva_missing && expected < MAX_PROCESSES) {
		processes = fill_with_processes(d, MAX_PROCESSES, o);
		if (processes != expected)
			FAILED(o, "%u processes could be bound, expected %" PRIu64, processes,
			       expected);
		expect_live(d, 0, "after the end of all processes", o);
	}
	PASSED(o, "%" PRIu64 " PASIDs twice, then a plain refusal%s", expected,
	       processes ? "; as many processes" : "");
}

/*
 * Identifiers come in 8 or 16 bits. So close to their end, or closer, a process asks before each
 * domain: Linux refuses it one, but may not survive the same of a domain.
 */
#define CAREFUL			160

static bool near_end(uint64_t n)
{
	return (n < 256 && n + CAREFUL >= 256) || (n < 65536 && n + CAREFUL >= 65536);
}

static bool memory_short(void)
{
	struct sysinfo s;

	return !sysinfo(&s) && s.freeram < s.totalram / 4;
}

/* How the identifiers came to an end. */
enum asids_end { ASIDS_GONE, PASIDS_GONE, MEMORY_SHORT, ASIDS_FAILED };

/* Attach empty domains, each with an identifier of its own. */
static enum asids_end fill_identifiers(const struct device *d, int fd, uint64_t *got,
				       struct lifecycle_outcome *o)
{
	char message[IOMMUBENCH_MESSAGE_BYTES];
	unsigned int pasid;
	int err;

	for (*got = 0;; ++*got) {
		struct iommubench_pasid_bind bind = {
			.kind = IOMMUBENCH_PASID_DOMAIN,
			.flags = IOMMUBENCH_PASID_EMPTY,
		};

		if (!(*got % 256) && memory_short())
			return MEMORY_SHORT;
		err = near_end(*got) ? pasid_try_process(d, &pasid, message) : 0;
		if (err == -EBUSY)
			return ASIDS_GONE;
		if (!err)
			err = pasid_bind(fd, &bind, message);
		if (err == -ENOSPC)
			return PASIDS_GONE;
		if (err) {
			FAILED(o, "domain %" PRIu64 ": %s", *got + 1,
			       *message ? message : strerror(-err));
			return ASIDS_FAILED;
		}
	}
}

void lifecycle_run_asids_exhausted(struct device *d, struct lifecycle_outcome *o)
{
	enum asids_end end = ASIDS_FAILED;
	uint64_t got[2] = { 0, 0 };
	unsigned int i;
	int fd;

	if (no_domains(d, o))
		return;
	for (i = 0; i < 2; i++) {
		fd = pasid_open(d, O_CLOEXEC);
		if (fd < 0) {
			FAILED(o, "the device cannot be opened: %s", strerror(-fd));
			return;
		}
		end = fill_identifiers(d, fd, &got[i], o);
		close(fd);
		expect_live(d, 0, "after the file was closed", o);
		if (end != ASIDS_GONE)
			break;
		expect_process(d, 0, "after the identifiers were given back", o);
	}
	if (end == MEMORY_SHORT)
		SKIPPED(o, "memory got short after %" PRIu64 " domains, before the identifiers did",
			got[i]);
	else if (end == PASIDS_GONE)
		SKIPPED(o, "the PASIDs ran out first, after %" PRIu64 " domains", got[i]);
	else if (got[0] != got[1])
		FAILED(o, "%" PRIu64 " domains had an identifier, and then %" PRIu64, got[0],
		       got[1]);
	else
		PASSED(o, "%" PRIu64 " domains twice, then a process was refused plainly", got[0]);
}
