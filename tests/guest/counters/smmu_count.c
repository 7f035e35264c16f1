// SPDX-License-Identifier: GPL-2.0-only
/*
 * smmu_count PMU EVENT COMMAND...: count an event of a system-wide PMU while a command runs. PMU
 * is its folder under /sys/bus/event_source/devices, EVENT is a list such as
 * event=0x1,filter_enable=1. Prints "count NUMBER" and exits with the command's status.
 */
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void read_text(char *text, size_t n, const char *pmu, const char *folder, const char *name)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s%s", pmu, folder, name);
	f = fopen(path, "re");
	if (!f || !fgets(text, (int)n, f)) {
		fprintf(stderr, "smmu_count: cannot read %s\n", path);
		exit(3);
	}
	fclose(f);
	text[strcspn(text, "\n")] = '\0';
}

/* "config1:0-31" says where the bits of a field go. */
static void put_field(struct perf_event_attr *attr, const char *pmu, const char *name,
		      uint64_t value)
{
	unsigned int low;
	char text[64];
	char *colon;

	read_text(text, sizeof(text), pmu, "format/", name);
	colon = strchr(text, ':');
	if (!colon || sscanf(colon, ":%u", &low) != 1)
		exit(3);
	*colon = '\0';
	if (!strcmp(text, "config"))
		attr->config |= value << low;
	else if (!strcmp(text, "config1"))
		attr->config1 |= value << low;
	else
		attr->config2 |= value << low;
}

int main(int argc, char **argv)
{
	struct perf_event_attr attr = { .size = sizeof(attr) };
	char text[64], *field, *value, *save = NULL;
	int fd, status;
	uint64_t count;
	pid_t pid;

	if (argc < 4)
		return 2;
	read_text(text, sizeof(text), argv[1], "", "type");
	attr.type = (uint32_t)atoi(text);
	for (field = strtok_r(argv[2], ",", &save); field; field = strtok_r(NULL, ",", &save)) {
		value = strchr(field, '=');
		if (value)
			*value++ = '\0';
		put_field(&attr, argv[1], field, value ? strtoull(value, NULL, 0) : 1);
	}
	read_text(text, sizeof(text), argv[1], "", "cpumask");
	fd = (int)syscall(SYS_perf_event_open, &attr, -1, atoi(text), -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0) {
		perror("smmu_count: perf_event_open");
		return 3;
	}
	pid = fork();
	if (!pid) {
		execvp(argv[3], argv + 3);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid ||
	    read(fd, &count, sizeof(count)) != sizeof(count)) {
		perror("smmu_count");
		return 3;
	}
	printf("count %llu\n", (unsigned long long)count);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
