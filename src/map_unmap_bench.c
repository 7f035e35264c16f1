// SPDX-License-Identifier: GPL-2.0-only
/*
 * iommubench map-unmap: what mapping and unmapping buffers for a device costs.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <iommubench.h>

#include "base/error.h"
#include "base/xalloc.h"
#include "cli/options.h"
#include "cli/refuse.h"
#include "device/domain_type.h"
#include "device/machine.h"
#include "measure/devices_report.h"
#include "measure/devices_run.h"
#include "measure/invocation.h"
#include "measure/params.h"
#include "measure/repeat.h"
#include "measure/session.h"
#include "measure/totals.h"
#include "result/result.h"
#include "subcommand.h"
#include "text/json.h"
#include "text/parse.h"

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

static const struct choice sync_choices[] = {
	{ "yes", IOMMUBENCH_SYNC_YES },
	{ "no", IOMMUBENCH_SYNC_NO },
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
	[IOMMUBENCH_CHECK_WRITE_DENIED] = "write_to_read_only_refused",
	[IOMMUBENCH_CHECK_READ_DENIED] = "read_of_write_only_refused",
	[IOMMUBENCH_CHECK_REUSED] = "reused_address",
	[IOMMUBENCH_CHECK_MAPPING] = "mapping",
};

/*
 * Mappings that a thread makes before it undoes them: enough that the way through a gate is small
 * against them, and few enough that each CPU's cache of free IOVAs (254 in Linux) is not run
 * through, because no measured run with a small window does that.
 */
#define BLOCK_MAPPINGS		128U
#define BLOCK_MAX_MAPPINGS	1024U
#define BLOCK_BYTES		(32ULL << 20)
/* ... in all threads together. */
#define ALL_BLOCKS_BYTES	(256ULL << 20)

/**
 * struct device_work - what was measured on one device
 * @params: the workload; the module has put there what it chose
 * @totals: what came out
 * @machine: from machine_describe(), until the result has it
 * @result: of all runs
 */
struct device_work {
	struct iommubench_map_unmap params;
	struct totals totals;
	json_t *machine;
	struct result *result;
};

/**
 * struct map_unmap - one invocation
 * @s: options, device and CPUs
 * @params: the workload
 * @batch: what --batch says, 0 for the module's choice
 * @verify: --verify was given
 * @v: the devices
 * @work: for each of them
 */
struct map_unmap {
	struct session s;
	struct iommubench_map_unmap params;
	unsigned int batch;
	bool verify;
	struct invocation v;
	struct device_work *work;
};

enum {
	OPT_API = 0x200,
	OPT_BUFFER,
	OPT_SG_ENTRIES,
	OPT_DIRECTION,
	OPT_SYNC,
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
	{ "sync", OPT_SYNC, "WHETHER", 0,
	  "yes or no: do the dma APIs clean and invalidate CPU caches for a device that does not "
	  "snoop (default: yes)", 0 },
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
	"  iommubench map-unmap -d all --alone -o DIR/ all devices at once, a result each\n"
	"\n"
	"Units: sizes in bytes or K, M, G (1024); times with ns, us, ms, s, m, h; counts and "
	"rates with k, M, G (1000).\n"
	"Exit status: 0 done, 1 a check failed, 2 wrong use, 3 this machine cannot do it, 4 "
	"interrupted; an interrupted run still gives its result, marked as not complete.";

static bool own_domain(const struct map_unmap *m)
{
	return m->params.api == IOMMUBENCH_API_IOMMU || m->params.api == IOMMUBENCH_API_IOMMU_FAST;
}

static bool whole_pages(uint64_t bytes)
{
	return bytes % (uint64_t)sysconf(_SC_PAGESIZE) == 0;
}

static void check_buffer(struct map_unmap *m, const struct argp_state *state)
{
	struct iommubench_map_unmap *p = &m->params;
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

static void check_iova(struct map_unmap *m, const struct argp_state *state)
{
	struct iommubench_map_unmap *p = &m->params;

	if (p->iova_pattern != IOMMUBENCH_IOVA_REUSE && !own_domain(m))
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

/* What no single option can tell; the module checks again. */
static void check_together(struct map_unmap *m, const struct argp_state *state)
{
	options_mapping_size(m->s.o.size, "--size", state);
	m->params.mapping_bytes = m->s.o.size;
	check_buffer(m, state);
	check_iova(m, state);
	if (m->params.sync == IOMMUBENCH_SYNC_NO && own_domain(m))
		options_refuse(state, "--sync",
			       "with %s there is no cache maintenance to leave out: use --api dma-single or dma-sg",
			       choice_word(api_choices, (int)m->params.api));
	if (m->verify && !strcmp(m->s.o.engine, "none"))
		options_refuse(state, "--verify",
			       "needs a DMA engine, but --engine none rules it out");
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct map_unmap *m = state->input;
	struct iommubench_map_unmap *p = &m->params;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &m->s.o;
		state->child_inputs[1] = &m->s.o;
		state->child_inputs[2] = &m->s.o;
		state->child_inputs[3] = &m->s.o;
		break;
	case OPT_API:
		p->api = (uint32_t)options_word(arg, api_choices, "--api", state);
		break;
	case OPT_BUFFER:
		p->buffer = (uint32_t)options_word(arg, buffer_choices, "--buffer", state);
		break;
	case OPT_SG_ENTRIES:
		p->sg_entries = (uint32_t)options_number(arg, 1, IOMMUBENCH_MAX_SG_ENTRIES,
							 "--sg-entries", state);
		break;
	case OPT_DIRECTION:
		p->direction = (uint32_t)options_word(arg, direction_choices, "--direction", state);
		break;
	case OPT_SYNC:
		p->sync = (uint32_t)options_word(arg, sync_choices, "--sync", state);
		break;
	case OPT_IOVA:
		p->iova_pattern = (uint32_t)options_word(arg, iova_choices, "--iova", state);
		break;
	case OPT_STRIDE:
		p->stride_bytes = options_size(arg, "--stride", state);
		break;
	case OPT_IOVA_SPAN:
		p->iova_span_bytes = options_size(arg, "--iova-span", state);
		break;
	case OPT_WINDOW:
		p->window = (uint32_t)options_number(arg, 1, IOMMUBENCH_MAX_WINDOW, "--window",
						     state);
		break;
	case OPT_PREFILL:
		p->prefill = options_count(arg, 0, (uint64_t)IOMMUBENCH_MAX_PREFILL *
					   IOMMUBENCH_MAX_THREADS, "--prefill", state);
		break;
	case OPT_HOLD:
		p->hold_ns = options_time(arg, 0, "--hold", state);
		break;
	case OPT_BATCH:
		m->batch = (uint32_t)options_number(arg, 1, IOMMUBENCH_MAX_BATCH, "--batch", state);
		break;
	case OPT_VERIFY:
		m->verify = true;
		break;
	case ARGP_KEY_ARG:
		options_refuse(state, NULL, "unexpected argument '%s': try '%s --help'", arg,
			       state->name);
	case ARGP_KEY_SUCCESS:
		check_together(m, state);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static void parse_command_line(struct map_unmap *m, int argc, char **argv)
{
	static const struct argp_child children[] = {
		{ &options_devices_argp },
		{ &options_argp },
		{ &options_load_argp },
		{ &options_series_argp },
		{ NULL },
	};
	static const struct argp argp = {
		.options = option_table,
		.parser = parse_option,
		.children = children,
	};

	m->params = (struct iommubench_map_unmap){
		.size = sizeof(m->params),
		.api = IOMMUBENCH_API_DMA_SINGLE,
	};
	options_parse(&argp, doc_before, doc_after, argc, argv, m);
	error_set_verbose(m->s.o.verbose);
}

/* What only the device can tell. */
static int check_device(void *arg, struct session *s)
{
	const struct map_unmap *m = arg;
	const struct device *d = &s->device;
	char size[32], limit[32], silicon[256];
	int ret;

	ret = device_check_engine(d, m->s.o.engine);
	if (ret)
		return ret;
	if (m->verify && !strcmp(d->info.engine, "none"))
		return error_fail(EXIT_UNABLE,
				  "--verify: device %s has no DMA engine that the module can drive: leave --verify out, or bind a device that has one, such as an NVMe drive; "
				  DEVICE_LAB_HINT, d->name);
	if (own_domain(m) && d->info.domain_type == IOMMUBENCH_DOMAIN_NONE) {
		bool known = device_silicon(d, silicon, sizeof(silicon));

		return error_fail(EXIT_UNABLE, "--api %s: no IOMMU translates device %s: %s",
				  choice_word(api_choices, (int)m->params.api), d->name,
				  known ? silicon :
				  "use --api dma-single or dma-sg, or another device");
	}
	if (m->s.o.domain_type >= 0 && d->info.domain_type != (uint32_t)m->s.o.domain_type)
		return error_fail(EXIT_UNABLE,
				  "--domain-type %s: the kernel took it, but the device's domain is of another type",
				  choice_word(domain_type_choices, m->s.o.domain_type));
	if ((m->params.api == IOMMUBENCH_API_DMA_SINGLE ||
	     m->params.buffer == IOMMUBENCH_BUFFER_CONTIG) &&
	    d->info.contig_max_bytes && m->params.mapping_bytes > d->info.contig_max_bytes)
		return error_fail(EXIT_UNABLE,
				  "--size: %s does not fit into one contiguous piece, of which this kernel gives at most %s: use --api dma-sg or iommu with --buffer auto",
				  format_size(m->params.mapping_bytes, size, sizeof(size)),
				  format_size(d->info.contig_max_bytes, limit, sizeof(limit)));
	return EXIT_DONE;
}

static json_t *describe_params(const struct map_unmap *m, const struct device_work *w,
			       const struct session *s)
{
	const struct iommubench_map_unmap *p = &w->params;
	json_t *j = xjson(json_object());

	json_put_text(j, "api", choice_word(api_choices, (int)p->api));
	json_put_number(j, "size_bytes", p->mapping_bytes);
	params_put_threads(j, s);
	json_put_text(j, "buffer", choice_word(buffer_choices, (int)p->buffer));
	json_put_number(j, "piece_bytes", p->piece_bytes);
	json_put_number(j, "sg_entries", p->sg_entries);
	json_put_text(j, "direction", choice_word(direction_choices, (int)p->direction));
	json_put_text(j, "sync", own_domain(m) ? "none" : choice_word(sync_choices, (int)p->sync));
	json_put_text(j, "iova", own_domain(m) ? choice_word(iova_choices, (int)p->iova_pattern) :
		    "allocator");
	json_put_number(j, "stride_bytes", p->stride_bytes);
	json_put_number(j, "iova_span_bytes", m->params.iova_span_bytes);
	if (p->iova_pattern != IOMMUBENCH_IOVA_REUSE)
		json_put_number(j, "iova_span_used_bytes", p->iova_span_bytes);
	json_put_number(j, "window", w->totals.window);
	json_put_number(j, "prefill", p->prefill);
	json_put_number(j, "hold_ns", p->hold_ns);
	params_put_length(j, s);
	json_put_number(j, "batch", w->totals.batch);
	xjson_put(j, "verify", xjson(json_boolean(m->verify)));
	params_put_device(j, s);
	return j;
}

static void add_warnings(struct result *r, const struct map_unmap *m, const struct totals *t,
			 const struct session *s)
{
	uint32_t type = s->device.info.domain_type;
	bool translated = type != IOMMUBENCH_DOMAIN_IDENTITY && type != IOMMUBENCH_DOMAIN_NONE;

	params_put_placement(r, s, s->o.threads);
	if (!own_domain(m))
		params_put_group(r, s);
	if (own_domain(m) && (s->o.domain_type >= 0 || type == IOMMUBENCH_DOMAIN_LAZY))
		result_add_warning(r, "--api %s works in a domain of its own, which is always strict: the group's type does not change its cost",
				   choice_word(api_choices, (int)m->params.api));
	if (!own_domain(m) && !translated)
		result_add_warning(r, "nothing translates for the device: map and unmap do not reach an IOMMU");
	if (!own_domain(m) && m->verify && !translated)
		result_add_warning(r, "without translation no access can be refused, so that was not checked");
	if (m->params.sync == IOMMUBENCH_SYNC_NO &&
	    s->device.info.coherence == IOMMUBENCH_COHERENCE_YES)
		result_add_warning(r, "--sync no changes nothing: the device snoops the CPUs' caches");
	else if (m->params.sync == IOMMUBENCH_SYNC_NO && m->verify)
		result_add_warning(r, "--sync no leaves out what the device needs to see the data: the checks may fail for that alone");
	if (m->verify && !t->checks[IOMMUBENCH_CHECK_TRANSFER].count)
		result_add_warning(r, "nothing was verified: the run ended before the first transfer did");
	if (m->verify && !(s->device.info.features & IOMMUBENCH_FEATURE_READS))
		result_add_warning(r, "engine %s of %s cannot be made to read what tells: only its writes were verified",
				   s->device.info.engine, s->device.name);
	totals_warn(t, r, m->batch);
}

static void make_result(struct map_unmap *m, unsigned int i)
{
	const struct session *s = m->v.devices.members[i].s;
	struct device_work *w = &m->work[i];
	struct result *r = result_new("map-unmap");

	result_set_params(r, describe_params(m, w, s));
	totals_report(&w->totals, r, w->machine);
	w->machine = NULL;
	if (m->verify)
		totals_report_checks(&w->totals, r, check_names);
	else
		totals_report_check(&w->totals, r, IOMMUBENCH_CHECK_MAPPING,
				    check_names[IOMMUBENCH_CHECK_MAPPING]);
	add_warnings(r, m, &w->totals, s);
	params_put_faults(r, s, &w->totals);
	totals_report_end(&w->totals, r);
	w->result = r;
}

static unsigned int round_up(unsigned int n, unsigned int step)
{
	return (n + step - 1) / step * step;
}

/* A larger window than the measured run's, unless that was so large that it takes too long. */
static unsigned int phase_block(void *params, unsigned int threads, unsigned int batch)
{
	struct iommubench_map_unmap *p = params;
	uint64_t bytes = ALL_BLOCKS_BYTES / threads;
	unsigned int n = BLOCK_MAPPINGS;

	if (bytes > BLOCK_BYTES)
		bytes = BLOCK_BYTES;
	if (n > bytes / p->mapping_bytes)
		n = (unsigned int)(bytes / p->mapping_bytes);
	if (n < p->window)
		n = p->window < BLOCK_MAX_MAPPINGS ? p->window : BLOCK_MAX_MAPPINGS;
	p->window = round_up(n ? n : 1, batch);
	return p->window;
}

/* The run of a device, and the sum that takes it up. */
static void describe_run(struct map_unmap *m, unsigned int i)
{
	struct devices_member *member = &m->v.devices.members[i];
	const struct session *s = member->s;
	struct device_work *w = &m->work[i];

	w->params = m->params;
	w->totals = (struct totals){
		.clock_hz = s->device.info.clock_hz,
		.names = phase_names,
		.nr_phases = IOMMUBENCH_MAP_UNMAP_PHASES,
		.always = IOMMUBENCH_PHASE_UNMAP + 1,
		.whole = s->o.rate_mhz ? IOMMUBENCH_PHASE_UNMAP + 1 : 0,
		.repeat = s->o.repeat,
		.nr_threads = s->o.threads,
	};
	totals_init(&w->totals);
	/* Now, because the device may be gone afterwards. */
	w->machine = machine_describe(&s->device);
	member->t = &w->totals;
	member->desc = session_describe(s, IOMMUBENCH_WORKLOAD_MAP_UNMAP, &w->params);
	member->desc.flags = m->verify ? IOMMUBENCH_RUN_VERIFY : 0;
	member->desc.batch = m->batch;
}

static int measure(void *arg)
{
	struct map_unmap *m = arg;
	struct devices *d = &m->v.devices;
	unsigned int i;
	int ret = EXIT_DONE;

	m->work = xcalloc(d->nr, sizeof(*m->work));
	for (i = 0; i < d->nr; i++)
		describe_run(m, i);
	if (m->s.o.alone)
		ret = devices_alone(d, "map-unmap");
	if (!ret)
		ret = devices_repeat(d, "map-unmap");
	for (i = 0; i < d->nr && !ret; i++) {
		make_result(m, i);
		if (d->together)
			devices_report(d, i, m->work[i].result);
	}
	return ret;
}

/* How the invocation ends, as far as the measurement goes. */
static int judge(const struct map_unmap *m, struct result **results)
{
	const struct devices *d = &m->v.devices;
	int ret = devices_judge(d, results);

	if (!ret && !d->together && m->verify &&
	    !m->work[0].totals.checks[IOMMUBENCH_CHECK_TRANSFER].count)
		return error_fail(EXIT_UNABLE, "--verify: nothing was verified before the run ended: give it more time, such as -T 5s");
	return ret;
}

static int conclude(void *arg)
{
	const struct map_unmap *m = arg;
	const struct devices *d = &m->v.devices;
	struct result **results = xcalloc(d->nr, sizeof(struct result *));
	unsigned int i;
	int judged, delivered;

	for (i = 0; i < d->nr; i++)
		results[i] = m->work[i].result;
	judged = judge(m, results);
	delivered = devices_deliver(d, NULL, results);
	free(results);
	return judged ? judged : delivered;
}

static void free_all(struct map_unmap *m)
{
	unsigned int i;

	for (i = 0; m->work && i < m->v.devices.nr; i++) {
		totals_free(&m->work[i].totals);
		json_decref(m->work[i].machine);
		result_free(m->work[i].result);
	}
	free(m->work);
	invocation_free(&m->v);
}

int map_unmap_main(int argc, char **argv)
{
	static struct map_unmap map_unmap;
	struct map_unmap *m = &map_unmap;
	int ret;

	ret = session_init(&m->s);
	if (ret)
		return ret;
	parse_command_line(m, argc, argv);
	m->s.phase_block = phase_block;
	m->v = (struct invocation){
		.s = &m->s,
		.domain_type = m->s.o.domain_type,
		.arg = m,
		.check = check_device,
		.measure = measure,
		.conclude = conclude,
	};
	ret = invocation_run(&m->v);
	free_all(m);
	return ret;
}
