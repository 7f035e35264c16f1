// SPDX-License-Identifier: GPL-2.0-only
#include "base/kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int kmsg_open(bool from_now)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0 && from_now)
		lseek(fd, 0, SEEK_END);
	return fd;
}

/* "PRIORITY,SEQUENCE,TIME,FLAGS[,...];TEXT", and more lines that say whose text it is. */
static bool parse(struct kmsg_record *record)
{
	char *text = strchr(record->buf, ';'), *comma;
	unsigned int i;

	if (!text)
		return false;
	*text++ = '\0';
	text[strcspn(text, "\n")] = '\0';
	record->text = text;
	record->time_us = 0;
	for (comma = record->buf, i = 0; comma && i < 2; i++)
		comma = strchr(comma + !!i, ',');
	if (comma)
		record->time_us = strtoull(comma + 1, NULL, 10);
	return true;
}

bool kmsg_next(int fd, struct kmsg_record *record)
{
	ssize_t n;

	if (fd < 0)
		return false;
	/* Each read gives one record; EPIPE means that some were overwritten meanwhile. */
	while ((n = read(fd, record->buf, sizeof(record->buf) - 1)) > 0 ||
	       (n < 0 && errno == EPIPE)) {
		if (n < 0)
			continue;
		record->buf[n] = '\0';
		if (parse(record))
			return true;
	}
	return false;
}
