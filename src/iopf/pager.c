// SPDX-License-Identifier: GPL-2.0-only
#include "iopf/pager.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"

/* Page requests of a group (PRG) are read as a whole or not at all. */
#define BATCH		IOMMUBENCH_MAX_IOPF_GROUP
#define IOVA_ALIGN	(2ULL << 20)

/* The pause ends early when the pager does. */
static void think(const struct pager *p)
{
	struct pollfd stop = { .fd = p->stop, .events = POLLIN };
	struct timespec ts = {
		.tv_sec = (time_t)(p->delay_ns / 1000000000),
		.tv_nsec = (long)(p->delay_ns % 1000000000),
	};

	if (p->delay_ns)
		ppoll(&stop, 1, &ts, NULL);
}

/* Return: what the answer is. */
static uint32_t serve(struct pager *p, uint64_t slot, bool write)
{
	uint64_t at = slot * p->arena->step;

	think(p);
	return iommufd_map(&p->iommufd, p->iova + at, p->arena->base + at, p->place_bytes, write) ?
	       IOMMUFD_RESPONSE_INVALID : IOMMUFD_RESPONSE_SUCCESS;
}

static void answer(struct pager *p, const struct iommufd_fault *fault, uint64_t read_tick)
{
	struct iommubench_iopf_mark *marks = __atomic_load_n(&p->marks, __ATOMIC_ACQUIRE);
	struct iommufd_response response = {
		.cookie = fault->cookie,
		.code = IOMMUFD_RESPONSE_INVALID,
	};
	uint64_t slot = (fault->addr - p->iova) / p->arena->step;
	bool known = fault->addr >= p->iova && slot < arena_slots(p->arena);

	if (known)
		response.code = serve(p, slot, fault->perm & IOMMUFD_PERM_WRITE);
	if (known && marks) {
		marks[slot].read = read_tick;
		marks[slot].answered = clock_ticks();
	}
	/* Not taken: it was answered for us, as the device is being taken away. */
	if (write(p->iommufd.faults, &response, sizeof(response)) != sizeof(response))
		error_detail("what was said to a fault was not taken: %s", strerror(errno));
}

/* A PRG is answered once. All its pages are at one slot. */
static void answer_all(struct pager *p, const struct iommufd_fault *faults, size_t n)
{
	uint64_t now = clock_ticks();
	size_t i;

	for (i = 0; i < n; i++)
		if (faults[i].flags & IOMMUFD_FAULT_LAST)
			answer(p, &faults[i], now);
}

static void *pager_thread(void *arg)
{
	struct iommufd_fault faults[BATCH];
	struct pager *p = arg;
	struct pollfd wait[] = {
		{ .fd = p->iommufd.faults, .events = POLLIN },
		{ .fd = p->stop, .events = POLLIN },
	};
	ssize_t n;

	for (;;) {
		if (poll(wait, 2, -1) < 0 && errno != EINTR)
			break;
		if (wait[1].revents)
			break;
		/* 0: another thread was quicker. */
		n = read(p->iommufd.faults, faults, sizeof(faults));
		if (n > 0)
			answer_all(p, faults, (size_t)n / sizeof(*faults));
		else if (n < 0)
			break;
	}
	return NULL;
}

static int start_threads(struct pager *p)
{
	int err;

	p->stop = eventfd(0, EFD_CLOEXEC);
	if (p->stop < 0)
		return error_fail(EXIT_UNABLE, "cannot make an event: %m");
	while (p->running < p->nr_threads) {
		err = pthread_create(&p->threads[p->running], NULL, pager_thread, p);
		if (err)
			return error_fail(EXIT_UNABLE, "cannot start thread %u of %u to answer faults: %s",
					  p->running + 1, p->nr_threads, strerror(err));
		p->running++;
	}
	return EXIT_DONE;
}

/* Return: as pager_open(). */
static int bind_device(struct pager *p)
{
	char message[IOMMUBENCH_MESSAGE_BYTES] = "";
	struct iommubench_iommufd_bind bind = {
		.size = sizeof(bind),
		.iommufd = p->iommufd.fd,
		.message = (uintptr_t)message,
		.message_bytes = sizeof(message),
	};
	struct iommubench_iommufd_attach attach = {
		.size = sizeof(attach),
		.message = (uintptr_t)message,
		.message_bytes = sizeof(message),
	};
	struct error e;

	if (ioctl(p->device, IOMMUBENCH_IOC_IOMMUFD_BIND, &bind))
		return error_fail(EXIT_UNABLE, "%s", *message ? message : strerror(errno));
	p->bound = true;
	if (iommufd_alloc_domain(&p->iommufd, bind.dev_id, &attach.hwpt_id, &e))
		return error_fail(EXIT_UNABLE, "%s", e.text);
	if (ioctl(p->device, IOMMUBENCH_IOC_IOMMUFD_ATTACH, &attach))
		return error_fail(EXIT_UNABLE, "%s", *message ? message : strerror(errno));
	return EXIT_DONE;
}

static int map_present(struct pager *p)
{
	const struct arena *a = p->arena;
	uint64_t i, n = arena_slots(a);
	int err;

	for (i = 0; i < n; i++) {
		if (!a->locked && !arena_is_prefaulted(a, i))
			continue;
		err = iommufd_map(&p->iommufd, p->iova + i * a->step, a->base + i * a->step,
				  p->place_bytes, a->write);
		if (err)
			return error_fail(EXIT_UNABLE, "cannot map memory for the device: %s",
					  strerror(-err));
	}
	return EXIT_DONE;
}

int pager_open(struct pager *p, bool present)
{
	struct error e;
	int ret;

	p->iommufd = (struct iommufd){ .fd = -1, .faults = -1 };
	p->bound = false;
	p->stop = -1;
	p->running = 0;
	p->marks = NULL;
	if (iommufd_open(&p->iommufd, &e))
		return error_fail(EXIT_UNABLE, "%s", e.text);
	ret = bind_device(p);
	if (ret)
		return ret;
	if (iommufd_find_room(&p->iommufd, p->arena->bytes, IOVA_ALIGN, &p->iova))
		return error_fail(EXIT_UNABLE, "the device's addresses have no room for %zu MiB",
				  p->arena->bytes >> 20);
	if (present)
		ret = map_present(p);
	return ret ? ret : start_threads(p);
}

void pager_watch(struct pager *p, uint64_t offset, uint64_t slots)
{
	void *at;

	p->marks_bytes = slots * sizeof(*p->marks);
	at = mmap(NULL, p->marks_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, p->device,
		  (off_t)offset);
	if (at == MAP_FAILED)
		error_detail("cannot map the marks of faults: %s", strerror(errno));
	else
		__atomic_store_n(&p->marks, at, __ATOMIC_RELEASE);
}

void pager_close(struct pager *p)
{
	const uint64_t one = 1;
	unsigned int i;

	if (p->stop >= 0 && write(p->stop, &one, sizeof(one)) == sizeof(one))
		for (i = 0; i < p->running; i++)
			pthread_join(p->threads[i], NULL);
	if (p->stop >= 0)
		close(p->stop);
	p->stop = -1;
	p->running = 0;
	if (p->marks)
		munmap(p->marks, p->marks_bytes);
	p->marks = NULL;
	/* ENODEV: the device went away, and took all of it along. */
	if (p->bound && ioctl(p->device, IOMMUBENCH_IOC_IOMMUFD_UNBIND) && errno != ENODEV)
		error_detail("cannot unbind the device from its iommufd: %s", strerror(errno));
	p->bound = false;
	iommufd_close(&p->iommufd);
}
