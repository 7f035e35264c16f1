// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arbitrary sizes, flags, values and addresses at the module, by ioctl and by
 * io_uring, from several threads, two of which share a file. The kernel has to
 * survive it, and every answer has to be one that a caller can understand.
 *
 * Usage: abi_fuzz SECONDS SEED [wild]
 *
 * The device is $IOMMUBENCH_DEVICE; with "wild", all of $IOMMUBENCH_DEVICES, which may come and go
 * meanwhile, and where the kernel offers it (fail-nth), memory fails now and then. It says every
 * ten seconds how far it is.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>

#include "../lib/bench_dev.h"

#define THREADS		4
#define WILD_THREADS	6
#define PROGRESS_S	10

/* What can happen to a caller; any other errno is the module's own confusion. */
static const int understood[] = {
	0, EINVAL, E2BIG, EFAULT, ENOMEM, EBUSY, EALREADY, ETIME, ENOSPC, EOPNOTSUPP, ENOTTY,
	EINTR, ECANCELED, EACCES, ENOENT, EMFILE, ESRCH, ETIMEDOUT, EPERM, EBADF, EBADFD,
};

struct fuzzer {
	pthread_t thread;
	struct bench bench;
	char path[300];
	bool shares;
	bool gone;
	int failing;
	uint64_t rng;
	unsigned long seen[200];
	unsigned long runs;
};

static struct fuzzer fuzzers[WILD_THREADS];
static unsigned int threads = THREADS;
static bool wild;
/* One for all threads and devices, or -1. */
static int iommufd;
static atomic_bool over;
static atomic_bool confused;

static uint64_t rng(struct fuzzer *f)
{
	uint64_t z = (f->rng += 0x9e3779b97f4a7c15ULL);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

static bool one_in(struct fuzzer *f, unsigned int n)
{
	return rng(f) % n == 0;
}

static uint64_t odd_value(struct fuzzer *f)
{
	static const uint64_t odd[] = {
		0, 1, 2, 3, 4, 5, 8, 16, 64, 255, 1023, 1024, 1025, 4095, 4096, 4097, 8192, 65536,
		1 << 20, 1 << 30, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 1ULL << 40,
		1ULL << 52, 0x7fffffffffffffff, 1ULL << 63, UINT64_MAX, ~0xfffULL,
	};

	switch (rng(f) % 4) {
	case 0:
		return rng(f);
	case 1:
		return rng(f) >> (rng(f) % 64);
	case 2:
		return 1ULL << (rng(f) % 64);
	default:
		return odd[rng(f) % (sizeof(odd) / sizeof(odd[0]))];
	}
}

/* Two pages, of which the second must not be touched and stays taken. */
static char *edge;

/* Spoil up to three fields. All fields are 4 or 8 bytes and aligned. */
static void spoil(struct fuzzer *f, void *what, size_t bytes)
{
	unsigned int n = rng(f) % 4;

	while (n--) {
		uint64_t value = odd_value(f);
		size_t at = rng(f) % (bytes / 4) * 4;

		if (at % 8 == 0 && one_in(f, 2))
			memcpy((char *)what + at, &value, 8);
		else
			memcpy((char *)what + at, &value, 4);
	}
}

static void count(struct fuzzer *f, int ret)
{
	size_t i;

	if (wild && ret == -ENODEV) {
		f->seen[ENODEV]++;
		f->gone = true;
		return;
	}
	for (i = 0; i < sizeof(understood) / sizeof(understood[0]); i++) {
		if (-ret == understood[i]) {
			f->seen[-ret]++;
			return;
		}
	}
	printf("an answer nobody understands: %d %s\n", ret, strerror(-ret));
	confused = true;
}

/* The n-th allocation of this thread from now on fails; 0: none does. */
static void fail_allocation(struct fuzzer *f, unsigned int n)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(f->failing, text, (size_t)length, 0) < 0)
		confused = true;
}

static int command(struct fuzzer *f, unsigned int cmd, void *arg)
{
	int ret;

	if (f->failing >= 0 && one_in(f, 6)) {
		fail_allocation(f, 1 + rng(f) % 60);
		ret = by_ioctl(&f->bench, cmd, arg);
		fail_allocation(f, 0);
		return ret;
	}
	/* A ring belongs to one thread; a shared file has two. */
	if (one_in(f, 2) && cmd != IOMMUBENCH_IOC_WAIT)
		return by_uring(&f->bench, cmd, arg);
	return by_ioctl(&f->bench, cmd, arg);
}

/* Opens the device's file again, in place of the one that its thread has, or its threads. */
static void open_again(struct fuzzer *f)
{
	int fd = open(f->path, O_RDWR | O_CLOEXEC);

	if (fd < 0 && wild) {
		f->gone = true;
		usleep(1000);
		return;
	}
	if (fd < 0 || dup3(fd, f->bench.fd, O_CLOEXEC) < 0) {
		printf("%s cannot be opened again: %s\n", f->path, strerror(errno));
		confused = true;
	}
	if (fd >= 0)
		close(fd);
	f->gone = false;
}

static void *odd_pointer(struct fuzzer *f, void *good)
{
	switch (rng(f) % 24) {
	case 0:
		return NULL;
	case 1:
		return (void *)(uintptr_t)odd_value(f);
	case 2:
		/* The struct runs into a page that is out of bounds. */
		memcpy(edge + 4096 - 64, good, 64);
		return edge + 4096 - 64;
	case 3:
		return (char *)good + 1 + rng(f) % 8;
	default:
		return good;
	}
}

static void odd_map_unmap(struct fuzzer *f)
{
	struct bench *b = &f->bench;

	bench_describe(b);
	b->params.api = 1 + rng(f) % 4;
	b->params.mapping_bytes = 4096ULL << (rng(f) % 8);
	b->params.window = rng(f) % 8;
	b->params.prefill = rng(f) % 16;
	b->params.sync = b->params.api > IOMMUBENCH_API_DMA_SG ? 0 : rng(f) % 2;
	if (b->params.api > IOMMUBENCH_API_DMA_SG)
		b->params.iova_pattern = rng(f) % 3;
	b->run.batch = rng(f) % 8;
	b->run.flags = one_in(f, 8);
	if (one_in(f, 2))
		spoil(f, &b->params, sizeof(b->params));
}

static void odd_flush(struct fuzzer *f)
{
	struct bench *b = &f->bench;

	bench_describe_flush(b);
	b->flush.strategy = 1 + rng(f) % 8;
	b->flush.mapping_bytes = 4096ULL << (rng(f) % 8);
	b->flush.mappings = 1 + rng(f) % 64;
	b->flush.mode = one_in(f, 4) ? rng(f) % 4 : IOMMUBENCH_FLUSH_COST;
	b->flush.domains = one_in(f, 8);
	if (one_in(f, 2))
		spoil(f, &b->flush, sizeof(b->flush));
}

/* Where the device may write: nothing of it is used for anything else. */
#define ARENA_PAGES	64
static char *arena;

static void odd_iopf(struct fuzzer *f)
{
	static uint32_t pids[4];
	struct bench *b = &f->bench;

	bench_describe_iopf(b, arena, 1 + rng(f) % ARENA_PAGES);
	madvise(arena, ARENA_PAGES * 4096, MADV_DONTNEED);
	b->iopf.mode = one_in(f, 8);
	b->iopf.flags = rng(f) % 32 | (one_in(f, 4) ? IOMMUBENCH_IOPF_OWN_DATA : 0);
	b->iopf.outstanding = 1 + rng(f) % 16;
	b->iopf.think_ns = one_in(f, 4) ? rng(f) % 1000000 : 0;
	if (one_in(f, 4)) {
		/* Its own, its parent's, the first one's, a kernel thread's, and any. */
		pids[0] = (uint32_t)getpid();
		pids[1] = one_in(f, 2) ? (uint32_t)getppid() : 1 + rng(f) % 2;
		pids[2] = rng(f) % 1000;
		b->iopf.pids = address(pids);
		b->iopf.nr_pids = 1 + rng(f) % 4;
	}
	if (!one_in(f, 2))
		return;
	spoil(f, &b->iopf, sizeof(b->iopf));
	/* The DMA may be an iommufd's, in which there is nothing that could be overwritten. */
	if (one_in(f, 4)) {
		b->iopf.flags |= IOMMUBENCH_IOPF_IOMMUFD;
		b->iopf.nr_pids = 0;
		b->iopf.pids = 0;
	}
	/* Elsewhere it would overwrite memory of ours, or of others. */
	if (b->iopf.flags & IOMMUBENCH_IOPF_WRITE) {
		b->iopf.start = address(arena);
		b->iopf.step_bytes = 4096;
		b->iopf.accesses %= ARENA_PAGES + 1;
		b->iopf.nr_pids = 0;
	}
}

static void prepare(struct fuzzer *f)
{
	struct bench *b = &f->bench;
	static const uint32_t cpus[4] = { 0, 1, 0, 1 };
	uint64_t params;

	switch (rng(f) % 3) {
	case 0:
		odd_map_unmap(f);
		break;
	case 1:
		odd_flush(f);
		break;
	case 2:
		odd_iopf(f);
		break;
	}
	params = b->run.params;
	b->run.threads = 1 + rng(f) % 4;
	b->run.count = one_in(f, 3) ? 0 : rng(f) % 500;
	b->run.duration_ns = rng(f) % 100000000;
	/* STARTs that come later open the gates. */
	if (one_in(f, 4)) {
		b->run.flags = IOMMUBENCH_RUN_GATES | (one_in(f, 2) ? IOMMUBENCH_RUN_PHASES : 0);
		if (one_in(f, 2))
			b->run.duration_ns = 0;
	}
	if (one_in(f, 2)) {
		b->run.cpus = address(cpus);
		b->run.nr_cpus = 1 + rng(f) % 4;
	}
	if (one_in(f, 2))
		spoil(f, &b->run, sizeof(b->run));
	/* Otherwise it would overwrite memory of ours: that is the caller's own fault. */
	if (!one_in(f, 16))
		b->run.message = address(b->message);
	else
		b->run.message = 0;
	b->run.message_bytes %= sizeof(b->message) + 1;
	if (b->run.params != params)
		b->run.params = one_in(f, 2) ? 0 : params;
	count(f, command(f, IOMMUBENCH_IOC_PREPARE, odd_pointer(f, &b->run)));
}

static void wait_a_moment(struct fuzzer *f)
{
	struct iommubench_wait wait = { .size = sizeof(wait) };

	spoil(f, &wait, sizeof(wait));
	wait.timeout_ns = 1 + rng(f) % 5000000;
	count(f, command(f, IOMMUBENCH_IOC_WAIT, odd_pointer(f, &wait)));
}

/* WAIT parks, and only the end of the run brings it back. */
static void wait_in_ring(struct fuzzer *f)
{
	struct iommubench_wait wait = { .size = sizeof(wait) };
	struct __kernel_timespec moment = { .tv_nsec = 50000000 };
	struct bench *b = &f->bench;
	struct io_uring_cqe *cqe;

	uring_sqe(b, IOMMUBENCH_IOC_WAIT, &wait);
	io_uring_submit(&b->ring);
	if (one_in(f, 4) && !f->shares) {
		/* The file goes with the command that waits, which goes with the ring. */
		open_again(f);
		io_uring_queue_exit(&b->ring);
		while (io_uring_queue_init(8, &b->ring, 0) < 0)
			usleep(1000);
		return;
	}
	/* Who shares the file may have started another run since, so once is not enough. */
	do
		count(f, by_ioctl(b, IOMMUBENCH_IOC_STOP, NULL));
	while (io_uring_wait_cqe_timeout(&b->ring, &cqe, &moment) == -ETIME);
	count(f, uring_result(b, NULL));
}

static void result(struct fuzzer *f)
{
	/* With room for what is answered to a pointer that is a few bytes off. */
	struct {
		struct iommubench_result r;
		char more[16];
	} big = { .r.size = sizeof(big.r) };

	spoil(f, &big.r, 16);
	big.r.message = 0;
	count(f, command(f, IOMMUBENCH_IOC_RESULT, odd_pointer(f, &big)));
}

static void info(struct fuzzer *f)
{
	struct {
		struct iommubench_info info;
		char more[256];
	} big = { .info.size = sizeof(big.info) };

	big.info.size = rng(f) % sizeof(big);
	count(f, command(f, IOMMUBENCH_IOC_INFO, odd_pointer(f, &big)));
}

/* An address that the device may read, of a process or of a domain, or any. */
static uint64_t odd_place(struct fuzzer *f)
{
	if (one_in(f, 3))
		return odd_value(f);
	return address(arena) + rng(f) % (ARENA_PAGES * 512) * 8;
}

/* Ids and PASIDs are low numbers, so that what is guessed is often there. */
static void pasid(struct fuzzer *f)
{
	struct {
		struct iommubench_pasid_bind p;
		char more[16];
	} bind = { .p.size = sizeof(bind.p), .p.kind = rng(f) % 5 };
	struct {
		struct iommubench_pasid_unbind p;
		char more[16];
	} unbind = { .p.size = sizeof(unbind.p), .p.id = rng(f) % 8 };
	struct {
		struct iommubench_pasid_access p;
		char more[16];
	} access = { .p.size = sizeof(access.p), .p.pasid = rng(f) % 8 };

	switch (rng(f) % 4) {
	case 0:
		if (bind.p.kind == IOMMUBENCH_PASID_DOMAIN) {
			bind.p.flags = rng(f) % 4;
			bind.p.reserved_id = one_in(f, 2) ? rng(f) % 8 : 0;
		}
		spoil(f, &bind.p, one_in(f, 2) ? sizeof(bind.p) : 4);
		bind.p.message = address(f->bench.message);
		bind.p.message_bytes %= sizeof(f->bench.message) + 1;
		count(f, command(f, IOMMUBENCH_IOC_PASID_BIND, odd_pointer(f, &bind)));
		break;
	case 1:
		unbind.p.flags = rng(f) % 4;
		unbind.p.address = odd_place(f);
		spoil(f, &unbind.p, one_in(f, 2) ? sizeof(unbind.p) : 4);
		unbind.p.limit_ns %= one_in(f, 8) ? 1ULL << 35 : 1 << 22;
		count(f, command(f, IOMMUBENCH_IOC_PASID_UNBIND, odd_pointer(f, &unbind)));
		break;
	case 2:
		access.p.address = odd_place(f);
		spoil(f, &access.p, one_in(f, 2) ? sizeof(access.p) : 4);
		access.p.limit_ns %= one_in(f, 2) ? 1 : 1 << 22;
		count(f, command(f, IOMMUBENCH_IOC_PASID_ACCESS, odd_pointer(f, &access)));
		break;
	case 3:
		bind.p.kind = 0;
		count(f, command(f, IOMMUBENCH_IOC_PASID_INFO, odd_pointer(f, &bind)));
		break;
	}
}

/* Who has the device's DMA, in any order and by any file: of the other commands, too. */
static void own(struct fuzzer *f)
{
	struct {
		struct iommubench_iommufd_bind p;
		char more[16];
	} bind = { .p.size = sizeof(bind.p), .p.iommufd = iommufd };
	struct {
		struct iommubench_iommufd_attach p;
		char more[16];
	} attach = { .p.size = sizeof(attach.p), .p.hwpt_id = rng(f) % 8 };
	/* IOMMU_IOAS_ALLOC of linux/iommufd.h: size, flags, id. */
	uint32_t ioas[3] = { sizeof(ioas) };

	switch (rng(f) % 8) {
	case 0:
	case 1:
	case 2:
		if (one_in(f, 8))
			spoil(f, &bind.p, sizeof(bind.p));
		bind.p.message = address(f->bench.message);
		bind.p.message_bytes %= sizeof(f->bench.message) + 1;
		count(f, command(f, IOMMUBENCH_IOC_IOMMUFD_BIND, odd_pointer(f, &bind)));
		break;
	case 3:
		ioctl(iommufd, _IO(';', 0x81), ioas);
		break;
	case 4:
	case 5:
		if (one_in(f, 8))
			spoil(f, &attach.p, sizeof(attach.p));
		attach.p.message = address(f->bench.message);
		attach.p.message_bytes %= sizeof(f->bench.message) + 1;
		count(f, command(f, IOMMUBENCH_IOC_IOMMUFD_ATTACH, odd_pointer(f, &attach)));
		break;
	default:
		count(f, command(f, IOMMUBENCH_IOC_IOMMUFD_UNBIND, NULL));
		break;
	}
}

static void map_pages(struct fuzzer *f)
{
	size_t bytes = one_in(f, 2) ? f->bench.run.mmap_bytes % (64 << 20) :
				      odd_value(f) % (1 << 30);
	off_t offset = one_in(f, 8) ? (off_t)(odd_value(f) & ~0xfffULL) : 0;
	char *area;

	area = mmap(NULL, bytes, PROT_READ, one_in(f, 8) ? MAP_PRIVATE : MAP_SHARED, f->bench.fd,
		    offset);
	if (area == MAP_FAILED)
		return;
	__atomic_load_n(&area[rng(f) % bytes], __ATOMIC_RELAXED);
	if (one_in(f, 2))
		area = mremap(area, bytes, bytes, MREMAP_MAYMOVE);
	munmap(area, bytes);
}

static void *fuzz(void *data)
{
	struct fuzzer *f = data;

	f->failing = wild ? open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC) : -1;
	while (!over && !confused) {
		if (f->gone) {
			open_again(f);
			continue;
		}
		switch (rng(f) % 15) {
		case 0:
		case 1:
		case 2:
		case 3:
			prepare(f);
			break;
		case 4:
		case 5: {
			int ret = command(f, IOMMUBENCH_IOC_START, NULL);

			f->runs += !ret;
			count(f, ret);
			break;
		}
		case 6:
			wait_a_moment(f);
			break;
		case 7:
			wait_in_ring(f);
			break;
		case 8:
			result(f);
			break;
		case 9:
			info(f);
			break;
		case 10:
			map_pages(f);
			break;
		case 11:
		case 12:
			pasid(f);
			break;
		case 13:
			if (one_in(f, 2))
				count(f, command(f, (unsigned int)odd_value(f), NULL));
			else if (!f->shares || wild)
				open_again(f);
			break;
		case 14:
			own(f);
			break;
		}
	}
	return NULL;
}

static unsigned long all_runs(void)
{
	unsigned long runs = 0;
	unsigned int i;

	for (i = 0; i < threads; i++)
		runs += __atomic_load_n(&fuzzers[i].runs, __ATOMIC_RELAXED);
	return runs;
}

static unsigned long all_seen(unsigned int e)
{
	unsigned long seen = 0;
	unsigned int i;

	for (i = 0; i < threads; i++)
		seen += __atomic_load_n(&fuzzers[i].seen[e], __ATOMIC_RELAXED);
	return seen;
}

/* A busy host may have given it little time. */
static bool too_little(void)
{
	unsigned long total = 0;
	unsigned int e;

	for (e = 0; e < 200; e++)
		total += all_seen(e);
	return all_runs() < 10 || total < 100;
}

static void tell(unsigned long seed, unsigned long seconds)
{
	unsigned int e;

	printf("%sseed %lu, %lu s, %lu runs started; answers:", wild ? "#   " : "", seed, seconds,
	       all_runs());
	for (e = 0; e < 200; e++)
		if (all_seen(e))
			printf(" %s %lu", e ? strerrorname_np((int)e) : "0", all_seen(e));
	printf("\n");
	fflush(stdout);
}

/* Thread @i of the first device's, two of which share a file, or of the others in turn. */
static void begin_thread(unsigned int i, unsigned long seed, char *const devices[], unsigned int nr)
{
	struct fuzzer *f = &fuzzers[i];

	setenv("IOMMUBENCH_DEVICE", devices[i < 2 ? 0 : (i - 1) % nr], 1);
	bench_path(f->path, sizeof(f->path));
	/* It may be away for a moment. */
	f->bench.fd = -1;
	while (wild && (f->bench.fd = open(f->path, O_RDWR | O_CLOEXEC)) < 0)
		usleep(1000);
	if (!wild)
		bench_open(&f->bench);
	else if (io_uring_queue_init(8, &f->bench.ring, 0))
		exit(3);
	f->rng = seed + i;
	f->shares = i < 2;
}

int main(int argc, char **argv)
{
	const char *names = getenv("IOMMUBENCH_DEVICES");
	unsigned long seconds, seed, passed;
	unsigned int i, more, nr = 0;
	char *devices[16], *rest, *name;

	wild = argc == 4 && !strcmp(argv[3], "wild");
	if (argc != 3 && !wild) {
		fprintf(stderr, "usage: abi_fuzz SECONDS SEED [wild]\n");
		return 2;
	}
	if (!wild || !names)
		names = getenv("IOMMUBENCH_DEVICE");
	for (name = strtok_r(strdup(names ? names : ""), " ", &rest); name && nr < 16;
	     name = strtok_r(NULL, " ", &rest))
		devices[nr++] = name;
	if (!nr) {
		fprintf(stderr, "abi_fuzz: IOMMUBENCH_DEVICE names no device\n");
		return 2;
	}
	seconds = strtoul(argv[1], NULL, 10);
	seed = strtoul(argv[2], NULL, 10);
	threads = wild ? WILD_THREADS : THREADS;
	/* A thread that never comes back is a failure, not an endless test. */
	alarm((unsigned int)seconds + 180);
	edge = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (edge == MAP_FAILED || mprotect(edge + 4096, 4096, PROT_NONE)) {
		perror("abi_fuzz: no memory");
		return 3;
	}
	arena = mmap(NULL, ARENA_PAGES * 4096, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (arena == MAP_FAILED) {
		perror("abi_fuzz: no memory");
		return 3;
	}
	iommufd = open("/dev/iommu", O_RDWR | O_CLOEXEC);
	for (i = 0; i < threads; i++)
		begin_thread(i, seed, devices, nr);
	close(fuzzers[1].bench.fd);
	fuzzers[1].bench.fd = fuzzers[0].bench.fd;
	for (i = 0; i < threads; i++)
		pthread_create(&fuzzers[i].thread, NULL, fuzz, &fuzzers[i]);
	for (passed = 0; passed < seconds && !confused; passed++) {
		if (wild && passed && passed % PROGRESS_S == 0)
			tell(seed, passed);
		sleep(1);
	}
	for (more = 0; more < 60 && too_little() && !confused; more++)
		sleep(1);
	over = true;
	for (i = 0; i < threads; i++)
		pthread_join(fuzzers[i].thread, NULL);
	tell(seed, seconds);
	if (too_little()) {
		printf("that was too little to mean anything\n");
		return 1;
	}
	return confused;
}
