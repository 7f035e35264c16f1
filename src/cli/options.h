/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The options that mean the same in every subcommand that measures.
 */
#ifndef IOMMUBENCH_CLI_OPTIONS_H
#define IOMMUBENCH_CLI_OPTIONS_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

#include "cli/standard.h"
#include "disk/background_spec.h"
#include "events/perf_pmu.h"
#include "place/memory_policy.h"

/**
 * struct placement_cell - a place of --placement-matrix
 * @given: this process measures one
 * @cpu_node: node of the CPUs
 * @memory_node: node of the memory
 * @device_node: node of the device, -1 when unknown
 */
struct placement_cell {
	bool given;
	int cpu_node;
	int memory_node;
	int device_node;
};

/**
 * struct options - what is common to all subcommands that measure
 * @device: as under /dev/iommubench, NULL for the only one; with several the first
 * @devices: all that were named, on the heap
 * @nr_devices: entries at @devices
 * @all_devices: "all" was given instead
 * @many_devices: several are possible: who parses has options_devices_argp
 * @alone: measure each of several by itself as well
 * @run_limit_ns: a run of one of several is cancelled so long after its start, 0 for the default
 * @threads: threads of a run, on each device
 * @cpus: how to choose CPUs, NULL when not given
 * @numa_node: node to take CPUs from, -1 when not given
 * @memory: where memory comes from
 * @background: load beside the runs
 * @placement_matrix: measure with CPUs and memory of each node
 * @cell: the cell of that matrix that this process measures
 * @duration_ns: time of a run, 0 for none
 * @count: operations of a run, 0 for no limit
 * @warmup_ns: time before anything is counted
 * @repeat: runs of each point
 * @size: bytes of a mapping
 * @interval_ns: length of the intervals of a time series, 0 for no series
 * @rate_mhz: operations due in 1000 seconds, 0 for a closed loop
 * @seed: seed of everything random
 * @engine: name of the DMA engine, or "auto"
 * @domain_type: enum iommubench_domain_type to switch to, -1 to leave it alone
 * @transport: enum transport_choice
 * @events: names of what to count; none for the default set
 * @output: file for the JSON result, NULL for none
 * @format: format of what is printed
 * @quiet: print nothing but errors
 * @verbose: print details as well
 */
struct options {
	const char *device;
	const char **devices;
	unsigned int nr_devices;
	bool all_devices;
	bool many_devices;
	bool alone;
	uint64_t run_limit_ns;
	unsigned int threads;
	const char *cpus;
	int numa_node;
	struct memory_policy memory;
	struct background_spec background;
	bool placement_matrix;
	struct placement_cell cell;
	uint64_t duration_ns;
	uint64_t count;
	uint64_t warmup_ns;
	unsigned int repeat;
	uint64_t size;
	uint64_t interval_ns;
	uint64_t rate_mhz;
	uint64_t seed;
	const char *engine;
	int domain_type;
	int transport;
	struct perf_pmu_names events;
	const char *output;
	enum result_format format;
	bool quiet;
	bool verbose;
};

/**
 * options_init() - the defaults
 * @o: receives the defaults
 */
void options_init(struct options *o);

/* An argp child; its input is a struct options. Includes -h and -V. */
extern const struct argp options_argp;

/**
 * options_argp_only() - the same with some of the options
 * @names: their long names, ended by NULL
 *
 * For who has other meanings for the rest, or none; -h, -V and -q are always there. All callers
 * share the one that is returned.
 */
const struct argp *options_argp_only(const char *const *names);

/* Another one, for whose runs can be looked at while they go on: --interval. */
extern const struct argp options_series_argp;

/* Another one, for who works in one domain type at one rate: --domain-type and --rate. */
extern const struct argp options_load_argp;

/* Another one, for who can work with several devices at once: --alone and --run-timeout. */
extern const struct argp options_devices_argp;

/**
 * options_several() - are several devices meant?
 * @o: parsed options
 */
bool options_several(const struct options *o);

/**
 * options_parse() - read a command line, or end the program over it
 * @argp: options, parser and children
 * @before: what the help says before the options
 * @after: and after them
 * @argc: as main() has it
 * @argv: as main() has it
 * @input: for the parser
 */
void options_parse(const struct argp *argp, const char *before, const char *after, int argc,
		   char **argv, void *input);

#endif
