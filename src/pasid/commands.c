// SPDX-License-Identifier: GPL-2.0-only
#include "pasid/commands.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Few domains, because the IOMMU may have few identifiers for them; but not one alone, because
 * each attach walks the list of those that its domain has already.
 */
#define FILL_DOMAINS		64
#define FILL_PER_DOMAIN		64

int pasid_open(const struct device *d, int flags)
{
	char path[DEVICE_NAME_BYTES + 32];
	int fd;

	snprintf(path, sizeof(path), "/dev/iommubench/%s", d->name);
	fd = open(path, O_RDWR | flags);
	if (fd < 0)
		return -errno;
	return fd;
}

int pasid_bind(int fd, struct iommubench_pasid_bind *p, char *message)
{
	int ret;

	p->size = sizeof(*p);
	p->message = (uintptr_t)message;
	p->message_bytes = message ? IOMMUBENCH_MESSAGE_BYTES : 0;
	if (message)
		*message = '\0';
	ret = ioctl(fd, IOMMUBENCH_IOC_PASID_BIND, p) ? -errno : 0;
	if (message)
		message[IOMMUBENCH_MESSAGE_BYTES - 1] = '\0';
	return ret;
}

int pasid_unbind(int fd, struct iommubench_pasid_unbind *p)
{
	p->size = sizeof(*p);
	return ioctl(fd, IOMMUBENCH_IOC_PASID_UNBIND, p) ? -errno : 0;
}

int pasid_access(int fd, struct iommubench_pasid_access *p)
{
	p->size = sizeof(*p);
	return ioctl(fd, IOMMUBENCH_IOC_PASID_ACCESS, p) ? -errno : 0;
}

int pasid_info(int fd, struct iommubench_pasid_info *info)
{
	*info = (struct iommubench_pasid_info){ .size = sizeof(*info) };
	return ioctl(fd, IOMMUBENCH_IOC_PASID_INFO, info) ? -errno : 0;
}

int pasid_page_get(struct pasid_page *page)
{
	size_t bytes = (size_t)sysconf(_SC_PAGESIZE);
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return -errno;
	if (mlock(p, bytes)) {
		int err = errno;

		munmap(p, bytes);
		return -err;
	}
	page->word = p;
	*page->word = 1;
	return 0;
}

int pasid_fill(int fd, uint64_t wanted, uint64_t *got, char *message)
{
	uint64_t share = wanted / FILL_DOMAINS + 1;
	int ret;

	if (share < FILL_PER_DOMAIN)
		share = FILL_PER_DOMAIN;
	for (*got = 0; *got < wanted; ++*got) {
		struct iommubench_pasid_bind bind = {
			.kind = IOMMUBENCH_PASID_DOMAIN,
			.flags = *got % share ? IOMMUBENCH_PASID_SAME_DOMAIN : 0,
		};

		ret = pasid_bind(fd, &bind, message);
		if (ret)
			return ret;
	}
	return 0;
}

/* What a process tells of its bind. */
struct trial {
	int error;
	unsigned int pasid;
	char message[IOMMUBENCH_MESSAGE_BYTES];
};

int pasid_try_process(const struct device *d, unsigned int *pasid, char *message)
{
	struct iommubench_pasid_bind bind = { .kind = IOMMUBENCH_PASID_SVA };
	struct trial trial = { .error = -ECHILD };
	int ends[2], fd;
	pid_t pid;

	*pasid = 0;
	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	fflush(NULL);
	pid = fork();
	if (!pid) {
		fd = pasid_open(d, O_CLOEXEC);
		trial.error = fd < 0 ? fd : pasid_bind(fd, &bind, trial.message);
		trial.pasid = bind.pasid;
		_exit(write(ends[1], &trial, sizeof(trial)) == sizeof(trial) ? 0 : 1);
	}
	close(ends[1]);
	if (pid > 0) {
		if (read(ends[0], &trial, sizeof(trial)) != sizeof(trial))
			trial.error = -ECHILD;
		waitpid(pid, NULL, 0);
	}
	close(ends[0]);
	if (message)
		snprintf(message, IOMMUBENCH_MESSAGE_BYTES, "%s", trial.message);
	if (!trial.error)
		*pasid = trial.pasid;
	return trial.error;
}
