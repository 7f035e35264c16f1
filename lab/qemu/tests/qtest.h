/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Drives a device model's registers from outside: a small client of QEMU's qtest
 * protocol (docs/devel/testing/qtest.rst of QEMU), and TAP output.
 *
 * No CPU runs. Virtual time stands still unless qt_step() moves it.
 */
#ifndef IOMMUBENCH_QTEST_H
#define IOMMUBENCH_QTEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct qt;

/**
 * qt_start() - start $IOMMUBENCH_QEMU with our machine
 * @variant: the board
 * @options: more of QEMU's command line, separated by spaces; may be NULL
 *
 * Ends the program if QEMU does not start.
 */
struct qt *qt_start(const char *variant, const char *options);

/**
 * qt_stop() - end QEMU
 *
 * Returns its wait status: 0 if it ended by itself in good order.
 */
int qt_stop(struct qt *qt);

uint32_t qt_readl(struct qt *qt, uint64_t addr);
uint64_t qt_readq(struct qt *qt, uint64_t addr);
void qt_writew(struct qt *qt, uint64_t addr, uint16_t value);
void qt_writel(struct qt *qt, uint64_t addr, uint32_t value);
void qt_writeq(struct qt *qt, uint64_t addr, uint64_t value);
void qt_read(struct qt *qt, uint64_t addr, void *buf, size_t bytes);
void qt_write(struct qt *qt, uint64_t addr, const void *buf, size_t bytes);

/**
 * qt_step() - let virtual time pass
 */
void qt_step(struct qt *qt, uint64_t ns);

/**
 * qt_spi() - is a shared peripheral interrupt pending at the GIC?
 */
bool qt_spi(struct qt *qt, unsigned int spi);

/**
 * ok() - one TAP line
 */
bool ok(bool good, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/**
 * is() - ok() for two numbers that must be equal; says what they are if not
 */
bool is(uint64_t got, uint64_t want, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * done_testing() - TAP plan; returns the exit status
 */
int done_testing(void);

#endif
