// SPDX-License-Identifier: GPL-2.0-only
#include "flush/measure.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "flush/view/strategies.h"
#include "measure/params.h"
#include "text/json.h"
#include "text/parse.h"

/* Mappings in all rounds in which commands are counted, about. */
#define COMMANDS_MAPPINGS	4096
#define COMMANDS_MAX_ROUNDS	64
/* A flush queue has to be watched over several of its timer's periods, which are 10 ms. */
#define COMMANDS_LAZY_NS	200000000
/* Lists that one mapping of a round causes at most. */
#define COMMANDS_PER_MAPPING	3

/* The phases of a run that measures costs; the other runs have phases of their own. */
static const char *const cost_phases[] = {
	[IOMMUBENCH_PHASE_FLUSH_MAP] = "map",
	[IOMMUBENCH_PHASE_FLUSH_UNMAP] = "unmap",
	[IOMMUBENCH_PHASE_FLUSH_FLUSH] = "flush",
	[IOMMUBENCH_PHASE_FLUSH_TOTAL] = "total",
};

#define COST_PHASES	(sizeof(cost_phases) / sizeof(cost_phases[0]))

static const char *const check_names[IOMMUBENCH_CHECKS] = {
	[IOMMUBENCH_CHECK_TRANSFER] = "transfer",
	[IOMMUBENCH_CHECK_STALE_ACCESS] = "stale_access",
	[IOMMUBENCH_CHECK_REFUSED_IN_TIME] = "refused_in_time",
	[IOMMUBENCH_CHECK_MAPPING] = "mapping",
};

const char *const flush_look_labels[FLUSH_LOOKS] = {
	[FLUSH_LOOK_EXPOSURE] = "tlb-flush, exposure",
	[FLUSH_LOOK_DEVICE] = "tlb-flush, device latency",
	[FLUSH_LOOK_STALE] = "tlb-flush, stale accesses",
};

/* Messages about switching are worded for the option that this subcommand has not. */
static void without_option(struct error *e)
{
	char *colon = strstr(e->text, ": ");

	if (!strncmp(e->text, "--domain-type ", strlen("--domain-type ")) && colon)
		memmove(e->text, colon + 2, strlen(colon + 2) + 1);
}

static int have_domain_type(struct session *s, const struct flush_point *p, struct error *why)
{
	int type = flush_strategy_of(p->strategy)->domain_type, ret;

	s->o.domain_type = type;
	if (type < 0 || s->device.info.domain_type == (uint32_t)type)
		return EXIT_DONE;
	if (type == IOMMUBENCH_DOMAIN_IDENTITY &&
	    s->device.info.domain_type == IOMMUBENCH_DOMAIN_NONE)
		return EXIT_DONE;
	ret = session_switch(s, type);
	without_option(why);
	if (!ret && s->device.info.domain_type != (uint32_t)type) {
		error_set(why, "the kernel took the domain type, but the device's domain is of another one");
		return EXIT_UNABLE;
	}
	return ret;
}

/* The run as all of a point's runs are, in one of the module's modes. */
static struct iommubench_run describe(struct flush_measuring *m, enum iommubench_flush_mode mode)
{
	m->params = (struct iommubench_tlb_flush){
		.size = sizeof(m->params),
		.strategy = m->p->strategy,
		.mapping_bytes = m->p->size,
		.mappings = (uint32_t)(m->p->range / m->p->size),
		.mode = mode,
		.domains = m->p->domains,
		.watch_interval_ns = mode == IOMMUBENCH_FLUSH_EXPOSURE ? m->x->interval_ns : 0,
	};
	return session_describe(m->s, IOMMUBENCH_WORKLOAD_TLB_FLUSH, &m->params);
}

void flush_add_end(struct totals *t, const struct run_outcome *o)
{
	unsigned int i;

	for (i = 0; i < IOMMUBENCH_CHECKS; i++) {
		t->checks[i].count += o->checks[i].count;
		t->checks[i].failures += o->checks[i].failures;
	}
	if (*o->message && !*t->message)
		snprintf(t->message, sizeof(t->message), "%s", o->message);
	if (!run_ended_well(o->end) || o->abandoned)
		t->end = o->abandoned ? IOMMUBENCH_END_STOPPED : o->end;
}

static json_t *measured(void)
{
	json_t *j = xjson(json_object());

	xjson_put(j, "measured", xjson(json_true()));
	return j;
}

json_t *flush_not_measured(const char *fmt, ...)
{
	json_t *j = xjson(json_object());
	va_list args;
	char *text;

	va_start(args, fmt);
	text = xvasprintf(fmt, args);
	va_end(args);
	xjson_put(j, "measured", xjson(json_false()));
	xjson_put(j, "reason", xjson_text(text));
	free(text);
	return j;
}

static uint64_t samples(const struct run_outcome *o, unsigned int phase)
{
	return phase < o->nr_phases ? o->phases[phase].count : 0;
}

/* Values up to this bucket are exact, so that the first one has the zeroes and nothing else. */
static uint64_t zeroes(const struct iommubench_hist *h)
{
	return h->buckets[0];
}

static json_t *plan_exposure(const struct flush_measuring *m, struct iommubench_run *desc)
{
	if (!m->x->exposure_ns)
		return flush_not_measured("not asked for (--no-exposure)");
	if (m->p->strategy == IOMMUBENCH_FLUSH_NONE)
		return flush_not_measured("nothing translates for the device, so it is never refused");
	desc->duration_ns = m->x->exposure_ns;
	desc->count = 0;
	desc->warmup_ns = 0;
	return NULL;
}

static json_t *tell_exposure(struct flush_measuring *m)
{
	const struct iommubench_hist *exposure;
	json_t *j;

	if (!samples(&m->watched, IOMMUBENCH_PHASE_FLUSH_EXPOSURE))
		return flush_not_measured("no round ended in time: give it more, such as --exposure 2s");
	exposure = &m->watched.phases[IOMMUBENCH_PHASE_FLUSH_EXPOSURE];
	j = measured();
	if (m->x->interval_ns)
		json_put_number(j, "interval_ns", m->x->interval_ns);
	else
		xjson_put(j, "interval_ns", json_null());
	json_put_number(j, "error_ns", m->params.watch_error_ns);
	json_put_number(j, "rounds", exposure->count);
	json_put_number(j, "exposed_rounds", exposure->count - zeroes(exposure));
	xjson_put(j, "accesses",
		  result_stats(&m->watched.phases[IOMMUBENCH_PHASE_FLUSH_ACCESSES], 1,
			       RESULT_MEAN | RESULT_P50 | RESULT_P99 | RESULT_MAX));
	json_put_number(j, "load_threads", m->p->threads - 1);
	return j;
}

static json_t *plan_device(const struct flush_measuring *m, struct iommubench_run *desc)
{
	if (!m->x->device_ns)
		return flush_not_measured("not asked for (--no-device-latency)");
	desc->duration_ns = m->x->device_ns;
	desc->count = 0;
	desc->warmup_ns = 0;
	return NULL;
}

static json_t *tell_device(struct flush_measuring *m)
{
	json_t *j;

	if (!samples(&m->timed, IOMMUBENCH_PHASE_FLUSH_COLD))
		return flush_not_measured("no round ended in time: give it more, such as --device-latency 1s");
	j = measured();
	json_put_number(j, "rounds", samples(&m->timed, IOMMUBENCH_PHASE_FLUSH_COLD));
	json_put_number(j, "load_threads", m->p->threads - 1);
	return j;
}

static json_t *tell_stale(const struct run_outcome *o)
{
	json_t *j = measured();

	json_put_number(j, "unmaps", o->checks[IOMMUBENCH_CHECK_STALE_ACCESS].count);
	json_put_number(j, "failures", o->checks[IOMMUBENCH_CHECK_STALE_ACCESS].failures);
	return j;
}

json_t *flush_plan(struct flush_measuring *m, enum flush_look look, struct iommubench_run *desc)
{
	static const enum iommubench_flush_mode modes[FLUSH_LOOKS] = {
		[FLUSH_LOOK_EXPOSURE] = IOMMUBENCH_FLUSH_EXPOSURE,
		[FLUSH_LOOK_DEVICE] = IOMMUBENCH_FLUSH_DEVICE,
		[FLUSH_LOOK_STALE] = IOMMUBENCH_FLUSH_STALE,
	};
	json_t *j = NULL;

	*desc = describe(m, modes[look]);
	switch (look) {
	case FLUSH_LOOK_EXPOSURE:
		j = plan_exposure(m, desc);
		break;
	case FLUSH_LOOK_DEVICE:
		j = plan_device(m, desc);
		break;
	default:
		if (m->x->stale && !flush_waits(m->p->strategy))
			j = flush_not_measured("the device is not refused at once by strategy %s, nor should it be",
					       flush_strategy_word(m->p));
		break;
	}
	if (!j && !run_ended_well(m->t->end))
		j = flush_not_measured("the runs were cut short before");
	return j;
}

void flush_tell(struct flush_measuring *m, enum flush_look look, struct run_outcome *o)
{
	flush_add_end(m->t, o);
	switch (look) {
	case FLUSH_LOOK_EXPOSURE:
		m->watched = *o;
		m->looked[look] = tell_exposure(m);
		break;
	case FLUSH_LOOK_DEVICE:
		m->timed = *o;
		m->looked[look] = tell_device(m);
		break;
	default:
		m->looked[look] = tell_stale(o);
		run_outcome_free(o);
		break;
	}
	*o = (struct run_outcome){ 0 };
}

json_t *flush_tell_commands(const struct flush_measuring *m,
			    const struct iommu_commands_count *count, uint64_t rounds)
{
	double n = (double)rounds;
	json_t *j = measured();

	json_put_text(j, "source", m->probes->source);
	json_put_number(j, "rounds", rounds);
	if (!m->probes->lists) {
		xjson_put(j, "flushes_per_round", xjson(json_real((double)count->events / n)));
		return j;
	}
	xjson_put(j, "lists_per_round", xjson(json_real((double)count->events / n)));
	xjson_put(j, "commands_per_round", xjson(json_real((double)count->commands / n)));
	xjson_put(j, "syncs_per_round", xjson(json_real((double)count->syncs / n)));
	json_put_number(j, "commands_per_list_max", count->longest);
	if (m->probes->waits)
		json_put_number(j, "queue_full_waits", count->waits);
	else
		xjson_put(j, "queue_full_waits", json_null());
	return j;
}

json_t *flush_plan_commands(struct flush_measuring *m, struct iommubench_run *desc, uint64_t *room,
			    bool *anyone)
{
	bool lazy = m->p->strategy == IOMMUBENCH_FLUSH_LAZY;
	uint64_t mappings, rounds;

	if (!m->x->commands)
		return flush_not_measured("not asked for (--no-commands)");
	if (!m->probes->usable)
		return flush_not_measured("%s", m->probes->reason);
	if (!run_ended_well(m->t->end))
		return flush_not_measured("the runs were cut short before");
	*desc = describe(m, IOMMUBENCH_FLUSH_COST);
	mappings = m->params.mappings;
	rounds = COMMANDS_MAPPINGS / mappings;
	if (rounds > COMMANDS_MAX_ROUNDS)
		rounds = COMMANDS_MAX_ROUNDS;
	rounds += !rounds;
	rounds *= m->p->threads;
	desc->warmup_ns = 0;
	desc->duration_ns = lazy ? COMMANDS_LAZY_NS : 0;
	desc->count = lazy ? 0 : rounds * mappings;
	*room = rounds * mappings * COMMANDS_PER_MAPPING;
	/* The kernel's timer empties a flush queue from whichever process it interrupts. */
	*anyone = lazy;
	return NULL;
}

static json_t *describe_params(const struct flush_measuring *m, uint64_t watched_ns)
{
	const struct flush_point *p = m->p;
	json_t *j = xjson(json_object());

	json_put_text(j, "strategy", flush_strategy_word(p));
	json_put_text(j, "api", flush_own_domain(p->strategy) ? "iommu" : "dma-single");
	json_put_number(j, "size_bytes", p->size);
	json_put_number(j, "range_bytes", p->range);
	json_put_number(j, "mappings", p->range / p->size);
	json_put_text(j, "domains", choice_word(flush_domains_choices, (int)p->domains));
	params_put_threads(j, m->s);
	params_put_length(j, m->s);
	json_put_number(j, "exposure_ns", watched_ns);
	json_put_number(j, "device_latency_ns", m->x->device_ns);
	xjson_put(j, "check_stale", xjson(json_boolean(m->x->stale)));
	json_put_number(j, "batch", 1);
	params_put_device(j, m->s);
	return j;
}

static json_t *describe_fairness(const struct totals *t)
{
	uint64_t min = UINT64_MAX, max = 0;
	json_t *j = xjson(json_object());
	unsigned int i;

	for (i = 0; i < t->nr_threads; i++) {
		if (t->threads[i].ops < min)
			min = t->threads[i].ops;
		if (t->threads[i].ops > max)
			max = t->threads[i].ops;
	}
	json_put_number(j, "min_ops", min);
	json_put_number(j, "max_ops", max);
	xjson_put(j, "ratio", xjson(json_real(max ? (double)min / (double)max : 1)));
	return j;
}

static void add_extra_phases(const struct flush_measuring *m, struct result *r)
{
	static const struct {
		unsigned int phase;
		const char *name;
	} device[] = {
		{ IOMMUBENCH_PHASE_FLUSH_COLD, "device_cold" },
		{ IOMMUBENCH_PHASE_FLUSH_WARM, "device_warm" },
		{ IOMMUBENCH_PHASE_FLUSH_BYSTANDER, "device_flushed" },
	};
	size_t i;

	if (samples(&m->watched, IOMMUBENCH_PHASE_FLUSH_EXPOSURE))
		result_add_phase(r, "exposure", &m->watched.phases[IOMMUBENCH_PHASE_FLUSH_EXPOSURE],
				 totals_ns_per_tick(m->t), 1);
	/* The device's own clock counts nanoseconds. */
	for (i = 0; i < sizeof(device) / sizeof(device[0]); i++)
		if (samples(&m->timed, device[i].phase))
			result_add_phase(r, device[i].name, &m->timed.phases[device[i].phase], 1,
					 1);
}

static void add_checks(const struct totals *t, struct result *r)
{
	unsigned int i;

	for (i = 0; i < IOMMUBENCH_CHECKS; i++)
		if (check_names[i] && t->checks[i].count)
			result_add_check(r, check_names[i], t->checks[i].count,
					 t->checks[i].failures);
}

struct result *flush_make_result(struct flush_measuring *m, json_t *machine)
{
	struct result *r = result_new("tlb-flush");
	json_t *j = result_json(r);

	result_set_params(r, describe_params(m, m->x->exposure_ns));
	totals_report(m->t, r, machine);
	add_extra_phases(m, r);
	xjson_put(j, "fairness", describe_fairness(m->t));
	xjson_put(j, "exposure", m->looked[FLUSH_LOOK_EXPOSURE]);
	xjson_put(j, "device", m->looked[FLUSH_LOOK_DEVICE]);
	xjson_put(j, "commands", m->commands);
	if (m->looked[FLUSH_LOOK_STALE])
		xjson_put(j, "stale", m->looked[FLUSH_LOOK_STALE]);
	add_checks(m->t, r);
	params_put_placement(r, m->s, m->s->o.threads);
	if (!flush_own_domain(m->p->strategy))
		params_put_group(r, m->s);
	params_put_faults(r, m->s, m->t);
	if (m->long_rounds)
		result_add_warning(r, "no round fits into --duration: one round of each thread was measured, without warm-up");
	totals_warn(m->t, r, true);
	totals_report_end(m->t, r);
	run_outcome_free(&m->watched);
	run_outcome_free(&m->timed);
	return r;
}

/* A count is rounded up, so that no thread's last round is cut short. */
static uint64_t whole_rounds(uint64_t count, const struct flush_point *p)
{
	uint64_t step = p->range / p->size * p->threads;

	return (count + step - 1) / step * step;
}

static void begin_totals(struct flush_measuring *m)
{
	*m->t = (struct totals){
		.clock_hz = m->s->device.info.clock_hz,
		.names = cost_phases,
		.nr_phases = COST_PHASES,
		.always = IOMMUBENCH_PHASE_FLUSH_UNMAP + 1,
		.repeat = m->s->o.repeat,
		.nr_threads = m->p->threads,
	};
	totals_init(m->t);
}

struct iommubench_run flush_begin_cost(struct flush_measuring *m)
{
	begin_totals(m);
	return describe(m, IOMMUBENCH_FLUSH_COST);
}

void flush_make_long(struct flush_measuring *m, struct iommubench_run *desc)
{
	m->long_rounds = true;
	totals_free(m->t);
	begin_totals(m);
	desc->warmup_ns = 0;
	desc->duration_ns = 0;
	desc->count = whole_rounds(1, m->p);
}

bool flush_nothing_seen(const struct flush_measuring *m)
{
	return run_ended_well(m->t->end) && !m->t->phases[IOMMUBENCH_PHASE_FLUSH_TOTAL].count;
}

int flush_begin(struct flush_measuring *m, struct error *why)
{
	struct session *s = m->s;
	int ret;

	s->o.threads = m->p->threads;
	s->o.size = m->p->size;
	s->o.count = whole_rounds(s->o.count, m->p);
	s->round_ops = m->p->range / m->p->size;
	error_keep(why);
	ret = have_domain_type(s, m->p, why);
	error_keep(NULL);
	return ret;
}
