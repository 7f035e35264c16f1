// SPDX-License-Identifier: GPL-2.0-only
#include "events/perf_open.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/perf_event.h>

#include "base/sysfs.h"

int perf_open(const struct perf_code *code, int tid, int cpu, bool inherit)
{
	struct perf_event_attr attr = {
		.type = code->type,
		.size = sizeof(attr),
		.config = code->config[0],
		.config1 = code->config[1],
		.config2 = code->config[2],
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
		.disabled = 1,
		.inherit = inherit,
		.exclude_user = code->exclude_user,
		.exclude_kernel = code->exclude_kernel,
		.exclude_hv = code->exclude_hv,
	};

	/* Not every header has config3, and no PMU needs it so far. */
	if (code->config[3]) {
		errno = EOPNOTSUPP;
		return -1;
	}
	return (int)syscall(SYS_perf_event_open, &attr, tid, cpu, -1, PERF_FLAG_FD_CLOEXEC);
}

void perf_enable(int fd)
{
	ioctl(fd, PERF_EVENT_IOC_ENABLE, 0);
}

void perf_disable(int fd)
{
	ioctl(fd, PERF_EVENT_IOC_DISABLE, 0);
}

int perf_read(int fd, struct perf_value *value)
{
	uint64_t words[3];

	if (read(fd, words, sizeof(words)) != sizeof(words))
		return -1;
	*value = (struct perf_value){
		.count = words[0],
		.enabled_ns = words[1],
		.running_ns = words[2],
	};
	return 0;
}

bool perf_missing(int err)
{
	return err == ENOENT || err == ENODEV || err == EOPNOTSUPP || err == EINVAL;
}

static bool is_cpu_event(const struct perf_code *code)
{
	return code->type == PERF_TYPE_HARDWARE || code->type == PERF_TYPE_HW_CACHE ||
	       code->type == PERF_TYPE_RAW;
}

void perf_refused(const struct perf_code *code, int err, struct error *why)
{
	char level[16];

	switch (err) {
	case EACCES:
	case EPERM:
		if (sysfs_read(level, sizeof(level), "/proc/sys/kernel/perf_event_paranoid"))
			snprintf(level, sizeof(level), "?");
		error_set(why, "not permitted (perf_event_paranoid is %s): run as root, or with CAP_PERFMON, or set /proc/sys/kernel/perf_event_paranoid to -1",
			  level);
		break;
	case ENOENT:
	case ENODEV:
	case EOPNOTSUPP:
	case EINVAL:
		error_set(why, "%s: %s",
			  is_cpu_event(code) ?
			  "this machine shows no CPU PMU, or one without this event" :
			  "the PMU does not have it, or not with these fields",
			  strerror(err));
		break;
	case EMFILE:
	case ENFILE:
		error_set(why, "too many open files for one counter a thread and event: raise ulimit -n, or count less");
		break;
	case EBUSY:
	case EAGAIN:
		error_set(why, "the PMU is taken, or its counters share a filter that another event has set differently: %s",
			  strerror(err));
		break;
	default:
		error_set(why, "perf_event_open: %s", strerror(err));
		break;
	}
}
