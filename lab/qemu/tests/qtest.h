/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A client of QEMU's qtest protocol: a machine without CPUs running, whose memory,
 * registers, interrupts and clock the test holds in its hands. And TAP output.
 */
#ifndef IOMMUBENCH_TEST_QTEST_H
#define IOMMUBENCH_TEST_QTEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * qtest_start() - start QEMU's machine "iommubench"
 * @options: more of its command line, separated by spaces; NULL for none
 *
 * The program is named by the environment variable IOMMUBENCH_QEMU. One machine runs
 * at a time: the one before is stopped. Whatever goes wrong ends the test.
 */
void qtest_start(const char *options);
void qtest_stop(void);

/** qtest_alive() - does QEMU still answer? */
bool qtest_alive(void);

uint32_t qtest_readl(uint64_t addr);
uint64_t qtest_readq(uint64_t addr);
void qtest_writew(uint64_t addr, uint16_t value);
void qtest_writel(uint64_t addr, uint32_t value);
void qtest_writeq(uint64_t addr, uint64_t value);
void qtest_memread(uint64_t addr, void *buf, size_t size);
void qtest_memwrite(uint64_t addr, const void *buf, size_t size);
void qtest_memset(uint64_t addr, uint8_t byte, size_t size);

/** qtest_step() - let virtual time pass; returns what the clock shows then, in ns */
int64_t qtest_step(int64_t ns);

/** qtest_irqs() - rising edges of a GIC input (SPI number) since the last call */
unsigned int qtest_irqs(unsigned int spi);

/** qtest_level() - is a GIC input (SPI number) raised now? */
bool qtest_level(unsigned int spi);

/* TAP */
void plan_done(void);
bool ok_at(const char *file, int line, bool good, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
bool eq_at(const char *file, int line, uint64_t have, uint64_t want, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

#define ok(good, ...)		ok_at(__FILE__, __LINE__, good, __VA_ARGS__)
#define eq(have, want, ...)	eq_at(__FILE__, __LINE__, have, want, __VA_ARGS__)

#endif
