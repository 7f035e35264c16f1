// SPDX-License-Identifier: GPL-2.0-only
/*
 * The NUMA nodes that memory is on.
 *
 * where: for each line "KEY ADDRESS" of standard input a line "KEY NODE". ADDRESS is physical, or
 * the kernel's for memory of its allocators.
 *
 * where PID FIRST END: for the pages that a process has between these two addresses, from the first
 * on, a line "NODE KIB" for each row of them on one node.
 *
 * Both go by physical addresses, and so tell where memory is and not where it was asked for.
 */
#include <elf.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MAX_RANGES	64
/* No physical address is as high, and none of the kernel's is below. */
#define KERNEL		(1ULL << 63)
/* Of an entry of pagemap: the page is there, and its number. */
#define PAGE_THERE	(1ULL << 63)
#define PAGE_NUMBER	((1ULL << 55) - 1)

/* A zone of a node, in numbers of pages. */
struct zone {
	int node;
	uint64_t first;
	uint64_t pages;
};

static struct zone zones[MAX_RANGES];
static unsigned int nr_zones;
static Elf64_Phdr kernel[MAX_RANGES];
static unsigned int nr_kernel;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void read_zones(void)
{
	FILE *f = fopen("/proc/zoneinfo", "re");
	struct zone z = { 0 };
	char line[256];

	if (!f)
		die("/proc/zoneinfo");
	while (fgets(line, sizeof(line), f) && nr_zones < MAX_RANGES) {
		if (sscanf(line, "Node %d, zone", &z.node) == 1 ||
		    sscanf(line, " spanned %" SCNu64, &z.pages) == 1)
			continue;
		if (sscanf(line, " start_pfn: %" SCNu64, &z.first) == 1)
			zones[nr_zones++] = z;
	}
	fclose(f);
}

/* Return: the node of a page, -1 when there is none or several. */
static int node_of(uint64_t page)
{
	int node = -1;
	unsigned int i;

	for (i = 0; i < nr_zones; i++) {
		if (page - zones[i].first >= zones[i].pages)
			continue;
		if (node >= 0 && node != zones[i].node)
			return -1;
		node = zones[i].node;
	}
	return node;
}

/* What of the kernel's addresses is memory, and which. */
static void read_kernel(void)
{
	int fd = open("/proc/kcore", O_RDONLY | O_CLOEXEC);
	Elf64_Ehdr head;
	ssize_t n;

	if (fd < 0 || pread(fd, &head, sizeof(head), 0) != sizeof(head))
		die("/proc/kcore");
	nr_kernel = head.e_phnum < MAX_RANGES ? head.e_phnum : MAX_RANGES;
	n = nr_kernel * sizeof(kernel[0]);
	if (pread(fd, kernel, n, head.e_phoff) != n)
		die("/proc/kcore");
	close(fd);
}

static int node_of_kernel(uint64_t address)
{
	unsigned int i;

	if (address < KERNEL)
		return node_of(address / getpagesize());
	for (i = 0; i < nr_kernel; i++) {
		const Elf64_Phdr *p = &kernel[i];

		if (p->p_type == PT_LOAD && p->p_paddr != ~0ULL &&
		    address - p->p_vaddr < p->p_memsz)
			return node_of((address - p->p_vaddr + p->p_paddr) / getpagesize());
	}
	return -1;
}

static void tell_kernel(void)
{
	uint64_t address;
	char key[64];

	read_kernel();
	while (scanf("%63s %" SCNx64, key, &address) == 2)
		printf("%s %d\n", key, node_of_kernel(address));
}

static void tell_process(const char *pid, uint64_t first, uint64_t end)
{
	uint64_t entry, page = getpagesize(), kib = 0;
	int fd, now = -1, last = -1;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%s/pagemap", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die(path);
	for (; first < end; first += page) {
		if (pread(fd, &entry, sizeof(entry), first / page * sizeof(entry)) !=
		    sizeof(entry))
			die(path);
		if (!(entry & PAGE_THERE))
			continue;
		now = node_of(entry & PAGE_NUMBER);
		if (kib && now != last) {
			printf("%d %" PRIu64 "\n", last, kib);
			kib = 0;
		}
		last = now;
		kib += page / 1024;
	}
	if (kib)
		printf("%d %" PRIu64 "\n", last, kib);
	close(fd);
}

int main(int argc, char **argv)
{
	if (argc != 1 && argc != 4) {
		fprintf(stderr, "usage: where [PID FIRST END]\n");
		return 2;
	}
	read_zones();
	if (argc == 1)
		tell_kernel();
	else
		tell_process(argv[1], strtoull(argv[2], NULL, 16), strtoull(argv[3], NULL, 16));
	return 0;
}
