// SPDX-License-Identifier: GPL-2.0-only
#include "io/result.h"

#include <string.h>

#include "base/sysfs.h"
#include "device/domain_type.h"
#include "device/machine.h"
#include "disk/describe.h"
#include "measure/params.h"
#include "result/read.h"
#include "run/area.h"
#include "text/json.h"
#include "text/parse.h"

/* Of the CPU time of a request, what is uncertain and yet needs no words. */
#define FAIR_SHARE	0.1

const char *const io_phase_names[IO_PHASES] = {
	[IO_READ] = "read",
	[IO_WRITE] = "write",
	[IO_DIRECTIONS + IO_READ] = "read_service",
	[IO_DIRECTIONS + IO_WRITE] = "write_service",
};

void io_sums_add(struct io_sums *sums, const struct io_outcome *o)
{
	sums->ops += run_total_ops(&o->run);
	sums->bytes += o->bytes;
	sums->failed += o->failed;
	sums->cpu.busy_ns += o->cpu.busy_ns;
	sums->cpu.thread_ns += o->cpu.thread_ns;
	sums->cpu.resolution_ns += o->cpu.resolution_ns;
	sums->cpu.cpus = o->cpu.cpus;
}

/* Whole requests, as many for each thread where each has its own part. */
static uint64_t used_span(const struct io_job *job)
{
	uint64_t blocks = job->span / job->bytes;

	return (job->random ? blocks : blocks - blocks % job->threads) * job->bytes;
}

static json_t *describe_params(const struct session *s, const struct block *b,
			       const struct io_job *job, int domain_type)
{
	json_t *params = xjson(json_object());

	json_put_text(params, "block_device", b->name);
	json_put_text(params, "access", disk_access_word(job));
	json_put_text(params, "pattern", job->random ? "random" : "sequential");
	json_put_number(params, "write_percent", job->write_percent);
	json_put_number(params, "size_bytes", job->bytes);
	json_put_number(params, "queue_depth", job->depth);
	xjson_put(params, "fixed_buffers", xjson(json_boolean(job->fixed)));
	xjson_put(params, "polled", xjson(json_boolean(job->polled)));
	json_put_number(params, "span_bytes", job->span);
	json_put_number(params, "span_used_bytes", used_span(job));
	if (domain_type >= 0)
		json_put_text(params, "domain_type", choice_word(domain_type_choices, domain_type));
	else
		xjson_put(params, "domain_type", json_null());
	params_put_threads(params, s);
	params_put_length(params, s);
	return params;
}

static json_t *text_or_null(const char *s)
{
	return *s ? xjson_text(s) : json_null();
}

static json_t *describe_disk(const struct block *b)
{
	json_t *disk = xjson(json_object());
	char text[256], *end;

	json_put_text(disk, "name", b->name);
	sysfs_read(text, sizeof(text), "/sys/block/%s/device/model", b->name);
	/* Padded with blanks. */
	for (end = text + strlen(text); end > text && end[-1] == ' '; end--)
		end[-1] = '\0';
	xjson_put(disk, "model", text_or_null(text));
	xjson_put(disk, "driver", text_or_null(b->driver));
	json_put_number(disk, "bytes", b->bytes);
	json_put_number(disk, "logical_block_bytes", b->logical_bytes);
	sysfs_read(text, sizeof(text), "/sys/block/%s/queue/scheduler", b->name);
	xjson_put(disk, "scheduler", text_or_null(text));
	xjson_put(disk, "can_poll", xjson(json_boolean(b->can_poll)));
	return disk;
}

static json_t *real_or_null(double value, bool known)
{
	return known ? xjson(json_real(value)) : json_null();
}

static json_t *describe_cpu(const struct io_sums *sums)
{
	double ops = (double)sums->ops;
	json_t *cpu = xjson(json_object());
	bool known = sums->cpu.busy_ns > 0 && sums->ops;

	xjson_put(cpu, "busy_ns_per_op", real_or_null(known ? sums->cpu.busy_ns / ops : 0, known));
	xjson_put(cpu, "thread_ns_per_op",
		  real_or_null(sums->ops ? sums->cpu.thread_ns / ops : 0, sums->ops > 0));
	xjson_put(cpu, "resolution_ns_per_op",
		  real_or_null(sums->ops ? sums->cpu.resolution_ns / ops : 0, sums->ops > 0));
	json_put_number(cpu, "cpus", sums->cpu.cpus);
	json_put_text(cpu, "source",
		      "busy: time less idle time of all CPUs (/proc/stat), with interrupts and with whatever else ran; thread: CPU time of the threads that do the I/O");
	return cpu;
}

static json_t *describe_figures(const struct block *b, const struct io_sums *sums, double seconds)
{
	json_t *io = xjson(json_object()), *cpu = describe_cpu(sums);

	json_put_number(io, "bytes", sums->bytes);
	xjson_put(io, "bytes_per_s",
		  xjson(json_real(seconds > 0 ? (double)sums->bytes / seconds : 0)));
	xjson_put(io, "cpu_ns_per_op", json_incref(json_object_get(cpu, "busy_ns_per_op")));
	xjson_put(io, "cpu", cpu);
	xjson_put(io, "disk", describe_disk(b));
	return io;
}

static void warn(struct result *r, const struct block *b, const char *user,
		 const struct io_sums *sums)
{
	if (*user)
		result_add_warning(r, "%s is in use: %s; the I/O of others is in these figures",
				   b->name, user);
	if (*b->untranslated)
		result_add_warning(r, "no IOMMU translates for %s: %s", b->name, b->untranslated);
	if (!(sums->cpu.busy_ns > 0))
		result_add_warning(r, "the CPU time of a request is not known: /proc/stat tells no idle time");
	else if (sums->cpu.resolution_ns > sums->cpu.busy_ns * FAIR_SHARE)
		result_add_warning(r, "the CPU time of a request is uncertain by %.0f %%, because /proc/stat counts in steps: measure longer",
				   100 * sums->cpu.resolution_ns / sums->cpu.busy_ns);
}

struct result *io_report(const struct session *s, const struct block *b, const struct io_job *job,
			 int domain_type, const char *user, const struct totals *t,
			 const struct io_sums *sums)
{
	struct result *r = result_new("io");
	double seconds;

	result_set_params(r, describe_params(s, b, job, domain_type));
	totals_report(t, r, machine_describe(&s->device));
	totals_report_end(t, r);
	seconds = result_number(result_json(r), "throughput.seconds");
	xjson_put(result_json(r), "io", describe_figures(b, sums, seconds));
	result_add_check(r, "requests", sums->ops + sums->failed, sums->failed);
	params_put_placement(r, s, s->o.threads);
	params_put_group(r, s);
	totals_warn(t, r, true);
	warn(r, b, user, sums);
	return r;
}
