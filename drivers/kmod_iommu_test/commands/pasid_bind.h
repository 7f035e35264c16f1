/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PASIDs bound by commands: what is bound belongs to an open file, and goes with
 * it or with the device.
 */
#ifndef IOMMUBENCH_COMMANDS_PASID_BIND_H
#define IOMMUBENCH_COMMANDS_PASID_BIND_H

#include <linux/list.h>
#include <linux/types.h>

#include <uapi/iommubench.h>

struct bench_device;
struct bench_file;
struct bench_message;
struct bench_pasid_file;
struct iommu_sva;
struct pasid_domain;

/**
 * struct pasid_bind - one PASID
 * @node: in &bench_pasids.binds
 * @pf: the file that it belongs to
 * @kind: what it is bound to
 * @pasid: number of the PASID
 * @dead: the device was given back and this with it
 * @handle: SVA: the kernel's handle of the bind
 * @domain: DOMAIN: the domain that is attached
 * @reservation: DOMAIN: whose PASID it has, NULL when that is its own
 * @users: commands that are about to undo it; RESERVE: also domains attached to it
 */
struct pasid_bind {
	struct list_head node;
	struct bench_pasid_file *pf;
	enum iommubench_pasid_kind kind;
	u32 pasid;
	bool dead;
	struct iommu_sva *handle;
	struct pasid_domain *domain;
	struct pasid_bind *reservation;
	unsigned int users;
};

void bench_pasid_open(struct bench_pasid_file *pf);
void bench_pasid_release(struct bench_file *bf);
void bench_pasids_remove(struct bench_device *bd);

int pasid_bind_new(struct bench_file *bf, struct iommubench_pasid_bind *p,
		   struct bench_message *msg);
struct pasid_bind *pasid_bind_hold(struct bench_pasid_file *pf, u32 id);
void pasid_bind_leave(struct pasid_bind *bind);
u64 pasid_bind_undo(struct bench_device *bd, struct pasid_bind *bind, u64 *end);
void pasid_bind_give(struct bench_device *bd, struct pasid_bind *bind);

#endif /* IOMMUBENCH_COMMANDS_PASID_BIND_H */
