/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a subcommand that measures holds from its first to its last moment: the
 * options, the device with its lock and domain type, the way to the module, and
 * the CPUs of the threads. Each step is undone by session_end(), however far
 * it came.
 */
#ifndef IOMMUBENCH_MEASURE_SESSION_H
#define IOMMUBENCH_MEASURE_SESSION_H

#include <iommubench.h>

#include "cli/options.h"
#include "counters/counters.h"
#include "device/device.h"
#include "device/domain_type.h"
#include "device/fault_log.h"
#include "disk/background.h"
#include "place/placement.h"
#include "place/watch.h"
#include "run/link.h"
#include "run/memory_report.h"
#include "run/series.h"

/**
 * struct session - one invocation at work
 * @o: options that all subcommands have in common
 * @device: what is measured
 * @domain: its domain type and lock
 * @link: how commands reach it
 * @placement: the CPUs
 * @watch: what else happens there
 * @background: load beside the runs, or NULL
 * @faults: what the IOMMU's driver says of refused accesses, NULL where nobody makes any
 * @memory: where the last run's memory was
 * @series: intervals of the runs that were done last
 * @signals: from run_catch_signals()
 * @rebound: the device is with the driver that leaves its DMA to user space
 * @counters: what is counted beside, NULL before the first run, or for nothing
 * @part: what part of that; COUNTERS_OWN where other devices work meanwhile
 * @probes: to count commands with, set by who has opened them for more than that, else NULL
 * @round_ops: operations that belong together in a run, 0 for none that do
 * @phase_block: makes a copy of a run's params those of a run by phases, with its threads and its
 *	batch, and returns the operations that a thread does in a phase; NULL where the params stay
 *	and these are @round_ops
 * @only_phase: name of the phase where runs have one only, else NULL
 */
struct session {
	struct options o;
	struct device device;
	struct domain_type domain;
	struct run_link link;
	struct placement placement;
	struct placement_watch *watch;
	struct background *background;
	struct fault_log *faults;
	struct memory_report memory;
	struct series series;
	int signals;
	bool rebound;
	struct counters *counters;
	enum counters_part part;
	struct iommu_commands *probes;
	uint64_t round_ops;
	unsigned int (*phase_block)(void *params, unsigned int threads, unsigned int batch);
	const char *only_phase;
};

/**
 * session_init() - take signals as input, and put the defaults into the options
 * @s: receives the session, which session_end() gives back
 *
 * Comes first of all, so that a signal at any time has the same outcome.
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int session_init(struct session *s);

/**
 * session_repair() - put back what invocations that were killed have left on devices
 *
 * Whoever measures is about to change devices; whoever only looks leaves them as they are. What is
 * put back is told, a line each.
 */
void session_repair(void);

/**
 * session_begin() - lock the device that the options name, and open it
 * @s: initialised, with parsed options
 * @type: enum iommubench_domain_type to switch it to first, -1 for none
 *
 * With --placement-matrix it returns EXIT_DONE in a process for each cell, and
 * EXIT_ALREADY_DONE in the calling one when all of them have ended.
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int session_begin(struct session *s, int type);

/**
 * session_rebind() - have the device with the driver that leaves its DMA to user space
 * @s: the session, begun and not connected
 * @what: what that is for, in messages
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int session_rebind(struct session *s, const char *what);

/**
 * session_place() - choose CPUs and memory, leave the CPUs, and watch them from now on
 * @s: its device is known
 * @threads: most threads that any run will have
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int session_place(struct session *s, unsigned int threads);

/**
 * session_connect() - choose CPUs and memory, leave the CPUs, and settle how commands go
 * @s: the session, begun
 * @threads: most threads that any run will have
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int session_connect(struct session *s, unsigned int threads);

/**
 * session_choose_cpus() - choose the CPUs; the first part of session_connect()
 * @s: the session, begun
 * @threads: most CPUs that are of use
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int session_choose_cpus(struct session *s, unsigned int threads);

/**
 * session_settle() - with CPUs chosen and left, choose the memory, watch both, and settle how
 *	commands go; the last part of session_connect()
 * @s: the session, which has its CPUs
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int session_settle(struct session *s);

/**
 * session_switch() - give the device's group another default type between two runs
 * @s: the session, connected
 * @type: enum iommubench_domain_type
 *
 * The device is closed for it and opened again, also when the type cannot be had.
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int session_switch(struct session *s, int type);

/**
 * session_describe() - a run with what the options say
 * @s: the session, connected
 * @workload: what the threads do
 * @params: the workload's own struct
 */
struct iommubench_run session_describe(const struct session *s, enum iommubench_workload workload,
				       void *params);

/**
 * session_new_counters() - what the options say is to be counted
 * @s: the session, connected
 * @kernel_threads: the threads are the module's, as in session_begin_counters()
 * @part: what of the device and its IOMMU is counted
 * @kind: of the IOMMU, NULL for that of the device
 *
 * Return: as counters_new().
 */
struct counters *session_new_counters(const struct session *s, bool kernel_threads,
				      enum counters_part part, const char *kind);

/**
 * session_begin_counters() - have nothing counted yet
 * @s: the session, connected
 * @kernel_threads: what follows is done by the module's threads; otherwise by this process and
 *	what it forks
 *
 * Comes before series_begin(), so that the series has what is counted.
 */
void session_begin_counters(struct session *s, bool kernel_threads);

/**
 * session_begin_own_counters() - the same for threads of this process that are told apart
 * @s: the session, which has its CPUs
 */
void session_begin_own_counters(struct session *s);

/**
 * session_begin_faults() - have no refused access of the device reported yet
 * @s: the session, connected
 */
void session_begin_faults(struct session *s);

/**
 * session_end() - give everything back, the old domain type too
 * @s: initialised
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int session_end(struct session *s);

#endif
