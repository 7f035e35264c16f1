/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Command line: one parser for each kind of value, and the options that mean
 * the same in every subcommand.
 *
 * The parse_*() functions take the whole text or nothing: no blanks, no sign,
 * no junk behind the number, no value that does not fit. A fraction is fine
 * as long as the value is whole in its smallest unit (1.5M, 0.5s).
 */
#ifndef IOMMUBENCH_CLI_OPTIONS_H
#define IOMMUBENCH_CLI_OPTIONS_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "disk/background.h"
#include "events/perf_pmu.h"
#include "place/memory_policy.h"
#include "result/result.h"

/**
 * parse_size() - bytes, with K, M, G or T as powers of 1024
 * @text: such as "4096", "4K", "2M"
 * @bytes: receives
 * @e: receives what is wrong
 *
 * Return: 0, or -1. This is so for all of these.
 */
int parse_size(const char *text, uint64_t *bytes, struct error *e);

/**
 * parse_duration() - a time, with its unit: ns, us, ms, s, m or h
 * @text: such as "2s", "100ms"
 * @ns: receives nanoseconds
 * @e: receives what is wrong
 */
int parse_duration(const char *text, uint64_t *ns, struct error *e);

/**
 * parse_rate() - operations a second, with k, M or G as powers of 1000
 * @text: such as "500", "10k/s", "1.5M"
 * @mhz: receives operations in 1000 seconds
 * @e: receives what is wrong
 */
int parse_rate(const char *text, uint64_t *mhz, struct error *e);

/**
 * parse_count() - a number, with k, M or G as powers of 1000
 * @text: such as "1000", "1M"
 * @count: receives
 * @e: receives what is wrong
 */
int parse_count(const char *text, uint64_t *count, struct error *e);

/**
 * parse_number() - a plain number within limits
 * @text: digits only
 * @min: smallest that is accepted
 * @max: largest that is accepted
 * @value: receives
 * @e: receives what is wrong
 */
int parse_number(const char *text, uint64_t min, uint64_t max, uint64_t *value, struct error *e);

/**
 * struct choice - a word that an option takes
 * @word: what the user types
 * @value: what it stands for
 */
struct choice {
	const char *word;
	int value;
};

/**
 * parse_choice() - one of a few words
 * @text: the word
 * @choices: the words, ended by one that is NULL
 * @value: receives
 * @e: receives what is wrong
 */
int parse_choice(const char *text, const struct choice *choices, int *value, struct error *e);

/**
 * choice_word() - the word for a value
 * @choices: the words
 * @value: the value
 */
const char *choice_word(const struct choice *choices, int value);

/**
 * format_size() - write a size as parse_size() reads it
 * @bytes: the size
 * @buf: receives
 * @n: room at @buf
 *
 * Return: @buf.
 */
const char *format_size(uint64_t bytes, char *buf, size_t n);

/**
 * enum transport_choice - how commands go to the module
 * @TRANSPORT_AUTO: io_uring where the kernel has it
 * @TRANSPORT_URING: io_uring, or fail
 * @TRANSPORT_IOCTL: plain ioctl
 */
enum transport_choice {
	TRANSPORT_AUTO = 0,
	TRANSPORT_URING,
	TRANSPORT_IOCTL,
};

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
 * @nr_devices: how many
 * @all_devices: "all" was given instead
 * @many_devices: several are possible: who parses has options_devices_argp
 * @alone: measure each of several by itself as well
 * @run_limit_ns: a run of one of several is cancelled so long after its start, 0 for the default
 * @threads: how many
 * @cpus: how to choose CPUs, NULL when not given
 * @numa_node: node to take CPUs from, -1 when not given
 * @memory: where memory comes from
 * @background: load beside the runs
 * @placement_matrix: measure with CPUs and memory of each node
 * @cell: the cell of that matrix that this process measures
 * @duration_ns: time of a run, 0 for none
 * @count: operations of a run, 0 for no limit
 * @warmup_ns: time before anything is counted
 * @repeat: how many runs
 * @size: bytes of a mapping
 * @interval_ns: length of the intervals of a time series, 0 for no series
 * @rate_mhz: operations due in 1000 seconds, 0 for a closed loop
 * @seed: of everything random
 * @engine: name of the DMA engine, or "auto"
 * @domain_type: enum iommubench_domain_type to switch to, -1 to leave it alone
 * @transport: enum transport_choice
 * @events: names of what to count; none for the default set
 * @output: file for the JSON result, NULL for none
 * @format: of what is printed
 * @quiet: print nothing but errors
 * @verbose: print more
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
 * @o: receives
 */
void options_init(struct options *o);

/* An argp child; its input is a struct options. Includes -h and -V. */
extern const struct argp options_argp;

/**
 * options_argp_only() - the same with some of the options
 * @names: their long names, ended by NULL
 *
 * For who has other meanings for the rest, or none. All callers share the one that is returned.
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
 * options_usage_error() - end the program over a wrong option, with one line
 * @state: argp's
 * @option: as the user typed it, such as "--size"; NULL for none
 * @e: what is wrong with its value
 */
void options_usage_error(const struct argp_state *state, const char *option,
			 const struct error *e) __attribute__((noreturn));

/**
 * options_refuse() - same
 * @state: argp's
 * @option: as the user typed it
 * @fmt: what is wrong with its value, as printf
 */
void options_refuse(const struct argp_state *state, const char *option, const char *fmt, ...)
	__attribute__((noreturn, format(printf, 3, 4)));

/**
 * options_require() - end the program if an option's value could not be parsed
 * @state: argp's
 * @option: as the user typed it
 * @ret: what the parser returned
 * @e: what it says
 */
void options_require(const struct argp_state *state, const char *option, int ret,
		     const struct error *e);

/**
 * options_word() - one of a few words, or the end of the program
 * @text: what the user typed
 * @choices: the words
 * @option: as the user typed it
 * @state: argp's
 *
 * Return: what the word stands for.
 */
int options_word(const char *text, const struct choice *choices, const char *option,
		 const struct argp_state *state);

/**
 * options_number() - a plain number within limits, or the end of the program
 * @text: what the user typed
 * @min: smallest that is accepted
 * @max: largest that is accepted
 * @option: as the user typed it
 * @state: argp's
 */
uint64_t options_number(const char *text, uint64_t min, uint64_t max, const char *option,
			const struct argp_state *state);

/**
 * options_time() - a time, or the end of the program
 * @text: what the user typed
 * @min: smallest that is accepted, in nanoseconds
 * @option: as the user typed it
 * @state: argp's
 *
 * Return: nanoseconds, at most IOMMUBENCH_MAX_TIME_NS.
 */
uint64_t options_time(const char *text, uint64_t min, const char *option,
		      const struct argp_state *state);

/**
 * options_rate() - operations a second, more than none, or the end of the program
 * @text: what the user typed
 * @option: as the user typed it
 * @state: argp's
 *
 * Return: operations in 1000 seconds.
 */
uint64_t options_rate(const char *text, const char *option, const struct argp_state *state);

/**
 * options_size() - a size above 0, or the end of the program
 * @text: what the user typed
 * @option: as the user typed it
 * @state: argp's
 *
 * Return: bytes.
 */
uint64_t options_size(const char *text, const char *option, const struct argp_state *state);

/**
 * options_mapping_size() - check the size of a mapping, or end the program
 * @bytes: the size
 * @option: as the user typed it
 * @state: argp's
 */
void options_mapping_size(uint64_t bytes, const char *option, const struct argp_state *state);

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

/* Words for enum iommubench_domain_type, as --domain-type takes them. */
extern const struct choice domain_type_choices[];

#endif
