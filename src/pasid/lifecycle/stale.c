// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cases in which a bound address space changes under the device, which has used all of it just
 * before, and in which address spaces hold something else at the same addresses: what the device
 * gets to see must be what is there now, and in its own address space.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pasid/commands.h"
#include "pasid/lifecycle/actor.h"
#include "pasid/lifecycle/expect.h"
#include "pasid/lifecycle/internal.h"

/* Changed in one call: no power of two, and more than one invalidation may cover. */
#define PAGES		37
/* Processes, and domains, that are bound at the same time. */
#define SPACES		5

/**
 * struct warm - pages of a process that the device has read
 * @d: the device
 * @fd: the process' own file of it
 * @pasid: what the process is bound to
 * @pages: PAGES pages and one more to either side, which stay as they are
 * @page: bytes of one
 * @o: what is wrong
 */
struct warm {
	const struct device *d;
	int fd;
	uint32_t pasid;
	char *pages;
	size_t page;
	struct lifecycle_outcome o;
};

static uint64_t *word_at(const struct warm *w, unsigned int i)
{
	return (uint64_t *)(w->pages + i * w->page);
}

static void put_marks(const struct warm *w, unsigned int first, unsigned int n, uint64_t mark)
{
	unsigned int i;

	for (i = first; i < first + n; i++)
		*word_at(w, i) = mark + i;
}

/* In place of an IOMMUBENCH_PASID_*: whatever it is, it is not what was there. */
#define NOT_OLD		UINT32_MAX

/* Has the device read pages. @refused: what has to come of it, an IOMMUBENCH_PASID_*. */
static void look(struct warm *w, unsigned int first, unsigned int n, uint64_t mark,
		 uint32_t refused, const char *when)
{
	unsigned int i;

	for (i = first; i < first + n; i++) {
		struct iommubench_pasid_access access = {
			.pasid = w->pasid,
			.address = (uintptr_t)word_at(w, i),
			.mark = mark + i,
		};
		int err = pasid_access(w->fd, &access);

		if (err) {
			FAILED(&w->o, "the device cannot be told to read %s: %s", when,
			       strerror(-err));
			return;
		}
		if (access.refused == refused ||
		    (refused == NOT_OLD && access.refused != IOMMUBENCH_PASID_GOT_THROUGH))
			continue;
		FAILED(&w->o, "page %u of %u %s: the device %s", i, PAGES, when,
		       access.refused == IOMMUBENCH_PASID_REFUSED ? "was refused" :
		       access.refused == IOMMUBENCH_PASID_OTHER ?
		       "read something else than what is there" : "still read what was there");
		return;
	}
}

/* Binds this process, with pages that the device has read. Return: whether that could be done. */
static bool warm_up(struct warm *w)
{
	struct iommubench_pasid_bind bind = { .kind = IOMMUBENCH_PASID_SVA };
	int err;

	w->page = (size_t)sysconf(_SC_PAGESIZE);
	w->pages = mmap(NULL, (PAGES + 2) * w->page, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (w->pages == MAP_FAILED) {
		FAILED(&w->o, "no memory can be mapped");
		return false;
	}
	/* One page at a time is what is looked at. */
	madvise(w->pages, (PAGES + 2) * w->page, MADV_NOHUGEPAGE);
	put_marks(w, 0, PAGES + 2, 1000);
	w->fd = pasid_open(w->d, 0);
	err = w->fd < 0 ? w->fd : pasid_bind(w->fd, &bind, NULL);
	if (err) {
		FAILED(&w->o, "a process cannot be bound: %s", strerror(-err));
		return false;
	}
	w->pasid = bind.pasid;
	look(w, 0, PAGES + 2, 1000, IOMMUBENCH_PASID_GOT_THROUGH, "in the beginning");
	return true;
}

/* What is beside the pages has not changed. */
static void look_beside(struct warm *w, const char *when)
{
	look(w, 0, 1, 1000, IOMMUBENCH_PASID_GOT_THROUGH, when);
	look(w, PAGES + 1, 1, 1000, IOMMUBENCH_PASID_GOT_THROUGH, when);
}

static void after_munmap(struct warm *w)
{
	munmap(word_at(w, 1), PAGES * w->page);
	look(w, 1, PAGES, 1000, IOMMUBENCH_PASID_REFUSED, "after munmap()");
	look_beside(w, "beside what was unmapped");
}

static void after_mprotect(struct warm *w)
{
	mprotect(word_at(w, 1), PAGES * w->page, PROT_NONE);
	look(w, 1, PAGES, 1000, IOMMUBENCH_PASID_REFUSED, "after mprotect()");
	look_beside(w, "beside what was protected");
	mprotect(word_at(w, 1), PAGES * w->page, PROT_READ | PROT_WRITE);
	/* This brings them back into the page table, which the device's own access does not. */
	put_marks(w, 1, PAGES, 2000);
	look(w, 1, PAGES, 2000, IOMMUBENCH_PASID_GOT_THROUGH, "after they could be read again");
}

static void after_dontneed(struct warm *w)
{
	madvise(word_at(w, 1), PAGES * w->page, MADV_DONTNEED);
	put_marks(w, 1, PAGES, 3000);
	look(w, 1, PAGES, 3000, IOMMUBENCH_PASID_GOT_THROUGH, "after MADV_DONTNEED and new data");
	madvise(word_at(w, 1), PAGES * w->page, MADV_DONTNEED);
	/* A device that asks for pages gets new ones. */
	look(w, 1, PAGES, 3000, NOT_OLD, "after MADV_DONTNEED");
	look_beside(w, "beside what was dropped");
}

/* A process of its own, because its PASID is its own as long as it lives. */
static void in_a_process(struct device *d, void (*change)(struct warm *w), const char *passed,
			 struct lifecycle_outcome *o)
{
	struct warm w = { .d = d };
	pid_t pid, parent = getpid();
	int ends[2];

	if (!device_can(d, IOMMUBENCH_FEATURE_PROBE)) {
		SKIPPED(o, "the engine %s cannot tell what it reads", d->info.engine);
		return;
	}
	if (pipe2(ends, O_CLOEXEC)) {
		FAILED(o, "no pipe can be made");
		return;
	}
	fflush(NULL);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() == parent && warm_up(&w))
			change(&w);
		_exit(write(ends[1], &w.o, sizeof(w.o)) == sizeof(w.o) ? 0 : 1);
	}
	close(ends[1]);
	if (pid < 0 || !actor_answer(ends[0], &w.o, sizeof(w.o)))
		FAILED(o, "the process that changes its memory has not answered");
	else if (w.o.verdict == LIFECYCLE_FAILED)
		FAILED(o, "%s", w.o.text);
	close(ends[0]);
	if (pid > 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		o->processes++;
	}
	expect_live(d, 0, "after the end of the process", o);
	PASSED(o, passed, PAGES);
}

void lifecycle_run_munmap(struct device *d, struct lifecycle_outcome *o)
{
	in_a_process(d, after_munmap, "%u pages that the device knew were refused at once", o);
}

void lifecycle_run_mprotect(struct device *d, struct lifecycle_outcome *o)
{
	in_a_process(d, after_mprotect,
		     "%u pages that the device knew were refused, and then given again", o);
}

void lifecycle_run_dontneed(struct device *d, struct lifecycle_outcome *o)
{
	in_a_process(d, after_dontneed,
		     "%u pages that the device knew had their new data, or were refused", o);
}

static void expect_marks(const struct device *d, const struct actor *actors,
			 const struct iommubench_pasid_bind *domains, unsigned int nr,
			 const char *when, struct lifecycle_outcome *o)
{
	unsigned int i;

	for (i = 0; i < SPACES; i++)
		expect_mark(d, actors[i].hello.pasid, actors[i].hello.address,
			    actors[i].hello.mark, when, o);
	for (i = 0; i < nr; i++)
		expect_mark(d, domains[i].pasid, domains[i].address, domains[i].mark, when, o);
}

static void undo_domains(const struct device *d, const struct iommubench_pasid_bind *domains,
			 unsigned int nr, struct lifecycle_outcome *o)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		/* Between the detach and the unmap. */
		struct iommubench_pasid_unbind unbind = {
			.id = domains[i].id,
			.flags = IOMMUBENCH_PASID_PROBE,
			.address = domains[i].address,
			.mark = domains[i].mark,
		};
		int err = pasid_unbind(d->fd, &unbind);

		if (err)
			FAILED(o, "a domain cannot be detached: %s", strerror(-err));
		else if (unbind.refused != IOMMUBENCH_PASID_REFUSED)
			FAILED(o, "with PASID %u the device still got through after its domain was detached",
			       domains[i].pasid);
	}
}

/* One that is unbound, but lives on, and one that gets its identifiers. */
static void expect_successor(struct device *d, struct lifecycle_outcome *o)
{
	struct actor before, after;
	int told = -EPROTO;

	if (!actor_must_start(&before, d, ROLE_UNBIND, o))
		return;
	expect_mark(d, before.hello.pasid, before.hello.address, before.hello.mark,
		    "before its unbind", o);
	if (actor_go_on(&before, o) &&
	    (!actor_answer(before.from, &told, sizeof(told)) || told))
		FAILED(o, "a process cannot be unbound: %s", strerror(-told));
	expect_access(d, before.hello.pasid, before.hello.address, false,
		      "after its unbind, with its memory still there", o);
	if (actor_must_start(&after, d, ROLE_WAIT, o)) {
		expect_mark(d, after.hello.pasid, after.hello.address, after.hello.mark,
			    "after another one was unbound", o);
		actor_end(&after, o);
	}
	actor_end(&before, o);
}

void lifecycle_run_spaces(struct device *d, struct lifecycle_outcome *o)
{
	bool domain = device_can(d, IOMMUBENCH_FEATURE_PASID);
	struct iommubench_pasid_bind domains[SPACES] = { 0 };
	struct actor actors[SPACES] = { 0 };
	unsigned int i, nr = 0, round;

	if (!device_can(d, IOMMUBENCH_FEATURE_PROBE)) {
		SKIPPED(o, "the engine %s cannot tell what it reads", d->info.engine);
		return;
	}
	for (i = 0; i < SPACES; i++) {
		if (!actor_must_start(&actors[i], d, ROLE_WAIT, o))
			break;
		domains[i].kind = IOMMUBENCH_PASID_DOMAIN;
		if (domain && pasid_bind(d->fd, &domains[i], NULL))
			FAILED(o, "a domain cannot be attached");
		else if (domain)
			nr++;
	}
	for (round = 0; round < 2 && o->verdict != LIFECYCLE_FAILED; round++)
		expect_marks(d, actors, domains, nr, round ? "once more" : "at first", o);
	/* What comes in the place of another has the other's identifiers, but not its memory. */
	for (i = 0; i < SPACES && o->verdict != LIFECYCLE_FAILED; i++) {
		actor_end(&actors[i], o);
		if (!actor_must_start(&actors[i], d, ROLE_WAIT, o))
			break;
		if (domain) {
			undo_domains(d, &domains[i], 1, o);
			if (pasid_bind(d->fd, &domains[i], NULL))
				FAILED(o, "a domain cannot be attached again");
		}
		expect_marks(d, actors, domains, nr, "after another one came in its place", o);
	}
	undo_domains(d, domains, nr, o);
	for (i = 0; i < SPACES; i++)
		actor_end(&actors[i], o);
	for (i = 0; i < SPACES && o->verdict != LIFECYCLE_FAILED; i++)
		expect_successor(d, o);
	expect_live(d, 0, "in the end", o);
	PASSED(o, domain ?
	       "%u processes and as many domains, each with its own memory at one address" :
	       "%u processes, each with its own memory at one address", SPACES);
}
