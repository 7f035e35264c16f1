// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device's DMA handed to an iommufd and PASIDs bound, in all orders, by one file and by two, and
 * ended by each of them; and faults answered with marks that cannot be. Prints one line a check, in
 * the words of TAP without numbers.
 *
 * iommufd_check DRIVER-PATH: of the driver that has the device $IOMMUBENCH_DEVICE
 */
#include <poll.h>
#include <stdbool.h>

#include "../lib/bench_dev.h"

/* linux/iommufd.h, which is newer than the headers that this is built with. */
#define IOAS_ALLOC	_IO(';', 0x81)
#define IOAS_MAP	_IO(';', 0x85)
#define HWPT_ALLOC	_IO(';', 0x89)
#define QUEUE_ALLOC	_IO(';', 0x8e)
#define MAP_FIXED_FOR_ALL	0x7U
#define HWPT_FAULTS	0x4U

struct hwpt_alloc {
	uint32_t size;
	uint32_t flags;
	uint32_t dev_id;
	uint32_t ioas;
	uint32_t id;
	uint32_t reserved;
	uint32_t data_type;
	uint32_t data_bytes;
	uint64_t data;
	uint32_t queue;
	uint32_t reserved2;
};

struct ioas_map {
	uint32_t size;
	uint32_t flags;
	uint32_t ioas;
	uint32_t reserved;
	uint64_t memory;
	uint64_t bytes;
	uint64_t iova;
};

struct fault {
	uint32_t flags;
	uint32_t dev_id;
	uint32_t pasid;
	uint32_t grpid;
	uint32_t perm;
	uint32_t reserved;
	uint64_t addr;
	uint32_t length;
	uint32_t cookie;
};

#define ACCESSES	16
/* Where nobody answers, and where all is answered. */
#define SILENT_AT	0x10000000UL
#define ANSWERED_AT	0x20000000UL

/* An iommufd with an address space and a fault queue. */
struct iommufd {
	int fd;
	int faults;
	uint32_t ioas;
	uint32_t queue;
};

static struct bench a, b;
static struct iommufd iommufd;
static uint32_t bind_id;

static void expect(int got, int want, const char *name)
{
	if (got == want)
		printf("ok - %s\n", name);
	else
		printf("not ok - %s (got %d %s, expected %d: %s)\n", name, got,
		       strerror(-got), want, a.message[0] ? a.message : b.message);
	a.message[0] = '\0';
	b.message[0] = '\0';
}

static void open_iommufd(void)
{
	uint32_t ioas[3] = { sizeof(ioas) }, queue[4] = { sizeof(queue) };

	iommufd.fd = open("/dev/iommu", O_RDWR | O_CLOEXEC);
	if (iommufd.fd < 0 || ioctl(iommufd.fd, IOAS_ALLOC, ioas) ||
	    ioctl(iommufd.fd, QUEUE_ALLOC, queue)) {
		printf("not ok - an iommufd can be had\n");
		exit(1);
	}
	iommufd.ioas = ioas[2];
	iommufd.queue = queue[2];
	iommufd.faults = queue[3];
}

static int give(struct bench *bench, uint32_t *dev_id)
{
	struct iommubench_iommufd_bind bind = {
		.size = sizeof(bind),
		.iommufd = iommufd.fd,
		.message = address(bench->message),
		.message_bytes = sizeof(bench->message),
	};
	int ret = by_ioctl(bench, IOMMUBENCH_IOC_IOMMUFD_BIND, &bind);

	if (dev_id)
		*dev_id = bind.dev_id;
	return ret;
}

static int take_back(struct bench *bench)
{
	return by_ioctl(bench, IOMMUBENCH_IOC_IOMMUFD_UNBIND, NULL);
}

static int attach(struct bench *bench, uint32_t dev_id)
{
	struct hwpt_alloc hwpt = {
		.size = sizeof(hwpt),
		.flags = HWPT_FAULTS,
		.dev_id = dev_id,
		.ioas = iommufd.ioas,
		.queue = iommufd.queue,
	};
	struct iommubench_iommufd_attach attach = {
		.size = sizeof(attach),
		.message = address(bench->message),
		.message_bytes = sizeof(bench->message),
	};

	if (ioctl(iommufd.fd, HWPT_ALLOC, &hwpt))
		return -errno;
	attach.hwpt_id = hwpt.id;
	return by_ioctl(bench, IOMMUBENCH_IOC_IOMMUFD_ATTACH, &attach);
}

static int bind_pasid(struct bench *bench, uint32_t kind)
{
	struct iommubench_pasid_bind bind = {
		.size = sizeof(bind),
		.kind = kind,
		.message = address(bench->message),
		.message_bytes = sizeof(bench->message),
	};
	int ret = by_ioctl(bench, IOMMUBENCH_IOC_PASID_BIND, &bind);

	bind_id = bind.id;
	return ret;
}

static int unbind_pasid(struct bench *bench)
{
	struct iommubench_pasid_unbind unbind = { .size = sizeof(unbind), .id = bind_id };

	return by_ioctl(bench, IOMMUBENCH_IOC_PASID_UNBIND, &unbind);
}

static int prepare_at(struct bench *bench, unsigned long start)
{
	bench_describe_iopf(bench, (void *)start, ACCESSES);
	bench->iopf.flags = IOMMUBENCH_IOPF_IOMMUFD;
	bench->iopf.timeout_ns = 600000000000;
	return by_ioctl(bench, IOMMUBENCH_IOC_PREPARE, &bench->run);
}

static int prepare(struct bench *bench)
{
	return prepare_at(bench, SILENT_AT);
}

static void close_and_open(struct bench *bench)
{
	bench_close(bench);
	bench_open(bench);
}

static void put(const char *driver, const char *file)
{
	const char *name = getenv("IOMMUBENCH_DEVICE");
	char path[400];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", driver, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0 && write(fd, name, strlen(name)) >= 0) {
		close(fd);
		return;
	}
	printf("not ok - %s can be written to %s (%s)\n", name, path, strerror(errno));
	exit(1);
}

/* By one file, in both orders, and what was refused leaves nothing. */
static void one_file(void)
{
	expect(give(&a, NULL), 0, "the device is given to an iommufd");
	expect(bind_pasid(&a, IOMMUBENCH_PASID_DOMAIN), -EBUSY, "a PASID of a domain is not bound then");
	expect(bind_pasid(&a, IOMMUBENCH_PASID_SVA), -EBUSY, "nor one of a process");
	expect(bind_pasid(&a, IOMMUBENCH_PASID_RESERVE), 0, "one may be kept from others");
	close_and_open(&a);
	expect(bind_pasid(&a, IOMMUBENCH_PASID_DOMAIN), 0, "after a close, one of a domain is bound");
	expect(give(&a, NULL), -EBUSY, "the device is not given to an iommufd then");
	expect(unbind_pasid(&a), 0, "it is unbound");
	expect(bind_pasid(&a, IOMMUBENCH_PASID_SVA), 0, "one of a process is bound");
	expect(give(&a, NULL), -EBUSY, "nor is the device given to an iommufd now");
	close_and_open(&a);
	expect(give(&a, NULL), 0, "after a close, it is");
	expect(take_back(&a), 0, "and taken back");
	expect(take_back(&a), -EINVAL, "once");
	expect(bind_pasid(&a, IOMMUBENCH_PASID_SVA), 0, "and a PASID bound");
	close_and_open(&a);
}

/* What one of two has, the other one cannot use or undo. */
static void two_files(void)
{
	uint32_t dev_id;

	expect(give(&a, &dev_id), 0, "one of two files gives the device to an iommufd");
	expect(give(&b, NULL), -EBUSY, "the other one does not give it once more");
	expect(bind_pasid(&b, IOMMUBENCH_PASID_SVA), -EBUSY, "nor bind a PASID");
	expect(attach(&b, dev_id), -EINVAL, "nor attach it");
	expect(take_back(&b), -EINVAL, "nor take it back");
	expect(attach(&a, dev_id), 0, "the first one attaches it");
	expect(prepare(&b), -EBUSY, "the other one prepares no run in its domain");
	expect(prepare(&a), 0, "the first one does");
	expect(prepare(&b), -EBUSY, "still the other one does not");
	expect(by_ioctl(&a, IOMMUBENCH_IOC_START, NULL), 0, "the run begins, and nobody answers it");
	usleep(300000);
	close_and_open(&a);
	expect(give(&b, &dev_id), 0, "after a close, the other one has the device");
	expect(attach(&b, dev_id), 0, "and attaches it");
	expect(prepare(&a), -EBUSY, "and now the first one prepares no run");
	close_and_open(&b);
}

/* Return: 0 when a fault came and was answered with a page. */
static int answer(void)
{
	static void *page;
	struct pollfd queue = { .fd = iommufd.faults, .events = POLLIN };
	struct fault fault;
	struct ioas_map map = {
		.size = sizeof(map),
		.flags = MAP_FIXED_FOR_ALL,
		.ioas = iommufd.ioas,
		.bytes = 4096,
	};
	uint32_t response[2] = { 0 };

	if (!page)
		page = aligned_alloc(4096, 4096);
	if (poll(&queue, 1, 60000) != 1 ||
	    read(iommufd.faults, &fault, sizeof(fault)) != sizeof(fault))
		return -EIO;
	map.memory = address(page);
	map.iova = fault.addr & ~4095UL;
	if (ioctl(iommufd.fd, IOAS_MAP, &map))
		return -errno;
	response[0] = fault.cookie;
	return write(iommufd.faults, response, sizeof(response)) == sizeof(response) ? 0 : -EIO;
}

/* Marks are as good as who writes them: these are far from all moments, and from each other. */
static void odd_marks(void)
{
	struct iommubench_result result = { .size = sizeof(result) };
	struct iommubench_wait wait = { .size = sizeof(wait) };
	struct iommubench_iopf_mark *marks;
	uint32_t dev_id, i;
	int ret = 0;

	expect(give(&a, &dev_id), 0, "for odd marks, the device is given to an iommufd");
	expect(attach(&a, dev_id), 0, "and attached");
	expect(prepare_at(&a, ANSWERED_AT), 0, "and a run prepared");
	marks = mmap(NULL, ACCESSES * sizeof(*marks), PROT_READ | PROT_WRITE, MAP_SHARED, a.fd,
		     (off_t)a.iopf.marks_offset);
	for (i = 0; i < ACCESSES; i++)
		marks[i] = (struct iommubench_iopf_mark){
			.read = i % 2 ? UINT64_MAX : 1,
			.answered = UINT64_MAX,
		};
	expect(by_ioctl(&a, IOMMUBENCH_IOC_START, NULL), 0, "and begun");
	for (i = 0; i < ACCESSES && !ret; i++)
		ret = answer();
	expect(ret, 0, "its faults are answered");
	expect(by_ioctl(&a, IOMMUBENCH_IOC_WAIT, &wait), 0, "it ends");
	expect(by_ioctl(&a, IOMMUBENCH_IOC_RESULT, &result), 0, "and has a result");
	expect((int)result.error, 0, "without an error");
	munmap(marks, ACCESSES * sizeof(*marks));
	close_and_open(&a);
}

/* The device goes, with all that there may be at a time. */
static void device_goes(const char *driver)
{
	uint32_t dev_id;

	expect(give(&a, &dev_id), 0, "the device is given to an iommufd");
	expect(attach(&a, dev_id), 0, "and attached");
	expect(bind_pasid(&a, IOMMUBENCH_PASID_RESERVE), 0, "and a PASID kept");
	expect(bind_pasid(&b, IOMMUBENCH_PASID_DOMAIN), -EBUSY, "but not bound");
	expect(prepare(&a), 0, "and a run prepared");
	expect(by_ioctl(&a, IOMMUBENCH_IOC_START, NULL), 0, "and begun");
	usleep(300000);
	put(driver, "unbind");
	expect(take_back(&a), -ENODEV, "the device is gone then");
	expect(bind_pasid(&b, IOMMUBENCH_PASID_DOMAIN), -ENODEV, "for the other file, too");
	put(driver, "bind");
	bench_close(&a);
	bench_close(&b);
	bench_open(&a);
	bench_open(&b);
	expect(bind_pasid(&b, IOMMUBENCH_PASID_DOMAIN), 0, "it comes back, and PASIDs can be bound");
	put(driver, "unbind");
	put(driver, "bind");
	bench_close(&a);
	bench_close(&b);
	bench_open(&a);
	bench_open(&b);
	expect(give(&a, NULL), 0, "or it can be given to an iommufd");
	/* The iommufd goes first, and the files with it. */
	close(iommufd.fd);
	bench_close(&a);
	bench_close(&b);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	bench_open(&a);
	bench_open(&b);
	open_iommufd();
	one_file();
	two_files();
	odd_marks();
	device_goes(argv[1]);
	return 0;
}
