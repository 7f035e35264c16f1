/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the checks go by besides files: the machine as topo judges it, and what only a system call
 * tells. Nothing is changed by finding out.
 */
#ifndef IOMMUBENCH_DOCTOR_FACTS_H
#define IOMMUBENCH_DOCTOR_FACTS_H

#include <stdbool.h>

#include "base/error.h"
#include "base/lines.h"
#include "topo/model.h"

/**
 * enum doctor_abi - what the loaded module says to this tool
 * @DOCTOR_ABI_UNASKED: no device is bound, so nobody could be asked
 * @DOCTOR_ABI_SAME: both speak the same ABI
 * @DOCTOR_ABI_OTHER: they do not understand each other
 * @DOCTOR_ABI_CLOSED: no device that is bound can be opened
 */
enum doctor_abi {
	DOCTOR_ABI_UNASKED,
	DOCTOR_ABI_SAME,
	DOCTOR_ABI_OTHER,
	DOCTOR_ABI_CLOSED,
};

/**
 * struct doctor_facts - a machine
 * @root: where its files are, "" for this one's
 * @topo: its IOMMUs and devices, judged
 * @is_root: whoever asks is root; of another machine, that is taken for granted
 * @abi: what the module said
 * @abi_error: why not, unless it speaks the same ABI
 * @tracefs: tracepoints can be seen
 * @kmsg: the kernel's log can be read
 * @uring_errno: why io_uring cannot be set up, an errno; 0 when it can
 * @left: devices that a killed run has left changed
 */
struct doctor_facts {
	const char *root;
	struct topo topo;
	bool is_root;
	enum doctor_abi abi;
	struct error abi_error;
	bool tracefs;
	bool kmsg;
	int uring_errno;
	struct lines left;
};

/**
 * doctor_facts_read() - look at a machine
 * @facts: receives, give it back with doctor_facts_free()
 * @root: where its files are, "" for this one's
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int doctor_facts_read(struct doctor_facts *facts, const char *root);

/**
 * doctor_facts_free() - give back what was seen
 * @facts: the machine
 */
void doctor_facts_free(struct doctor_facts *facts);

#endif
