// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commands about PASIDs with bad input, and in orders that nobody would give them in. Prints
 * one line a check, in the words of TAP without numbers.
 *
 * pasid_check DEVICE-NODE [limits [OTHER-NODE] | hold N | overrun]
 *
 * With "hold N", N threads have the device read for as long as that may be; with "overrun" it
 * reads once and again until there is no room for that.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <iommubench.h>

#define THREADS		4
#define ROUNDS		300

static const char *node;

static void ok(bool good, const char *name)
{
	printf("%s - %s\n", good ? "ok" : "not ok", name);
}

static int command(int fd, unsigned int cmd, void *arg)
{
	return ioctl(fd, cmd, arg) ? -errno : 0;
}

static int open_other(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0) {
		printf("not ok - %s can be opened\n", path);
		exit(1);
	}
	return fd;
}

static int open_node(void)
{
	return open_other(node);
}

static struct iommubench_pasid_bind bind_of(unsigned int kind)
{
	return (struct iommubench_pasid_bind){
		.size = sizeof(struct iommubench_pasid_bind),
		.kind = kind,
	};
}

static int do_bind(int fd, unsigned int kind, unsigned int flags, unsigned int reserved,
		   struct iommubench_pasid_bind *bind)
{
	*bind = bind_of(kind);
	bind->flags = flags;
	bind->reserved_id = reserved;
	return command(fd, IOMMUBENCH_IOC_PASID_BIND, bind);
}

static int do_unbind(int fd, unsigned int id)
{
	struct iommubench_pasid_unbind unbind = { .size = sizeof(unbind), .id = id };

	return command(fd, IOMMUBENCH_IOC_PASID_UNBIND, &unbind);
}

static uint64_t live(int fd)
{
	struct iommubench_pasid_info info = { .size = sizeof(info) };

	return command(fd, IOMMUBENCH_IOC_PASID_INFO, &info) ? UINT64_MAX :
	       info.live + info.reserved + info.domains;
}

static void check_structs(int fd)
{
	static const unsigned int commands[] = {
		IOMMUBENCH_IOC_PASID_INFO, IOMMUBENCH_IOC_PASID_BIND, IOMMUBENCH_IOC_PASID_UNBIND,
		IOMMUBENCH_IOC_PASID_ACCESS,
	};
	uint32_t room[2048] = { 0 };
	bool small = true, large = true, nowhere = true, newer = true;
	unsigned int i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		room[0] = 4;
		small &= command(fd, commands[i], room) == -EINVAL;
		room[0] = sizeof(room);
		large &= command(fd, commands[i], room) == -E2BIG;
		nowhere &= command(fd, commands[i], (void *)8) == -EFAULT;
		room[0] = 1024;
		room[255] = 1;
		newer &= command(fd, commands[i], room) == -E2BIG;
		room[255] = 0;
	}
	ok(small, "a struct that is too small is EINVAL");
	ok(large, "one of more than a page is E2BIG");
	ok(nowhere, "one that cannot be read is EFAULT");
	ok(newer, "one with something that the module does not know is E2BIG");
}

static void check_bind(int fd)
{
	char message[IOMMUBENCH_MESSAGE_BYTES] = "";
	struct iommubench_pasid_bind bind = bind_of(0);

	ok(command(fd, IOMMUBENCH_IOC_PASID_BIND, &bind) == -EINVAL, "there is no kind 0");
	bind = bind_of(4);
	bind.message = (uintptr_t)message;
	bind.message_bytes = sizeof(message);
	ok(command(fd, IOMMUBENCH_IOC_PASID_BIND, &bind) == -EINVAL &&
	   strstr(message, "kind of bind 4"), "nor a kind 4, and the message says so");
	ok(do_bind(fd, IOMMUBENCH_PASID_DOMAIN, 4, 0, &bind) == -EINVAL, "an unknown flag is EINVAL");
	ok(do_bind(fd, IOMMUBENCH_PASID_SVA, 1, 0, &bind) == -EINVAL, "a process has no flags");
	ok(do_bind(fd, IOMMUBENCH_PASID_SVA, 0, 1, &bind) == -EINVAL, "nor a reservation");
	ok(do_bind(fd, IOMMUBENCH_PASID_DOMAIN, IOMMUBENCH_PASID_SAME_DOMAIN, 0, &bind) == -EINVAL,
	   "there is no last domain yet");
	ok(do_bind(fd, IOMMUBENCH_PASID_DOMAIN, 0, 1, &bind) == -EINVAL, "nor a reservation");
	ok(do_bind(fd, IOMMUBENCH_PASID_DOMAIN, 0, UINT32_MAX, &bind) == -EINVAL,
	   "nor one beyond all");
	bind = bind_of(IOMMUBENCH_PASID_SVA);
	bind.reserved = 1;
	ok(command(fd, IOMMUBENCH_IOC_PASID_BIND, &bind) == -EINVAL, "reserved fields are zero");
	ok(live(fd) == 0, "nothing was bound by all that");
}

static void check_order(int fd)
{
	struct iommubench_pasid_bind a, b, reserved;
	int other = open_node();

	ok(do_unbind(fd, 0) == -ENOENT, "what was not bound cannot be unbound");
	ok(!do_bind(fd, IOMMUBENCH_PASID_DOMAIN, 0, 0, &a), "a domain is bound");
	ok(do_unbind(other, a.id) == -ENOENT, "another file does not have it");
	ok(!do_bind(fd, IOMMUBENCH_PASID_DOMAIN, IOMMUBENCH_PASID_SAME_DOMAIN, 0, &b) &&
	   b.pasid != a.pasid && b.address == a.address, "the same one is bound once more");
	ok(!do_unbind(fd, a.id), "the first bind is undone");
	ok(do_unbind(fd, a.id) == -ENOENT, "but not twice");
	ok(!do_unbind(fd, b.id) && !live(fd), "and the second");
	ok(do_bind(fd, IOMMUBENCH_PASID_DOMAIN, IOMMUBENCH_PASID_SAME_DOMAIN, 0, &b) == -EINVAL,
	   "the domain is gone then");

	ok(!do_bind(fd, IOMMUBENCH_PASID_RESERVE, 0, 0, &reserved), "a PASID is reserved");
	ok(!do_bind(fd, IOMMUBENCH_PASID_DOMAIN, 0, reserved.id + 1, &a) &&
	   a.pasid == reserved.pasid, "and used");
	ok(do_bind(fd, IOMMUBENCH_PASID_DOMAIN, 0, reserved.id + 1, &b) == -EINVAL, "but not twice");
	ok(do_bind(fd, IOMMUBENCH_PASID_DOMAIN, 0, a.id + 1, &b) == -EINVAL,
	   "a bind is no reservation");
	ok(do_unbind(fd, reserved.id) == -EBUSY, "it is not given back while it is used");
	ok(!do_unbind(fd, a.id) && !do_unbind(fd, reserved.id) && !live(fd), "but afterwards");

	ok(!do_bind(other, IOMMUBENCH_PASID_RESERVE, 0, 0, &reserved) &&
	   !do_bind(other, IOMMUBENCH_PASID_DOMAIN, 0, reserved.id + 1, &a) &&
	   !do_bind(other, IOMMUBENCH_PASID_SVA, 0, 0, &b), "another file binds all kinds");
	close(other);
	ok(live(fd) == 0, "and gives them back when it is closed");
}

/* What is in a domain is its own, and somebody who reads something else is told. */
static void check_marks(int fd, struct iommubench_pasid_bind bind)
{
	struct iommubench_pasid_access access = {
		.size = sizeof(access),
		.pasid = bind.pasid,
		.address = bind.address,
		.mark = bind.mark,
	};
	struct iommubench_pasid_unbind unbind = {
		.size = sizeof(unbind),
		.flags = IOMMUBENCH_PASID_WATCH | IOMMUBENCH_PASID_PROBE,
		.address = bind.address,
		.limit_ns = 1000000000,
	};
	struct iommubench_pasid_bind other;

	ok(bind.mark && !do_bind(fd, IOMMUBENCH_PASID_DOMAIN, 0, 0, &other) &&
	   other.address == bind.address && other.mark && other.mark != bind.mark,
	   "another domain has another mark at the same address");
	ok(!command(fd, IOMMUBENCH_IOC_PASID_ACCESS, &access) &&
	   access.refused == IOMMUBENCH_PASID_GOT_THROUGH, "the device finds the mark");
	access.pasid = other.pasid;
	ok(!command(fd, IOMMUBENCH_IOC_PASID_ACCESS, &access) &&
	   access.refused == IOMMUBENCH_PASID_OTHER, "but not that of another domain");
	access.limit_ns = IOMMUBENCH_MAX_WATCH_NS;
	ok(!command(fd, IOMMUBENCH_IOC_PASID_ACCESS, &access) && !access.accesses &&
	   access.refused == IOMMUBENCH_PASID_OTHER, "nor when it is watched");
	access.size = offsetof(struct iommubench_pasid_access, mark);
	access.limit_ns = 0;
	ok(!command(fd, IOMMUBENCH_IOC_PASID_ACCESS, &access) &&
	   access.refused == IOMMUBENCH_PASID_GOT_THROUGH, "who knows of no mark gets by without");
	unbind.id = other.id;
	unbind.mark = bind.mark;
	ok(command(fd, IOMMUBENCH_IOC_PASID_UNBIND, &unbind) == -EFAULT,
	   "what is not there cannot be watched");
	unbind.mark = other.mark;
	ok(!command(fd, IOMMUBENCH_IOC_PASID_UNBIND, &unbind) &&
	   unbind.refused == IOMMUBENCH_PASID_REFUSED, "a domain is refused before its page is gone");
}

static void check_access(int fd)
{
	struct iommubench_pasid_access access = { .size = sizeof(access) };
	struct iommubench_pasid_unbind unbind = { .size = sizeof(unbind) };
	struct iommubench_pasid_bind bind;

	ok(command(fd, IOMMUBENCH_IOC_PASID_ACCESS, &access) == -EINVAL, "PASID 0 is none");
	access.pasid = UINT32_MAX;
	ok(command(fd, IOMMUBENCH_IOC_PASID_ACCESS, &access) < 0, "nor is one beyond all");
	access.pasid = 1;
	access.address = 4;
	ok(command(fd, IOMMUBENCH_IOC_PASID_ACCESS, &access) == -EINVAL, "addresses are aligned");
	access.address = 4096;
	access.limit_ns = UINT64_MAX;
	ok(command(fd, IOMMUBENCH_IOC_PASID_ACCESS, &access) == -EINVAL, "watching has a limit");
	access.limit_ns = 0;
	ok(!command(fd, IOMMUBENCH_IOC_PASID_ACCESS, &access) &&
	   access.refused == IOMMUBENCH_PASID_REFUSED, "a PASID that is not bound is refused");

	ok(!do_bind(fd, IOMMUBENCH_PASID_DOMAIN, 0, 0, &bind), "a domain is bound");
	access.pasid = bind.pasid;
	access.address = bind.address;
	ok(!command(fd, IOMMUBENCH_IOC_PASID_ACCESS, &access) &&
	   access.refused == IOMMUBENCH_PASID_GOT_THROUGH, "the device reads through its PASID");
	access.limit_ns = 20000000;
	ok(!command(fd, IOMMUBENCH_IOC_PASID_ACCESS, &access) && access.accesses > 1 &&
	   access.refused == IOMMUBENCH_PASID_GOT_THROUGH, "again and again up to the limit");
	check_marks(fd, bind);
	unbind.id = bind.id;
	unbind.flags = 4;
	ok(command(fd, IOMMUBENCH_IOC_PASID_UNBIND, &unbind) == -EINVAL, "an unknown flag is EINVAL");
	unbind.flags = IOMMUBENCH_PASID_WATCH;
	unbind.limit_ns = IOMMUBENCH_MAX_WATCH_NS + 1;
	ok(command(fd, IOMMUBENCH_IOC_PASID_UNBIND, &unbind) == -EINVAL, "as is a limit beyond all");
	unbind.limit_ns = 1000000000;
	unbind.address = bind.address + 65536;
	ok(command(fd, IOMMUBENCH_IOC_PASID_UNBIND, &unbind) == -EFAULT,
	   "what the device cannot read before cannot be watched");
	ok(live(fd) == 2, "all of that leaves it bound");
	unbind.address = bind.address;
	ok(!command(fd, IOMMUBENCH_IOC_PASID_UNBIND, &unbind) && live(fd) == 0 &&
	   unbind.refused == IOMMUBENCH_PASID_REFUSED, "it is watched until it is refused");
}

/*
 * Whichever is used up first: the device's PASIDs, of which 0 is none and @kept are this process'
 * for as long as it lives; or the domains that the module makes.
 */
static void check_limits(int fd, unsigned int kept)
{
	struct iommubench_pasid_info info = { .size = sizeof(info) };
	struct iommubench_pasid_bind bind = { 0 };
	unsigned int n, want = IOMMUBENCH_MAX_PASID_DOMAINS;
	int err = 0;

	if (command(fd, IOMMUBENCH_IOC_PASID_INFO, &info))
		info.max_pasids = 0;
	if (info.max_pasids <= want)
		want = info.max_pasids - 1 - kept;
	for (n = 0; n <= want; n++) {
		err = do_bind(fd, IOMMUBENCH_PASID_DOMAIN, 0, 0, &bind);
		if (err)
			break;
	}
	ok(n == want && err == (want < IOMMUBENCH_MAX_PASID_DOMAINS ? -ENOSPC : -EMFILE),
	   "there is a limit to domains");
}

/* Of two devices together there are no more domains than of one. */
static void check_limits_of_two(int fd, int other)
{
	struct iommubench_pasid_bind bind;
	unsigned int n;
	int err = 0;

	for (n = 0; n <= IOMMUBENCH_MAX_PASID_DOMAINS && !err; n++)
		err = do_bind(n % 2 ? other : fd, IOMMUBENCH_PASID_DOMAIN, 0, 0, &bind);
	ok(n == IOMMUBENCH_MAX_PASID_DOMAINS + 1 && err == -EMFILE,
	   "two devices share the limit to domains");
	ok(!do_bind(other, IOMMUBENCH_PASID_DOMAIN, IOMMUBENCH_PASID_SAME_DOMAIN, 0, &bind),
	   "another PASID of a domain is none more");
	close(other);
	ok(!do_bind(fd, IOMMUBENCH_PASID_DOMAIN, 0, 0, &bind), "what one gives back the other can have");
}

/* For as long as it may take, and once more: nobody but a signal ends it. */
static void *hold(void *arg)
{
	struct iommubench_pasid_access access = *(struct iommubench_pasid_access *)arg;
	int fd = open_node();

	while (!command(fd, IOMMUBENCH_IOC_PASID_ACCESS, &access))
		;
	return NULL;
}

static int hold_all(unsigned int n)
{
	struct iommubench_pasid_access access = {
		.size = sizeof(access),
		.limit_ns = IOMMUBENCH_MAX_WATCH_NS,
	};
	pthread_t threads[64];
	struct iommubench_pasid_bind bind;
	unsigned int i;
	int fd = open_node();

	if (n > 64 || do_bind(fd, IOMMUBENCH_PASID_DOMAIN, 0, 0, &bind))
		return 1;
	access.pasid = bind.pasid;
	access.address = bind.address;
	for (i = 0; i < n; i++)
		if (pthread_create(&threads[i], NULL, hold, &access))
			return 1;
	puts("held");
	for (i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	return 0;
}

/* A place that belongs to an access of a run is not taken from it. */
static void overrun(int fd)
{
	struct iommubench_pasid_access access = { .size = sizeof(access), .pasid = 1 };
	unsigned int i;
	int err = 0;

	for (i = 0; i < 1024 && !err; i++)
		err = command(fd, IOMMUBENCH_IOC_PASID_ACCESS, &access);
	ok(err == -EBUSY, "a read finds no room beside an access that waits");
	access.limit_ns = 1000000;
	ok(command(fd, IOMMUBENCH_IOC_PASID_ACCESS, &access) == -EBUSY,
	   "nor is anything watched, which could reset the engine");
}

/* All threads at once on one file: ids are guessed, so that most commands meet each other. */
static void *hammer(void *arg)
{
	int fd = *(int *)arg;
	unsigned int i, seed = (unsigned int)pthread_self();

	for (i = 0; i < ROUNDS; i++) {
		struct iommubench_pasid_bind bind;
		unsigned int kind = 1 + (unsigned int)rand_r(&seed) % 3;

		bool domain = kind == IOMMUBENCH_PASID_DOMAIN;

		do_bind(fd, kind, domain && rand_r(&seed) % 2,
			domain ? (unsigned int)rand_r(&seed) % 5 : 0, &bind);
		do_unbind(fd, (unsigned int)rand_r(&seed) % 5);
		do_unbind(fd, (unsigned int)rand_r(&seed) % 5);
	}
	return NULL;
}

static void check_threads(int fd)
{
	pthread_t threads[THREADS];
	int shared = open_node();
	unsigned int i;

	for (i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, hammer, &shared))
			exit(1);
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	close(shared);
	ok(live(fd) == 0, "threads that share a file leave nothing");
}

int main(int argc, char **argv)
{
	int fd;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc < 2)
		return 2;
	node = argv[1];
	if (argc == 4 && !strcmp(argv[2], "hold"))
		return hold_all((unsigned int)atoi(argv[3]));
	fd = open_node();
	if (argc == 3 && !strcmp(argv[2], "overrun")) {
		overrun(fd);
		return 0;
	}
	if (argc > 2 && strcmp(argv[2], "limits"))
		return 2;
	if (argc == 4) {
		check_limits_of_two(fd, open_other(argv[3]));
		return 0;
	}
	if (argc == 2) {
		check_structs(fd);
		check_bind(fd);
		check_order(fd);
		check_access(fd);
		check_threads(fd);
	}
	check_limits(fd, argc == 2);
	close(fd);
	fd = open_node();
	ok(live(fd) == 0, "a closed file gives all back");
	return 0;
}
