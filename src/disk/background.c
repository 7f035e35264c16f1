// SPDX-License-Identifier: GPL-2.0-only
#include "disk/background.h"

#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "device/block.h"
#include "device/domain_type.h"
#include "disk/background_spec.h"
#include "disk/describe.h"
#include "disk/load.h"
#include "run/area.h"
#include "text/json.h"
#include "text/parse.h"

/**
 * struct background - a load at work
 * @block: the disk
 * @job: what is done to it
 * @user: who else uses it, "" when nobody does
 * @apart: no CPU is measured that it may run on
 * @load: its threads; NULL when they could not be started again
 * @why: why not
 */
struct background {
	struct block block;
	struct io_job job;
	char user[160];
	bool apart;
	struct io_load *load;
	struct error why;
};

static bool is_apart(const struct placement *p)
{
	unsigned int i;
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		return false;
	for (i = 0; i < p->nr; i++)
		if (p->cpus[i] < CPU_SETSIZE && CPU_ISSET(p->cpus[i], &set))
			return false;
	return true;
}

static int check(const struct background *b)
{
	const struct io_job *job = &b->job;

	if (job->bytes % b->block.logical_bytes)
		return error_fail(EXIT_USAGE, "--background: size %u is not a multiple of %u bytes, a block of %s",
				  job->bytes, b->block.logical_bytes, b->block.name);
	if (job->span > b->block.bytes || job->span / job->bytes < job->threads)
		return error_fail(EXIT_USAGE, "--background: %s is too small for that span, or for a request of each thread",
				  b->block.name);
	return EXIT_DONE;
}

int background_start(struct background **to, const struct background_spec *spec,
		     const struct placement *apart)
{
	struct background *b;
	int ret;

	*to = NULL;
	if (!spec->text)
		return EXIT_DONE;
	b = xcalloc(1, sizeof(*b));
	*to = b;
	b->job.fd = -1;
	ret = block_find(&b->block, *spec->device ? spec->device : NULL);
	if (ret)
		return ret;
	b->job = (struct io_job){
		.fd = block_open(&b->block, false, b->user, sizeof(b->user)),
		.span = spec->span ? spec->span : b->block.bytes,
		.bytes = spec->bytes,
		.depth = spec->depth,
		.random = spec->random,
		.threads = spec->threads,
		.rate_mhz = spec->rate_mhz,
		.seed = 1,
	};
	if (b->job.fd < 0)
		return EXIT_UNABLE;
	ret = check(b);
	if (ret)
		return ret;
	b->apart = is_apart(apart);
	disk_describe(&b->block.device, b->block.driver);
	b->load = io_start(&b->job, &b->why);
	return b->load ? EXIT_DONE : error_fail(EXIT_UNABLE, "--background: %s", b->why.text);
}

static json_t *describe(const struct background *b, const struct io_outcome *o)
{
	double seconds = (double)run_ticks(&o->run) / 1e9;
	uint64_t ops = run_total_ops(&o->run), late = 0;
	json_t *j = xjson(json_object());
	unsigned int i;

	for (i = 0; i < o->run.nr_threads; i++)
		late += o->run.threads[i].late;
	json_put_text(j, "kind", "io");
	json_put_text(j, "block_device", b->block.name);
	json_put_text(j, "device", b->block.device.name);
	json_put_text(j, "domain_type", b->block.device.group < 0 ? "none" :
		    choice_word(domain_type_choices, (int)b->block.device.info.domain_type));
	json_put_text(j, "access", disk_access_word(&b->job));
	json_put_text(j, "pattern", b->job.random ? "random" : "sequential");
	json_put_number(j, "size_bytes", b->job.bytes);
	json_put_number(j, "queue_depth", b->job.depth);
	json_put_number(j, "threads", b->job.threads);
	xjson_put(j, "rate_per_s", xjson(json_real((double)b->job.rate_mhz / 1000)));
	json_put_number(j, "late", late);
	xjson_put(j, "apart", xjson(json_boolean(b->apart)));
	xjson_put(j, "seconds", xjson(json_real(seconds)));
	json_put_number(j, "ops", ops);
	xjson_put(j, "ops_per_s", xjson(json_real(seconds > 0 ? (double)ops / seconds : 0)));
	xjson_put(j, "bytes_per_s",
		  xjson(json_real(seconds > 0 ? (double)o->bytes / seconds : 0)));
	xjson_put(j, "latency_ns", result_stats(&o->run.phases[IO_READ], 1, RESULT_COUNT |
						     RESULT_MIN | RESULT_MEAN | RESULT_P50 |
						     RESULT_P99 | RESULT_P99_9 | RESULT_MAX));
	return j;
}

void background_report(struct background *b, struct result *r)
{
	struct io_outcome o;

	if (!b)
		return;
	if (!b->load) {
		result_add_warning(r, "there was no background load: %s", b->why.text);
		return;
	}
	io_stop(b->load);
	io_finish(b->load, &o);
	xjson_put(result_json(r), "background", describe(b, &o));
	if (o.run.end == IOMMUBENCH_END_ERROR)
		result_add_warning(r, "the background load ended early: %s", o.run.message);
	if (!b->apart)
		result_add_warning(r, "the background load shares CPUs with what is measured: there is no other CPU");
	if (*b->user)
		result_add_warning(r, "the background load's disk %s is in use: %s", b->block.name,
				   b->user);
	io_outcome_free(&o);
	b->load = io_start(&b->job, &b->why);
}

void background_stop(struct background *b)
{
	struct io_outcome o;

	if (!b)
		return;
	if (b->load) {
		io_stop(b->load);
		io_finish(b->load, &o);
		io_outcome_free(&o);
	}
	if (b->job.fd >= 0)
		close(b->job.fd);
	free(b);
}
