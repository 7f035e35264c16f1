/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the IOMMU's driver sends to the IOMMU during a run: counted by a kprobe
 * in a tracing instance of our own, so that nobody else's tracing is touched.
 *
 * A probe disturbs what is timed. Use it for runs of its own.
 */
#ifndef IOMMUBENCH_EVENTS_IOMMU_COMMANDS_H
#define IOMMUBENCH_EVENTS_IOMMU_COMMANDS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct iommu_commands - probes that are there, or why not
 * @tracefs: open root of the tracing file system, -1 when closed
 * @usable: something can be counted
 * @source: what is counted and how, such as "kprobe arm_smmu_cmdq_issue_cmdlist"
 * @reason: why nothing could be counted last time
 * @lists: events are lists of commands, with their number and whether a sync is among them
 * @waits: queue-full waits are counted as well
 * @buffer_kb: room for events on each CPU
 */
struct iommu_commands {
	int tracefs;
	bool usable;
	char source[96];
	char reason[256];
	bool lists;
	bool waits;
	uint64_t buffer_kb;
};

/**
 * struct iommu_commands_count - what was sent
 * @events: lists of commands, or flushes
 * @commands: in all lists
 * @syncs: lists with a sync
 * @longest: commands in the longest list
 * @waits: how often the queue was full
 */
struct iommu_commands_count {
	uint64_t events;
	uint64_t commands;
	uint64_t syncs;
	uint64_t longest;
	uint64_t waits;
};

/**
 * iommu_commands_open() - make the probes
 * @c: receives, give it back with iommu_commands_close(); see @c->usable
 * @kind: of the IOMMU, as machine.iommu.kind in a result
 */
void iommu_commands_open(struct iommu_commands *c, const char *kind);

/**
 * iommu_commands_start() - count from now on
 * @c: the probes, usable
 * @workers: count what the module's threads send, and nothing else
 * @events: events of the trace to make room for
 *
 * Return: 0, or -1 with @c->reason set.
 */
int iommu_commands_start(struct iommu_commands *c, bool workers, uint64_t events);

/**
 * iommu_commands_stop() - stop counting
 * @c: the probes
 * @count: receives the commands since iommu_commands_start()
 *
 * Return: 0, or -1 with @c->reason set.
 */
int iommu_commands_stop(struct iommu_commands *c, struct iommu_commands_count *count);

/**
 * iommu_commands_close() - take the probes out
 * @c: the probes, may be closed
 */
void iommu_commands_close(struct iommu_commands *c);

/**
 * iommu_commands_parse() - count the events of a trace
 * @text: the file "trace"; it is cut up
 * @lists: commands come in lists, as in struct iommu_commands
 * @count: receives the commands
 *
 * Return: how many events were lost, which makes the count useless.
 */
uint64_t iommu_commands_parse(char *text, bool lists, struct iommu_commands_count *count);

#endif
