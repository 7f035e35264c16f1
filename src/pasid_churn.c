// SPDX-License-Identifier: GPL-2.0-only
/*
 * iommubench pasid: what it costs to bind and unbind PASIDs, and whether that survives all that
 * can happen to a process and a device.
 */
#include <errno.h>
#include <fcntl.h>
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
#include "measure/invocation.h"
#include "measure/session.h"
#include "output/delivery.h"
#include "output/path.h"
#include "pasid/churn.h"
#include "pasid/commands.h"
#include "pasid/leak.h"
#include "pasid/lifecycle/actor.h"
#include "pasid/lifecycle/lifecycle.h"
#include "pasid/lifecycle/report.h"
#include "pasid/phases.h"
#include "pasid/plan.h"
#include "pasid/result.h"
#include "result/read.h"
#include "result/result.h"
#include "run/area.h"
#include "run/link.h"
#include "subcommand.h"
#include "text/json.h"
#include "text/parse.h"
#include "text/units.h"

/* A run that looks at exposure besides the one that looks at cost. */
#define EXPOSURE_NS		500000000ULL
/* As many PASIDs as there are. */
#define LIVE_ALL		UINT64_MAX

#define USE_AUTO	(-1)

/**
 * struct pasid - one invocation
 * @s: options, device, signals, CPUs
 * @plan: what to do, at each point
 * @use: what --use says, USE_AUTO for what the engine can
 * @live: PASIDs that are bound all the time, one point for each
 * @lifecycle: bit i: case i is done; 0: no case, but a churn
 * @exposure_ns: how long to look at exposure at each point
 * @max_pasids: PASIDs that the device has
 * @v: the device
 */
struct pasid {
	struct session s;
	struct churn_plan plan;
	int use;
	struct sweep live;
	uint32_t lifecycle;
	uint64_t exposure_ns;
	uint32_t max_pasids;
	struct invocation v;
};

enum {
	OPT_KIND = 0x200,
	OPT_BIND,
	OPT_USE,
	OPT_PROCESSES,
	OPT_LIVE,
	OPT_REUSE,
	OPT_KILL_RATE,
	OPT_EXPOSURE,
	OPT_LIFECYCLE,
};

static const struct argp_option option_table[] = {
	{ NULL, 0, NULL, 0, "What is bound, and how:", 1 },
	{ "kind", OPT_KIND, "KIND", 0,
	  "sva (the address spaces of processes) or domain (domains attached to PASIDs) "
	  "(default: sva)", 0 },
	{ "bind", OPT_BIND, "HOW", 0,
	  "fresh (each bind is the only one of its address space) or shared (another one lasts, "
	  "so that it takes a reference only; with --kind domain: all PASIDs of a thread have the "
	  "same domain) (default: fresh)", 0 },
	{ "use", OPT_USE, "USE", 0,
	  "what the device does with a bound PASID: none, read (once, and another time after the "
	  "unbind, which must be refused) or live (all through the unbind, until it is refused) "
	  "(default: read, none without an engine that can tell)", 0 },
	{ "processes", OPT_PROCESSES, "N", 0,
	  "processes that work at once, each with its own address space and --threads threads "
	  "(default: 1)", 0 },
	{ "live", OPT_LIVE, "LIST", 0,
	  "PASIDs that are bound during the whole run, such as 0,16,all or 1..all; a result for "
	  "each (default: 0)", 0 },
	{ "reuse-distance", OPT_REUSE, "N", 0,
	  "with --kind domain: go round in N PASIDs (default: always the lowest that is free)", 0 },
	{ "kill-rate", OPT_KILL_RATE, "RATE", 0,
	  "kill a process at random moments, so many a second on average, and start another one "
	  "in its place", 0 },
	{ "exposure", OPT_EXPOSURE, "TIME", 0,
	  "how long to look, after each run, for accesses after the unbind; 0s for not at all "
	  "(default: 500ms)", 0 },
	{ "lifecycle", OPT_LIFECYCLE, "LIST", 0,
	  "instead of measuring: what becomes of PASIDs in these cases, or all", 0 },
	{ NULL },
};

static const char doc_before[] =
	"Measure what binding and unbinding PASIDs costs, and see that each comes back and is refused "
	"afterwards.";

static const char doc_after[] =
	"Examples (as root, with a device bound by iommubench-bind):\n"
	"  iommubench pasid                            one process, 2 seconds\n"
	"  iommubench pasid --processes 4 -t 2         eight threads in four address spaces\n"
	"  iommubench pasid --bind shared -t 4         only references are taken\n"
	"  iommubench pasid --kind domain --live 0,1..all -o live/\n"
	"                                              against the number of live PASIDs\n"
	"  iommubench pasid --kind domain --reuse-distance 1000\n"
	"  iommubench pasid --lifecycle all            kill, exec, fork, exhaust, unbind\n"
	"  iommubench pasid --processes 8 --kill-rate 5/s -T 1h -o churn.json\n"
	"\n"
	"Cases of --lifecycle: killed-at-bind, killed-before, killed-during, killed-after, exit, "
	"exec, fork, munmap, mprotect, dontneed, spaces, device-unbind, module-removal, pasids-exhausted, "
	"asids-exhausted.\n"
	"Units: times with ns, us, ms, s, m, h; counts and rates with k, M, G (1000).\n"
	"Exit status: 0 done, 1 a check failed, 2 wrong use, 3 this machine cannot do it, 4 "
	"interrupted; an interrupted run still gives its result, marked as not complete.";

static int parse_live(const char *text, uint64_t *value, struct error *e)
{
	if (!strcmp(text, "all")) {
		*value = LIVE_ALL;
		return 0;
	}
	if (parse_count(text, value, e))
		return -1;
	if (*value < IOMMUBENCH_MAX_PASID_BINDS)
		return 0;
	return error_set(e, "'%s' is too many, expected at most %u, or all", text,
			 IOMMUBENCH_MAX_PASID_BINDS - 1);
}

/* Sets the bit of each case in a list. */
static uint32_t parse_cases(const char *list, const struct argp_state *state)
{
	/* A bit for each, "all", and the end. */
	static struct choice choices[32 + 2];
	char *copy = xstrdup(list), *rest = copy, *word;
	uint32_t cases = 0;
	struct error e;
	int i, n;

	for (n = 0; lifecycle_cases[n].name; n++)
		choices[n] = (struct choice){ lifecycle_cases[n].name, n };
	choices[n] = (struct choice){ "all", n };
	while ((word = strsep(&rest, ","))) {
		if (parse_choice(word, choices, &i, &e))
			options_refuse(state, "--lifecycle",
				       "there is no case '%s', expected all or some of those that --help lists",
				       word);
		/* The last one stands for all before it. */
		if (i == n)
			cases = (uint32_t)((1ULL << n) - 1);
		else
			cases |= 1U << i;
	}
	free(copy);
	return cases;
}

static void check_together(struct pasid *m, const struct argp_state *state)
{
	struct churn_plan *p = &m->plan;

	p->threads = m->s.o.threads;
	if (m->s.o.transport == TRANSPORT_URING)
		options_refuse(state, "--transport",
			       "uring: each process binds by ioctl: leave --transport out");
	if ((uint64_t)p->processes * p->threads > CHURN_MAX_PROCESSES)
		options_refuse(state, "--processes", "%u with %u threads each are more than %u in all",
			       p->processes, p->threads, CHURN_MAX_PROCESSES);
	if (p->reuse && p->kind != IOMMUBENCH_PASID_DOMAIN)
		options_refuse(state, "--reuse-distance",
			       "a process has the same PASID all its life: use --kind domain");
	if (m->use == CHURN_USE_LIVE && !churn_may_check(p))
		options_refuse(state, "--use",
			       "live: an address space that is bound more than once is not refused after an unbind: use --bind fresh and one thread");
	if (m->use > CHURN_USE_NONE && !strcmp(m->s.o.engine, "none"))
		options_refuse(state, "--use",
			       "needs a DMA engine, but --engine none rules it out");
	if (m->s.o.repeat > 1)
		options_refuse(state, "--repeat", "this subcommand does each run once");
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct pasid *m = state->input;
	struct churn_plan *p = &m->plan;
	struct error e;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &m->s.o;
		break;
	case OPT_KIND:
		p->kind = (enum iommubench_pasid_kind)options_word(arg, churn_kind_choices, "--kind",
								  state);
		break;
	case OPT_BIND:
		p->shared = options_word(arg, churn_bind_choices, "--bind", state);
		break;
	case OPT_USE:
		m->use = options_word(arg, churn_use_choices, "--use", state);
		break;
	case OPT_PROCESSES:
		p->processes = (unsigned int)options_number(arg, 1, CHURN_MAX_PROCESSES,
							    "--processes", state);
		break;
	case OPT_LIVE:
		options_require(state, "--live", sweep_numbers(&m->live, arg, parse_live, &e), &e);
		break;
	case OPT_REUSE:
		p->reuse = (unsigned int)options_number(arg, 1, IOMMUBENCH_MAX_PASID_BINDS - 1,
							"--reuse-distance", state);
		break;
	case OPT_KILL_RATE:
		options_require(state, "--kill-rate", parse_rate(arg, &p->kill_mhz, &e), &e);
		if (!p->kill_mhz || p->kill_mhz > 1000000)
			options_refuse(state, "--kill-rate",
				       "'%s' makes no sense, expected 0.001/s to 1000/s", arg);
		break;
	case OPT_EXPOSURE:
		m->exposure_ns = options_time(arg, 0, "--exposure", state);
		break;
	case OPT_LIFECYCLE:
		m->lifecycle = parse_cases(arg, state);
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

static void parse_command_line(struct pasid *m, int argc, char **argv)
{
	static const struct argp_child children[] = { { &options_argp }, { NULL } };
	static const struct argp argp = {
		.options = option_table,
		.parser = parse_option,
		.children = children,
	};

	m->plan.kind = IOMMUBENCH_PASID_SVA;
	m->plan.processes = 1;
	m->use = USE_AUTO;
	m->exposure_ns = EXPOSURE_NS;
	sweep_one(&m->live, 0);
	options_parse(&argp, doc_before, doc_after, argc, argv, m);
	error_set_verbose(m->s.o.verbose);
}

static bool can(const struct pasid *m, uint64_t feature)
{
	return m->s.device.info.features & feature;
}

/* Why nothing of this kind can be bound. Return: an enum exit_status, after one line. */
static int check_kind(struct pasid *m)
{
	struct iommubench_pasid_bind bind = { .kind = m->plan.kind };
	struct iommubench_pasid_unbind unbind = { 0 };
	char message[IOMMUBENCH_MESSAGE_BYTES];
	unsigned int pasid;
	int ret;

	if (m->plan.kind == IOMMUBENCH_PASID_SVA) {
		ret = pasid_try_process(&m->s.device, &pasid, message);
	} else {
		ret = pasid_bind(m->s.device.fd, &bind, message);
		unbind.id = bind.id;
		if (!ret)
			ret = pasid_unbind(m->s.device.fd, &unbind);
	}
	if (!ret)
		return EXIT_DONE;
	return error_fail(EXIT_UNABLE, "--kind %s: %s",
			  choice_word(churn_kind_choices, (int)m->plan.kind),
			  *message ? message : strerror(-ret));
}

/* What only the device can tell. */
static int check_device(void *arg, struct session *s)
{
	struct pasid *m = arg;
	const struct device *d = &s->device;
	struct iommubench_pasid_info info;
	int ret;

	ret = device_check_engine(d, m->s.o.engine);
	if (ret)
		return ret;
	ret = pasid_info(d->fd, &info);
	if (ret)
		return error_fail(EXIT_UNABLE, "the module says nothing about PASIDs: %s; install module and tool of the same version",
				  strerror(-ret));
	m->max_pasids = info.max_pasids;
	if (info.live)
		return error_fail(EXIT_UNABLE, "device %s has PASIDs bound by another program: wait for its end",
				  d->name);
	if (m->lifecycle)
		return EXIT_DONE;
	ret = check_kind(m);
	if (ret)
		return ret;
	/* What is read with a PASID has no mark that it could be told by. */
	if (!strcmp(m->s.o.engine, "none") ||
	    m->s.device.info.features & IOMMUBENCH_FEATURE_BY_DATA)
		m->s.device.info.features &= ~(uint64_t)(IOMMUBENCH_FEATURE_PROBE |
							IOMMUBENCH_FEATURE_WATCH);
	if (m->use == USE_AUTO)
		m->use = can(m, IOMMUBENCH_FEATURE_PROBE) ? CHURN_USE_READ : CHURN_USE_NONE;
	if ((m->use == CHURN_USE_READ && !can(m, IOMMUBENCH_FEATURE_PROBE)) ||
	    (m->use == CHURN_USE_LIVE && !can(m, IOMMUBENCH_FEATURE_WATCH)))
		return error_fail(EXIT_UNABLE,
				  "--use %s: device %s has no DMA engine that tells whether it was refused: use --use none, or bind a device that has one (dmatest)",
				  choice_word(churn_use_choices, m->use), d->name);
	m->plan.use = (enum churn_use)m->use;
	return EXIT_DONE;
}

/* How many PASIDs a point keeps bound; what the churn itself needs must be left. */
static int choose_live(const struct pasid *m, uint64_t wanted, uint64_t *live)
{
	uint64_t own = (uint64_t)m->plan.processes * m->plan.threads * (m->plan.reuse + 1) +
		       m->plan.processes + 1;

	*live = wanted;
	if (wanted == LIVE_ALL)
		*live = m->max_pasids > own ? m->max_pasids - own : 0;
	if (*live + own <= m->max_pasids)
		return EXIT_DONE;
	return error_fail(EXIT_UNABLE,
			  "device %s has %u PASIDs, %" PRIu64 " to be live and %" PRIu64
			  " for the processes are more: ask for less, or all", m->s.device.name,
			  m->max_pasids, *live, own);
}

/* The steps of a range up to all that go beyond that. */
static bool above_all(const struct pasid *m, uint64_t wanted)
{
	size_t i;

	for (i = 0; i < m->live.n; i++)
		if (m->live.values[i] == LIVE_ALL)
			return wanted != LIVE_ALL && wanted >= m->max_pasids;
	return false;
}

static const char *why_no_exposure(const struct pasid *m)
{
	if (!m->exposure_ns)
		return "--exposure 0s";
	if (!can(m, IOMMUBENCH_FEATURE_WATCH))
		return "no DMA engine that reads until it is refused";
	if (m->plan.shared && m->plan.kind == IOMMUBENCH_PASID_SVA)
		return "an address space that is bound more than once is not refused";
	return NULL;
}

static int measure_exposure(struct pasid *m, struct churn_point *p)
{
	struct churn_plan plan = m->plan;

	p->why_not = why_no_exposure(m);
	if (p->why_not || !run_ended_well(p->cost.end))
		return EXIT_DONE;
	plan.use = CHURN_USE_LIVE;
	plan.duration_ns = m->exposure_ns;
	plan.count = 0;
	plan.warmup_ns = 0;
	plan.kill_mhz = 0;
	plan.label = "pasid, exposure";
	/* Threads of the same process would keep its address space bound. */
	if (plan.kind == IOMMUBENCH_PASID_SVA)
		plan.threads = 1;
	p->exposed = true;
	return churn_run(&plan, &m->s.device, &p->exposure);
}

static int measure_runs(struct pasid *m, struct churn_point *p)
{
	int ret = churn_run(&m->plan, &m->s.device, &p->cost);

	return ret ? ret : measure_exposure(m, p);
}

/* Counts from the first to the last moment of the processes that do it, then phase by phase. */
static int measure_counted(struct pasid *m, struct churn_point *p)
{
	const uint32_t tid = (uint32_t)getpid();
	struct counters *c;
	int ret;

	session_begin_counters(&m->s, false);
	c = m->s.counters;
	if (!c)
		return measure_runs(m, p);
	counters_begin(c, COUNTERS_MEASURED, &tid, 1, 0, false);
	ret = measure_runs(m, p);
	counters_end(c);
	if (!ret && run_ended_well(p->cost.end)) {
		pasid_phases(&m->plan, &m->s.device, &m->s.link, c);
		p->others++;
	}
	return ret;
}

/* Measures a point with as many PASIDs bound as it asks for. */
static int measure_point(struct pasid *m, struct churn_point *p)
{
	char message[IOMMUBENCH_MESSAGE_BYTES];
	uint64_t got;
	int ret, fd;

	fd = pasid_open(&m->s.device, O_CLOEXEC);
	if (fd < 0)
		return error_fail(EXIT_UNABLE, "cannot open the device once more: %s",
				  strerror(-fd));
	ret = pasid_fill(fd, p->live, &got, message);
	if (ret) {
		close(fd);
		return error_fail(EXIT_UNABLE, "--live: after %" PRIu64 " PASIDs: %s", got,
				  *message ? message : strerror(-ret));
	}
	error_detail("%" PRIu64 " PASIDs are bound; %u processes with %u threads start", p->live,
		     m->plan.processes, m->plan.threads);
	ret = measure_counted(m, p);
	close(fd);
	return ret;
}

/* How a point ended. Return: an enum exit_status, after one line on stderr unless EXIT_DONE. */
static int judge(const struct churn_point *p, const struct result *r)
{
	char leak[256] = "an access with a PASID that was unbound got through";
	const char *why = p->cost.message;

	if (p->cost.wrong_space)
		snprintf(leak, sizeof(leak), "with a PASID that was bound the device found something else than what is in that address space");
	if (result_failures(r)) {
		pasid_leak_first(&p->leaks, leak, sizeof(leak));
		why = leak;
	}
	return delivery_judge(&(struct delivery_end){
		.end = p->cost.end,
		.why = why,
		.result = r,
		.device = p->s->device.name,
	}, 1, false);
}

/* A point's result goes to a file of its own when there are several. */
static int deliver_point(const struct pasid *m, const struct churn_point *p, struct result *r)
{
	struct options o = m->s.o;
	char *path = NULL;
	char word[64];
	int ret;

	if (o.output && (m->live.n > 1 || output_is_folder(o.output))) {
		snprintf(word, sizeof(word), "%s-%s-live%" PRIu64,
			 choice_word(churn_kind_choices, (int)m->plan.kind),
			 choice_word(churn_bind_choices, m->plan.shared), p->live);
		path = output_point_path(o.output, word);
		o.output = path;
	}
	ret = output_deliver(&o, r);
	free(path);
	return ret;
}

static void report_counters(const struct pasid *m, struct result *r)
{
	json_t *counters, *problems;

	if (!m->s.counters)
		return;
	counters = counters_describe(m->s.counters);
	problems = counters_problems(m->s.counters);
	result_set_counters(r, counters, problems);
	json_decref(counters);
	json_decref(problems);
}

static int do_point(struct pasid *m, uint64_t wanted, json_t *results)
{
	struct churn_point p = {
		.s = &m->s,
		.plan = &m->plan,
		.max_pasids = m->max_pasids,
		.exposure_ns = m->exposure_ns,
	};
	struct result *r;
	int ret, delivered;

	ret = choose_live(m, wanted, &p.live);
	if (ret)
		return ret;
	pasid_leak_begin(&p.leaks, &m->s.device, true);
	ret = measure_point(m, &p);
	if (!ret) {
		pasid_leak_end(&p.leaks, &m->s.device,
			       p.cost.processes + p.exposure.processes + p.others);
		r = churn_result(&p);
		report_counters(m, r);
		ret = judge(&p, r);
		delivered = deliver_point(m, &p, r);
		if (!ret)
			ret = delivered;
		xjson_add(results, json_incref(result_json(r)));
		result_free(r);
	}
	churn_free(&p.cost);
	churn_free(&p.exposure);
	return ret;
}

/* The figure of a phase for the table, "-" when it was not measured. */
static struct units figure(const json_t *result, const char *phase, const char *key)
{
	struct units none = { "-" };
	json_t *element;
	size_t i;

	json_array_foreach(result_get(result, "phases"), i, element)
		if (!strcmp(result_text(element, "name"), phase) &&
		    result_number(element, "latency_ns.count") > 0)
			return units_time(result_latency(result_get(element, "latency_ns"), key));
	return none;
}

/* One line a point, when there were several. */
static void print_table(const struct pasid *m, const json_t *results)
{
	json_t *r;
	size_t i;

	if (json_array_size(results) < 2 || m->s.o.quiet || m->s.o.format != RESULT_HUMAN)
		return;
	printf("\n%10s  %10s %10s  %10s  %10s %10s  %10s\n", "live", "bind p50", "p99",
	       "first use", "unbind p50", "p99", "exposure");
	json_array_foreach(results, i, r)
		printf("%10.0f  %10s %10s  %10s  %10s %10s  %10s\n",
		       result_number(r, "params.live"), figure(r, "bind", "p50").text,
		       figure(r, "bind", "p99").text, figure(r, "first_use", "p50").text,
		       figure(r, "unbind", "p50").text, figure(r, "unbind", "p99").text,
		       figure(r, "exposure", "max").text);
}

static int do_churn(struct pasid *m)
{
	json_t *results = xjson(json_array());
	int ret = EXIT_DONE, point;
	size_t i;

	m->plan.warmup_ns = m->s.o.warmup_ns;
	m->plan.duration_ns = m->s.o.duration_ns;
	m->plan.count = m->s.o.count;
	m->plan.seed = m->s.o.seed;
	m->plan.placement = &m->s.placement;
	m->plan.signals = m->s.signals;
	m->plan.label = "pasid";
	m->plan.quiet = m->s.o.quiet;
	for (i = 0; i < m->live.n; i++) {
		if (above_all(m, m->live.values[i]))
			continue;
		point = do_point(m, m->live.values[i], results);
		if (point)
			ret = point;
		/* What one point cannot have the next may; the rest would only end the same way. */
		if (point && point != EXIT_CHECK_FAILED)
			break;
	}
	print_table(m, results);
	json_decref(results);
	return ret;
}

static unsigned int all_threads(const void *arg)
{
	const struct pasid *m = arg;

	return m->plan.processes * m->plan.threads;
}

static int measure(void *arg)
{
	struct pasid *m = arg;

	return m->lifecycle ? lifecycle_report(&m->s, m->lifecycle, m->max_pasids) : do_churn(m);
}

int pasid_main(int argc, char **argv)
{
	static struct pasid pasid;
	struct pasid *m = &pasid;
	int ret;

	if (argc == 2 && !strcmp(argv[1], LIFECYCLE_AFTER_EXEC))
		return lifecycle_after_exec();
	ret = session_init(&m->s);
	if (ret)
		return ret;
	m->s.o.transport = TRANSPORT_IOCTL;
	parse_command_line(m, argc, argv);
	m->v = (struct invocation){
		.s = &m->s,
		.domain_type = -1,
		.points = m->live.n > 1,
		.arg = m,
		.check = check_device,
		.threads = all_threads,
		.measure = measure,
	};
	ret = invocation_run(&m->v);
	invocation_free(&m->v);
	sweep_free(&m->live);
	return ret;
}
