// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "qtest.h"

#define MAX_IRQ		1024
#define MAX_LINE	(1 << 20)

static pid_t child;
static int sock = -1;
static char line[MAX_LINE];
static char in[1 << 16];
static size_t in_len, in_pos;
static unsigned int raised[MAX_IRQ];
static bool level[MAX_IRQ];
static int64_t clock_ns;
static bool died;
static unsigned int num_tests, num_failed;

__attribute__((format(printf, 1, 2), noreturn))
static void bail(const char *fmt, ...)
{
	va_list ap;

	printf("Bail out! ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	fflush(stdout);
	if (child)
		kill(child, SIGKILL);
	exit(1);
}

static void exec_qemu(int fd, const char *options)
{
	static char copy[4096], arg[64];
	const char *qemu = getenv("IOMMUBENCH_QEMU");
	const char *argv[128] = {
		qemu, "-machine", "iommubench", "-accel", "qtest", "-display", "none",
		"-nic", "none", "-serial", "none", "-monitor", "none", "-m", "64M",
		"-chardev", arg, "-qtest", "chardev:qtest",
		"-qtest-log", "none",
	};
	unsigned int argc = 0;
	char *word, *save;

	while (argv[argc])
		argc++;
	snprintf(arg, sizeof(arg), "socket,fd=%d,id=qtest", fd);
	snprintf(copy, sizeof(copy), "%s", options ? options : "");
	for (word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		if (argc + 1 == sizeof(argv) / sizeof(argv[0]))
			break;
		argv[argc++] = word;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	execv(qemu, (char **)argv);
	fprintf(stderr, "%s: %s\n", qemu, strerror(errno));
	_exit(127);
}

static bool get_line(char *buf, size_t size)
{
	size_t n = 0;

	for (;;) {
		if (in_pos == in_len) {
			ssize_t got = read(sock, in, sizeof(in));

			if (got <= 0)
				return false;
			in_len = got;
			in_pos = 0;
		}
		if (in[in_pos] == '\n') {
			in_pos++;
			buf[n] = 0;
			return true;
		}
		if (n + 1 < size)
			buf[n++] = in[in_pos];
		in_pos++;
	}
}

/* Interrupts are told between the answers. */
static char *answer(void)
{
	unsigned int irq;

	for (;;) {
		if (!get_line(line, sizeof(line))) {
			died = true;
			return NULL;
		}
		if (sscanf(line, "IRQ raise %u", &irq) == 1) {
			if (irq < MAX_IRQ) {
				raised[irq]++;
				level[irq] = true;
			}
			continue;
		}
		if (sscanf(line, "IRQ lower %u", &irq) == 1) {
			if (irq < MAX_IRQ)
				level[irq] = false;
			continue;
		}
		if (strncmp(line, "OK", 2))
			bail("QEMU said: %s", line);
		return line + (line[2] == ' ' ? 3 : 2);
	}
}

__attribute__((format(printf, 1, 2)))
static char *command(const char *fmt, ...)
{
	static char buf[512];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(buf, sizeof(buf) - 1, fmt, ap);
	va_end(ap);
	buf[n++] = '\n';
	if (died || write(sock, buf, n) != n) {
		died = true;
		return NULL;
	}
	return answer();
}

static char *must(char *reply)
{
	if (!reply)
		bail("QEMU has gone");
	return reply;
}

void qtest_start(const char *options)
{
	int pair[2];

	if (!getenv("IOMMUBENCH_QEMU"))
		bail("IOMMUBENCH_QEMU must name the lab's qemu-system-aarch64 (lab/qemu/build)");
	qtest_stop();
	signal(SIGPIPE, SIG_IGN);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		bail("socketpair: %s", strerror(errno));
	fflush(stdout);
	child = fork();
	if (child < 0)
		bail("fork: %s", strerror(errno));
	if (!child) {
		close(pair[0]);
		exec_qemu(pair[1], options);
	}
	close(pair[1]);
	sock = pair[0];
	in_len = in_pos = 0;
	clock_ns = 0;
	died = false;
	memset(raised, 0, sizeof(raised));
	memset(level, 0, sizeof(level));
	/* Other machines than ours have their GIC elsewhere. */
	if (!options || !strstr(options, "-M virt"))
		must(command("irq_intercept_in /machine/gic"));
}

void qtest_stop(void)
{
	if (!child)
		return;
	close(sock);
	kill(child, SIGTERM);
	waitpid(child, NULL, 0);
	child = 0;
}

bool qtest_alive(void)
{
	return command("endianness");
}

uint32_t qtest_readl(uint64_t addr)
{
	return strtoull(must(command("readl 0x%" PRIx64, addr)), NULL, 0);
}

uint64_t qtest_readq(uint64_t addr)
{
	return strtoull(must(command("readq 0x%" PRIx64, addr)), NULL, 0);
}

void qtest_writew(uint64_t addr, uint16_t value)
{
	must(command("writew 0x%" PRIx64 " 0x%x", addr, value));
}

void qtest_writel(uint64_t addr, uint32_t value)
{
	must(command("writel 0x%" PRIx64 " 0x%x", addr, value));
}

void qtest_writeq(uint64_t addr, uint64_t value)
{
	must(command("writeq 0x%" PRIx64 " 0x%" PRIx64, addr, value));
}

void qtest_memread(uint64_t addr, void *buf, size_t size)
{
	char *hex = must(command("read 0x%" PRIx64 " 0x%zx", addr, size));
	unsigned int byte;
	size_t i;

	for (i = 0; i < size; i++) {
		if (sscanf(hex + 2 + 2 * i, "%2x", &byte) != 1)
			bail("short answer to read");
		((uint8_t *)buf)[i] = byte;
	}
}

void qtest_memwrite(uint64_t addr, const void *buf, size_t size)
{
	const uint8_t *p = buf;
	size_t i, n;

	while (size) {
		char hex[2 * 128 + 1];

		n = size < 128 ? size : 128;
		for (i = 0; i < n; i++)
			sprintf(hex + 2 * i, "%02x", p[i]);
		must(command("write 0x%" PRIx64 " 0x%zx 0x%s", addr, n, hex));
		addr += n;
		p += n;
		size -= n;
	}
}

void qtest_memset(uint64_t addr, uint8_t byte, size_t size)
{
	must(command("memset 0x%" PRIx64 " 0x%zx 0x%02x", addr, size, byte));
}

int64_t qtest_step(int64_t ns)
{
	clock_ns = strtoll(must(command("clock_step %" PRId64, ns)), NULL, 0);
	return clock_ns;
}

unsigned int qtest_irqs(unsigned int spi)
{
	unsigned int n = spi < MAX_IRQ ? raised[spi] : 0;

	if (spi < MAX_IRQ)
		raised[spi] = 0;
	return n;
}

bool qtest_level(unsigned int spi)
{
	return spi < MAX_IRQ && level[spi];
}

static bool result(const char *file, int at, bool good, const char *fmt, va_list ap)
{
	printf("%sok %u - ", good ? "" : "not ", ++num_tests);
	vprintf(fmt, ap);
	printf("\n");
	if (!good) {
		num_failed++;
		printf("# at %s:%d\n", file, at);
	}
	return good;
}

bool ok_at(const char *file, int at, bool good, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	result(file, at, good, fmt, ap);
	va_end(ap);
	return good;
}

bool eq_at(const char *file, int at, uint64_t have, uint64_t want, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	result(file, at, have == want, fmt, ap);
	va_end(ap);
	if (have != want)
		printf("# have 0x%" PRIx64 ", want 0x%" PRIx64 "\n", have, want);
	return have == want;
}

void plan_done(void)
{
	qtest_stop();
	printf("1..%u\n", num_tests);
	exit(num_failed ? 1 : 0);
}
