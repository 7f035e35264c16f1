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
#include "iopf/group.h"
#include "iopf/measure.h"
#include "iopf/pager.h"
#include "measure/session.h"
#include "output/delivery.h"
#include "output/path.h"
#include "output/point_files.h"
#include "output/print.h"
#include "subcommand.h"
#include "text/parse.h"

#define HUGE_BYTES		(2ULL << 20)
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
 * struct bench - one invocation
 * @s: the session
 * @point: what all points have in common
 * @kinds: enum arena_kind, one after the other
 * @all_kinds: all that there are in the mode
 * @loads: accesses under way, one after the other
 * @access: enum access_choice
 * @stride: --stride, 0 for the kind's own
 */
struct bench {
	struct session s;
	struct iopf_point point;
	struct sweep kinds;
	bool all_kinds;
	struct sweep loads;
	int access;
	uint64_t stride;
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
	  "from one access to the next (default: a page, 2M for huge, 64K for files, --group "
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

static void parse_kinds(struct bench *b, const char *arg, const struct argp_state *state)
{
	struct error e;

	b->all_kinds = !strcmp(arg, "all");
	options_require(state, "--fault",
			sweep_words(&b->kinds, b->all_kinds ? "anon" : arg, iopf_kind_choices, &e),
			&e);
}

/* Which are all is known when the mode is. */
static void take_all_kinds(struct bench *b, const struct argp_state *state)
{
	const char *all = b->point.mode == IOPF_MODE_IOMMUFD ?
		"zero,anon,cow,file-cold,file-warm,huge,mprotect,unmapped,inflight" :
		"zero,anon,cow,file-cold,file-warm,huge,mprotect,unmapped,inflight,exit,killed";
	struct error e;

	options_require(state, "--fault", sweep_words(&b->kinds, all, iopf_kind_choices, &e), &e);
}

static int parse_load(const char *text, uint64_t *n, struct error *e)
{
	return parse_number(text, 1, IOMMUBENCH_MAX_IOPF_OUTSTANDING, n, e);
}

/* What a kind leaves open, and what it cannot do together with other options. */
static void describe_arena(const struct bench *b, int kind, struct arena *a)
{
	const bool file = kind == ARENA_FILE_COLD || kind == ARENA_FILE_WARM;
	uint64_t step = (uint64_t)sysconf(_SC_PAGESIZE) * b->point.group;
	unsigned int places = DEFAULT_PLACES;

	if (file && step < FILE_BYTES)
		step = FILE_BYTES;
	if (file)
		places = DEFAULT_FILE_PLACES;
	if (kind == ARENA_HUGE) {
		step = HUGE_BYTES;
		places = DEFAULT_HUGE_PLACES;
	}
	a->kind = kind;
	a->pages = b->point.group;
	a->step = b->stride ? b->stride : step;
	a->bytes = b->s.o.size ? b->s.o.size : a->step * places;
	a->bytes -= a->bytes % a->step;
	a->write = kind != ARENA_ZERO && !file;
	if (b->access != ACCESS_AUTO)
		a->write = b->access == ACCESS_WRITE;
	a->seed = b->s.o.seed;
	a->policy = &b->s.o.memory;
}

static void check_kind(const struct bench *b, int kind, const struct argp_state *state)
{
	const char *word = choice_word(iopf_kind_choices, kind);
	bool by_access = kind == ARENA_COW || kind == ARENA_MPROTECT;
	bool plain = kind == ARENA_ZERO || kind == ARENA_ANON || by_access;
	struct arena a = b->point.arena;

	describe_arena(b, kind, &a);
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
	if (b->point.nr_spaces > 1 && (kind == ARENA_INFLIGHT || kind == ARENA_UNMAPPED))
		options_refuse(state, "--spaces", "--fault %s works in one address space", word);
	if (b->point.mode == IOPF_MODE_IOMMUFD && arena_process_ends(kind))
		options_refuse(state, "--mode", "with iommufd it is this process that answers: --fault %s has nobody left who would",
			       word);
	if (!a.bytes || a.bytes > MAX_BYTES)
		options_refuse(state, "--size", "expected at least one access of --stride, and at most 64G");
	if (arena_places(&a) * b->point.nr_spaces > IOMMUBENCH_MAX_IOPF_ACCESSES)
		options_refuse(state, "--size", "%llu accesses in %u address spaces, expected at most %u in all",
			       (unsigned long long)arena_places(&a), b->point.nr_spaces,
			       IOMMUBENCH_MAX_IOPF_ACCESSES);
	if (kind == ARENA_HUGE && a.step % HUGE_BYTES)
		options_refuse(state, "--stride", "--fault huge goes from one huge page to the next: a multiple of 2M");
}

static void check_together(struct bench *b, const struct argp_state *state)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	size_t i;

	if (b->all_kinds)
		take_all_kinds(b, state);
	if (b->stride % page || (b->stride && b->stride < page * b->point.group))
		options_refuse(state, "--stride", "expected whole pages, and at least --group of them");
	if (b->s.o.size % page)
		options_refuse(state, "--size", "expected whole pages");
	if (b->s.o.rate_mhz && b->point.think_ns)
		options_refuse(state, "--think", "with --rate the moments of all accesses are given: leave one of them out");
	if (b->point.mode == IOPF_MODE_IOMMUFD && options_several(&b->s.o))
		options_refuse(state, "--mode", "with iommufd the tool answers one device: give one, or another mode");
	if (b->point.arena.memory == ARENA_STACK && options_several(&b->s.o))
		options_refuse(state, "--memory", "there is one stack, which is for one device: give one, or other memory");
	if (b->point.mode == IOPF_MODE_IOMMUFD) {
		if (b->point.nr_spaces > 1)
			options_refuse(state, "--spaces", "with --mode iommufd the device has one address space");
		if (b->s.o.domain_type >= 0)
			options_refuse(state, "--domain-type", "with --mode iommufd the domain is user space's: leave one of them out");
	} else if (b->point.pagers != 1 || b->point.pager_delay_ns || !b->point.kernel) {
		options_refuse(state, b->point.pagers != 1 ? "--pagers" : b->point.pager_delay_ns ?
			       "--pager-delay" : "--no-kernel", "only with --mode iommufd");
	}
	if (!strcmp(b->s.o.engine, "none"))
		options_refuse(state, "--engine", "it is an engine that runs into pages: 'none' rules that out");
	for (i = 0; i < b->loads.n; i++)
		if (b->loads.values[i] * b->s.o.threads > IOMMUBENCH_MAX_IOPF_OUTSTANDING)
			options_refuse(state, "--outstanding", "%" PRIu64 " in each of %u threads, expected at most %u in all",
				       b->loads.values[i], b->s.o.threads,
				       IOMMUBENCH_MAX_IOPF_OUTSTANDING);
	for (i = 0; i < b->kinds.n; i++)
		check_kind(b, (int)b->kinds.values[i], state);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct bench *b = state->input;
	struct iopf_point *p = &b->point;
	struct error e;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &b->s.o;
		state->child_inputs[1] = &b->s.o;
		state->child_inputs[2] = &b->s.o;
		state->child_inputs[3] = &b->s.o;
		break;
	case OPT_FAULT:
		parse_kinds(b, arg, state);
		break;
	case OPT_ACCESS:
		b->access = options_word(arg, access_choices, "--access", state);
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
		b->stride = options_size(arg, "--stride", state);
		break;
	case OPT_PREFAULT:
		p->arena.prefault = (unsigned int)options_number(arg, 0, 100, "--prefault", state);
		break;
	case OPT_OUTSTANDING:
		options_require(state, "--outstanding",
				sweep_numbers(&b->loads, arg, parse_load, &e), &e);
		break;
	case OPT_SPACES:
		p->nr_spaces = (unsigned int)options_number(arg, 1, IOMMUBENCH_MAX_IOPF_SPACES,
							    "--spaces", state);
		break;
	case OPT_THINK:
		p->think_ns = options_time(arg, 0, "--think", state);
		break;
	case OPT_GROUP:
		p->group = (unsigned int)options_number(arg, 1, IOMMUBENCH_MAX_IOPF_GROUP,
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
		check_together(b, state);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static void parse_command_line(struct bench *b, int argc, char **argv)
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

	b->s.o.size = 0;
	b->s.o.warmup_ns = 0;
	sweep_one(&b->kinds, ARENA_ANON);
	sweep_one(&b->loads, 1);
	b->point = (struct iopf_point){
		.arena = { .data = DATA, .data_step = 1, .fd = -1 },
		.nr_spaces = 1,
		.group = 1,
		.timeout_ns = 10000000000,
		.stages = true,
		.cpu = true,
		.kernel = true,
		.pagers = 1,
	};
	options_parse(&argp, doc_before, doc_after, argc, argv, b);
	error_set_verbose(b->s.o.verbose);
}

/* What only the device can tell. */
static int check_device(const struct bench *b, const struct device *d)
{
	int ret;

	ret = device_check_engine(d, b->s.o.engine);
	if (ret)
		return ret;
	if (!strcmp(d->info.engine, "none"))
		return fail(EXIT_UNABLE, "device %s has no DMA engine that the module can drive: bind one that has",
			    d->name);
	if (b->point.group > 1 &&
	    (b->point.mode == IOPF_MODE_STALL || strcmp(d->bus, "pci")))
		return fail(EXIT_UNABLE, "--group: only PCI page requests come in groups, and device %s stalls",
			    d->name);
	return EXIT_DONE;
}

/* Several points, or a folder for one: each result has a name of its own. */
static bool has_points(const struct bench *b)
{
	const char *output = b->s.o.output;

	return b->kinds.n * b->loads.n > 1 ||
	       (output && *output && output[strlen(output) - 1] == '/');
}

static char *point_name(int kind, unsigned int outstanding)
{
	return xasprintf("iopf-%s-o%u", choice_word(iopf_kind_choices, kind), outstanding);
}

/* One point from its first pass to its delivered result. */
static int measure_point(struct bench *b, int kind, unsigned int outstanding)
{
	struct iopf_point *p = xcheck(malloc(sizeof(*p)));
	struct options o = b->s.o;
	struct result *r;
	json_t *machine;
	const char *word = choice_word(iopf_kind_choices, kind);
	char *name = point_name(kind, outstanding), *path = NULL;
	int ret, judged;

	*p = b->point;
	p->outstanding = outstanding;
	describe_arena(b, kind, &p->arena);
	if (o.output && has_points(b)) {
		path = output_point_path(o.output, name);
		o.output = path;
	}
	/* Now, because the device may be gone afterwards. */
	machine = machine_describe(&b->s.device);
	ret = iopf_measure(p, &b->s);
	if (ret) {
		json_decref(machine);
	} else {
		r = iopf_result(p, &b->s, machine);
		if (has_points(b) && !o.quiet && o.format == RESULT_HUMAN)
			printf("--fault %s --outstanding %u\n", word, outstanding);
		judged = delivery_judge(p->totals.end, p->totals.message, r, b->s.device.name);
		ret = deliver(&o, r);
		if (!o.quiet && o.format == RESULT_HUMAN)
			iopf_print(r);
		ret = judged ? judged : ret;
		result_free(r);
	}
	iopf_point_free(p);
	free(path);
	free(name);
	free(p);
	return ret;
}

/*
 * All points. What one of them cannot do is no reason to leave the others out,
 * nor is a check that failed.
 */
static int measure(struct bench *b)
{
	int ret, worst = EXIT_DONE;
	size_t i, k;

	ret = check_device(b, &b->s.device);
	if (!ret)
		ret = session_connect(&b->s, b->s.o.threads);
	for (k = 0; k < b->kinds.n && !ret; k++) {
		for (i = 0; i < b->loads.n && !ret; i++) {
			ret = measure_point(b, (int)b->kinds.values[k],
					    (unsigned int)b->loads.values[i]);
			if (ret == EXIT_CHECK_FAILED || (ret == EXIT_UNABLE && b->kinds.n > 1)) {
				worst = worst == EXIT_CHECK_FAILED ? worst : ret;
				ret = EXIT_DONE;
			}
		}
	}
	return ret ? ret : worst;
}

/* One point of several devices, from its first pass to its delivered results. */
static int measure_together(struct bench *b, struct group *g, int kind, unsigned int outstanding)
{
	struct iopf_point **p = xcalloc(g->nr, sizeof(struct iopf_point *));
	struct result **results = xcalloc(g->nr, sizeof(struct result *));
	json_t **machines = xcalloc(g->nr, sizeof(json_t *));
	char *name = point_name(kind, outstanding);
	int ret, judged = EXIT_DONE;
	unsigned int i;

	for (i = 0; i < g->nr; i++) {
		p[i] = xcheck(malloc(sizeof(*p[i])));
		*p[i] = b->point;
		p[i]->outstanding = outstanding;
		describe_arena(b, kind, &p[i]->arena);
		/* Now, because the device may be gone afterwards. */
		machines[i] = machine_describe(&g->members[i].s->device);
	}
	ret = iopf_group_measure(g, p, b->s.o.alone);
	for (i = 0; i < g->nr && !ret; i++) {
		if (g->members[i].absent)
			continue;
		results[i] = iopf_result(p[i], g->members[i].s, machines[i]);
		machines[i] = NULL;
	}
	for (i = 0; i < g->nr && !ret; i++)
		if (results[i])
			group_report(g, i, results[i]);
	if (!ret) {
		judged = group_judge(g, results);
		if (has_points(b) && !b->s.o.quiet && b->s.o.format == RESULT_HUMAN)
			printf("--fault %s --outstanding %u\n",
			       choice_word(iopf_kind_choices, kind), outstanding);
		ret = group_deliver(g, &b->s.o, has_points(b) ? name : NULL, results);
	}
	for (i = 0; i < g->nr; i++) {
		if (p[i]->totals.end == IOMMUBENCH_END_REMOVED)
			g->members[i].absent = true;
		iopf_point_free(p[i]);
		free(p[i]);
		json_decref(machines[i]);
		result_free(results[i]);
	}
	free(machines);
	free(results);
	free(p);
	free(name);
	return judged ? judged : ret;
}

/* Locks and opens each of them; before any runs. */
static int begin_devices(const struct bench *b, struct group *g, struct session *sessions,
			 char **names, unsigned int nr)
{
	int ret;

	g->limit_ns = b->s.o.run_limit_ns;
	while (g->nr < nr) {
		struct session *s = &sessions[g->nr];

		*s = b->s;
		s->o.device = names[g->nr];
		g->members[g->nr++] = (struct group_member){ .s = s };
		ret = session_begin(s, s->o.domain_type);
		if (!ret)
			ret = check_device(b, &s->device);
		if (ret)
			return ret;
	}
	return EXIT_DONE;
}

static bool all_gone(const struct group *g)
{
	unsigned int i;

	for (i = 0; i < g->nr; i++)
		if (!g->members[i].absent)
			return false;
	return true;
}

/* As measure(); a device that went away is no part of further points. */
static int measure_all(struct bench *b, struct group *g)
{
	int ret, worst = EXIT_DONE;
	size_t i, k;

	ret = group_connect(g, &b->s.o);
	for (k = 0; k < b->kinds.n && !ret; k++) {
		for (i = 0; i < b->loads.n && !ret && !all_gone(g); i++) {
			ret = measure_together(b, g, (int)b->kinds.values[k],
					       (unsigned int)b->loads.values[i]);
			if (ret == EXIT_CHECK_FAILED || (ret == EXIT_UNABLE && b->kinds.n > 1)) {
				worst = worst == EXIT_CHECK_FAILED ? worst : ret;
				ret = EXIT_DONE;
			}
		}
	}
	return ret ? ret : worst;
}

static int several_main(struct bench *b)
{
	struct group g = { NULL };
	struct session *sessions;
	char **all = NULL, **names;
	unsigned int i, nr = 0;
	int ret = EXIT_DONE, ended;

	if (b->s.o.output)
		ret = output_probe_points(b->s.o.output);
	if (!ret && b->s.o.all_devices)
		ret = device_list(&all, &nr);
	names = all ? all : (char **)b->s.o.devices;
	sessions = xcalloc(all ? nr : b->s.o.nr_devices, sizeof(*sessions));
	g.members = xcalloc(all ? nr : b->s.o.nr_devices, sizeof(*g.members));
	if (!ret)
		ret = begin_devices(b, &g, sessions, names, all ? nr : b->s.o.nr_devices);
	if (!ret)
		ret = measure_all(b, &g);
	ended = group_end(&g);
	for (i = 0; i < nr; i++)
		free(all[i]);
	free(all);
	free(g.members);
	free(sessions);
	perf_pmu_names_free(&b->s.o.events);
	close(b->s.signals);
	return ret ? ret : ended;
}

int iopf_main(int argc, char **argv)
{
	static struct bench bench;
	struct bench *b = &bench;
	struct point_files files;
	int ret, ended;

	ret = session_init(&b->s);
	if (ret)
		return ret;
	parse_command_line(b, argc, argv);
	if (options_several(&b->s.o)) {
		ret = several_main(b);
		sweep_free(&b->kinds);
		sweep_free(&b->loads);
		return ret;
	}
	files = (struct point_files){ .o = &b->s.o, .several = b->kinds.n * b->loads.n > 1 };
	ret = point_files_probe(&files);
	if (!ret)
		ret = session_begin(&b->s, b->s.o.domain_type);
	if (!ret && b->point.mode == IOPF_MODE_IOMMUFD)
		ret = session_rebind(&b->s, "--mode iommufd");
	if (!ret)
		ret = measure(b);
	ended = session_end(&b->s);
	sweep_free(&b->kinds);
	sweep_free(&b->loads);
	return ret ? ret : ended;
}
