// SPDX-License-Identifier: GPL-2.0-only
/*
 * iommubench map-unmap: what mapping and unmapping buffers for a device costs.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <iommubench.h>

#include "lib/device.h"
#include "lib/domain_type.h"
#include "lib/error.h"
#include "lib/machine.h"
#include "lib/options.h"
#include "lib/output.h"
#include "lib/placement.h"
#include "lib/result.h"
#include "lib/run.h"
#include "lib/stats.h"
#include "lib/units.h"
#include "lib/xalloc.h"
#include "subcommand.h"

static const struct choice api_choices[] = {
	{ "dma-single", IOMMUBENCH_API_DMA_SINGLE },
	{ "dma-sg", IOMMUBENCH_API_DMA_SG },
	{ "iommu", IOMMUBENCH_API_IOMMU },
	{ "iommu-fast", IOMMUBENCH_API_IOMMU_FAST },
	{ NULL },
};

static const struct choice buffer_choices[] = {
	{ "auto", IOMMUBENCH_BUFFER_AUTO },
	{ "contig", IOMMUBENCH_BUFFER_CONTIG },
	{ "scattered", IOMMUBENCH_BUFFER_SCATTERED },
	{ NULL },
};

static const struct choice direction_choices[] = {
	{ "bidirectional", IOMMUBENCH_DIR_BIDIRECTIONAL },
	{ "to-device", IOMMUBENCH_DIR_TO_DEVICE },
	{ "from-device", IOMMUBENCH_DIR_FROM_DEVICE },
	{ NULL },
};

static const struct choice iova_choices[] = {
	{ "reuse", IOMMUBENCH_IOVA_REUSE },
	{ "fresh", IOMMUBENCH_IOVA_FRESH },
	{ "random", IOMMUBENCH_IOVA_RANDOM },
	{ "stride", IOMMUBENCH_IOVA_STRIDE },
	{ NULL },
};

static const char * const phase_names[IOMMUBENCH_MAP_UNMAP_PHASES] = {
	[IOMMUBENCH_PHASE_MAP] = "map",
	[IOMMUBENCH_PHASE_UNMAP] = "unmap",
	[IOMMUBENCH_PHASE_MAP_SERVICE] = "map_service",
	[IOMMUBENCH_PHASE_UNMAP_SERVICE] = "unmap_service",
};

static const char * const check_names[IOMMUBENCH_CHECKS] = {
	[IOMMUBENCH_CHECK_TRANSFER] = "transfer",
	[IOMMUBENCH_CHECK_READ_REFUSED] = "read_after_unmap_refused",
	[IOMMUBENCH_CHECK_WRITE_REFUSED] = "write_after_unmap_refused",
};

/**
 * struct totals - what all runs of one invocation gave
 * @runs: how many ended as they should
 * @end: enum iommubench_end of the last one
 * @message: what cut them short, empty if nothing
 * @batch: operations in a sample, the same in all of them
 * @window: mappings that one thread kept alive
 * @piece_bytes: contiguous pieces of a buffer
 * @ticks: sum of the runs' lengths
 * @checks: sums, by enum iommubench_check_id
 * @threads: sums, by thread; ticks are lengths there
 * @thread_ticks: how long each thread counted
 * @overhead_ns: of an operation, mean over threads of the last run
 * @resolution_ticks: smallest step of the clock
 * @phases: merged histograms
 * @repeats: one entry for each run
 */
struct totals {
	unsigned int runs;
	int end;
	char message[IOMMUBENCH_MESSAGE_BYTES + 64];
	unsigned int batch;
	unsigned int window;
	uint64_t piece_bytes;
	uint64_t ticks;
	struct iommubench_check checks[IOMMUBENCH_CHECKS];
	struct iommubench_thread *threads;
	uint64_t *thread_ticks;
	double overhead_ns;
	uint64_t resolution_ticks;
	struct iommubench_hist phases[IOMMUBENCH_MAP_UNMAP_PHASES];
	json_t *repeats;
};

/**
 * struct bench - one invocation
 * @o: common options
 * @params: the workload
 * @batch: what --batch says, 0 for the module's choice
 * @verify: --verify was given
 * @device: what is measured
 * @domain: its domain type and lock
 * @link: how commands reach it
 * @placement: the CPUs
 * @totals: what came out
 */
struct bench {
	struct options o;
	struct iommubench_map_unmap params;
	unsigned int batch;
	bool verify;
	struct device device;
	struct domain_type domain;
	struct run_link link;
	struct placement placement;
	struct totals totals;
};

enum {
	OPT_API = 0x200,
	OPT_BUFFER,
	OPT_SG_ENTRIES,
	OPT_DIRECTION,
	OPT_IOVA,
	OPT_STRIDE,
	OPT_IOVA_SPAN,
	OPT_WINDOW,
	OPT_PREFILL,
	OPT_HOLD,
	OPT_BATCH,
	OPT_VERIFY,
};

static const struct argp_option option_table[] = {
	{ NULL, 0, NULL, 0, "What is mapped, and how:", 1 },
	{ "api", OPT_API, "API", 0,
	  "dma-single, dma-sg (scatter lists), iommu (iommu_map and iommu_unmap in a domain of "
	  "our own) or iommu-fast (same, one invalidation for a whole batch) "
	  "(default: dma-single)", 0 },
	{ "buffer", OPT_BUFFER, "KIND", 0,
	  "physical memory: auto, contig (one piece) or scattered (default: auto, as large "
	  "pieces as there are)", 0 },
	{ "sg-entries", OPT_SG_ENTRIES, "N", 0,
	  "pieces of a scattered buffer (default: one for each page)", 0 },
	{ "direction", OPT_DIRECTION, "DIR", 0,
	  "bidirectional, to-device or from-device (default: bidirectional)", 0 },
	{ "iova", OPT_IOVA, "PATTERN", 0,
	  "where mappings go, with the iommu APIs: reuse (the same few addresses), fresh (the "
	  "next free one), random or stride (default: reuse)", 0 },
	{ "stride", OPT_STRIDE, "SIZE", 0, "distance for --iova stride, at least --size", 0 },
	{ "iova-span", OPT_IOVA_SPAN, "SIZE", 0,
	  "how much IOVA space fresh, random and stride use (default: the module's choice)", 0 },
	{ "window", OPT_WINDOW, "N", 0,
	  "mappings that a thread keeps alive at once (default: one batch)", 0 },
	{ "prefill", OPT_PREFILL, "N", 0,
	  "mappings over all threads that exist during the whole run (default: 0)", 0 },
	{ "hold", OPT_HOLD, "TIME", 0,
	  "least time between a map and its unmap (default: 0s)", 0 },
	{ "batch", OPT_BATCH, "N", 0,
	  "operations in one timed sample (default: 1, more when the clock is too coarse)", 0 },
	{ "verify", OPT_VERIFY, NULL, 0,
	  "let the device move data through mappings and compare it, and see that it is "
	  "refused after unmap; needs a DMA engine", 0 },
	{ NULL },
};

static const char doc_before[] =
	"Measure what mapping and unmapping buffers for a device costs, as two latency "
	"distributions and a throughput.";

static const char doc_after[] =
	"Examples (as root, with a device bound by iommubench-bind):\n"
	"  iommubench map-unmap                        4 KiB, one thread, 2 seconds\n"
	"  iommubench map-unmap -s 2M -t 4 -T 10s -o r.json\n"
	"  iommubench map-unmap --domain-type lazy     compare with strict\n"
	"  iommubench map-unmap --api dma-sg -s 1M --sg-entries 16\n"
	"  iommubench map-unmap --api iommu --iova random --iova-span 1G --prefill 10k\n"
	"  iommubench map-unmap --rate 50k/s           latency at a fixed load\n"
	"  iommubench map-unmap --api iommu --verify   the device checks mappings\n"
	"\n"
	"Units: sizes in bytes or K, M, G (1024); times with ns, us, ms, s, m, h; counts and "
	"rates with k, M, G (1000).\n"
	"Exit status: 0 done, 1 a check failed, 2 wrong use, 3 this machine cannot do it, 4 "
	"interrupted; an interrupted run still gives its result, marked as not complete.";

static bool own_domain(const struct bench *b)
{
	return b->params.api == IOMMUBENCH_API_IOMMU || b->params.api == IOMMUBENCH_API_IOMMU_FAST;
}

static bool whole_pages(uint64_t bytes)
{
	return bytes % (uint64_t)sysconf(_SC_PAGESIZE) == 0;
}

/* What no single option can tell; the module checks again. */
static void check_size(struct bench *b, const struct argp_state *state)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	char size[32], limit[32];

	format_size(b->o.size, size, sizeof(size));
	if (!b->o.size || !whole_pages(b->o.size))
		options_refuse(state, "--size",
			       "%s is not a whole number of pages, expected a multiple of %s", size,
			       format_size(page, limit, sizeof(limit)));
	if (b->o.size > IOMMUBENCH_MAX_MAPPING_BYTES)
		options_refuse(state, "--size", "%s does not fit, expected at most %s", size,
			       format_size(IOMMUBENCH_MAX_MAPPING_BYTES, limit, sizeof(limit)));
	b->params.mapping_bytes = b->o.size;
}

static void check_buffer(struct bench *b, const struct argp_state *state)
{
	struct iommubench_map_unmap *p = &b->params;
	char size[32];

	if (p->buffer == IOMMUBENCH_BUFFER_SCATTERED && p->api == IOMMUBENCH_API_DMA_SINGLE &&
	    p->mapping_bytes > (uint64_t)sysconf(_SC_PAGESIZE))
		options_refuse(state, "--buffer",
			       "dma-single maps one contiguous piece: use --api dma-sg for a scattered buffer");
	if (!p->sg_entries)
		return;
	if (p->api == IOMMUBENCH_API_DMA_SINGLE)
		options_refuse(state, "--sg-entries",
			       "dma-single maps one contiguous piece: use --api dma-sg");
	if (p->buffer == IOMMUBENCH_BUFFER_CONTIG)
		options_refuse(state, "--sg-entries",
			       "a contiguous buffer has one piece: leave --buffer contig out");
	if (p->mapping_bytes % p->sg_entries || !whole_pages(p->mapping_bytes / p->sg_entries))
		options_refuse(state, "--sg-entries",
			       "%s cannot be cut into %u pieces of whole pages: choose another number or --size",
			       format_size(p->mapping_bytes, size, sizeof(size)), p->sg_entries);
	p->buffer = IOMMUBENCH_BUFFER_SCATTERED;
}

static void check_stride(const struct iommubench_map_unmap *p, const struct argp_state *state)
{
	if (p->iova_pattern != IOMMUBENCH_IOVA_STRIDE) {
		if (p->stride_bytes)
			options_refuse(state, "--stride",
				       "only --iova stride has a distance: add it, or leave --stride out");
		return;
	}
	if (!p->stride_bytes)
		options_refuse(state, "--iova", "stride needs a distance, such as --stride 2M");
	if (p->stride_bytes < p->mapping_bytes || !whole_pages(p->stride_bytes))
		options_refuse(state, "--stride",
			       "mappings would overlap or miss page bounds, expected whole pages and at least --size");
}

static void check_iova(struct bench *b, const struct argp_state *state)
{
	struct iommubench_map_unmap *p = &b->params;

	if (p->iova_pattern != IOMMUBENCH_IOVA_REUSE && !own_domain(b))
		options_refuse(state, "--iova",
			       "with %s the kernel chooses the addresses: use --api iommu or iommu-fast",
			       choice_word(api_choices, (int)p->api));
	check_stride(p, state);
	if (!p->iova_span_bytes)
		return;
	if (p->iova_pattern == IOMMUBENCH_IOVA_REUSE)
		options_refuse(state, "--iova-span",
			       "only --iova fresh, random and stride move about: choose one of them");
	if (p->iova_span_bytes < p->mapping_bytes || !whole_pages(p->iova_span_bytes))
		options_refuse(state, "--iova-span",
			       "expected whole pages and room for at least one mapping of --size");
}

static void check_together(struct bench *b, const struct argp_state *state)
{
	check_size(b, state);
	check_buffer(b, state);
	check_iova(b, state);
	if (b->verify && !strcmp(b->o.engine, "none"))
		options_refuse(state, "--verify",
			       "needs a DMA engine, but --engine none rules it out");
}

static uint32_t parse_word(const char *arg, const struct choice *choices, const char *option,
			   const struct argp_state *state)
{
	struct error e;
	int value;

	options_require(state, option, parse_choice(arg, choices, &value, &e), &e);
	return (uint32_t)value;
}

static uint32_t parse_between(const char *arg, uint32_t min, uint32_t max, const char *option,
			      const struct argp_state *state)
{
	struct error e;
	uint64_t n;

	options_require(state, option, parse_number(arg, min, max, &n, &e), &e);
	return (uint32_t)n;
}

static uint64_t parse_positive_size(const char *arg, const char *option,
				    const struct argp_state *state)
{
	struct error e;
	uint64_t bytes;

	options_require(state, option, parse_size(arg, &bytes, &e), &e);
	if (!bytes)
		options_refuse(state, option, "'%s' is too small, expected more than 0", arg);
	return bytes;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct bench *b = state->input;
	struct iommubench_map_unmap *p = &b->params;
	struct error e;
	uint64_t n;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &b->o;
		break;
	case OPT_API:
		p->api = parse_word(arg, api_choices, "--api", state);
		break;
	case OPT_BUFFER:
		p->buffer = parse_word(arg, buffer_choices, "--buffer", state);
		break;
	case OPT_SG_ENTRIES:
		p->sg_entries = parse_between(arg, 1, IOMMUBENCH_MAX_SG_ENTRIES, "--sg-entries",
					      state);
		break;
	case OPT_DIRECTION:
		p->direction = parse_word(arg, direction_choices, "--direction", state);
		break;
	case OPT_IOVA:
		p->iova_pattern = parse_word(arg, iova_choices, "--iova", state);
		break;
	case OPT_STRIDE:
		p->stride_bytes = parse_positive_size(arg, "--stride", state);
		break;
	case OPT_IOVA_SPAN:
		p->iova_span_bytes = parse_positive_size(arg, "--iova-span", state);
		break;
	case OPT_WINDOW:
		p->window = parse_between(arg, 1, IOMMUBENCH_MAX_WINDOW, "--window", state);
		break;
	case OPT_PREFILL:
		options_require(state, "--prefill", parse_count(arg, &n, &e), &e);
		p->prefill = n;
		break;
	case OPT_HOLD:
		options_require(state, "--hold", parse_duration(arg, &n, &e), &e);
		if (n > IOMMUBENCH_MAX_TIME_NS)
			options_refuse(state, "--hold", "'%s' is too long, expected at most 168h",
				       arg);
		p->hold_ns = n;
		break;
	case OPT_BATCH:
		b->batch = parse_between(arg, 1, IOMMUBENCH_MAX_BATCH, "--batch", state);
		break;
	case OPT_VERIFY:
		b->verify = true;
		break;
	case ARGP_KEY_ARG:
		options_refuse(state, NULL, "unexpected argument '%s': try '%s --help'", arg,
			       state->name);
	case ARGP_KEY_SUCCESS:
		check_together(b, state);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static void parse_command_line(struct bench *b, int argc, char **argv)
{
	static const struct argp_child children[] = { { &options_argp }, { NULL } };
	static char doc[sizeof(doc_before) + sizeof(doc_after)];
	const struct argp argp = {
		.options = option_table,
		.parser = parse_option,
		.doc = doc,
		.children = children,
		.help_filter = options_help_filter,
	};

	/* argp's sign for what comes after the options. */
	snprintf(doc, sizeof(doc), "%s\v%s", doc_before, doc_after);
	options_init(&b->o);
	b->params = (struct iommubench_map_unmap){
		.size = sizeof(b->params),
		.api = IOMMUBENCH_API_DMA_SINGLE,
	};
	/* A wrong value ends the program where it is found; the rest getopt has reported. */
	if (argp_parse(&argp, argc, argv, ARGP_NO_HELP, NULL, b))
		exit(EXIT_USAGE);
	error_set_verbose(b->o.verbose);
}

/* What only the device can tell. */
static int check_device(const struct bench *b)
{
	const struct device *d = &b->device;
	char size[32], limit[32], silicon[256];
	int ret;

	ret = device_check_engine(d, b->o.engine);
	if (ret)
		return ret;
	if (b->verify && !strcmp(d->info.engine, "none"))
		return fail(EXIT_UNABLE,
			    "--verify: device %s has no DMA engine that the module can drive: leave --verify out, or bind a device that has one (edu)",
			    d->name);
	if (own_domain(b) && d->info.domain_type == IOMMUBENCH_DOMAIN_NONE) {
		bool known = device_silicon(d, silicon, sizeof(silicon));

		return fail(EXIT_UNABLE, "--api %s: no IOMMU translates device %s: %s",
			    choice_word(api_choices, (int)b->params.api), d->name,
			    known ? silicon :
			    "use --api dma-single or dma-sg, or another device");
	}
	if (b->o.domain_type >= 0 && d->info.domain_type != (uint32_t)b->o.domain_type)
		return fail(EXIT_UNABLE,
			    "--domain-type %s: the kernel took it, but the device's domain is of another type",
			    choice_word(domain_type_choices, b->o.domain_type));
	if ((b->params.api == IOMMUBENCH_API_DMA_SINGLE ||
	     b->params.buffer == IOMMUBENCH_BUFFER_CONTIG) &&
	    d->info.contig_max_bytes && b->params.mapping_bytes > d->info.contig_max_bytes)
		return fail(EXIT_UNABLE,
			    "--size: %s does not fit into one contiguous piece, of which this kernel gives at most %s: use --api dma-sg or iommu with --buffer auto",
			    format_size(b->params.mapping_bytes, size, sizeof(size)),
			    format_size(d->info.contig_max_bytes, limit, sizeof(limit)));
	return EXIT_DONE;
}

/* One number of one repeat, per operation. */
static json_t *describe_phase(const struct iommubench_hist *h, double scale)
{
	json_t *j = xjson(json_object());
	struct stats s;

	stats_compute(&s, h, scale);
	xjson_put(j, "p50", xjson(json_real(s.p50)));
	xjson_put(j, "p99", xjson(json_real(s.p99)));
	xjson_put(j, "max", xjson(json_real(s.max)));
	return j;
}

static double ns_per_tick(const struct bench *b)
{
	return 1e9 / (double)b->device.info.clock_hz;
}

static double ticks_to_seconds(const struct bench *b, uint64_t ticks)
{
	return (double)ticks / (double)b->device.info.clock_hz;
}

static double per_second(uint64_t ops, double seconds)
{
	return seconds > 0 ? (double)ops / seconds : 0;
}

static void add_repeat(struct bench *b, const struct run_outcome *o)
{
	double seconds = ticks_to_seconds(b, run_ticks(o));
	double scale = ns_per_tick(b) / (o->batch ? o->batch : 1);
	json_t *repeat = xjson(json_object());
	unsigned int i;

	xjson_put(repeat, "ops", xjson(json_integer((json_int_t)run_total_ops(o))));
	xjson_put(repeat, "seconds", xjson(json_real(seconds)));
	xjson_put(repeat, "ops_per_s", xjson(json_real(per_second(run_total_ops(o), seconds))));
	for (i = 0; i < o->nr_phases && i < IOMMUBENCH_MAP_UNMAP_PHASES; i++)
		if (i <= IOMMUBENCH_PHASE_UNMAP || o->phases[i].count)
			xjson_put(repeat, phase_names[i], describe_phase(&o->phases[i], scale));
	xjson_add(b->totals.repeats, repeat);
}

static void add_threads(struct totals *t, const struct run_outcome *o, double tick_ns)
{
	double overhead = 0;
	unsigned int i, n = 0;

	for (i = 0; i < o->nr_threads; i++) {
		const struct iommubench_thread *from = &o->threads[i];
		struct iommubench_thread *to = &t->threads[i];

		to->cpu = from->cpu;
		to->ops += from->ops;
		to->late += from->late;
		to->migrations += from->migrations;
		if (from->end_tick > from->start_tick && from->start_tick)
			t->thread_ticks[i] += from->end_tick - from->start_tick;
		if (from->resolution_ticks &&
		    (!t->resolution_ticks || from->resolution_ticks < t->resolution_ticks))
			t->resolution_ticks = from->resolution_ticks;
		if (from->overhead_batch) {
			overhead += (double)from->overhead_ticks * tick_ns /
				    (double)from->overhead_batch;
			n++;
		}
	}
	if (n)
		t->overhead_ns = overhead / n;
}

static void add_outcome(struct bench *b, const struct run_outcome *o)
{
	struct totals *t = &b->totals;
	unsigned int i;

	t->end = o->end;
	/* A failed check of an earlier run is not forgotten over a later one that went well. */
	if (*o->message)
		snprintf(t->message, sizeof(t->message), "%s", o->message);
	if (o->abandoned)
		snprintf(t->message, sizeof(t->message),
			 "interrupted twice: the end was not awaited, the last operations are missing");
	if (o->batch) {
		t->batch = o->batch;
		t->window = o->window;
	}
	for (i = 0; i < IOMMUBENCH_CHECKS; i++) {
		t->checks[i].count += o->checks[i].count;
		t->checks[i].failures += o->checks[i].failures;
	}
	if (!o->nr_threads)
		return;
	t->ticks += run_ticks(o);
	add_threads(t, o, ns_per_tick(b));
	for (i = 0; i < o->nr_phases && i < IOMMUBENCH_MAP_UNMAP_PHASES; i++)
		iommubench_hist_merge(&t->phases[i], &o->phases[i]);
	add_repeat(b, o);
}

static bool ended_well(int end)
{
	return end == IOMMUBENCH_END_TIME || end == IOMMUBENCH_END_COUNT;
}

/*
 * All runs of the invocation. Return: EXIT_DONE when there is something to
 * report, however they ended.
 */
static int do_runs(struct bench *b)
{
	struct totals *t = &b->totals;
	struct run_outcome outcome;
	char label[64] = "map-unmap";
	unsigned int i;
	int ret;

	t->threads = xcalloc(b->o.threads, sizeof(*t->threads));
	t->thread_ticks = xcalloc(b->o.threads, sizeof(*t->thread_ticks));
	t->repeats = xjson(json_array());

	for (i = 0; i < b->o.repeat; i++) {
		struct iommubench_map_unmap params = b->params;
		struct iommubench_run desc = {
			.size = sizeof(desc),
			.workload = IOMMUBENCH_WORKLOAD_MAP_UNMAP,
			.flags = b->verify ? IOMMUBENCH_RUN_VERIFY : 0,
			.params = (uintptr_t)&params,
			.cpus = (uintptr_t)b->placement.cpus,
			.nr_cpus = b->placement.nr,
			.threads = b->o.threads,
			.duration_ns = b->o.duration_ns,
			.count = b->o.count,
			.warmup_ns = b->o.warmup_ns,
			.rate_mhz = b->o.rate_mhz,
			.seed = b->o.seed + i,
			/* Histograms of different batches could not be merged. */
			.batch = i && t->batch ? t->batch : b->batch,
		};

		if (b->o.repeat > 1)
			snprintf(label, sizeof(label), "map-unmap, run %u of %u", i + 1,
				 b->o.repeat);
		detail("%s on %s by %s", label, b->device.name, run_transport(&b->link));
		ret = run_execute(&b->link, &desc, label, b->o.quiet, &outcome);
		if (ret && !i)
			return ret;
		if (ret) {
			t->end = IOMMUBENCH_END_ERROR;
			snprintf(t->message, sizeof(t->message), "run %u of %u could not be done",
				 i + 1, b->o.repeat);
			return EXIT_DONE;
		}
		if (params.piece_bytes)
			t->piece_bytes = params.piece_bytes;
		add_outcome(b, &outcome);
		run_outcome_free(&outcome);
		if (!ended_well(t->end))
			return EXIT_DONE;
		t->runs++;
	}
	return EXIT_DONE;
}

static json_t *describe_params(const struct bench *b)
{
	const struct iommubench_map_unmap *p = &b->params;
	json_t *j = xjson(json_object());
	json_t *cpus = xjson(json_array());
	unsigned int i;

	for (i = 0; i < b->placement.nr; i++)
		xjson_add(cpus, xjson(json_integer(b->placement.cpus[i])));

#define PUT_TEXT(key, value)	xjson_put(j, key, xjson_text(value))
#define PUT_NUMBER(key, value)	xjson_put(j, key, xjson(json_integer((json_int_t)(value))))
	PUT_TEXT("api", choice_word(api_choices, (int)p->api));
	PUT_NUMBER("size_bytes", p->mapping_bytes);
	PUT_NUMBER("threads", b->o.threads);
	xjson_put(j, "cpus", cpus);
	PUT_TEXT("placement", b->placement.how);
	PUT_TEXT("buffer", choice_word(buffer_choices, (int)p->buffer));
	PUT_NUMBER("piece_bytes", b->totals.piece_bytes);
	PUT_NUMBER("sg_entries", p->sg_entries);
	PUT_TEXT("direction", choice_word(direction_choices, (int)p->direction));
	PUT_TEXT("iova", own_domain(b) ? choice_word(iova_choices, (int)p->iova_pattern) :
		 "allocator");
	PUT_NUMBER("stride_bytes", p->stride_bytes);
	PUT_NUMBER("iova_span_bytes", p->iova_span_bytes);
	PUT_NUMBER("window", b->totals.window);
	PUT_NUMBER("prefill", p->prefill);
	PUT_NUMBER("hold_ns", p->hold_ns);
	PUT_NUMBER("duration_ns", b->o.duration_ns);
	PUT_NUMBER("count", b->o.count);
	PUT_NUMBER("warmup_ns", b->o.warmup_ns);
	PUT_NUMBER("repeat", b->o.repeat);
	xjson_put(j, "rate_per_s", xjson(json_real((double)b->o.rate_mhz / 1000)));
	PUT_NUMBER("seed", b->o.seed);
	PUT_NUMBER("batch", b->totals.batch);
	xjson_put(j, "verify", xjson(json_boolean(b->verify)));
	PUT_TEXT("engine", b->o.engine);
	if (b->o.domain_type >= 0)
		PUT_TEXT("domain_type", choice_word(domain_type_choices, b->o.domain_type));
	else
		xjson_put(j, "domain_type", json_null());
	PUT_TEXT("transport", run_transport(&b->link));
#undef PUT_TEXT
#undef PUT_NUMBER
	return j;
}

static void add_warnings(struct result *r, const struct bench *b)
{
	const struct totals *t = &b->totals;
	double scale = ns_per_tick(b) / (t->batch ? t->batch : 1);
	uint32_t type = b->device.info.domain_type;
	uint64_t late = 0, migrations = 0;
	struct stats map;
	unsigned int i;

	for (i = 0; i < b->o.threads; i++) {
		late += t->threads[i].late;
		migrations += t->threads[i].migrations;
	}
	if (b->o.threads > b->placement.nr)
		result_add_warning(r, "%u threads share %u CPU%s: latencies include waiting for a CPU",
				   b->o.threads, b->placement.nr, b->placement.nr == 1 ? "" : "s");
	if (own_domain(b) && (b->o.domain_type >= 0 || type == IOMMUBENCH_DOMAIN_LAZY))
		result_add_warning(r, "--api %s works in a domain of its own, which is always strict: the group's type does not change its cost",
				   choice_word(api_choices, (int)b->params.api));
	if (!own_domain(b) &&
	    (type == IOMMUBENCH_DOMAIN_IDENTITY || type == IOMMUBENCH_DOMAIN_NONE))
		result_add_warning(r, "nothing translates for the device: map and unmap do not reach an IOMMU");
	if (!own_domain(b) && b->verify &&
	    (type == IOMMUBENCH_DOMAIN_IDENTITY || type == IOMMUBENCH_DOMAIN_NONE))
		result_add_warning(r, "without translation no access can be refused, so that was not checked");
	if (b->verify && !t->checks[IOMMUBENCH_CHECK_TRANSFER].count)
		result_add_warning(r, "nothing was verified: the run ended before the first transfer did");
	if (t->batch > 1 && !b->batch)
		result_add_warning(r, "the clock ticks too slowly for one operation: a sample is the mean of %u, which flattens the tail",
				   t->batch);
	if (late * 100 > t->phases[IOMMUBENCH_PHASE_MAP].count)
		result_add_warning(r, "%" PRIu64 " of %" PRIu64 " samples began after the next one was due: the rate is more than can be held",
				   late, (uint64_t)t->phases[IOMMUBENCH_PHASE_MAP].count);
	if (migrations)
		result_add_warning(r, "%" PRIu64 " samples began on one CPU and ended on another",
				   migrations);
	stats_compute(&map, &t->phases[IOMMUBENCH_PHASE_MAP], scale);
	if (map.count && t->overhead_ns * 10 > map.p50)
		result_add_warning(r, "the harness costs %.0f ns of the %.0f ns of a median map: compare, do not add up",
				   t->overhead_ns, map.p50);
}

static void add_spread(struct result *r, const struct bench *b)
{
	double value, sum = 0, min = 0, max = 0;
	json_t *repeat, *spread;
	size_t i, n;

	if (b->o.repeat < 2)
		return;
	xjson_put(result_json(r), "repeats", json_incref(b->totals.repeats));
	/* A run that was cut short says nothing about how far runs are apart. */
	n = b->totals.runs;
	if (n < 2)
		return;
	for (i = 0; i < n; i++) {
		repeat = json_array_get(b->totals.repeats, i);
		value = json_real_value(json_object_get(repeat, "ops_per_s"));
		sum += value;
		if (!i || value < min)
			min = value;
		if (!i || value > max)
			max = value;
	}
	spread = xjson(json_object());
	xjson_put(spread, "runs", xjson(json_integer((json_int_t)n)));
	xjson_put(spread, "ops_per_s_min", xjson(json_real(min)));
	xjson_put(spread, "ops_per_s_max", xjson(json_real(max)));
	xjson_put(spread, "ops_per_s_relative",
		  xjson(json_real(sum > 0 ? (max - min) / (sum / (double)n) : 0)));
	xjson_put(result_json(r), "spread", spread);
}

static const char *end_word(int end)
{
	switch (end) {
	case IOMMUBENCH_END_TIME:
		return "time";
	case IOMMUBENCH_END_COUNT:
		return "count";
	case IOMMUBENCH_END_STOPPED:
		return "stopped";
	case IOMMUBENCH_END_REMOVED:
		return "removed";
	default:
		return "error";
	}
}

static json_t *describe_thread(const struct iommubench_thread *t, double seconds)
{
	json_t *j = xjson(json_object());

	xjson_put(j, "cpu", xjson(json_integer(t->cpu)));
	xjson_put(j, "ops", xjson(json_integer((json_int_t)t->ops)));
	xjson_put(j, "seconds", xjson(json_real(seconds)));
	xjson_put(j, "ops_per_s", xjson(json_real(per_second(t->ops, seconds))));
	xjson_put(j, "late", xjson(json_integer((json_int_t)t->late)));
	xjson_put(j, "migrations", xjson(json_integer((json_int_t)t->migrations)));
	return j;
}

static struct result *make_result(struct bench *b, json_t *machine)
{
	struct totals *t = &b->totals;
	struct result *r = result_new("map-unmap");
	json_t *harness = xjson(json_object());
	char why[sizeof(t->message) + 32];
	uint64_t ops = 0;
	unsigned int i;

	if (t->resolution_ticks)
		machine_set_resolution(machine, (double)t->resolution_ticks * ns_per_tick(b));
	result_set_machine(r, machine);
	result_set_params(r, describe_params(b));
	for (i = 0; i < IOMMUBENCH_MAP_UNMAP_PHASES; i++)
		if (i <= IOMMUBENCH_PHASE_UNMAP || t->phases[i].count)
			result_add_phase(r, phase_names[i], &t->phases[i], ns_per_tick(b),
					 t->batch);
	for (i = 0; i < b->o.threads; i++) {
		result_add_thread(r, describe_thread(&t->threads[i],
						     ticks_to_seconds(b, t->thread_ticks[i])));
		ops += t->threads[i].ops;
	}
	result_set_throughput(r, ops, ticks_to_seconds(b, t->ticks));
	xjson_put(harness, "resolution_ns",
		  xjson(json_real((double)t->resolution_ticks * ns_per_tick(b))));
	result_set_harness(r, t->overhead_ns, t->batch, harness);
	if (b->verify)
		for (i = 0; i < IOMMUBENCH_CHECKS; i++)
			result_add_check(r, check_names[i], t->checks[i].count,
					 t->checks[i].failures);
	add_warnings(r, b);
	add_spread(r, b);
	snprintf(why, sizeof(why), "%s%s%s", end_word(t->end), *t->message ? ": " : "",
		 t->message);
	result_set_complete(r, ended_well(t->end), why);
	return r;
}

/* How the invocation ends, as far as the measurement goes. */
static int judge(const struct bench *b, const struct result *r)
{
	const struct totals *t = &b->totals;
	const char *message = *t->message ? t->message : "no reason is known";

	if (result_failures(r))
		return fail(EXIT_CHECK_FAILED, "%d check%s failed: %s", result_failures(r),
			    result_failures(r) == 1 ? "" : "s", message);
	switch (t->end) {
	case IOMMUBENCH_END_TIME:
	case IOMMUBENCH_END_COUNT:
		if (b->verify && !t->checks[IOMMUBENCH_CHECK_TRANSFER].count)
			return fail(EXIT_UNABLE, "--verify: nothing was verified before the run ended: give it more time, such as -T 5s");
		return EXIT_DONE;
	case IOMMUBENCH_END_STOPPED:
		return fail(EXIT_INTERRUPTED, "interrupted: the result holds what was measured until then");
	case IOMMUBENCH_END_REMOVED:
		return fail(EXIT_UNABLE,
			    "device %s went away during the run: the result holds what was measured until then",
			    b->device.name);
	default:
		return fail(EXIT_UNABLE, "the run failed: %s; the result holds what was measured until then",
			    message);
	}
}

static void print_spread(const struct result *r, const struct bench *b)
{
	json_t *spread = json_object_get(result_json((struct result *)r), "spread");

	if (!spread)
		return;
	printf("%u runs      %s to %s operations/s, %.1f %% apart\n",
	       b->totals.runs,
	       units_rate(json_number_value(json_object_get(spread, "ops_per_s_min"))).text,
	       units_rate(json_number_value(json_object_get(spread, "ops_per_s_max"))).text,
	       100 * json_number_value(json_object_get(spread, "ops_per_s_relative")));
}

/* A result that cannot go where it should goes to the terminal: it is never lost. */
static int deliver(struct bench *b, struct result *r)
{
	bool lost = b->o.output && result_write(r, b->o.output);
	int ret = EXIT_DONE;

	if (!b->o.quiet) {
		if (result_print(r, b->o.format, stdout))
			ret = EXIT_UNABLE;
		else if (b->o.format == RESULT_HUMAN)
			print_spread(r, b);
	}
	if (!lost)
		return ret;
	if (b->o.quiet || b->o.format != RESULT_JSON) {
		note("the result follows on standard output instead");
		result_print(r, RESULT_JSON, stdout);
	}
	return EXIT_UNABLE;
}

/* With the device open: measure, and make a result of it. */
static int measure(struct bench *b, int signals, struct result **r)
{
	json_t *machine;
	int ret;

	ret = check_device(b);
	if (ret)
		return ret;
	ret = placement_choose(&b->placement, b->o.cpus, b->o.numa_node, b->device.info.numa_node,
			       b->o.threads);
	if (ret)
		return ret;
	placement_step_aside(&b->placement);
	ret = run_connect(&b->link, &b->device, signals, b->o.transport);
	if (ret)
		return ret;
	/* Now, because the device may be gone afterwards. */
	machine = machine_describe(&b->device);
	ret = do_runs(b);
	if (ret)
		json_decref(machine);
	else
		*r = make_result(b, machine);
	run_disconnect(&b->link);
	return ret;
}

/* From here on the device is locked and may be switched; all ways lead through release. */
static int use_device(struct bench *b, int signals, struct result **r)
{
	int ret, released;

	ret = domain_type_lock(&b->domain, &b->device);
	if (ret)
		return ret;
	if (b->o.domain_type >= 0)
		ret = domain_type_switch(&b->domain, b->o.domain_type);
	if (!ret)
		ret = device_open(&b->device);
	if (!ret)
		ret = measure(b, signals, r);
	device_close(&b->device);
	released = domain_type_release(&b->domain);
	return ret ? ret : released;
}

int map_unmap_main(int argc, char **argv)
{
	static struct bench bench;
	struct bench *b = &bench;
	struct result *r = NULL;
	int ret, delivered, signals;

	/* First of all, so that a signal at any time has the same outcome. */
	signals = run_catch_signals();
	if (signals < 0)
		return EXIT_UNABLE;
	parse_command_line(b, argc, argv);
	if (b->o.output) {
		ret = output_probe(b->o.output);
		if (ret)
			return ret;
	}
	ret = device_find(&b->device, b->o.device);
	if (!ret)
		ret = use_device(b, signals, &r);
	if (r) {
		int judged = judge(b, r);

		delivered = deliver(b, r);
		ret = judged ? judged : ret ? ret : delivered;
		result_free(r);
	}
	placement_free(&b->placement);
	json_decref(b->totals.repeats);
	free(b->totals.threads);
	free(b->totals.thread_ticks);
	close(signals);
	return ret;
}
