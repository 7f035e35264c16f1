// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a result of tlb-flush has beyond others, as a person reads it on a terminal.
 */
#include "flush/view/summary.h"

#include <stdbool.h>
#include <string.h>

#include "base/xalloc.h"
#include "result/read.h"
#include "text/units.h"

char *flush_summary_params(const json_t *result)
{
	double mappings = result_number(result, "params.mappings");
	double threads = result_number(result, "params.threads");
	const struct units size = units_size((uint64_t)result_number(result, "params.size_bytes"));
	const struct units range = units_size((uint64_t)result_number(result,
								       "params.range_bytes"));
	const char *domains = "";

	if (!strcmp(result_text(result, "params.domains"), "per-thread"))
		domains = ", a domain for each";
	if (mappings > 1)
		return xasprintf("%s, %s in %.0f mappings of %s, %.0f thread%s%s",
				 result_text(result, "params.strategy"), range.text, mappings,
				 size.text, threads, threads > 1 ? "s" : "", domains);
	return xasprintf("%s, one mapping of %s, %.0f thread%s%s",
			 result_text(result, "params.strategy"), size.text, threads,
			 threads > 1 ? "s" : "", domains);
}

/* The figures of a phase, NULL when it has no samples. */
static const json_t *latency_of(const json_t *result, const char *name)
{
	json_t *phase;
	size_t i;

	json_array_foreach(result_get(result, "phases"), i, phase)
		if (!strcmp(result_text(phase, "name"), name))
			return result_number(phase, "latency_ns.count") > 0 ?
			       result_get(phase, "latency_ns") : NULL;
	return NULL;
}

static struct units time_of(const json_t *result, const char *name, const char *key)
{
	const json_t *latency = latency_of(result, name);

	return units_time(latency ? result_latency(latency, key) : 0);
}

static bool was_measured(const json_t *result, const char *part, const char *title, FILE *out)
{
	const json_t *object = result_get(result, part);
	const char *reason = result_text(object, "reason");

	if (!object)
		return false;
	if (json_is_true(json_object_get(object, "measured")))
		return true;
	fprintf(out, "%-11s not measured: %s\n", title, *reason ? reason : "no reason given");
	return false;
}

static void print_exposure(const json_t *result, FILE *out)
{
	const json_t *e = result_get(result, "exposure");
	double load = result_number(e, "load_threads");

	if (!was_measured(result, "exposure", "exposure", out))
		return;
	fprintf(out, "exposure    in %.0f of %.0f rounds the device got through after unmap had returned",
		result_number(e, "exposed_rounds"), result_number(e, "rounds"));
	fprintf(out, "\n            p50 %s", time_of(result, "exposure", "p50").text);
	fprintf(out, ", p99 %s", time_of(result, "exposure", "p99").text);
	fprintf(out, ", longest %s", time_of(result, "exposure", "max").text);
	fprintf(out, "; at most %.0f accesses", result_number(e, "accesses.max"));
	fprintf(out, "\n            clocks agree within %s",
		units_time(result_number(e, "error_ns")).text);
	if (result_number(e, "interval_ns") > 0)
		fprintf(out, ", one access each %s",
			units_time(result_number(e, "interval_ns")).text);
	if (load > 0)
		fprintf(out, ", %.0f thread%s of load", load, load > 1 ? "s" : "");
	fputc('\n', out);
}

static void print_device(const json_t *result, FILE *out)
{
	static const struct {
		const char *phase;
		const char *name;
	} accesses[] = {
		{ "device_cold", "new mapping" },
		{ "device_warm", "once more" },
		{ "device_flushed", "another mapping after the flush" },
	};
	const char *comma = "device      p50 of an access: ";
	size_t i;

	if (!was_measured(result, "device", "device", out))
		return;
	for (i = 0; i < sizeof(accesses) / sizeof(accesses[0]); i++) {
		if (!latency_of(result, accesses[i].phase))
			continue;
		fprintf(out, "%s%s %s", comma, accesses[i].name,
			time_of(result, accesses[i].phase, "p50").text);
		comma = ", ";
	}
	fputc('\n', out);
}

void flush_summary_sends(const json_t *result, const char *before, FILE *out)
{
	static const struct {
		const char *key;
		const char *name;
	} counts[] = {
		{ "flushes_per_round", "flushes" },
		{ "commands_per_round", "commands" },
		{ "lists_per_round", "lists" },
		{ "syncs_per_round", "syncs" },
	};
	const json_t *c = result_get(result, "commands");
	bool any = false;
	size_t i;

	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		if (!json_is_number(json_object_get(c, counts[i].key)))
			continue;
		if (any)
			fputs(", ", out);
		else
			fprintf(out, "%sa round sends ", before);
		fprintf(out, "%.4g %s", result_number(c, counts[i].key), counts[i].name);
		any = true;
	}
}

static void print_commands(const json_t *result, FILE *out)
{
	const json_t *c = result_get(result, "commands");

	if (!was_measured(result, "commands", "commands", out))
		return;
	flush_summary_sends(result, "commands    ", out);
	if (json_is_number(json_object_get(c, "commands_per_list_max")))
		fprintf(out, "; longest list %.0f", result_number(c, "commands_per_list_max"));
	if (json_is_number(json_object_get(c, "queue_full_waits")))
		fprintf(out, "; queue full %.0f times", result_number(c, "queue_full_waits"));
	fprintf(out, "\n            in a run of its own, %.0f rounds, by %s\n",
		result_number(c, "rounds"), result_text(c, "source"));
}

static void print_fairness(const json_t *result, FILE *out)
{
	const json_t *fairness = result_get(result, "fairness");

	if (fairness && result_number(result, "params.threads") > 1)
		fprintf(out, "fairness    slowest thread %.0f mappings, fastest %.0f\n",
			result_number(fairness, "min_ops"), result_number(fairness, "max_ops"));
}

void flush_summary_print(const json_t *result, FILE *out)
{
	fputc('\n', out);
	print_exposure(result, out);
	print_device(result, out);
	print_commands(result, out);
	print_fairness(result, out);
}
