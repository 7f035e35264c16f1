// SPDX-License-Identifier: GPL-2.0-only
#include "iopf/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sysfs.h"
#include "base/xalloc.h"

/*
 * Far below where the kernel puts mappings by itself, so that nothing else comes
 * to where something was unmapped. Reached with 39 bits of address, too.
 */
#define ARENA_ADDRESS		0x1000000000ULL
/* Between an arena on the stack and what is in use of it; and as much for what was before. */
#define STACK_GAP		(1024 * 1024)
/* How long a slot may stay untouched before it is unmapped all the same. */
#define IN_FLIGHT_WAIT_NS	200000
/* How long to wait for an access to a slot of another process, and how often to look. */
#define REACHED_WAIT_NS		2000000000ULL
#define REACHED_LOOK_US		50
#define BLOCK			(1024 * 1024)

static size_t page_bytes(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

size_t arena_huge_bytes(void)
{
	char text[32];
	uint64_t bytes;

	if (sysfs_read(text, sizeof(text), "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size"))
		return 2U << 20;
	bytes = strtoull(text, NULL, 10);
	return bytes ? bytes : 2U << 20;
}

static bool of_file(const struct arena *a)
{
	return a->kind == ARENA_FILE_COLD || a->kind == ARENA_FILE_WARM;
}

static uint64_t *slot_at(const struct arena *a, uint64_t slot)
{
	return (uint64_t *)(a->base + slot * a->step);
}

/* The access is what counts, whether or not anyone wants the value. */
static uint64_t read_at(const uint64_t *at)
{
	return __atomic_load_n(at, __ATOMIC_RELAXED);
}

static void write_at(uint64_t *at, uint64_t value)
{
	__atomic_store_n(at, value, __ATOMIC_RELAXED);
}

bool arena_is_prefaulted(const struct arena *a, uint64_t slot)
{
	uint64_t x = (slot + 1) * 0x9e3779b97f4a7c15ULL + a->seed;

	/* splitmix64: which slots it are has nothing to do with their order. */
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return (x ^ (x >> 31)) % 100 < a->prefault;
}

/* A file without a name: nothing is left of it, however we end. */
static int open_file(struct arena *a, struct error *e)
{
	const char *folder = a->path ? a->path : getenv("TMPDIR");

	if (!folder)
		folder = "/tmp";
	a->fd = open(folder, O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	if (a->fd < 0) {
		char *name = xasprintf("%s/iommubench-XXXXXX", folder);

		a->fd = mkostemp(name, O_CLOEXEC);
		if (a->fd >= 0)
			unlink(name);
		free(name);
	}
	if (a->fd < 0)
		return error_set(e, "no file can be made in %s: %s; --file names another folder",
				 folder, strerror(errno));
	return 0;
}

static int fill_file(struct arena *a, struct error *e)
{
	char *block = xcalloc(1, BLOCK);
	uint64_t done, slot;
	size_t i, n;
	int ret = 0;

	for (done = 0; done < a->bytes && !ret; done += n) {
		n = a->bytes - done < BLOCK ? a->bytes - done : BLOCK;
		memset(block, 0, n);
		for (i = 0; i < n; i += page_bytes()) {
			slot = (done + i) / a->step;
			if ((done + i) % a->step == 0)
				*(uint64_t *)(block + i) = arena_value(a, slot);
		}
		if (pwrite(a->fd, block, n, (off_t)done) != (ssize_t)n)
			ret = error_set(e, "a file of %zu MiB cannot be written: %s; --file names another folder",
					a->bytes >> 20, strerror(errno ? errno : ENOSPC));
	}
	free(block);
	return ret;
}

int arena_open(struct arena *a, struct error *e)
{
	a->fd = -1;
	a->base = NULL;
	a->block = NULL;
	if (!of_file(a) && a->memory != ARENA_FILE)
		return 0;
	if (open_file(a, e))
		return -1;
	if (!of_file(a))
		return 0;
	if (fill_file(a, e))
		return -1;
	if (fsync(a->fd))
		return error_set(e, "the file does not reach its disk: %s", strerror(errno));
	return 0;
}

static void disarm(struct arena *a)
{
	if (!a->base)
		return;
	if (a->locked)
		munlock(a->base, a->bytes);
	if (a->memory == ARENA_STACK)
		madvise(a->base, a->bytes, MADV_DONTNEED);
	else if (a->memory == ARENA_MALLOC)
		free(a->block);
	else
		munmap(a->base, a->bytes);
	a->base = NULL;
	a->block = NULL;
}

static int map(struct arena *a, int prot, int flags, int fd, struct error *e)
{
	void *p;

	p = mmap((void *)ARENA_ADDRESS, a->bytes, prot, flags | MAP_FIXED_NOREPLACE, fd, 0);
	/* A sanitizer may be there. */
	if (p == MAP_FAILED && errno == EEXIST)
		p = mmap(NULL, a->bytes, prot, flags, fd, 0);
	if (p == MAP_FAILED)
		return error_set(e, "%zu MiB of memory cannot be mapped: %s", a->bytes >> 20,
				 strerror(errno));
	a->base = p;
	return 0;
}

static int take_malloc(struct arena *a, struct error *e)
{
	const size_t page = page_bytes();

	/* More than any threshold of malloc(): it comes straight from the kernel, untouched. */
	a->block = malloc(a->bytes + 2 * page);
	if (!a->block)
		return error_set(e, "malloc() gives no %zu MiB", a->bytes >> 20);
	/* The first page holds what malloc() itself has to remember. */
	a->base = (char *)(((uintptr_t)a->block + 2 * page - 1) / page * page);
	/* What was in use before may be given again. */
	madvise(a->base, a->bytes, MADV_DONTNEED);
	return 0;
}

static void take_stack(struct arena *a)
{
	uintptr_t at = (uintptr_t)__builtin_frame_address(0) - STACK_GAP - a->bytes;

	a->base = (char *)(at / page_bytes() * page_bytes());
	/* Once touched, the stack reaches down to here. */
	write_at((uint64_t *)a->base, 0);
	madvise(a->base, a->bytes, MADV_DONTNEED);
}

/* Return: whether the page cache holds nothing of the file. */
static bool is_cold(struct arena *a)
{
	size_t i, pages = a->bytes / page_bytes();
	unsigned char *in = xcalloc(pages, 1);
	bool cold = true;

	if (mincore(a->base, a->bytes, in))
		cold = false;
	for (i = 0; i < pages; i++)
		cold &= !(in[i] & 1);
	free(in);
	return cold;
}

static int take_file(struct arena *a, struct error *e)
{
	const bool cold = a->kind == ARENA_FILE_COLD;

	posix_fadvise(a->fd, 0, 0, cold ? POSIX_FADV_DONTNEED : POSIX_FADV_NORMAL);
	if (map(a, PROT_READ | PROT_WRITE, MAP_PRIVATE, a->fd, e))
		return -1;
	/* One page at a time, or what is near comes along. */
	madvise(a->base, a->bytes, MADV_RANDOM);
	if (cold && !is_cold(a))
		return error_set(e, "the file stays in memory, its file system has no disk behind it: --file names a folder on one that has");
	return 0;
}

static int take(struct arena *a, struct error *e)
{
	int prot = PROT_READ | PROT_WRITE;

	if (of_file(a))
		return take_file(a, e);
	if (a->memory == ARENA_MALLOC)
		return take_malloc(a, e);
	if (a->memory == ARENA_STACK) {
		take_stack(a);
		return 0;
	}
	if (a->memory == ARENA_FILE) {
		if (ftruncate(a->fd, 0) || ftruncate(a->fd, (off_t)a->bytes))
			return error_set(e, "the file cannot be made %zu MiB long: %s",
					 a->bytes >> 20, strerror(errno));
		return map(a, prot, a->kind == ARENA_COW || a->kind == ARENA_MPROTECT ?
			   MAP_PRIVATE : MAP_SHARED, a->fd, e);
	}
	return map(a, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, e);
}

static void touch_slot(const struct arena *a, uint64_t slot, bool write)
{
	const size_t words = page_bytes() / sizeof(uint64_t);
	uint64_t *at = slot_at(a, slot);
	unsigned int page = 0;

	do {
		if (write)
			write_at(&at[page * words], arena_value(a, slot));
		else
			read_at(&at[page * words]);
	} while (++page < a->pages);
}

static void touch_before(const struct arena *a)
{
	uint64_t i, n = arena_slots(a);

	/* What is copied, or made writable, was read before. */
	if (a->kind == ARENA_COW || a->kind == ARENA_MPROTECT)
		for (i = 0; i < n; i++)
			touch_slot(a, i, false);
	if (a->kind == ARENA_MPROTECT)
		return;
	for (i = 0; i < n; i++)
		if (arena_is_prefaulted(a, i))
			touch_slot(a, i, a->write);
}

int arena_arm(struct arena *a, struct error *e)
{
	disarm(a);
	if (take(a, e))
		return -1;
	if (a->policy && memory_policy_bind(a->policy, a->base, a->bytes))
		return error_set(e, "mbind: %s", strerror(errno));
	/* Whether pages come in huge ones is not left to the machine's settings. */
	if (!of_file(a) && a->memory != ARENA_FILE &&
	    madvise(a->base, a->bytes, a->kind == ARENA_HUGE ? MADV_HUGEPAGE : MADV_NOHUGEPAGE) &&
	    a->kind == ARENA_HUGE)
		return error_set(e, "this kernel has no huge pages for anonymous memory: it lacks CONFIG_TRANSPARENT_HUGEPAGE");
	if (a->kind == ARENA_MPROTECT && mprotect(a->base, a->bytes, PROT_READ))
		return error_set(e, "mprotect: %s", strerror(errno));
	if (a->kind == ARENA_UNMAPPED && munmap(a->base, a->bytes))
		return error_set(e, "munmap: %s", strerror(errno));
	if (a->kind != ARENA_UNMAPPED)
		touch_before(a);
	if (a->locked && mlock(a->base, a->bytes))
		return error_set(e, "%zu MiB cannot be locked into memory: %s", a->bytes >> 20,
				 strerror(errno));
	return 0;
}

int arena_upgrade(struct arena *a, struct error *e)
{
	uint64_t i, n = arena_slots(a);

	if (mprotect(a->base, a->bytes, PROT_READ | PROT_WRITE))
		return error_set(e, "mprotect: %s", strerror(errno));
	for (i = 0; i < n; i++)
		if (arena_is_prefaulted(a, i))
			touch_slot(a, i, true);
	return 0;
}

void arena_touch(const struct arena *a, uint64_t slots, struct iommubench_hist *hist)
{
	uint64_t i, before;

	for (i = 0; i < slots; i++) {
		before = ticks_now();
		touch_slot(a, i, a->write);
		before = ticks_now() - before;
		if (!arena_is_prefaulted(a, i))
			iommubench_hist_add(hist, before);
	}
}

int64_t arena_wrong(const struct arena *a, int pid, uint64_t slots)
{
	int64_t wrong = 0;
	uint64_t i, value;

	for (i = 0; i < slots; i++) {
		struct iovec to = { &value, sizeof(value) };
		struct iovec from = { slot_at(a, i), sizeof(value) };

		if (!pid)
			value = read_at(slot_at(a, i));
		else if (process_vm_readv(pid, &to, 1, &from, 1, 0) != sizeof(value))
			return -1;
		wrong += value != arena_value(a, i);
	}
	return wrong;
}

uint64_t arena_huge(const struct arena *a)
{
	uint64_t from, to, kib, sum = 0;
	bool inside = false;
	char line[512];
	FILE *f;

	f = fopen("/proc/self/smaps", "re");
	if (!f)
		return 0;
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " ", &from, &to) == 2)
			inside = from < (uintptr_t)a->base + a->bytes && to > (uintptr_t)a->base;
		else if (inside && sscanf(line, "AnonHugePages: %" SCNu64, &kib) == 1)
			sum += kib * 1024;
	}
	fclose(f);
	return sum;
}

/* Bit 63 of a page's word in /proc/self/pagemap: it is there. */
static bool is_present(int pagemap, const struct arena *a, uint64_t slot)
{
	uint64_t word = 0;
	off_t at = (off_t)((uintptr_t)slot_at(a, slot) / page_bytes() * sizeof(word));

	return pread(pagemap, &word, sizeof(word), at) == sizeof(word) && word >> 63;
}

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

void arena_unmap_under_way(struct arena *a)
{
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t i, n = arena_slots(a), limit;

	/* When a slot was reached, the device is on its way to the next one: that one goes. */
	for (i = 0; i + 1 < n; i += 2) {
		limit = now_ns() + IN_FLIGHT_WAIT_NS;
		while (!is_present(pagemap, a, i) && now_ns() < limit)
			;
		munmap(a->base + (i + 1) * a->step, a->step);
	}
	if (pagemap >= 0)
		close(pagemap);
}

void arena_wait_reached(const struct arena *a, int pid, uint64_t slot)
{
	char *path = xasprintf("/proc/%d/pagemap", pid);
	int pagemap = open(path, O_RDONLY | O_CLOEXEC);
	uint64_t limit = now_ns() + REACHED_WAIT_NS;

	free(path);
	if (pagemap < 0)
		return;
	while (!is_present(pagemap, a, slot) && now_ns() < limit)
		usleep(REACHED_LOOK_US);
	close(pagemap);
}

void arena_close(struct arena *a)
{
	disarm(a);
	if (a->fd >= 0)
		close(a->fd);
	a->fd = -1;
}

size_t arena_stack_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_STACK, &limit) || limit.rlim_cur == RLIM_INFINITY)
		return SIZE_MAX / 2;
	return limit.rlim_cur > 2 * STACK_GAP ? limit.rlim_cur - 2 * STACK_GAP : 0;
}
