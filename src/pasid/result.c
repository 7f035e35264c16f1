// SPDX-License-Identifier: GPL-2.0-only
#include "pasid/result.h"

#include <inttypes.h>
#include <stdio.h>

#include "device/machine.h"
#include "measure/params.h"
#include "pasid/commands.h"
#include "pasid/plan.h"
#include "run/area.h"
#include "text/json.h"
#include "text/parse.h"

const struct choice churn_kind_choices[] = {
	{ "sva", IOMMUBENCH_PASID_SVA },
	{ "domain", IOMMUBENCH_PASID_DOMAIN },
	{ NULL },
};

const struct choice churn_bind_choices[] = {
	{ "fresh", false },
	{ "shared", true },
	{ NULL },
};

const struct choice churn_use_choices[] = {
	{ "none", CHURN_USE_NONE },
	{ "read", CHURN_USE_READ },
	{ "live", CHURN_USE_LIVE },
	{ NULL },
};

/* What is told of counts. */
#define COUNTS	(RESULT_MIN | RESULT_MEAN | RESULT_P50 | RESULT_P99 | RESULT_MAX)

static const struct {
	const char *name;
	bool ticks;
} phases[] = {
	[CHURN_BIND] = { "bind", true },
	[CHURN_FIRST_USE] = { "first_use", false },
	[CHURN_UNBIND] = { "unbind", true },
	[CHURN_EXPOSURE] = { "exposure", true },
};

static double ns_per_tick(const struct session *s)
{
	return 1e9 / (double)s->device.info.clock_hz;
}

static json_t *describe_params(const struct churn_point *p)
{
	const struct churn_plan *plan = p->plan;
	json_t *j = xjson(json_object());

	json_put_text(j, "kind", choice_word(churn_kind_choices, (int)plan->kind));
	json_put_text(j, "bind", choice_word(churn_bind_choices, plan->shared));
	json_put_text(j, "use", choice_word(churn_use_choices, (int)plan->use));
	json_put_number(j, "processes", plan->processes);
	params_put_threads(j, p->s);
	json_put_number(j, "live", p->live);
	json_put_number(j, "max_pasids", p->max_pasids);
	json_put_number(j, "reuse_distance", plan->reuse);
	xjson_put(j, "kill_rate_per_s", xjson(json_real((double)plan->kill_mhz / 1000)));
	json_put_number(j, "exposure_run_ns", p->exposure_ns);
	params_put_length(j, p->s);
	params_put_device(j, p->s);
	return j;
}

/* Where exposure was measured: in a run of its own, or all the time. */
static const struct churn_outcome *exposure_of(const struct churn_point *p)
{
	if (p->exposed && p->exposure.phases[CHURN_EXPOSURE].count)
		return &p->exposure;
	return p->cost.phases[CHURN_EXPOSURE].count ? &p->cost : NULL;
}

static json_t *describe_exposure(const struct churn_point *p)
{
	const struct churn_outcome *o = exposure_of(p);
	json_t *j = xjson(json_object());

	xjson_put(j, "measured", xjson(json_boolean(o)));
	if (!o) {
		xjson_put(j, "reason", xjson_text(p->why_not ? p->why_not :
						  "the run ended before"));
		return j;
	}
	xjson_put(j, "error_ns", xjson(json_real((double)o->error_ticks * ns_per_tick(p->s))));
	xjson_put(j, "unbinds", xjson(json_integer((json_int_t)o->phases[CHURN_EXPOSURE].count)));
	xjson_put(j, "exposed_unbinds",
		  xjson(json_integer((json_int_t)(o->phases[CHURN_EXPOSURE].count -
						  o->phases[CHURN_EXPOSURE].buckets[0]))));
	xjson_put(j, "accesses", result_stats(&o->phases[CHURN_ACCESSES], 1, COUNTS));
	return j;
}

static const char *end_words(const struct churn_outcome *o, char *buf, size_t n)
{
	snprintf(buf, n, "%s%s%s", run_end_word(o->end), *o->message ? ": " : "", o->message);
	return buf;
}

static json_t *describe_thread(const struct churn_thread *t)
{
	double seconds = (double)t->ns / 1e9;
	json_t *j = xjson(json_object());

	xjson_put(j, "cpu", xjson(json_integer(t->cpu)));
	xjson_put(j, "ops", xjson(json_integer((json_int_t)t->ops)));
	xjson_put(j, "seconds", xjson(json_real(seconds)));
	xjson_put(j, "ops_per_s", xjson(json_real(seconds > 0 ? (double)t->ops / seconds : 0)));
	xjson_put(j, "late", xjson(json_integer(0)));
	xjson_put(j, "migrations", xjson(json_integer(0)));
	return j;
}

static void add_warnings(struct result *r, const struct churn_point *p)
{
	params_put_placement(r, p->s, p->plan->processes * p->plan->threads);
	if (p->cost.retries)
		result_add_warning(r, "%" PRIu64 " binds had to wait for a PASID of a process that had ended",
				   p->cost.retries);
	if (p->cost.phases[CHURN_FIRST_USE].count && !p->cost.phases[CHURN_FIRST_USE].max)
		result_add_warning(r, "the device's clock shows no time for any first use: it is too coarse, or that of a model without latencies");
	if (!p->cost.refused && !p->cost.got_through)
		result_add_warning(r, "nothing tried to use a PASID after its unbind, so that was not checked");
}

void churn_result_harness(struct result *r, const struct session *s)
{
	json_t *harness = xjson(json_object());
	struct iommubench_pasid_info info;
	double tick = ns_per_tick(s);

	if (pasid_info(s->device.fd, &info))
		info = (struct iommubench_pasid_info){ 0 };
	xjson_put(harness, "resolution_ns",
		  xjson(json_real((double)info.resolution_ticks * tick)));
	result_set_harness(r, (double)info.overhead_ticks * tick, 1, harness);
}

static void set_clock(json_t *machine, const struct session *s)
{
	struct iommubench_pasid_info info;

	if (!pasid_info(s->device.fd, &info) && info.resolution_ticks)
		machine_set_resolution(machine, (double)info.resolution_ticks * ns_per_tick(s));
}

struct result *churn_result(const struct churn_point *p)
{
	json_t *machine = machine_describe(&p->s->device), *churn = xjson(json_object());
	const struct churn_outcome *o = &p->cost, *e = exposure_of(p);
	struct result *r = result_new("pasid");
	char why[IOMMUBENCH_MESSAGE_BYTES + 32];
	uint64_t got_through = o->got_through, refused = o->refused;
	unsigned int i;

	set_clock(machine, p->s);
	result_set_machine(r, machine);
	result_set_params(r, describe_params(p));
	for (i = CHURN_BIND; i <= CHURN_UNBIND; i++)
		if (i != CHURN_FIRST_USE || o->phases[i].count)
			result_add_phase(r, phases[i].name, &o->phases[i],
					 phases[i].ticks ? ns_per_tick(p->s) : 1, 1);
	if (e)
		result_add_phase(r, phases[CHURN_EXPOSURE].name, &e->phases[CHURN_EXPOSURE],
				 ns_per_tick(p->s), 1);
	for (i = 0; i < o->nr_threads; i++)
		result_add_thread(r, describe_thread(&o->threads[i]));
	result_set_throughput(r, o->ops, (double)o->ns / 1e9);
	churn_result_harness(r, p->s);
	xjson_put(result_json(r), "exposure", describe_exposure(p));
	xjson_put(churn, "processes", xjson(json_integer((json_int_t)o->processes)));
	xjson_put(churn, "kills", xjson(json_integer((json_int_t)o->kills)));
	xjson_put(churn, "retries", xjson(json_integer((json_int_t)o->retries)));
	xjson_put(churn, "reuse_distance", result_stats(&o->phases[CHURN_REUSE], 1, COUNTS));
	xjson_put(result_json(r), "churn", churn);
	if (p->exposed) {
		refused += p->exposure.refused;
		got_through += p->exposure.got_through;
	}
	result_add_check(r, "old_pasid_refused", refused + got_through, got_through);
	result_add_check(r, "right_address_space", o->right_space + o->wrong_space,
			 o->wrong_space);
	pasid_leak_report(&p->leaks, r);
	add_warnings(r, p);
	result_set_complete(r, run_ended_well(o->end), end_words(o, why, sizeof(why)));
	return r;
}
