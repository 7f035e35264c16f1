// SPDX-License-Identifier: GPL-2.0-only
#include "io/view/summary.h"

#include <stdbool.h>
#include <string.h>

#include "base/xalloc.h"
#include "output/summary.h"
#include "result/read.h"
#include "result/words.h"
#include "text/json.h"
#include "text/terminal.h"
#include "text/units.h"

/* Such as "random read of 4 KiB, polled". */
static char *describe_access(const json_t *result, bool size)
{
	const char *access = result_text(result, "params.access");
	double percent = result_number(result, "params.write_percent");
	char *share = strcmp(access, "mixed") ? xstrdup(access) :
		      xasprintf("read and %.0f %% write", percent);
	char *of = size ? xasprintf(" of %s", units_size((uint64_t)
				    result_number(result, "params.size_bytes")).text) : xstrdup("");
	char *text = xasprintf("%s %s%s%s%s", result_text(result, "params.pattern"), share, of,
			       json_is_true(result_get(result, "params.fixed_buffers")) ?
			       ", registered buffers" : "",
			       json_is_true(result_get(result, "params.polled")) ? ", polled" : "");

	free(share);
	free(of);
	return text;
}

char *io_summary_params(const json_t *result)
{
	double threads = result_number(result, "params.threads");
	char *access = describe_access(result, true), *text;

	text = xasprintf("%s, %s, queue depth %.0f, %.0f thread%s", words_domain(result), access,
			 result_number(result, "params.queue_depth"), threads,
			 threads > 1 ? "s" : "");
	free(access);
	return text;
}

static struct units time_or_none(const json_t *value)
{
	struct units none = { "-" };

	return json_is_number(value) ? units_time(json_number_value(value)) : none;
}

void io_summary_print(const json_t *result, FILE *out)
{
	fprintf(out, "disk        %s, %s, %sB/s\n", result_text(result, "io.disk.name"),
		*result_text(result, "io.disk.model") ? result_text(result, "io.disk.model") :
		"no model known", units_rate(result_number(result, "io.bytes_per_s")).text);
	fprintf(out, "CPU         %s a request over all %.0f CPUs, with interrupts; ",
		time_or_none(result_get(result, "io.cpu.busy_ns_per_op")).text,
		result_number(result, "io.cpu.cpus"));
	fprintf(out, "%s of it in the threads\n",
		time_or_none(result_get(result, "io.cpu.thread_ns_per_op")).text);
	fputc('\n', out);
}

/* A column is left out when all rows have the same there and the heading can say it. */
struct columns {
	bool size;
	bool depth;
	bool phase;
};

static bool differ(json_t *const *results, size_t n, const char *path)
{
	size_t i;

	for (i = 1; i < n; i++)
		if (!json_equal(result_get(results[0], path), result_get(results[i], path)))
			return true;
	return false;
}

static void print_heading(const json_t *first, const struct columns *c, FILE *out)
{
	double threads = result_number(first, "params.threads");
	struct terminal_style style = terminal_of(out);
	char *access = describe_access(first, !c->size);

	fprintf(out, "%sio%s: %s", terminal_on(style, "1"), terminal_off(style), access);
	free(access);
	if (!c->depth)
		fprintf(out, ", queue depth %.0f", result_number(first, "params.queue_depth"));
	fprintf(out, ", %.0f thread%s\n  kernel %s, IOMMU %s, %s (%s, device %s)\n", threads,
		threads > 1 ? "s" : "", result_text(first, "machine.kernel"),
		result_text(first, "machine.iommu.kind"), result_text(first, "io.disk.name"),
		*result_text(first, "io.disk.model") ? result_text(first, "io.disk.model") :
		"no model known", result_text(first, "machine.device.name"));
	if (json_is_true(result_get(first, "machine.virtual")))
		fprintf(out, "  %s%s%s\n", terminal_on(style, "33"), VIRTUAL_NOTICE,
			terminal_off(style));
}

static void print_row(const json_t *result, const json_t *phase, const struct columns *c,
		      FILE *out)
{
	static const char *const keys[] = { "p50", "p99", "p99_9", "max" };
	const json_t *latency = result_get(phase, "latency_ns");
	char *runs;
	size_t i;

	fprintf(out, "%-10s", words_domain(result));
	if (c->size)
		fprintf(out, " %8s",
			units_size((uint64_t)result_number(result, "params.size_bytes")).text);
	if (c->depth)
		fprintf(out, " %5.0f", result_number(result, "params.queue_depth"));
	if (c->phase)
		fprintf(out, " %-6s", result_text(phase, "name"));
	fprintf(out, " %9s", units_rate(result_number(result, "throughput.ops_per_s")).text);
	fprintf(out, " %9s", units_rate(result_number(result, "io.bytes_per_s")).text);
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		fprintf(out, " %8s", phase ? units_time(result_latency(latency, keys[i])).text : "-");
	fprintf(out, " %9s", time_or_none(result_get(result, "io.cpu.busy_ns_per_op")).text);
	fprintf(out, " %9s", time_or_none(result_get(result, "io.cpu.thread_ns_per_op")).text);
	runs = words_runs(result);
	if (*runs)
		fprintf(out, "  %s", runs);
	free(runs);
	if (!json_is_true(result_get(result, "complete")))
		fputs("  INCOMPLETE", out);
	fputc('\n', out);
}

/* Prints the warnings of all results, each once. */
static void print_warnings(json_t *const *results, size_t n, FILE *out)
{
	struct terminal_style style = terminal_of(out);
	json_t *told = xjson(json_object()), *warning;
	size_t i, k;

	for (i = 0; i < n; i++)
		json_array_foreach(result_get(results[i], "warnings"), k, warning) {
			const char *text = json_string_value(warning);
			/* Figures in it differ from row to row: the words before them tell it. */
			char *begin = xcheck(strndup(text, strcspn(text, "0123456789")));
			bool known = json_object_get(told, begin);

			xjson_put(told, begin, json_true());
			free(begin);
			if (!known)
				fprintf(out, "%swarning%s     %s\n", terminal_on(style, "33"),
					terminal_off(style), text);
		}
	json_decref(told);
}

void io_table_print(json_t *const *results, size_t n, FILE *out)
{
	struct terminal_style style = terminal_of(out);
	struct columns c = {
		.size = differ(results, n, "params.size_bytes"),
		.depth = differ(results, n, "params.queue_depth"),
	};
	json_t *phase;
	size_t i, k;

	for (i = 0; i < n; i++)
		c.phase = c.phase || json_array_size(result_get(results[i], "phases")) > 1;
	print_heading(results[0], &c, out);
	fprintf(out, "\n%s%-10s", terminal_on(style, "1"), "domain");
	if (c.size)
		fprintf(out, " %8s", "size");
	if (c.depth)
		fprintf(out, " %5s", "depth");
	if (c.phase)
		fprintf(out, " %-6s", "access");
	fprintf(out, " %9s %9s %8s %8s %8s %8s %9s %9s%s\n", "IOPS", "bytes/s", "p50", "p99",
		"p99.9", "max", "CPU/IO", "in thread", terminal_off(style));
	for (i = 0; i < n; i++) {
		if (!json_array_size(result_get(results[i], "phases")))
			print_row(results[i], NULL, &c, out);
		json_array_foreach(result_get(results[i], "phases"), k, phase)
			print_row(results[i], phase, &c, out);
	}
	fputs("CPU/IO: busy time of all CPUs for a request, with interrupts; in thread: the part that the threads' own time has\n",
	      out);
	print_warnings(results, n, out);
}
