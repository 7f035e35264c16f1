/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the IOMMU's driver says in the kernel's log of accesses that were refused: a witness
 * besides the DMA engine, which may never have made them.
 *
 * Linux keeps no count of such faults and hands those of an SMMUv3 that do not stall to nobody, so
 * that the log is all there is. It takes no more than some lines in five seconds.
 */
#ifndef IOMMUBENCH_DEVICE_FAULT_LOG_H
#define IOMMUBENCH_DEVICE_FAULT_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "device/device.h"

/**
 * struct fault_reports - faults that drivers of IOMMUs told of
 * @of_device: the device's, by its stream ID or its address on the bus
 * @of_others: other devices'
 * @of_unknown: of whom the driver does not say
 * @limited: there were so many that the kernel may have left some out
 */
struct fault_reports {
	uint64_t of_device;
	uint64_t of_others;
	uint64_t of_unknown;
	bool limited;
};

struct fault_log;

/**
 * fault_log_open() - begin to read what is said of a device
 * @d: the device, open; it outlives the log
 *
 * Return: the log, for fault_log_free(); NULL when this user may not read the kernel's.
 */
struct fault_log *fault_log_open(const struct device *d);

/**
 * fault_log_new() - the same of a log that is open already
 * @d: the device; it outlives the log
 * @fd: from kmsg_open(), taken over; -1 when all lines come by fault_log_take()
 *
 * Return: the log, for fault_log_free().
 */
struct fault_log *fault_log_new(const struct device *d, int fd);

/**
 * fault_log_begin() - forget what was said up to now
 * @log: the log, or NULL
 */
void fault_log_begin(struct fault_log *log);

/**
 * fault_log_read() - what was said since fault_log_begin()
 * @log: the log
 * @wait: when nothing of the device was said, give the IOMMU's driver a moment more
 *
 * Return: sums, valid until the next call.
 */
const struct fault_reports *fault_log_read(struct fault_log *log, bool wait);

/**
 * fault_log_take() - take a line up, as fault_log_read() does with each
 * @log: the log
 * @time_us: when it was written, by the clock of the log
 * @text: the line, as /dev/kmsg has it
 */
void fault_log_take(struct fault_log *log, uint64_t time_us, const char *text);

/**
 * fault_log_free() - end it
 * @log: the log, or NULL
 */
void fault_log_free(struct fault_log *log);

#endif
