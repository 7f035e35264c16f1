// SPDX-License-Identifier: GPL-2.0-only
#include "disk/background.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "cli/options.h"
#include "device/block.h"
#include "disk/load.h"
#include "io/result.h"
#include "measure/params.h"

#define MAX_THREADS	256
/* Memory for all buffers together. */
#define MAX_BUFFER_BYTES	1073741824ULL

#define EXPECTED	"expected io or io:KEY=VALUE,... with device, size, depth, threads, pattern, span or rate"

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

enum key {
	KEY_DEVICE,
	KEY_SIZE,
	KEY_DEPTH,
	KEY_THREADS,
	KEY_PATTERN,
	KEY_SPAN,
	KEY_RATE,
};

static const struct choice key_choices[] = {
	{ "device", KEY_DEVICE },
	{ "size", KEY_SIZE },
	{ "depth", KEY_DEPTH },
	{ "threads", KEY_THREADS },
	{ "pattern", KEY_PATTERN },
	{ "span", KEY_SPAN },
	{ "rate", KEY_RATE },
	{ NULL },
};

static const struct choice pattern_choices[] = {
	{ "random", 1 },
	{ "sequential", 0 },
	{ NULL },
};

static int take(struct background_spec *spec, int key, const char *value, struct error *e)
{
	uint64_t number;
	int word;

	switch (key) {
	case KEY_DEVICE:
		if (!*value || strlen(value) >= sizeof(spec->device))
			return error_set(e, "device=%s is not the name of a block device", value);
		snprintf(spec->device, sizeof(spec->device), "%s", value);
		return 0;
	case KEY_SIZE:
		if (parse_size(value, &number, e))
			return -1;
		if (!number || number % 512 || number > IO_MAX_BYTES)
			return error_set(e, "size=%s is not a multiple of 512 up to 64M", value);
		spec->bytes = (uint32_t)number;
		return 0;
	case KEY_DEPTH:
		if (parse_number(value, 1, IO_MAX_DEPTH, &number, e))
			return -1;
		spec->depth = (unsigned int)number;
		return 0;
	case KEY_THREADS:
		if (parse_number(value, 1, MAX_THREADS, &number, e))
			return -1;
		spec->threads = (unsigned int)number;
		return 0;
	case KEY_PATTERN:
		if (parse_choice(value, pattern_choices, &word, e))
			return -1;
		spec->random = word;
		return 0;
	case KEY_RATE:
		if (parse_rate(value, &spec->rate_mhz, e))
			return -1;
		return spec->rate_mhz ? 0 : error_set(e, "rate=%s would never do anything", value);
	default:
		if (parse_size(value, &spec->span, e))
			return -1;
		return spec->span ? 0 : error_set(e, "span=%s is too small", value);
	}
}

static int take_item(struct background_spec *spec, char *item, struct error *e)
{
	char *equals = strchr(item, '=');
	int key;

	if (!equals)
		return error_set(e, "'%s' has no value, " EXPECTED, item);
	*equals = '\0';
	if (parse_choice(item, key_choices, &key, e))
		return -1;
	return take(spec, key, equals + 1, e);
}

int background_parse(const char *text, struct background_spec *spec, struct error *e)
{
	char *copy = xstrdup(text), *rest = copy, *item;
	int ret = 0;

	*spec = (struct background_spec){
		.text = text, .bytes = 4096, .depth = 8, .threads = 1, .random = true,
	};
	item = strsep(&rest, ":");
	if (strcmp(item, "io"))
		ret = error_set(e, "'%s' is no kind of load, " EXPECTED, text);
	while (!ret && rest && (item = strsep(&rest, ",")))
		ret = take_item(spec, item, e);
	if (!ret && (uint64_t)spec->bytes * spec->depth > MAX_BUFFER_BYTES / spec->threads)
		ret = error_set(e, "'%s' would take more than 1G for buffers", text);
	free(copy);
	return ret;
}

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
		return fail(EXIT_USAGE, "--background: size %u is not a multiple of %u bytes, a block of %s",
			    job->bytes, b->block.logical_bytes, b->block.name);
	if (job->span > b->block.bytes || job->span / job->bytes < job->threads)
		return fail(EXIT_USAGE, "--background: %s is too small for that span, or for a request of each thread",
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
	io_describe_device(&b->block.device, b->block.driver);
	b->load = io_start(&b->job, &b->why);
	return b->load ? EXIT_DONE : fail(EXIT_UNABLE, "--background: %s", b->why.text);
}

static json_t *describe(const struct background *b, const struct io_outcome *o)
{
	double seconds = (double)run_ticks(&o->run) / 1e9;
	uint64_t ops = run_total_ops(&o->run), late = 0;
	json_t *j = xjson(json_object());
	unsigned int i;

	for (i = 0; i < o->run.nr_threads; i++)
		late += o->run.threads[i].late;
	params_text(j, "kind", "io");
	params_text(j, "block_device", b->block.name);
	params_text(j, "device", b->block.device.name);
	params_text(j, "domain_type", b->block.device.group < 0 ? "none" :
		    choice_word(domain_type_choices, (int)b->block.device.info.domain_type));
	params_text(j, "access", io_access_word(&b->job));
	params_text(j, "pattern", b->job.random ? "random" : "sequential");
	params_number(j, "size_bytes", b->job.bytes);
	params_number(j, "queue_depth", b->job.depth);
	params_number(j, "threads", b->job.threads);
	xjson_put(j, "rate_per_s", xjson(json_real((double)b->job.rate_mhz / 1000)));
	params_number(j, "late", late);
	xjson_put(j, "apart", xjson(json_boolean(b->apart)));
	xjson_put(j, "seconds", xjson(json_real(seconds)));
	params_number(j, "ops", ops);
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
