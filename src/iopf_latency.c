// SPDX-License-Identifier: GPL-2.0-only
/*
 * iommubench iopf: what it costs when a device runs into a page that is not there.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <iommubench.h>

#include "base/error.h"
#include "base/xalloc.h"
#include "cli/options.h"
#include "cli/refuse.h"
#include "cli/sweep.h"
#include "device/machine.h"
#include "iopf/devices.h"
#include "iopf/measure.h"
#include "iopf/pager.h"
#include "iopf/point.h"
#include "iopf/result.h"
#include "measure/devices_report.h"
#include "measure/invocation.h"
#include "measure/session.h"
#include "output/path.h"
#include "subcommand.h"
#include "text/parse.h"

/* A fault of a file maps what is near as well, so much unless the kernel is told otherwise. */
#define FILE_BYTES		(64ULL << 10)
#define DEFAULT_PLACES		1024
#define DEFAULT_FILE_PLACES	256
#define DEFAULT_HUGE_PLACES	16
#define MAX_BYTES		(64ULL << 30)
/* "iommubench", so that it is found in a dump. */
#define DATA			0x696f6d6d75626e63ULL

/**
 * enum access_choice - what --access says
 * @ACCESS_AUTO: what makes the kind of fault
 * @ACCESS_READ: reads
 * @ACCESS_WRITE: writes
 */
enum access_choice {
	ACCESS_AUTO = 0,
	ACCESS_READ,
	ACCESS_WRITE,
};

static const struct choice access_choices[] = {
	{ "read", ACCESS_READ },
	{ "write", ACCESS_WRITE },
	{ NULL },
};

/**
 * struct iopf - one invocation
 * @s: the session
 * @point: what all points have in common
 * @kinds: enum arena_kind, one after the other
 * @all_kinds: all that there are in the mode
 * @loads: accesses under way, one after the other
 * @access: enum access_choice
 * @stride: --stride, 0 for the kind's own
 * @v: the devices
 */
struct iopf {
	struct session s;
	struct iopf_point point;
	struct sweep kinds;
	bool all_kinds;
	struct sweep loads;
	int access;
	uint64_t stride;
	struct invocation v;
};

enum {
	OPT_FAULT = 0x200,
	OPT_ACCESS,
	OPT_MEMORY,
	OPT_LOCK,
	OPT_FILE,
	OPT_STRIDE,
	OPT_MODE,
	OPT_OUTSTANDING,
	OPT_SPACES,
	OPT_GROUP,
	OPT_THINK,
	OPT_PREFAULT,
	OPT_TIMEOUT,
	OPT_NO_STAGES,
	OPT_NO_CPU,
	OPT_NO_KERNEL,
	OPT_PAGERS,
	OPT_PAGER_DELAY,
};

static const struct argp_option option_table[] = {
	{ NULL, 0, NULL, 0, "What accesses run into:", 1 },
	{ "fault", OPT_FAULT, "KIND,...", 0,
	  "one or more of zero (anonymous memory, read), anon (the same, written), cow (read "
	  "before, then written), file-cold (a file on its disk only), file-warm (in the page "
	  "cache), huge (huge pages), mprotect (read only before), unmapped (nothing there), "
	  "inflight (unmapped meanwhile), exit (the process has ended), killed (it is killed "
	  "meanwhile), or all (default: anon)", 0 },
	{ "access", OPT_ACCESS, "WORD", 0,
	  "read or write (default: what the kind says; files are read)", 0 },
	{ "memory", OPT_MEMORY, "WORD", 0,
	  "where anonymous memory comes from: mmap, malloc, stack, or file (a shared mapping of "
	  "a file without blocks) (default: mmap)", 0 },
	{ "lock", OPT_LOCK, NULL, 0, "mlock() it, so that nothing faults: the floor", 0 },
	{ "file", OPT_FILE, "FOLDER", 0,
	  "folder for a file; file-cold needs a disk behind it (default: $TMPDIR, or /tmp)", 0 },
	{ "stride", OPT_STRIDE, "SIZE", 0,
	  "from one access to the next (default: a page, a huge one for huge, 64K for files, --group "
	  "pages)", 0 },
	{ "prefault", OPT_PREFAULT, "PERCENT", 0,
	  "how much of it was touched before, at random (default: 0)", 0 },
	{ NULL, 0, NULL, 0, "Load:", 2 },
	{ "outstanding", OPT_OUTSTANDING, "N,...", 0,
	  "accesses that a thread has under way at once, one measurement for each N (default: 1)",
	  0 },
	{ "spaces", OPT_SPACES, "N", 0,
	  "address spaces, each with a PASID; more than 1 are those of other processes (default: "
	  "1)", 0 },
	{ "think", OPT_THINK, "TIME", 0, "pause after an access (default: 0s)", 0 },
	{ "group", OPT_GROUP, "N", 0,
	  "with PCI page requests: pages that are asked for at once (default: 1)", 0 },
	{ "mode", OPT_MODE, "WORD", 0,
	  "how the device waits: stall (the IOMMU holds the access), pri (PCI: it asks for the "
	  "page) or auto (default: auto); or iommufd: user space answers, and not the kernel", 0 },
	{ "pagers", OPT_PAGERS, "N", 0,
	  "threads that answer, with --mode iommufd (default: 1)", 0 },
	{ "pager-delay", OPT_PAGER_DELAY, "TIME", 0,
	  "what a page from elsewhere takes these threads (default: 0s)", 0 },
	{ "fault-timeout", OPT_TIMEOUT, "TIME", 0,
	  "reset the engine when an access has no answer after this long (default: 10s)", 0 },
	{ "no-stages", OPT_NO_STAGES, NULL, 0,
	  "put no kprobes in: the kernel's stages stay unknown, and a little faster", 0 },
	{ "no-cpu", OPT_NO_CPU, NULL, 0, "do not compare with the same faults of the CPU", 0 },
	{ "no-kernel", OPT_NO_KERNEL, NULL, 0,
	  "with --mode iommufd: do not compare with the same faults answered by the kernel", 0 },
	{ NULL },
};

static const char doc_before[] =
	"Measure what it costs when a device runs into pages of a process that are not there: "
	"from its access to the end of it, stage by stage, beside the same faults of the CPU.";

static const char doc_after[] =
	"Examples (as root, with a device bound by iommubench-bind):\n"
	"  iommubench iopf                             anonymous memory, written\n"
	"  iommubench iopf --fault all -n 4k -o DIR/   all kinds, a result each\n"
	"  iommubench iopf --outstanding 1,2,4,8,16 -o DIR/\n"
	"  iommubench iopf --rate 5k/s                 latency at a fixed load\n"
	"  iommubench iopf --spaces 8 --prefault 50    8 PASIDs, every second page is there\n"
	"  iommubench iopf --fault zero --lock         the floor: no access faults\n"
	"  iommubench iopf --mode iommufd              the price of a pager in user space\n"
	"\n"
	"-n counts accesses and -s is the size of the range in an address space, which is gone\n"
	"over as often as needed (default: room for 1024 accesses, 256 in files, 16 in huge\n"
	"pages).\n"
	"Units: sizes in bytes or K, M, G (1024); times with ns, us, ms, s, m, h; counts and "
	"rates with k, M, G (1000).\n"
	"Exit status: 0 done, 1 a check failed, 2 wrong use, 3 this machine cannot do it, 4 "
	"interrupted; an interrupted run still gives its result, marked as not complete.";

static void parse_kinds(struct iopf *m, const char *arg, const struct argp_state *state)
{
	struct error e;

	m->all_kinds = !strcmp(arg, "all");
	options_require(state, "--fault",
			sweep_words(&m->kinds, m->all_kinds ? "anon" : arg, iopf_kind_choices, &e),
			&e);
}

/* The meaning of "all" depends on the mode, which is known after all options. */
static void take_all_kinds(struct iopf *m, const struct argp_state *state)
{
	const char *all = m->point.mode == IOPF_MODE_IOMMUFD ?
		"zero,anon,cow,file-cold,file-warm,huge,mprotect,unmapped,inflight" :
		"zero,anon,cow,file-cold,file-warm,huge,mprotect,unmapped,inflight,exit,killed";
	struct error e;

	options_require(state, "--fault", sweep_words(&m->kinds, all, iopf_kind_choices, &e), &e);
}

static int parse_load(const char *text, uint64_t *n, struct error *e)
{
	return parse_number(text, 1, IOMMUBENCH_MAX_IOPF_OUTSTANDING, n, e);
}

/* What a kind leaves open, and what it cannot do together with other options. */
static void describe_arena(const struct iopf *m, int kind, struct arena *a)
{
	const bool file = kind == ARENA_FILE_COLD || kind == ARENA_FILE_WARM;
	uint64_t step = (uint64_t)sysconf(_SC_PAGESIZE) * m->point.prg_pages;
	unsigned int slots = DEFAULT_PLACES;

	if (file && step < FILE_BYTES)
		step = FILE_BYTES;
	if (file)
		slots = DEFAULT_FILE_PLACES;
	if (kind == ARENA_HUGE) {
		step = arena_huge_bytes();
		slots = DEFAULT_HUGE_PLACES;
	}
	a->kind = kind;
	a->pages = m->point.prg_pages;
	a->step = m->stride ? m->stride : step;
	a->bytes = m->s.o.size ? m->s.o.size : a->step * slots;
	a->bytes -= a->bytes % a->step;
	a->write = kind != ARENA_ZERO && !file;
	if (m->access != ACCESS_AUTO)
		a->write = m->access == ACCESS_WRITE;
	a->seed = m->s.o.seed;
	a->policy = &m->s.o.memory;
}

static void check_kind(const struct iopf *m, int kind, const struct argp_state *state)
{
	const char *word = choice_word(iopf_kind_choices, kind);
	bool by_access = kind == ARENA_COW || kind == ARENA_MPROTECT;
	bool plain = kind == ARENA_ZERO || kind == ARENA_ANON || by_access;
	struct arena a = m->point.arena;

	describe_arena(m, kind, &a);
	if ((by_access && !a.write) || (kind == ARENA_ZERO && a.write))
		options_refuse(state, "--access", "--fault %s is about %ss", word,
			       by_access ? "write" : "read");
	if (a.memory != ARENA_MMAP && !plain)
		options_refuse(state, "--memory", "--fault %s has memory of its own: leave --memory out",
			       word);
	if (a.memory == ARENA_STACK && a.bytes > arena_stack_limit())
		options_refuse(state, "--memory", "the stack has room for %zu KiB, not %zu: give a smaller --size, or call ulimit -s",
			       arena_stack_limit() >> 10, a.bytes >> 10);
	if ((a.locked || a.prefault) && (kind == ARENA_UNMAPPED || kind == ARENA_INFLIGHT))
		options_refuse(state, a.locked ? "--lock" : "--prefault",
			       "--fault %s is about what is not there", word);
	if (m->point.nr_spaces > 1 && (kind == ARENA_INFLIGHT || kind == ARENA_UNMAPPED))
		options_refuse(state, "--spaces", "--fault %s works in one address space", word);
	if (m->point.mode == IOPF_MODE_IOMMUFD && arena_process_ends(kind))
		options_refuse(state, "--mode", "with iommufd it is this process that answers: --fault %s has nobody left who would",
			       word);
	if (!a.bytes || a.bytes > MAX_BYTES)
		options_refuse(state, "--size", "expected at least one access of --stride, and at most 64G");
	if (arena_slots(&a) * m->point.nr_spaces > IOMMUBENCH_MAX_IOPF_ACCESSES)
		options_refuse(state, "--size", "%llu accesses in %u address spaces, expected at most %u in all",
			       (unsigned long long)arena_slots(&a), m->point.nr_spaces,
			       IOMMUBENCH_MAX_IOPF_ACCESSES);
	if (kind == ARENA_HUGE && a.step % arena_huge_bytes())
		options_refuse(state, "--stride", "--fault huge goes from one huge page to the next: a multiple of %zuM",
			       arena_huge_bytes() >> 20);
}

static void check_together(struct iopf *m, const struct argp_state *state)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	size_t i;

	if (m->all_kinds)
		take_all_kinds(m, state);
	if (m->stride % page || (m->stride && m->stride < page * m->point.prg_pages))
		options_refuse(state, "--stride", "expected whole pages, and at least --group of them");
	if (m->s.o.size % page)
		options_refuse(state, "--size", "expected whole pages");
	if (m->s.o.rate_mhz && m->point.think_ns)
		options_refuse(state, "--think", "with --rate the moments of all accesses are given: leave one of them out");
	if (m->point.mode == IOPF_MODE_IOMMUFD && options_several(&m->s.o))
		options_refuse(state, "--mode", "with iommufd the tool answers one device: give one, or another mode");
	if (m->point.arena.memory == ARENA_STACK && options_several(&m->s.o))
		options_refuse(state, "--memory", "there is one stack, which is for one device: give one, or other memory");
	if (m->point.mode == IOPF_MODE_IOMMUFD) {
		if (m->point.nr_spaces > 1)
			options_refuse(state, "--spaces", "with --mode iommufd the device has one address space");
		if (m->s.o.domain_type >= 0)
			options_refuse(state, "--domain-type", "with --mode iommufd the domain is user space's: leave one of them out");
	} else if (m->point.pagers != 1 || m->point.pager_delay_ns || !m->point.kernel) {
		options_refuse(state, m->point.pagers != 1 ? "--pagers" : m->point.pager_delay_ns ?
			       "--pager-delay" : "--no-kernel", "only with --mode iommufd");
	}
	if (!strcmp(m->s.o.engine, "none"))
		options_refuse(state, "--engine", "it is an engine that runs into pages: 'none' rules that out");
	for (i = 0; i < m->loads.n; i++)
		if (m->loads.values[i] * m->s.o.threads > IOMMUBENCH_MAX_IOPF_OUTSTANDING)
			options_refuse(state, "--outstanding", "%" PRIu64 " in each of %u threads, expected at most %u in all",
				       m->loads.values[i], m->s.o.threads,
				       IOMMUBENCH_MAX_IOPF_OUTSTANDING);
	for (i = 0; i < m->kinds.n; i++)
		check_kind(m, (int)m->kinds.values[i], state);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct iopf *m = state->input;
	struct iopf_point *p = &m->point;
	struct error e;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &m->s.o;
		state->child_inputs[1] = &m->s.o;
		state->child_inputs[2] = &m->s.o;
		state->child_inputs[3] = &m->s.o;
		break;
	case OPT_FAULT:
		parse_kinds(m, arg, state);
		break;
	case OPT_ACCESS:
		m->access = options_word(arg, access_choices, "--access", state);
		break;
	case OPT_MEMORY:
		p->arena.memory = (enum arena_memory)options_word(arg, iopf_memory_choices,
								  "--memory", state);
		break;
	case OPT_LOCK:
		p->arena.locked = true;
		break;
	case OPT_FILE:
		p->arena.path = arg;
		break;
	case OPT_STRIDE:
		m->stride = options_size(arg, "--stride", state);
		break;
	case OPT_PREFAULT:
		p->arena.prefault = (unsigned int)options_number(arg, 0, 100, "--prefault", state);
		break;
	case OPT_OUTSTANDING:
		options_require(state, "--outstanding",
				sweep_numbers(&m->loads, arg, parse_load, &e), &e);
		break;
	case OPT_SPACES:
		p->nr_spaces = (unsigned int)options_number(arg, 1, IOMMUBENCH_MAX_IOPF_SPACES,
							    "--spaces", state);
		break;
	case OPT_THINK:
		p->think_ns = options_time(arg, 0, "--think", state);
		break;
	case OPT_GROUP:
		p->prg_pages = (unsigned int)options_number(arg, 1, IOMMUBENCH_MAX_IOPF_GROUP,
							"--group", state);
		break;
	case OPT_MODE:
		p->mode = options_word(arg, iopf_mode_choices, "--mode", state);
		break;
	case OPT_TIMEOUT:
		p->timeout_ns = options_time(arg, 1, "--fault-timeout", state);
		break;
	case OPT_NO_STAGES:
		p->stages = false;
		break;
	case OPT_NO_CPU:
		p->cpu = false;
		break;
	case OPT_NO_KERNEL:
		p->kernel = false;
		break;
	case OPT_PAGERS:
		p->pagers = (unsigned int)options_number(arg, 1, PAGER_MAX_THREADS, "--pagers",
							 state);
		break;
	case OPT_PAGER_DELAY:
		p->pager_delay_ns = options_time(arg, 0, "--pager-delay", state);
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

static void parse_command_line(struct iopf *m, int argc, char **argv)
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

	m->s.o.size = 0;
	m->s.o.warmup_ns = 0;
	sweep_one(&m->kinds, ARENA_ANON);
	sweep_one(&m->loads, 1);
	m->point = (struct iopf_point){
		.arena = { .data = DATA, .data_step = 1, .fd = -1 },
		.nr_spaces = 1,
		.prg_pages = 1,
		.timeout_ns = 10000000000,
		.stages = true,
		.cpu = true,
		.kernel = true,
		.pagers = 1,
	};
	options_parse(&argp, doc_before, doc_after, argc, argv, m);
	error_set_verbose(m->s.o.verbose);
}

/* What only the device can tell. */
static int check_device(void *arg, struct session *s)
{
	const struct iopf *m = arg;
	const struct device *d = &s->device;
	int ret = EXIT_DONE;

	if (m->point.mode == IOPF_MODE_IOMMUFD)
		ret = session_rebind(s, "--mode iommufd");
	if (!ret)
		ret = device_check_engine(d, m->s.o.engine);
	if (ret)
		return ret;
	if (!strcmp(d->info.engine, "none"))
		return error_fail(EXIT_UNABLE, "device %s has no DMA engine that the module can drive: bind one that has; "
				  DEVICE_LAB_HINT, d->name);
	if (m->point.prg_pages > 1 &&
	    (m->point.mode == IOPF_MODE_STALL || strcmp(d->bus, "pci")))
		return error_fail(EXIT_UNABLE, "--group: only PCI page requests come in groups, and device %s stalls",
				  d->name);
	return EXIT_DONE;
}

/* Several points, or a folder for one: each result has a name of its own. */
static bool has_points(const struct iopf *m)
{
	const char *output = m->s.o.output;

	return m->kinds.n * m->loads.n > 1 || (output && output_is_folder(output));
}

/* Delivers the results of a point. Return: how it ended, an enum exit_status. */
static int report_point(const struct iopf *m, int kind, unsigned int outstanding,
			struct result **results)
{
	bool told = !m->s.o.quiet && m->s.o.format == RESULT_HUMAN, points = has_points(m);
	const struct devices *d = &m->v.devices;
	const char *word = choice_word(iopf_kind_choices, kind);
	char *name = xasprintf("iopf-%s-o%u", word, outstanding);
	int judged, delivered;

	if (points && told)
		printf("--fault %s --outstanding %u\n", word, outstanding);
	judged = devices_judge(d, results);
	delivered = devices_deliver(d, points ? name : NULL, results);
	if (told && !d->together)
		iopf_print(results[0]);
	free(name);
	return judged ? judged : delivered;
}

static struct iopf_point *new_point(const struct iopf *m, int kind, unsigned int outstanding)
{
	struct iopf_point *p = xcheck(malloc(sizeof(*p)));

	*p = m->point;
	p->outstanding = outstanding;
	describe_arena(m, kind, &p->arena);
	return p;
}

static struct result *make_result(const struct devices *d, unsigned int i,
				  const struct iopf_point *p, json_t **machine)
{
	struct result *r;

	if (d->members[i].absent)
		return NULL;
	r = iopf_result(p, d->members[i].s, *machine);
	*machine = NULL;
	return r;
}

/* One point of all devices, from its first pass to its delivered results. */
static int measure_point(struct iopf *m, int kind, unsigned int outstanding)
{
	struct devices *d = &m->v.devices;
	struct iopf_point **p = xcalloc(d->nr, sizeof(struct iopf_point *));
	struct result **results = xcalloc(d->nr, sizeof(struct result *));
	json_t **machines = xcalloc(d->nr, sizeof(json_t *));
	unsigned int i;
	int ret;

	for (i = 0; i < d->nr; i++) {
		p[i] = new_point(m, kind, outstanding);
		d->members[i].t = &p[i]->totals;
		/* Now, because the device may be gone afterwards. */
		machines[i] = machine_describe(&d->members[i].s->device);
	}
	ret = d->together ? iopf_devices_measure(d, p, m->s.o.alone) :
			    iopf_measure(p[0], d->members[0].s);
	for (i = 0; i < d->nr && !ret; i++)
		results[i] = make_result(d, i, p[i], &machines[i]);
	for (i = 0; i < d->nr && d->together && !ret; i++)
		if (results[i])
			devices_report(d, i, results[i]);
	if (!ret)
		ret = report_point(m, kind, outstanding, results);
	for (i = 0; i < d->nr; i++) {
		/* It is no part of further points. */
		if (d->together && p[i]->totals.end == IOMMUBENCH_END_REMOVED)
			d->members[i].absent = true;
		iopf_point_free(p[i]);
		free(p[i]);
		json_decref(machines[i]);
		result_free(results[i]);
	}
	free(machines);
	free(results);
	free(p);
	return ret;
}

static bool all_gone(const struct devices *d)
{
	unsigned int i;

	for (i = 0; i < d->nr; i++)
		if (!d->members[i].absent)
			return false;
	return true;
}

/*
 * All points. What one of them cannot do is no reason to leave the others out,
 * nor is a check that failed.
 */
static int measure(void *arg)
{
	struct iopf *m = arg;
	int ret = EXIT_DONE, worst = EXIT_DONE;
	size_t i, k;

	for (k = 0; k < m->kinds.n && !ret; k++) {
		for (i = 0; i < m->loads.n && !ret && !all_gone(&m->v.devices); i++) {
			ret = measure_point(m, (int)m->kinds.values[k],
					    (unsigned int)m->loads.values[i]);
			if (ret == EXIT_CHECK_FAILED || (ret == EXIT_UNABLE && m->kinds.n > 1)) {
				worst = worst == EXIT_CHECK_FAILED ? worst : ret;
				ret = EXIT_DONE;
			}
		}
	}
	return ret ? ret : worst;
}

int iopf_main(int argc, char **argv)
{
	static struct iopf iopf;
	struct iopf *m = &iopf;
	int ret;

	ret = session_init(&m->s);
	if (ret)
		return ret;
	parse_command_line(m, argc, argv);
	m->v = (struct invocation){
		.s = &m->s,
		.domain_type = m->s.o.domain_type,
		.points = m->kinds.n * m->loads.n > 1,
		.arg = m,
		.check = check_device,
		.measure = measure,
	};
	ret = invocation_run(&m->v);
	invocation_free(&m->v);
	sweep_free(&m->kinds);
	sweep_free(&m->loads);
	return ret;
}
