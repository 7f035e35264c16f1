// SPDX-License-Identifier: GPL-2.0-only
/*
 * bystanders FILE COMMAND...: runs the command among memory that must not change.
 *
 * All free memory but a rest is taken, with a pattern at both ends of each page, and every second
 * page of it is freed again: what the kernel then allocates in single pages lies between ours.
 * Afterwards FILE says how many of our pages have changed. Exit status: the command's.
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

/* For the command, besides what is freed again. */
#define REST_BYTES	(48UL << 20)
/* Bytes at each end of a page; whoever writes to a page by mistake begins at its start. */
#define END_BYTES	64

static size_t page_bytes;

static uint64_t word(size_t page, size_t i)
{
	return (page + 1) * 0x9e3779b97f4a7c15ULL ^ i * 0x94d049bb133111ebULL;
}

/* The word to look at after word @i: those in the middle are left out. */
static size_t next(size_t i)
{
	i++;
	return i == END_BYTES / sizeof(uint64_t) ? (page_bytes - END_BYTES) / sizeof(uint64_t) : i;
}

static void fill(uint64_t *words, size_t page)
{
	for (size_t i = 0; i < page_bytes / sizeof(*words); i = next(i))
		words[i] = word(page, i);
}

static int changed(const uint64_t *words, size_t page)
{
	for (size_t i = 0; i < page_bytes / sizeof(*words); i = next(i))
		if (words[i] != word(page, i))
			return 1;
	return 0;
}

int main(int argc, char **argv)
{
	size_t bytes, pages, i, bad = 0;
	struct sysinfo info;
	int status;
	FILE *out;
	char *at;

	if (argc < 3)
		errx(2, "expected a file and a command");
	page_bytes = (size_t)sysconf(_SC_PAGESIZE);
	if (sysinfo(&info))
		err(3, "sysinfo");
	bytes = (size_t)info.freeram * info.mem_unit;
	if (bytes < 2 * REST_BYTES)
		errx(3, "%zu bytes are free, expected twice %lu", bytes, REST_BYTES);
	bytes -= REST_BYTES;
	pages = bytes / page_bytes;
	at = mmap(NULL, pages * page_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		  -1, 0);
	if (at == MAP_FAILED)
		err(3, "mmap");
	madvise(at, pages * page_bytes, MADV_NOHUGEPAGE);
	/* So that the command does not take half of it with it. */
	if (madvise(at, pages * page_bytes, MADV_DONTFORK))
		err(3, "madvise");
	for (i = 0; i < pages; i++)
		fill((uint64_t *)(at + i * page_bytes), i);
	for (i = 1; i < pages; i += 2)
		if (madvise(at + i * page_bytes, page_bytes, MADV_DONTNEED))
			err(3, "madvise");
	switch (fork()) {
	case -1:
		err(3, "fork");
	case 0:
		execvp(argv[2], argv + 2);
		err(3, "%s", argv[2]);
	}
	if (wait(&status) < 0)
		err(3, "wait");
	for (i = 0; i < pages; i += 2)
		bad += (size_t)changed((const uint64_t *)(at + i * page_bytes), i);
	out = fopen(argv[1], "w");
	if (!out || fprintf(out, "%zu changed\n", bad) < 0 || fclose(out))
		err(3, "%s", argv[1]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
