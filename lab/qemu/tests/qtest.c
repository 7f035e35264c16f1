// SPDX-License-Identifier: GPL-2.0-only
/* A small client of QEMU's qtest protocol. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "qtest.h"

#define MAX_ARGS	128
#define GICD_ISPENDR	0x08000200ULL	/* of our machine; GICv3, IHI 0069 */

struct qt {
	pid_t pid;
	FILE *to;
	FILE *from;
	char *line;
	size_t size;
};

static unsigned int tests, failures;

static void give_up(const char *what)
{
	printf("Bail out! %s\n", what);
	exit(1);
}

static void exec_qemu(const char *variant, const char *options, int in, int out)
{
	const char *qemu = getenv("IOMMUBENCH_QEMU");
	char machine[64];
	char *argv[MAX_ARGS] = {
		(char *)(qemu ? qemu : "qemu-system-aarch64"), "-M", machine,
		"-nodefaults", "-display", "none", "-serial", "none",
		"-monitor", "none", "-accel", "qtest", "-qtest", "stdio",
		"-qtest-log", "none", "-m", "256M",
	};
	char *copy = strdup(options ? options : "");
	int n = 0;

	while (argv[n])
		n++;
	snprintf(machine, sizeof(machine), "iommubench,variant=%s", variant);
	for (char *w = strtok(copy, " "); w && n < MAX_ARGS - 1; w = strtok(NULL, " "))
		argv[n++] = w;
	dup2(in, 0);
	dup2(out, 1);
	for (int fd = 3; fd < 64; fd++)
		close(fd);
	execvp(argv[0], argv);
	fprintf(stderr, "%s: %s; set IOMMUBENCH_QEMU to the lab's QEMU\n", argv[0],
		strerror(errno));
	_exit(127);
}

struct qt *qt_start(const char *variant, const char *options)
{
	struct qt *qt = calloc(1, sizeof(*qt));
	int to[2], from[2];

	if (!qt || pipe(to) || pipe(from))
		give_up("no memory or no pipes");
	fflush(stdout);
	qt->pid = fork();
	if (qt->pid < 0)
		give_up("fork failed");
	if (!qt->pid)
		exec_qemu(variant, options, to[0], from[1]);
	close(to[0]);
	close(from[1]);
	qt->to = fdopen(to[1], "w");
	qt->from = fdopen(from[0], "r");
	qt_readl(qt, GICD_ISPENDR);	/* waits until it is up */
	return qt;
}

int qt_stop(struct qt *qt)
{
	int status = -1;

	/* QEMU ends when its qtest channel does. */
	fclose(qt->to);
	fclose(qt->from);
	for (int i = 0; i < 200; i++) {
		if (waitpid(qt->pid, &status, WNOHANG) == qt->pid)
			goto ended;
		if (i == 20)
			kill(qt->pid, SIGTERM);
		usleep(10000);
	}
	kill(qt->pid, SIGKILL);
	waitpid(qt->pid, &status, 0);
ended:
	free(qt->line);
	free(qt);
	return status;
}

/* Sends a command, returns what follows "OK". */
static const char *command(struct qt *qt, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static const char *command(struct qt *qt, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(qt->to, fmt, ap);
	va_end(ap);
	fputc('\n', qt->to);
	if (fflush(qt->to))
		give_up("QEMU does not listen any more");
	do {
		if (getline(&qt->line, &qt->size, qt->from) < 0)
			give_up("QEMU ended in the middle of a test");
	} while (!strncmp(qt->line, "IRQ ", 4));
	if (strncmp(qt->line, "OK", 2))
		give_up(qt->line);
	return qt->line + 2;
}

uint32_t qt_readl(struct qt *qt, uint64_t addr)
{
	return strtoull(command(qt, "readl 0x%" PRIx64, addr), NULL, 0);
}

uint64_t qt_readq(struct qt *qt, uint64_t addr)
{
	return strtoull(command(qt, "readq 0x%" PRIx64, addr), NULL, 0);
}

void qt_writew(struct qt *qt, uint64_t addr, uint16_t value)
{
	command(qt, "writew 0x%" PRIx64 " 0x%x", addr, value);
}

void qt_writel(struct qt *qt, uint64_t addr, uint32_t value)
{
	command(qt, "writel 0x%" PRIx64 " 0x%x", addr, value);
}

void qt_writeq(struct qt *qt, uint64_t addr, uint64_t value)
{
	command(qt, "writeq 0x%" PRIx64 " 0x%" PRIx64, addr, value);
}

void qt_read(struct qt *qt, uint64_t addr, void *buf, size_t bytes)
{
	const char *hex = command(qt, "read 0x%" PRIx64 " 0x%zx", addr, bytes);
	unsigned int byte;

	hex = strstr(hex, "0x");
	for (size_t i = 0; hex && i < bytes; i++) {
		if (sscanf(hex + 2 + 2 * i, "%2x", &byte) != 1)
			give_up("QEMU's answer to a read is too short");
		((uint8_t *)buf)[i] = byte;
	}
}

void qt_write(struct qt *qt, uint64_t addr, const void *buf, size_t bytes)
{
	char *hex = malloc(2 * bytes + 1);

	if (!hex)
		give_up("no memory");
	for (size_t i = 0; i < bytes; i++)
		sprintf(hex + 2 * i, "%02x", ((const uint8_t *)buf)[i]);
	command(qt, "write 0x%" PRIx64 " 0x%zx 0x%s", addr, bytes, hex);
	free(hex);
}

void qt_step(struct qt *qt, uint64_t ns)
{
	if (ns)
		command(qt, "clock_step %" PRIu64, ns);
}

bool qt_spi(struct qt *qt, unsigned int spi)
{
	unsigned int intid = spi + 32;

	return qt_readl(qt, GICD_ISPENDR + intid / 32 * 4) >> intid % 32 & 1;
}

static bool report(bool good, const char *fmt, va_list ap)
{
	printf("%sok %u - ", good ? "" : "not ", ++tests);
	vprintf(fmt, ap);
	putchar('\n');
	fflush(stdout);
	failures += !good;
	return good;
}

bool ok(bool good, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	report(good, fmt, ap);
	va_end(ap);
	return good;
}

bool is(uint64_t got, uint64_t want, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	report(got == want, fmt, ap);
	va_end(ap);
	if (got != want)
		printf("# got 0x%" PRIx64 " (%" PRIu64 "), expected 0x%" PRIx64
		       " (%" PRIu64 ")\n", got, got, want, want);
	return got == want;
}

int done_testing(void)
{
	printf("1..%u\n", tests);
	if (failures)
		printf("# %u of %u failed\n", failures, tests);
	return failures != 0;
}
