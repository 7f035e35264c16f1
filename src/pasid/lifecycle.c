// SPDX-License-Identifier: GPL-2.0-only
#include "pasid/lifecycle.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sysfs.h"
#include "pasid/commands.h"
#include "text/progress.h"

/* What the kernel does a little later, such as closing the files of a killed process. */
#define SETTLE_NS		10000000000ULL
#define SETTLE_STEP_US		2000
/* A process that does not answer for so long never will. */
#define ANSWER_MS		20000
/* How long the device reads on while its process is killed. */
#define WATCH_NS		8000000000ULL
#define BEFORE_KILL_US		20000
/* Processes that are killed at some moment of a bind. */
#define KILLS_AT_BIND		24
#define KILL_STEP_US		150
/* Up to so many PASIDs, processes are used as well to exhaust them. */
#define MAX_PROCESSES		256

/**
 * enum role - what a process does once it is bound and told to go on
 * @ROLE_WAIT: nothing
 * @ROLE_EXIT: ends
 * @ROLE_EXEC: runs another program
 * @ROLE_FORK: forks a process that only waits
 * @ROLE_UNBIND: undoes the bind and tells what came of it
 * @ROLE_CHURN: binds and unbinds all the time, without being told to
 */
enum role {
	ROLE_WAIT,
	ROLE_EXIT,
	ROLE_EXEC,
	ROLE_FORK,
	ROLE_UNBIND,
	ROLE_CHURN,
};

/* What a process tells after its bind. */
struct hello {
	int error;
	uint32_t id;
	uint32_t pasid;
	uint64_t address;
};

/**
 * struct actor - a process that has its address space bound
 * @pid: its number
 * @to: it reads from there
 * @from: it writes there
 * @hello: what it said
 */
struct actor {
	pid_t pid;
	int to;
	int from;
	struct hello hello;
};

static void verdict(struct lifecycle_outcome *o, enum lifecycle_verdict v, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The first failure counts. */
static void verdict(struct lifecycle_outcome *o, enum lifecycle_verdict v, const char *fmt, ...)
{
	va_list args;

	if (o->verdict == LIFECYCLE_FAILED)
		return;
	o->verdict = v;
	va_start(args, fmt);
	vsnprintf(o->text, sizeof(o->text), fmt, args);
	va_end(args);
}

#define FAILED(o, ...)	verdict(o, LIFECYCLE_FAILED, __VA_ARGS__)
#define PASSED(o, ...)	verdict(o, LIFECYCLE_PASSED, __VA_ARGS__)
#define SKIPPED(o, ...)	verdict(o, LIFECYCLE_SKIPPED, __VA_ARGS__)

int lifecycle_after_exec(void)
{
	/* Whoever started this kills it. */
	for (;;)
		pause();
}

/* The rest is the process's own side. */

static void actor_exec(const struct device *d)
{
	struct iommubench_pasid_bind bind = { .kind = IOMMUBENCH_PASID_SVA };
	int fd = pasid_open(d, O_CLOEXEC);

	if (fd < 0 || pasid_bind(fd, &bind, NULL))
		_exit(1);
	execl("/proc/self/exe", "iommubench", "pasid", LIFECYCLE_AFTER_EXEC, (char *)NULL);
	_exit(1);
}

static void actor_fork(int out)
{
	pid_t pid = fork();

	if (!pid)
		lifecycle_after_exec();
	if (write(out, &pid, sizeof(pid)) != sizeof(pid))
		_exit(1);
	pause();
}

static void actor_unbind(int fd, uint32_t id, int out)
{
	struct iommubench_pasid_unbind unbind = { .id = id };
	int ret = pasid_unbind(fd, &unbind);

	if (write(out, &ret, sizeof(ret)) != sizeof(ret))
		_exit(1);
	pause();
}

static void actor_churn(int fd, uint32_t id)
{
	struct iommubench_pasid_unbind first = { .id = id };

	/* As long as it is bound, others would only take a reference. */
	if (pasid_unbind(fd, &first))
		_exit(1);
	for (;;) {
		struct iommubench_pasid_bind bind = { .kind = IOMMUBENCH_PASID_SVA };
		struct iommubench_pasid_unbind unbind = { 0 };

		if (pasid_bind(fd, &bind, NULL))
			_exit(1);
		unbind.id = bind.id;
		if (pasid_unbind(fd, &unbind))
			_exit(1);
	}
}

static void actor_main(const struct device *d, enum role as, int in, int out, pid_t parent)
	__attribute__((noreturn));

static void actor_main(const struct device *d, enum role as, int in, int out, pid_t parent)
{
	struct iommubench_pasid_bind bind = { .kind = IOMMUBENCH_PASID_SVA };
	struct hello hello = { 0 };
	struct pasid_page page = { NULL };
	char go;
	int fd;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	/* Only the two pipes of all that the caller has open; they are the last ones. */
	dup2(in, 3);
	dup3(out, 4, O_CLOEXEC);
	close_range(5, ~0U, 0);
	fd = pasid_open(d, 0);
	hello.error = fd < 0 ? fd : pasid_page_get(&page);
	if (!hello.error)
		hello.error = pasid_bind(fd, &bind, NULL);
	hello.id = bind.id;
	hello.pasid = bind.pasid;
	hello.address = (uintptr_t)page.word;
	if (write(4, &hello, sizeof(hello)) != sizeof(hello) || hello.error)
		_exit(1);
	if (as == ROLE_CHURN)
		actor_churn(fd, hello.id);
	if (read(3, &go, 1) != 1)
		_exit(1);
	switch (as) {
	case ROLE_EXEC:
		actor_exec(d);
		break;
	case ROLE_FORK:
		actor_fork(4);
		break;
	case ROLE_UNBIND:
		actor_unbind(fd, hello.id, 4);
		break;
	default:
		break;
	}
	_exit(as == ROLE_EXIT ? 0 : 1);
}

/* From here on the caller's side. */

/* Return: whether all @n bytes came in time. */
static bool answer(int fd, void *buf, size_t n)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };

	return poll(&pollfd, 1, ANSWER_MS) > 0 && read(fd, buf, n) == (ssize_t)n;
}

/* Whatever state it is in; @o counts it. */
static void actor_end(struct actor *a, struct lifecycle_outcome *o)
{
	if (a->pid <= 0)
		return;
	kill(a->pid, SIGKILL);
	waitpid(a->pid, NULL, 0);
	close(a->to);
	close(a->from);
	a->pid = 0;
	o->processes++;
}

/* Return: 0, or the negative errno of what could not be done; then there is no process. */
static int actor_start(struct actor *a, const struct device *d, enum role as,
		       struct lifecycle_outcome *o)
{
	int in[2], out[2], err;
	pid_t parent = getpid();

	memset(a, 0, sizeof(*a));
	if (pipe2(in, O_CLOEXEC))
		return -errno;
	if (pipe2(out, O_CLOEXEC)) {
		err = -errno;
		close(in[0]);
		close(in[1]);
		return err;
	}
	fflush(NULL);
	a->pid = fork();
	err = -errno;
	if (!a->pid)
		actor_main(d, as, in[0], out[1], parent);
	close(in[0]);
	close(out[1]);
	a->to = in[1];
	a->from = out[0];
	if (a->pid < 0) {
		close(a->to);
		close(a->from);
		return err;
	}
	err = answer(a->from, &a->hello, sizeof(a->hello)) ? a->hello.error : -ETIMEDOUT;
	if (err)
		actor_end(a, o);
	return err;
}

/* Same, as a step of a case. */
static bool start(struct actor *a, const struct device *d, enum role as,
		  struct lifecycle_outcome *o)
{
	int err = actor_start(a, d, as, o);

	if (err)
		FAILED(o, "a process cannot be bound: %s", strerror(-err));
	return !err;
}

static bool go_on(const struct actor *a, struct lifecycle_outcome *o)
{
	if (write(a->to, "", 1) == 1)
		return true;
	FAILED(o, "process %d does not listen", a->pid);
	return false;
}

static bool can(const struct device *d, uint64_t feature)
{
	return d->info.features & feature;
}

/* Does the device get through? An engine that cannot tell says what is hoped for. */
static void expect_access(const struct device *d, uint32_t pasid, uint64_t address, bool through,
			  const char *when, struct lifecycle_outcome *o)
{
	struct iommubench_pasid_access access = { .pasid = pasid, .address = address };
	int err;

	if (!can(d, IOMMUBENCH_FEATURE_PROBE))
		return;
	err = pasid_access(d->fd, &access);
	if (err)
		FAILED(o, "the device cannot be told to read %s: %s", when, strerror(-err));
	else if ((access.refused == IOMMUBENCH_PASID_GOT_THROUGH) != through)
		FAILED(o, "with PASID %u the device %s %s", pasid,
		       through ? "was refused" : "still got through", when);
}

/* Are so many PASIDs bound? Closing a file may take the kernel a moment. */
static void expect_live(const struct device *d, uint64_t live, const char *when,
			struct lifecycle_outcome *o)
{
	uint64_t deadline = monotonic_ns() + SETTLE_NS;
	struct iommubench_pasid_info info;
	int err;

	do {
		err = pasid_info(d->fd, &info);
		if (!err && info.live == live)
			return;
		usleep(SETTLE_STEP_US);
	} while (!err && monotonic_ns() < deadline);
	if (err)
		FAILED(o, "the device cannot be asked %s: %s", when, strerror(-err));
	else
		FAILED(o, "%llu PASIDs are bound %s, expected %" PRIu64, info.live, when, live);
}

static void run_killed_at_bind(struct device *d, struct lifecycle_outcome *o)
{
	struct actor a;
	unsigned int i;

	for (i = 0; i < KILLS_AT_BIND; i++) {
		if (!start(&a, d, ROLE_CHURN, o))
			return;
		usleep(i * KILL_STEP_US);
		actor_end(&a, o);
	}
	expect_live(d, 0, "after the last process was killed", o);
	expect_access(d, a.hello.pasid, a.hello.address, false,
		      "after the last process was killed", o);
	PASSED(o, "%u processes were killed while they bound and unbound", KILLS_AT_BIND);
}

static void killed(struct device *d, bool used, struct lifecycle_outcome *o)
{
	struct actor a;

	if (!start(&a, d, ROLE_WAIT, o))
		return;
	expect_live(d, 1, "while the process lives", o);
	if (used)
		expect_access(d, a.hello.pasid, a.hello.address, true, "before the kill", o);
	actor_end(&a, o);
	expect_access(d, a.hello.pasid, a.hello.address, false, "after the kill", o);
	expect_live(d, 0, "after the kill", o);
	PASSED(o, "PASID %u came back and is refused", a.hello.pasid);
}

static void run_killed_before(struct device *d, struct lifecycle_outcome *o)
{
	killed(d, false, o);
}

static void run_killed_after(struct device *d, struct lifecycle_outcome *o)
{
	killed(d, true, o);
}

/**
 * struct reader - the device reads on, in a thread that waits for the end of that
 * @d: the device
 * @access: what is read, and what came of it
 * @error: of the command
 */
struct reader {
	const struct device *d;
	struct iommubench_pasid_access access;
	int error;
};

static void *read_on(void *arg)
{
	struct reader *r = arg;

	r->error = pasid_access(r->d->fd, &r->access);
	return NULL;
}

static void run_killed_during(struct device *d, struct lifecycle_outcome *o)
{
	struct reader r = { .d = d };
	pthread_t thread;
	struct actor a;

	if (!can(d, IOMMUBENCH_FEATURE_WATCH)) {
		SKIPPED(o, "the engine %s cannot read until it is refused", d->info.engine);
		return;
	}
	if (!start(&a, d, ROLE_WAIT, o))
		return;
	r.access = (struct iommubench_pasid_access){
		.pasid = a.hello.pasid,
		.address = a.hello.address,
		.limit_ns = WATCH_NS,
	};
	if (pthread_create(&thread, NULL, read_on, &r)) {
		actor_end(&a, o);
		FAILED(o, "no thread can be started");
		return;
	}
	usleep(BEFORE_KILL_US);
	actor_end(&a, o);
	pthread_join(thread, NULL);
	if (r.error)
		FAILED(o, "the device cannot be told to read: %s", strerror(-r.error));
	else if (!r.access.accesses)
		FAILED(o, "the device did not get through before the kill");
	else if (r.access.refused != IOMMUBENCH_PASID_REFUSED)
		FAILED(o, "the device still read %llu s after the kill",
		       WATCH_NS / 1000000000);
	expect_live(d, 0, "after the kill", o);
	PASSED(o, "the device read %" PRIu64 " times until the kill ended that",
	       (uint64_t)r.access.accesses);
}

static void run_exit(struct device *d, struct lifecycle_outcome *o)
{
	struct actor a;
	char byte;

	if (!start(&a, d, ROLE_EXIT, o))
		return;
	expect_access(d, a.hello.pasid, a.hello.address, true, "before the exit", o);
	/* The pipe ends with the process. */
	if (go_on(&a, o) && answer(a.from, &byte, 1))
		FAILED(o, "the process did not exit");
	expect_live(d, 0, "after the exit", o);
	expect_access(d, a.hello.pasid, a.hello.address, false, "after the exit", o);
	actor_end(&a, o);
	PASSED(o, "PASID %u came back and is refused", a.hello.pasid);
}

static void run_exec(struct device *d, struct lifecycle_outcome *o)
{
	struct actor a;
	char byte;

	if (!start(&a, d, ROLE_EXEC, o))
		return;
	expect_access(d, a.hello.pasid, a.hello.address, true, "before the exec", o);
	/* Its end of the pipe is closed by the exec. */
	if (go_on(&a, o) && answer(a.from, &byte, 1))
		FAILED(o, "the process did not exec");
	if (waitpid(a.pid, NULL, WNOHANG))
		FAILED(o, "the process ended instead of an exec");
	expect_access(d, a.hello.pasid, a.hello.address, false, "after the exec", o);
	expect_live(d, 1, "after the exec, with one file left open by it and one closed", o);
	actor_end(&a, o);
	expect_live(d, 0, "after the end of the process", o);
	PASSED(o, "the old address space was refused at once, its file kept PASID %u until the end",
	       a.hello.pasid);
}

static void run_fork(struct device *d, struct lifecycle_outcome *o)
{
	struct actor a;
	pid_t child;

	if (!start(&a, d, ROLE_FORK, o))
		return;
	if (!go_on(&a, o) || !answer(a.from, &child, sizeof(child)) || child <= 0) {
		FAILED(o, "the process did not fork");
		actor_end(&a, o);
		return;
	}
	expect_access(d, a.hello.pasid, a.hello.address, true, "after the fork", o);
	actor_end(&a, o);
	expect_access(d, a.hello.pasid, a.hello.address, false,
		      "after the end of the process, with its child left", o);
	expect_live(d, 1, "while the child has the file open", o);
	kill(child, SIGKILL);
	expect_live(d, 0, "after the end of the child", o);
	PASSED(o, "the child was not bound, and kept PASID %u only by its file", a.hello.pasid);
}

/* Return: whether the device is there again, open. */
static bool bind_again(struct device *d, struct lifecycle_outcome *o)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/bus/%s/drivers/" DEVICE_DRIVER "/bind", d->bus);
	if (sysfs_write(d->name, "%s", path)) {
		FAILED(o, "the device cannot be bound to its driver again: %s", strerror(errno));
		return false;
	}
	device_close(d);
	if (device_open(d)) {
		FAILED(o, "the device cannot be opened again");
		return false;
	}
	return true;
}

static void run_device_unbind(struct device *d, struct lifecycle_outcome *o)
{
	struct iommubench_pasid_bind bind = { .kind = IOMMUBENCH_PASID_DOMAIN };
	struct iommubench_pasid_unbind unbind = { 0 };
	bool domain = can(d, IOMMUBENCH_FEATURE_PASID);
	struct iommubench_pasid_info info;
	struct actor a;
	int told = 0;

	if (!start(&a, d, ROLE_UNBIND, o))
		return;
	if (domain && pasid_bind(d->fd, &bind, NULL))
		FAILED(o, "a domain cannot be attached");
	unbind.id = bind.id;
	expect_live(d, 1 + domain, "before the device was unbound", o);
	if (sysfs_write(d->name, "/sys/bus/%s/drivers/" DEVICE_DRIVER "/unbind", d->bus)) {
		FAILED(o, "the device cannot be unbound: %s", strerror(errno));
		actor_end(&a, o);
		return;
	}
	if (domain && pasid_unbind(d->fd, &unbind) != -ENODEV)
		FAILED(o, "an unbind by a domain's owner did not say that the device is gone");
	if (go_on(&a, o) && (!answer(a.from, &told, sizeof(told)) || told != -ENODEV))
		FAILED(o, "an unbind by the process did not say that the device is gone: %s",
		       strerror(-told));
	if (!bind_again(d, o)) {
		actor_end(&a, o);
		return;
	}
	if (pasid_info(d->fd, &info) || info.live || info.domains)
		FAILED(o, "PASIDs are bound on a device that was just given back");
	expect_access(d, a.hello.pasid, a.hello.address, false, "after that", o);
	actor_end(&a, o);
	expect_live(d, 0, "in the end", o);
	PASSED(o, domain ? "a process and a domain lost their PASIDs, and their files said so" :
	       "a process lost its PASID, and its file said so");
}

static void run_module_removal(struct device *d, struct lifecycle_outcome *o)
{
	struct actor a;
	int err;

	if (!start(&a, d, ROLE_WAIT, o))
		return;
	err = syscall(SYS_delete_module, DEVICE_DRIVER, O_NONBLOCK) ? errno : 0;
	/* Built in, locked down, or without the system call. */
	if (err && err != EWOULDBLOCK && err != EBUSY)
		SKIPPED(o, "modules cannot be removed here: %s", strerror(err));
	else if (err != EWOULDBLOCK)
		FAILED(o, "an attempt to remove the module ended with '%s', expected '%s'",
		       err ? strerror(err) : "success", strerror(EWOULDBLOCK));
	expect_access(d, a.hello.pasid, a.hello.address, true, "after the attempt", o);
	actor_end(&a, o);
	expect_live(d, 0, "after the end of the process", o);
	if (o->verdict != LIFECYCLE_SKIPPED)
		PASSED(o, "refused while a PASID was bound, which stayed usable");
}

/* A new process can be bound, and be used. */
static void expect_process(struct device *d, int expected, const char *when,
			   struct lifecycle_outcome *o)
{
	uint64_t deadline = monotonic_ns() + SETTLE_NS;
	struct actor a;
	int err;

	do {
		err = actor_start(&a, d, ROLE_WAIT, o);
		if (err == expected)
			break;
		if (!err)
			actor_end(&a, o);
		usleep(SETTLE_STEP_US);
	} while (monotonic_ns() < deadline);
	if (err != expected)
		FAILED(o, "a new process was bound %s with '%s', expected '%s'", when,
		       strerror(-err), strerror(-expected));
	else if (!err)
		expect_access(d, a.hello.pasid, a.hello.address, true, when, o);
	if (!err)
		actor_end(&a, o);
}

/* Processes alone are too few to use up what there is. */
static bool no_domains(const struct device *d, struct lifecycle_outcome *o)
{
	if (can(d, IOMMUBENCH_FEATURE_PASID))
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

static void run_pasids_exhausted(struct device *d, struct lifecycle_outcome *o)
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

static void run_asids_exhausted(struct device *d, struct lifecycle_outcome *o)
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

const struct lifecycle_case lifecycle_cases[] = {
	{ "killed-at-bind", "processes killed while they bind and unbind", true,
	  run_killed_at_bind },
	{ "killed-before", "process killed before the device used its PASID", true,
	  run_killed_before },
	{ "killed-during", "process killed while the device reads its memory", true,
	  run_killed_during },
	{ "killed-after", "process killed after the device read its memory", true,
	  run_killed_after },
	{ "exit", "process exits without an unbind", true, run_exit },
	{ "exec", "process runs another program", true, run_exec },
	{ "fork", "process forks, and ends before its child", true, run_fork },
	{ "device-unbind", "device taken away with PASIDs bound", true, run_device_unbind },
	{ "module-removal", "removal of the module attempted with a PASID bound", true,
	  run_module_removal },
	{ "pasids-exhausted", "all PASIDs in use", false,
	  run_pasids_exhausted },
	{ "asids-exhausted", "all address space identifiers in use", true,
	  run_asids_exhausted },
	{ NULL, NULL, false, NULL },
};

void lifecycle_run(const struct lifecycle_case *c, struct device *d, const char *sva_missing,
		   struct lifecycle_outcome *o)
{
	*o = (struct lifecycle_outcome){ .sva_missing = sva_missing };
	if (c->sva && sva_missing) {
		SKIPPED(o, "%s", sva_missing);
		return;
	}
	c->run(d, o);
}
