// SPDX-License-Identifier: GPL-2.0-only
/*
 * bystanders FILE COMMAND...: runs the command among memory that must not change.
 *
 * The kernel takes some for pipes, from where it takes its own single pages, and a process all that
 * is free then but for a rest. Of what is in pipes, every second page is freed again: what the
 * kernel then allocates in single pages lies between ours. Afterwards FILE says how many of all of
 * them have changed. Exit status: the command's.
 */
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

/* For the command, besides what is freed again. */
#define REST_BYTES	(128UL << 20)
/* Bytes at each end of a page; whoever writes to a page by mistake begins at its start. */
#define END_BYTES	64
/* So many pipes stay full while as many are emptied, each of so many pages. */
#define PIPES		24
#define PIPE_PAGES	256

static size_t page_bytes;
static int stays[PIPES][2], goes[PIPES][2];

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

static void make_pipe(int *ends)
{
	if (pipe2(ends, O_CLOEXEC))
		err(3, "pipe2");
	if (fcntl(ends[1], F_SETPIPE_SZ, PIPE_PAGES * page_bytes) < 0)
		err(3, "F_SETPIPE_SZ");
}

/* Each page of a pipe that stays is followed by one of a pipe that goes. */
static void fill_pipes(uint64_t *page)
{
	size_t i, j;

	for (i = 0; i < PIPES; i++) {
		make_pipe(stays[i]);
		make_pipe(goes[i]);
		for (j = 0; j < PIPE_PAGES; j++) {
			fill(page, i * PIPE_PAGES + j);
			if (write(stays[i][1], page, page_bytes) != (ssize_t)page_bytes ||
			    write(goes[i][1], page, page_bytes) != (ssize_t)page_bytes)
				err(3, "a pipe takes no page");
		}
	}
}

/* The last to be freed is the first to be used: there, what comes behind it is ours as well. */
static void free_pipes(void)
{
	for (size_t i = PIPES; i--;) {
		close(goes[i][0]);
		close(goes[i][1]);
	}
}

static size_t check_pipes(uint64_t *page)
{
	size_t i, j, bad = 0;

	for (i = 0; i < PIPES; i++)
		for (j = 0; j < PIPE_PAGES; j++) {
			if (read(stays[i][0], page, page_bytes) != (ssize_t)page_bytes)
				err(3, "a pipe gives no page");
			bad += (size_t)changed(page, i * PIPE_PAGES + j);
		}
	return bad;
}

static char *take_rest(size_t *pages)
{
	struct sysinfo info;
	size_t bytes, i;
	char *at;

	if (sysinfo(&info))
		err(3, "sysinfo");
	bytes = (size_t)info.freeram * info.mem_unit;
	if (bytes < 2 * REST_BYTES)
		errx(3, "%zu bytes are free, expected twice %lu", bytes, REST_BYTES);
	*pages = (bytes - REST_BYTES) / page_bytes;
	at = mmap(NULL, *pages * page_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		  -1, 0);
	if (at == MAP_FAILED)
		err(3, "mmap");
	/* The command is not to have it as well. */
	if (madvise(at, *pages * page_bytes, MADV_DONTFORK))
		err(3, "madvise");
	for (i = 0; i < *pages; i++)
		fill((uint64_t *)(at + i * page_bytes), i);
	return at;
}

int main(int argc, char **argv)
{
	size_t pages, i, bad;
	uint64_t *page;
	int status;
	FILE *out;
	char *at;

	if (argc < 3)
		errx(2, "expected a file and a command");
	page_bytes = (size_t)sysconf(_SC_PAGESIZE);
	page = calloc(1, page_bytes);
	if (!page)
		err(3, "calloc");
	fill_pipes(page);
	at = take_rest(&pages);
	free_pipes();
	switch (fork()) {
	case -1:
		err(3, "fork");
	case 0:
		execvp(argv[2], argv + 2);
		err(3, "%s", argv[2]);
	}
	if (wait(&status) < 0)
		err(3, "wait");
	bad = check_pipes(page);
	for (i = 0; i < pages; i++)
		bad += (size_t)changed((const uint64_t *)(at + i * page_bytes), i);
	out = fopen(argv[1], "w");
	if (!out || fprintf(out, "%zu changed\n", bad) < 0 || fclose(out))
		err(3, "%s", argv[1]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
