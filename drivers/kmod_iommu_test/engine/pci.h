/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The registers of an engine that is a PCI function.
 */
#ifndef IOMMUBENCH_ENGINE_PCI_H
#define IOMMUBENCH_ENGINE_PCI_H

#include <linux/types.h>

struct pci_dev;

void __iomem *bench_engine_map_bar(struct pci_dev *pdev, int bar, size_t bytes);
void bench_engine_unmap_bar(struct pci_dev *pdev, void __iomem *regs);

#endif /* IOMMUBENCH_ENGINE_PCI_H */
