/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IOMMUBENCH_COMMANDS_CHARDEV_H
#define IOMMUBENCH_COMMANDS_CHARDEV_H

#include <linux/types.h>

struct device;

int bench_chardev_probe(struct device *dev, bool user_dma);
void bench_chardev_remove(struct device *dev);

#endif /* IOMMUBENCH_COMMANDS_CHARDEV_H */
