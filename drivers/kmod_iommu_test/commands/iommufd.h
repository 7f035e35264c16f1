/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device whose DMA belongs to user space: bound to an iommufd, attached to a
 * domain that user space made there.
 */
#ifndef IOMMUBENCH_COMMANDS_IOMMUFD_H
#define IOMMUBENCH_COMMANDS_IOMMUFD_H

struct bench_call;
struct bench_device;

int bench_iommufd_bind(struct bench_call *call);
void bench_iommufd_bind_undo(struct bench_call *call);
int bench_iommufd_attach(struct bench_call *call);
int bench_iommufd_give_back(struct bench_call *call);
void bench_iommufd_unbind(struct bench_device *bd);

#endif /* IOMMUBENCH_COMMANDS_IOMMUFD_H */
