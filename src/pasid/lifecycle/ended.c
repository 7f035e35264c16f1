// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cases in which a process ends, or the device goes away, with a PASID bound.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sysfs.h"
#include "pasid/commands.h"
#include "pasid/lifecycle/actor.h"
#include "pasid/lifecycle/expect.h"
#include "pasid/lifecycle/internal.h"

/* How long the device reads on while its process is killed. */
#define WATCH_NS		8000000000ULL
#define BEFORE_KILL_US		20000
/* Processes that are killed at some moment of a bind. */
#define KILLS_AT_BIND		24
#define KILL_STEP_US		150

void lifecycle_run_killed_at_bind(struct device *d, struct lifecycle_outcome *o)
{
	struct actor a;
	unsigned int i;

	for (i = 0; i < KILLS_AT_BIND; i++) {
		if (!actor_must_start(&a, d, ROLE_CHURN, o))
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

	if (!actor_must_start(&a, d, ROLE_WAIT, o))
		return;
	expect_live(d, 1, "while the process lives", o);
	if (used)
		expect_access(d, a.hello.pasid, a.hello.address, true, "before the kill", o);
	actor_end(&a, o);
	expect_access(d, a.hello.pasid, a.hello.address, false, "after the kill", o);
	expect_live(d, 0, "after the kill", o);
	PASSED(o, "PASID %u came back and is refused", a.hello.pasid);
}

void lifecycle_run_killed_before(struct device *d, struct lifecycle_outcome *o)
{
	killed(d, false, o);
}

void lifecycle_run_killed_after(struct device *d, struct lifecycle_outcome *o)
{
	killed(d, true, o);
}

/**
 * struct reader - the device reads on, in a thread that waits for the end of that
 * @d: the device
 * @access: what is read, and what came of it
 * @error: negative errno of the command, 0 for none
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

void lifecycle_run_killed_during(struct device *d, struct lifecycle_outcome *o)
{
	struct reader r = { .d = d };
	pthread_t thread;
	struct actor a;

	if (!device_can(d, IOMMUBENCH_FEATURE_WATCH)) {
		SKIPPED(o, "the engine %s cannot read until it is refused", d->info.engine);
		return;
	}
	if (!actor_must_start(&a, d, ROLE_WAIT, o))
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

void lifecycle_run_exit(struct device *d, struct lifecycle_outcome *o)
{
	struct actor a;
	char byte;

	if (!actor_must_start(&a, d, ROLE_EXIT, o))
		return;
	expect_access(d, a.hello.pasid, a.hello.address, true, "before the exit", o);
	/* The pipe ends with the process. */
	if (actor_go_on(&a, o) && actor_answer(a.from, &byte, 1))
		FAILED(o, "the process did not exit");
	expect_live(d, 0, "after the exit", o);
	expect_access(d, a.hello.pasid, a.hello.address, false, "after the exit", o);
	actor_end(&a, o);
	PASSED(o, "PASID %u came back and is refused", a.hello.pasid);
}

void lifecycle_run_exec(struct device *d, struct lifecycle_outcome *o)
{
	struct actor a;
	char byte;

	if (!actor_must_start(&a, d, ROLE_EXEC, o))
		return;
	expect_access(d, a.hello.pasid, a.hello.address, true, "before the exec", o);
	/* Its end of the pipe is closed by the exec. */
	if (actor_go_on(&a, o) && actor_answer(a.from, &byte, 1))
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

void lifecycle_run_fork(struct device *d, struct lifecycle_outcome *o)
{
	struct actor a;
	pid_t child;

	if (!actor_must_start(&a, d, ROLE_FORK, o))
		return;
	if (!actor_go_on(&a, o) || !actor_answer(a.from, &child, sizeof(child)) || child <= 0) {
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

void lifecycle_run_device_unbind(struct device *d, struct lifecycle_outcome *o)
{
	struct iommubench_pasid_bind bind = { .kind = IOMMUBENCH_PASID_DOMAIN };
	struct iommubench_pasid_unbind unbind = { 0 };
	bool domain = device_can(d, IOMMUBENCH_FEATURE_PASID);
	struct iommubench_pasid_info info;
	struct actor a;
	int told = 0;

	if (!actor_must_start(&a, d, ROLE_UNBIND, o))
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
	if (actor_go_on(&a, o) && (!actor_answer(a.from, &told, sizeof(told)) || told != -ENODEV))
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

void lifecycle_run_module_removal(struct device *d, struct lifecycle_outcome *o)
{
	struct actor a;
	int err;

	if (!actor_must_start(&a, d, ROLE_WAIT, o))
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
