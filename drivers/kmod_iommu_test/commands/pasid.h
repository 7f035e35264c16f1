/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands about PASIDs. Any number of them may be under way at a time, and they do without the
 * device's lock.
 */
#ifndef IOMMUBENCH_COMMANDS_PASID_H
#define IOMMUBENCH_COMMANDS_PASID_H

struct bench_call;

int bench_pasid_info(struct bench_call *call);
int bench_pasid_bind(struct bench_call *call);
int bench_pasid_unbind(struct bench_call *call);
int bench_pasid_access(struct bench_call *call);

#endif /* IOMMUBENCH_COMMANDS_PASID_H */
