// SPDX-License-Identifier: GPL-2.0-only
#include "measure/params.h"

#include <inttypes.h>
#include <stdlib.h>

#include "cli/options.h"
#include "device/domain_type.h"
#include "device/group.h"
#include "run/link.h"
#include "text/json.h"
#include "text/parse.h"

static json_t *describe_cell(const struct placement_cell *cell)
{
	json_t *j = xjson(json_object());

	xjson_put(j, "cpu_node", xjson(json_integer(cell->cpu_node)));
	xjson_put(j, "memory_node", xjson(json_integer(cell->memory_node)));
	xjson_put(j, "device_node",
		  cell->device_node < 0 ? json_null() : xjson(json_integer(cell->device_node)));
	return j;
}

void params_put_threads(json_t *params, const struct session *s)
{
	json_t *cpus = xjson(json_array());
	unsigned int i;

	for (i = 0; i < s->placement.nr; i++)
		xjson_add(cpus, xjson(json_integer(s->placement.cpus[i])));
	json_put_number(params, "threads", s->o.threads);
	xjson_put(params, "cpus", cpus);
	json_put_text(params, "placement", s->placement.how);
	xjson_put(params, "memory_policy", memory_policy_describe(&s->o.memory));
	if (s->o.background.text)
		json_put_text(params, "background", s->o.background.text);
	if (s->o.cell.given)
		xjson_put(params, "placement_matrix", describe_cell(&s->o.cell));
}

void params_put_length(json_t *params, const struct session *s)
{
	json_put_number(params, "duration_ns", s->o.duration_ns);
	json_put_number(params, "count", s->o.count);
	json_put_number(params, "warmup_ns", s->o.warmup_ns);
	json_put_number(params, "repeat", s->o.repeat);
	json_put_number(params, "interval_ns", s->o.interval_ns);
	xjson_put(params, "rate_per_s", xjson(json_real((double)s->o.rate_mhz / 1000)));
	json_put_number(params, "seed", s->o.seed);
}

void params_put_device(json_t *params, const struct session *s)
{
	json_put_text(params, "engine", s->o.engine);
	if (s->o.domain_type >= 0)
		json_put_text(params, "domain_type",
			      choice_word(domain_type_choices, s->o.domain_type));
	else
		xjson_put(params, "domain_type", json_null());
	json_put_text(params, "transport", run_transport(&s->link));
}

void params_put_placement(struct result *r, const struct session *s, unsigned int threads)
{
	const struct placement *p = &s->placement;

	if (s->memory.nr)
		xjson_put(result_json(r), "memory", memory_report_describe(&s->memory));
	if (p->shared_cores)
		result_add_warning(r, "CPUs %u and %u are siblings of one core, which their threads share: fewer threads or other CPUs avoid that",
				   p->siblings[0], p->siblings[1]);
	if (p->node_unknown)
		result_add_warning(r, "the firmware does not say which node the device belongs to, or one that is not there: CPUs were taken without regard to it, give --cpus node:N");
	if (p->barred)
		result_add_warning(r, "this process may use none of the CPUs that are nearest to the device, so others were taken: let its cpuset and affinity have those, or give --cpus");
	background_report(s->background, r);
	if (s->watch) {
		placement_watch_end(s->watch, r);
		placement_watch_begin(s->watch);
	}
	if (threads > p->nr)
		result_add_warning(r, "%u threads share %u CPU%s: latencies include waiting for a CPU",
				   threads, p->nr, p->nr == 1 ? "" : "s");
}

void params_put_group(struct result *r, const struct session *s)
{
	const struct device *d = &s->device;
	struct group_others others;
	char *text;

	group_others_read(&others, d);
	text = group_others_text(&others);
	if (text)
		result_add_warning(r, "device %s shares IOMMU group %d and its domain with %s: what these do shows in the figures",
				   d->name, d->group, text);
	free(text);
	group_others_free(&others);
}

/* Accesses that were refused as they should be, by what the engine or its data show. */
static uint64_t count_refused(const struct totals *t)
{
	static const enum iommubench_check_id refusals[] = {
		IOMMUBENCH_CHECK_READ_REFUSED, IOMMUBENCH_CHECK_WRITE_REFUSED,
		IOMMUBENCH_CHECK_READ_DENIED, IOMMUBENCH_CHECK_WRITE_DENIED,
		IOMMUBENCH_CHECK_STALE_ACCESS, IOMMUBENCH_CHECK_REFUSED_IN_TIME,
	};
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		sum += t->checks[refusals[i]].count - t->checks[refusals[i]].failures;
	return sum;
}

void params_put_faults(struct result *r, const struct session *s, const struct totals *t)
{
	/* A device that asks first makes no such access, and to ask is no fault. */
	bool asks = s->device.info.features & IOMMUBENCH_FEATURE_ATS;
	uint64_t refused = count_refused(t);
	const struct fault_reports *said;
	json_t *j;

	if (!s->faults || !refused)
		return;
	said = fault_log_read(s->faults, !asks);
	j = xjson(json_object());
	json_put_number(j, "refused", refused);
	json_put_number(j, "of_device", said->of_device);
	json_put_number(j, "of_unknown", said->of_unknown);
	json_put_number(j, "of_others", said->of_others);
	xjson_put(j, "limited", xjson(json_boolean(said->limited)));
	xjson_put(result_json(r), "fault_reports", j);
	if (!asks && !said->of_device && !said->of_unknown && !said->limited)
		result_add_warning(r, "%" PRIu64 " accesses of %s count as refused, but the IOMMU's driver reports none of them in the kernel's log: by the engine alone it is not certain that they were made",
				   refused, s->device.name);
}
