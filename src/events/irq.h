/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counts of interrupts, as /proc/interrupts has them.
 */
#ifndef IOMMUBENCH_EVENTS_IRQ_H
#define IOMMUBENCH_EVENTS_IRQ_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct irq_line - one interrupt
 * @number: first column of the line in /proc/interrupts
 * @name: what it is for, the last words of the line
 * @count: how often it came, over all CPUs
 * @of_device: it is the device's; otherwise an IOMMU's
 */
struct irq_line {
	char number[16];
	char name[64];
	uint64_t count;
	bool of_device;
};

/**
 * struct irq_lines - those of the IOMMUs and of a device
 * @lines: the interrupts, freed by irq_lines_free()
 * @nr: entries at @lines
 */
struct irq_lines {
	struct irq_line *lines;
	unsigned int nr;
};

/**
 * irq_lines_parse() - pick the lines of IOMMUs and of a device
 * @text: the file; it is cut up
 * @device: name of the device, or NULL
 * @numbers: of the device's interrupts, with a blank before and after each; "" for none
 * @lines: receives, give it back with irq_lines_free()
 */
void irq_lines_parse(char *text, const char *device, const char *numbers, struct irq_lines *lines);

/**
 * irq_lines_read() - the same of this machine, now
 * @device: name of the device, or NULL
 * @lines: receives, give it back with irq_lines_free()
 *
 * Return: 0, or -1 with errno set.
 */
int irq_lines_read(const char *device, struct irq_lines *lines);

/**
 * irq_lines_find() - look an interrupt up
 * @lines: the lines
 * @line: the interrupt, as it was at another moment
 *
 * Return: the line of the same number and name, NULL for none.
 */
const struct irq_line *irq_lines_find(const struct irq_lines *lines, const struct irq_line *line);

/**
 * irq_lines_since() - what came between two moments
 * @came: receives, give it back with irq_lines_free()
 * @now: the lines as they are now
 * @before: the lines as they were
 *
 * A driver that gives an interrupt back and takes one again begins at 0, also where that gets the
 * number that another had: then all that the line has came since.
 */
void irq_lines_since(struct irq_lines *came, const struct irq_lines *now,
		     const struct irq_lines *before);

/**
 * irq_lines_add() - add up what came
 * @sum: what came so far, to which it is added; lines that are not among @more stay
 * @more: what came besides
 */
void irq_lines_add(struct irq_lines *sum, const struct irq_lines *more);

/**
 * irq_lines_free() - give lines back
 * @lines: the lines, may be all zeroes
 */
void irq_lines_free(struct irq_lines *lines);

#endif
