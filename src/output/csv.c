// SPDX-License-Identifier: GPL-2.0-only
/*
 * A result as lines of CSV.
 */
#include "output/csv.h"

#include <math.h>
#include <string.h>

#include "base/stats.h"
#include "counters/print.h"
#include "result/read.h"
#include "text/csv.h"

/* Columns; those of a phase begin with '*'. */
static const struct {
	const char *name;
	const char *path;
} csv_columns[] = {
	{ "subcommand", "tool.subcommand" },
	{ "time", "time" },
	{ "kernel", "machine.kernel" },
	{ "virtual", "machine.virtual" },
	{ "complete", "complete" },
	{ "api", "params.api" },
	{ "size_bytes", "params.size_bytes" },
	{ "threads", "params.threads" },
	{ "domain_type", "machine.iommu.domain_type" },
	{ "phase", "*name" },
	{ "batch", "*histogram.batch" },
	{ "samples", "*latency_ns.count" },
	{ "min_ns", "*latency_ns.min" },
	{ "mean_ns", "*latency_ns.mean" },
	{ "stddev_ns", "*latency_ns.stddev" },
	{ "p50_ns", "*latency_ns.p50" },
	{ "p90_ns", "*latency_ns.p90" },
	{ "p99_ns", "*latency_ns.p99" },
	{ "p99_9_ns", "*latency_ns.p99_9" },
	{ "p99_99_ns", "*latency_ns.p99_99" },
	{ "max_ns", "*latency_ns.max" },
	{ "ops", "throughput.ops" },
	{ "seconds", "throughput.seconds" },
	{ "ops_per_s", "throughput.ops_per_s" },
	{ "overhead_ns", "harness.overhead_ns" },
	{ "strategy", "params.strategy" },
	{ "range_bytes", "params.range_bytes" },
	{ "domains", "params.domains" },
	{ "queue_depth", "params.queue_depth" },
	{ "bytes_per_s", "io.bytes_per_s" },
	{ "cpu_ns_per_op", "io.cpu_ns_per_op" },
	{ "device", "machine.device.name" },
	{ "offered", "throughput.offered" },
	{ "begun", "throughput.begun" },
};

#define CSV_COLUMNS	(sizeof(csv_columns) / sizeof(csv_columns[0]))

void result_csv_header(FILE *out)
{
	size_t i;

	for (i = 0; i < CSV_COLUMNS; i++)
		fprintf(out, "%s%s", i ? "," : "", csv_columns[i].name);
	fputs(",checks,check_failures,counters\n", out);
}

/* Nothing for a percentile that the samples do not tell, whatever an older result has there. */
static void put_of_phase(const json_t *phase, const char *path, FILE *out)
{
	static const char latency[] = "latency_ns.";
	const char *key = path + strlen(latency);

	if (strncmp(path, latency, strlen(latency)) || !stats_ppm(key) ||
	    !isnan(result_latency(json_object_get(phase, "latency_ns"), key)))
		csv_value(result_get(phase, path), out);
}

void result_csv_rows(const json_t *result, FILE *out)
{
	json_int_t checks = 0, failures = 0;
	char *counters = counters_line(json_object_get(result, "counters"));
	json_t *phase, *check;
	size_t i, j;

	json_array_foreach(json_object_get(result, "checks"), i, check) {
		checks += json_integer_value(json_object_get(check, "count"));
		failures += json_integer_value(json_object_get(check, "failures"));
	}
	json_array_foreach(json_object_get(result, "phases"), i, phase) {
		for (j = 0; j < CSV_COLUMNS; j++) {
			const char *path = csv_columns[j].path;

			if (j)
				fputc(',', out);
			if (*path == '*')
				put_of_phase(phase, path + 1, out);
			else
				csv_value(result_get(result, path), out);
		}
		fprintf(out, ",%" JSON_INTEGER_FORMAT ",%" JSON_INTEGER_FORMAT ",", checks,
			failures);
		csv_text(out, counters);
		fputc('\n', out);
	}
	free(counters);
}
