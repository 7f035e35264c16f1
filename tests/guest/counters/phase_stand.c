// SPDX-License-Identifier: GPL-2.0-only
/*
 * A run by phases that stands at a gate until somebody ends it.
 *
 * Usage: phase_stand GATE FILE: FILE is made when all threads stand at the gate of that number.
 */
#include "../lib/bench_dev.h"

static struct iommubench_thread *thread_at(const struct bench *b, char *area, unsigned int i)
{
	return (struct iommubench_thread *)(area + i * b->run.thread_bytes);
}

int main(int argc, char **argv)
{
	struct iommubench_wait wait = { .size = sizeof(wait) };
	static struct bench b;
	unsigned int gate, i;
	char *area;
	int ret;

	if (argc != 3) {
		fprintf(stderr, "usage: phase_stand GATE FILE\n");
		return 2;
	}
	bench_open(&b);
	b.run.threads = 2;
	b.run.flags = IOMMUBENCH_RUN_GATES | IOMMUBENCH_RUN_PHASES;
	b.params.window = 16;
	b.params.prefill = 5;
	ret = by_ioctl(&b, IOMMUBENCH_IOC_PREPARE, &b.run);
	if (ret) {
		fprintf(stderr, "PREPARE: %s: %s\n", strerror(-ret), b.message);
		return 3;
	}
	area = mmap(NULL, b.run.mmap_bytes, PROT_READ, MAP_SHARED, b.fd, 0);
	for (gate = 1; !by_ioctl(&b, IOMMUBENCH_IOC_START, NULL); gate++) {
		for (i = 0; i < b.run.threads; i++)
			while (__atomic_load_n(&thread_at(&b, area, i)->gate, __ATOMIC_ACQUIRE) !=
			       gate)
				usleep(100);
		if (gate == (unsigned int)atoi(argv[1]))
			break;
	}
	close(creat(argv[2], 0600));
	ret = by_ioctl(&b, IOMMUBENCH_IOC_WAIT, &wait);
	return ret ? 1 : 0;
}
