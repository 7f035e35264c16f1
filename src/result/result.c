// SPDX-License-Identifier: GPL-2.0-only
/*
 * One run's result: built piece by piece, written as one JSON object.
 */
#include "result/result.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/stats.h"
#include "base/xalloc.h"
#include "counters/print.h"
#include "output/summary.h"

/* Far more than any result; what is larger is something else. */
#define MAX_FILE_BYTES	(64 << 20)

struct result {
	json_t *json;
};

static json_t *number(double value)
{
	return xjson(json_real(isfinite(value) ? value : 0));
}

static json_t *integer(uint64_t value)
{
	return xjson(json_integer((json_int_t)value));
}

struct result *result_new(const char *subcommand)
{
	struct result *r = xcalloc(1, sizeof(*r));
	time_t now = time(NULL);
	char stamp[32] = "";
	struct tm utc;

	if (gmtime_r(&now, &utc))
		strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ", &utc);
	/* In the order in which a reader wants to see them. */
	r->json = xjson(json_pack("{s:s, s:{s:s, s:s, s:s}, s:s, s:b, s:{s:s}, s:{}, s:{}, s:[], s:{},"
				  " s:[], s:{}, s:[], s:[], s:[]}",
				  "schema", RESULT_SCHEMA,
				  "tool", "name", "iommubench", "version", IOMMUBENCH_VERSION,
				  "subcommand", subcommand,
				  "time", stamp, "complete", 0, "end", "reason", "none",
				  "machine", "params", "phases", "throughput", "threads",
				  "harness", "counters", "checks", "warnings"));
	return r;
}

void result_set_machine(struct result *r, json_t *machine)
{
	xjson_put(r->json, "machine", machine);
}

void result_set_params(struct result *r, json_t *params)
{
	xjson_put(r->json, "params", params);
}

json_t *result_stats(const struct iommubench_hist *hist, double scale, unsigned int which)
{
	struct stats s;
	/* In the order in which a result has them. */
	const struct {
		unsigned int bit;
		const char *name;
		const double *value;
	} all[] = {
		{ RESULT_MIN, "min", &s.min },
		{ RESULT_MEAN, "mean", &s.mean },
		{ RESULT_STDDEV, "stddev", &s.stddev },
		{ RESULT_P50, "p50", &s.p50 },
		{ RESULT_P90, "p90", &s.p90 },
		{ RESULT_P99, "p99", &s.p99 },
		{ RESULT_P99_9, "p99_9", &s.p99_9 },
		{ RESULT_P99_99, "p99_99", &s.p99_99 },
		{ RESULT_MAX, "max", &s.max },
	};
	json_t *j = xjson(json_object());
	size_t i;

	stats_compute(&s, hist, scale);
	if (which & RESULT_COUNT)
		xjson_put(j, "count", integer(s.count));
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (which & all[i].bit)
			xjson_put(j, all[i].name, number(*all[i].value));
	return j;
}

json_t *result_hist(const struct iommubench_hist *hist, double ns_per_tick, unsigned int batch)
{
	unsigned int i, n = iommubench_hist_pack(hist, NULL, 0);
	struct iommubench_hist_entry *entries = xcalloc(n, sizeof(*entries));
	json_t *buckets = xjson(json_array());
	json_t *j = xjson(json_object());

	iommubench_hist_pack(hist, entries, n);
	for (i = 0; i < n; i++)
		xjson_add(buckets, xjson(json_pack("[I, I]", (json_int_t)entries[i].index,
						   (json_int_t)entries[i].count)));
	free(entries);
	xjson_put(j, "unit", xjson_text("tick"));
	xjson_put(j, "ns_per_unit", number(ns_per_tick));
	xjson_put(j, "batch", integer(batch));
	xjson_put(j, "sub_bucket_bits", integer(IOMMUBENCH_HIST_SUB_BITS));
	xjson_put(j, "sum", integer(hist->sum));
	xjson_put(j, "min", integer(hist->count ? hist->min : 0));
	xjson_put(j, "max", integer(hist->max));
	xjson_put(j, "count", integer(hist->count));
	xjson_put(j, "buckets", buckets);
	return j;
}

void result_add_phase(struct result *r, const char *name, const struct iommubench_hist *hist,
		      double ns_per_tick, unsigned int batch)
{
	json_t *phase = xjson(json_object());

	if (!batch)
		batch = 1;
	xjson_put(phase, "name", xjson_text(name));
	xjson_put(phase, "latency_ns", result_stats(hist, ns_per_tick / batch, RESULT_STATS));
	xjson_put(phase, "histogram", result_hist(hist, ns_per_tick, batch));
	xjson_add(json_object_get(r->json, "phases"), phase);
}

void result_set_throughput(struct result *r, uint64_t ops, double seconds)
{
	json_t *j = xjson(json_object());

	xjson_put(j, "ops_per_s", number(seconds > 0 ? (double)ops / seconds : 0));
	xjson_put(j, "ops", integer(ops));
	xjson_put(j, "seconds", number(seconds));
	xjson_put(r->json, "throughput", j);
}

void result_add_thread(struct result *r, json_t *thread)
{
	xjson_add(json_object_get(r->json, "threads"), thread);
}

void result_set_harness(struct result *r, double overhead_ns, unsigned int batch, json_t *more)
{
	json_t *j = xjson(json_object());

	if (!batch)
		batch = 1;
	xjson_put(j, "overhead_ns", number(overhead_ns));
	xjson_put(j, "overhead_sample_ns", number(overhead_ns * batch));
	xjson_put(j, "overhead_subtracted", xjson(json_false()));
	xjson_put(j, "batch", integer(batch));
	if (more && json_object_update(j, more))
		xcheck(NULL);
	json_decref(more);
	xjson_put(r->json, "harness", j);
}

void result_set_counters(struct result *r, json_t *counters, json_t *problems)
{
	json_t *line;
	size_t i;

	xjson_put(r->json, "counters", json_incref(counters));
	json_array_foreach(problems, i, line)
		result_add_warning(r, "%s", json_string_value(line));
}

void result_add_check(struct result *r, const char *name, uint64_t count, uint64_t failures)
{
	json_t *j = xjson(json_object());

	xjson_put(j, "name", xjson_text(name));
	xjson_put(j, "count", integer(count));
	xjson_put(j, "failures", integer(failures));
	xjson_add(json_object_get(r->json, "checks"), j);
}

void result_add_warning(struct result *r, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		text = NULL;
	va_end(args);
	xcheck(text);
	xjson_add(json_object_get(r->json, "warnings"), xjson_text(text));
	free(text);
}

void result_set_complete(struct result *r, bool complete, const char *why)
{
	const char *colon = strstr(why, ": ");
	json_t *end = xjson(json_object());

	if (colon) {
		char *reason = xcheck(strndup(why, (size_t)(colon - why)));

		xjson_put(end, "reason", xjson_text(reason));
		xjson_put(end, "message", xjson_text(colon + 2));
		free(reason);
	} else {
		xjson_put(end, "reason", xjson_text(why));
	}
	xjson_put(r->json, "complete", xjson(json_boolean(complete)));
	xjson_put(r->json, "end", end);
}

int result_failures(const struct result *r)
{
	json_int_t sum = 0;
	json_t *check;
	size_t i;

	json_array_foreach(json_object_get(r->json, "checks"), i, check)
		sum += json_integer_value(json_object_get(check, "failures"));
	return sum > INT32_MAX ? INT32_MAX : (int)sum;
}

static bool is_bucket(json_t *j)
{
	return json_is_array(j) && json_array_size(j) == 2;
}

/* Buckets are two numbers; a line of their own for each would hide the rest. */
static char *dump(json_t *json)
{
	char *text = xcheck(json_dumps(json, JSON_INDENT(1) | JSON_REAL_PRECISION(12)));
	char *from = text, *to = text, *start;

	start = strstr(text, "\"buckets\": [");
	while (start) {
		char *end = strchr(start, '}');

		memmove(to, from, (size_t)(start - from));
		to += start - from;
		for (from = start; from < end; from++)
			if (*from != '\n' && *from != ' ')
				*to++ = *from;
		start = strstr(from, "\"buckets\": [");
	}
	memmove(to, from, strlen(from) + 1);
	return text;
}

int result_write(struct result *r, const char *path)
{
	char *text = dump(r->json), *line = xasprintf("%s\n", text);
	int bad = file_replace(path, line, strlen(line));

	free(line);
	free(text);
	return bad;
}

static int check_printed(FILE *out)
{
	if (!fflush(out) && !ferror(out))
		return 0;
	fail(EXIT_UNABLE, "cannot print the result: %s", strerror(errno));
	return -1;
}

int result_print(struct result *r, enum result_format format, FILE *out)
{
	char *text;

	switch (format) {
	case RESULT_HUMAN:
		summary_print(r->json, out);
		break;
	case RESULT_JSON:
		text = dump(r->json);
		fprintf(out, "%s\n", text);
		free(text);
		break;
	case RESULT_CSV:
		result_csv_header(out);
		result_csv_rows(r->json, out);
		break;
	}
	return check_printed(out);
}

int result_print_line(const struct result *r, FILE *out)
{
	char *text = xcheck(json_dumps(r->json, JSON_COMPACT | JSON_REAL_PRECISION(12)));

	fprintf(out, "%s\n", text);
	free(text);
	return check_printed(out);
}

json_t *result_json(struct result *r)
{
	return r->json;
}

void result_free(struct result *r)
{
	if (!r)
		return;
	json_decref(r->json);
	free(r);
}

json_t *result_get(const json_t *object, const char *path)
{
	json_t *j = (json_t *)object;

	while (j && *path) {
		size_t n = strcspn(path, ".");
		char key[64];

		if (n >= sizeof(key))
			return NULL;
		memcpy(key, path, n);
		key[n] = '\0';
		j = json_object_get(j, key);
		path += n + (path[n] == '.');
	}
	return j;
}

const char *result_text(const json_t *object, const char *path)
{
	const char *s = json_string_value(result_get(object, path));

	return s ? s : "";
}

double result_number(const json_t *object, const char *path)
{
	return json_number_value(result_get(object, path));
}

/* RFC 4180: a quote inside quotes is doubled. */
static void csv_text(FILE *out, const char *s)
{
	if (!strpbrk(s, "\",\r\n")) {
		fputs(s, out);
		return;
	}
	fputc('"', out);
	for (; *s; s++) {
		if (*s == '"')
			fputc('"', out);
		fputc(*s, out);
	}
	fputc('"', out);
}

void result_csv_value(const json_t *j, FILE *out)
{
	switch (j ? json_typeof(j) : JSON_NULL) {
	case JSON_STRING:
		csv_text(out, json_string_value(j));
		break;
	case JSON_INTEGER:
		fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(j));
		break;
	case JSON_REAL:
		fprintf(out, "%.6g", json_real_value(j));
		break;
	case JSON_TRUE:
		fputs("true", out);
		break;
	case JSON_FALSE:
		fputs("false", out);
		break;
	default:
		break;
	}
}

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
};

#define CSV_COLUMNS	(sizeof(csv_columns) / sizeof(csv_columns[0]))

void result_csv_header(FILE *out)
{
	size_t i;

	for (i = 0; i < CSV_COLUMNS; i++)
		fprintf(out, "%s%s", i ? "," : "", csv_columns[i].name);
	fputs(",checks,check_failures,counters\n", out);
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
			result_csv_value(*path == '*' ? result_get(phase, path + 1) :
					 result_get(result, path), out);
		}
		fprintf(out, ",%" JSON_INTEGER_FORMAT ",%" JSON_INTEGER_FORMAT ",", checks,
			failures);
		csv_text(out, counters);
		fputc('\n', out);
	}
	free(counters);
}

bool result_phase_hist(const json_t *phase, struct iommubench_hist *hist, double *scale)
{
	const json_t *h = json_object_get(phase, "histogram");
	const json_t *buckets = json_object_get(h, "buckets");
	double ns = json_number_value(json_object_get(h, "ns_per_unit"));
	json_int_t batch = json_integer_value(json_object_get(h, "batch"));
	unsigned int n = (unsigned int)json_array_size(buckets);
	struct iommubench_hist_entry *entries;
	json_t *bucket;
	size_t i;
	bool good;

	if (!json_is_array(buckets) || n > IOMMUBENCH_HIST_BUCKETS || !(ns > 0) || batch < 1 ||
	    json_integer_value(json_object_get(h, "sub_bucket_bits")) != IOMMUBENCH_HIST_SUB_BITS)
		return false;
	entries = xcalloc(n, sizeof(*entries));
	good = true;
	json_array_foreach(buckets, i, bucket) {
		json_int_t index = json_integer_value(json_array_get(bucket, 0));

		if (!is_bucket(bucket) || index < 0 || index >= IOMMUBENCH_HIST_BUCKETS) {
			good = false;
			break;
		}
		entries[i].index = (__u32)index;
		entries[i].count = (__u64)json_integer_value(json_array_get(bucket, 1));
	}
	good = good && iommubench_hist_unpack(hist, entries, n,
		(__u64)json_integer_value(json_object_get(h, "sum")),
		(__u64)json_integer_value(json_object_get(h, "min")),
		(__u64)json_integer_value(json_object_get(h, "max"))) &&
		hist->count == (__u64)json_integer_value(json_object_get(h, "count"));
	free(entries);
	if (good && scale)
		*scale = ns / (double)batch;
	return good;
}

static bool number_at(const json_t *object, const char *path)
{
	const json_t *j = result_get(object, path);

	return json_is_number(j) && isfinite(json_number_value(j)) && json_number_value(j) >= 0;
}

static const char *phase_fault(const json_t *phase, struct iommubench_hist *hist)
{
	static const char *const keys[] = {
		"latency_ns.count", "latency_ns.min", "latency_ns.mean", "latency_ns.stddev",
		"latency_ns.p50", "latency_ns.p90", "latency_ns.p99", "latency_ns.p99_9",
		"latency_ns.p99_99", "latency_ns.max",
	};
	size_t i;

	if (!json_is_string(result_get(phase, "name")))
		return "a phase has no name";
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!number_at(phase, keys[i]))
			return "a phase lacks a figure in latency_ns";
	if (!result_phase_hist(phase, hist, NULL))
		return "a phase has no proper histogram";
	return NULL;
}

static const char *flush_fault(const json_t *result)
{
	static const char *const numbers[] = {
		"params.size_bytes", "params.range_bytes", "params.mappings", "params.threads",
	};
	size_t i;

	if (!*result_text(result, "params.strategy") || !*result_text(result, "params.domains"))
		return "params.strategy or params.domains is missing";
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (!number_at(result, numbers[i]))
			return "params lacks a size, a range or a number of threads or mappings";
	return NULL;
}

static const char *fault(const json_t *result, struct iommubench_hist *hist)
{
	json_t *element;
	const char *bad;
	size_t i;

	if (!json_is_object(result) || strcmp(result_text(result, "schema"), RESULT_SCHEMA))
		return "not a result of iommubench (schema " RESULT_SCHEMA " expected)";
	if (!*result_text(result, "tool.subcommand") || !*result_text(result, "tool.version"))
		return "tool.subcommand or tool.version is missing";
	if (!json_is_boolean(result_get(result, "complete")))
		return "complete is neither true nor false";
	if (!json_is_boolean(result_get(result, "machine.virtual")))
		return "machine.virtual is neither true nor false";
	if (!json_is_object(result_get(result, "params")))
		return "params is missing";
	if (!json_is_array(result_get(result, "phases")))
		return "phases is missing";
	json_array_foreach(result_get(result, "phases"), i, element) {
		bad = phase_fault(element, hist);
		if (bad)
			return bad;
	}
	json_array_foreach(result_get(result, "checks"), i, element)
		if (!json_is_string(result_get(element, "name")) ||
		    !number_at(element, "count") || !number_at(element, "failures"))
			return "a check lacks its name, count or failures";
	json_array_foreach(result_get(result, "warnings"), i, element)
		if (!json_is_string(element))
			return "a warning is not text";
	if (!strcmp(result_text(result, "tool.subcommand"), "tlb-flush"))
		return flush_fault(result);
	if (strcmp(result_text(result, "tool.subcommand"), "map-unmap"))
		return NULL;
	if (!*result_text(result, "params.api"))
		return "params.api is missing";
	if (!number_at(result, "params.size_bytes") || !number_at(result, "params.threads"))
		return "params.size_bytes or params.threads is missing";
	return NULL;
}

bool result_valid(const json_t *result, char *err, size_t n)
{
	struct iommubench_hist *hist = xcalloc(1, sizeof(*hist));
	const char *bad = fault(result, hist);

	free(hist);
	if (bad)
		snprintf(err, n, "%s", bad);
	return !bad;
}

json_t *result_load(const char *path, char *err, size_t n)
{
	json_error_t error;
	struct stat st;
	size_t length;
	json_t *json;
	char *text;
	int fd;

	/* A pipe without a writer must not make anybody wait. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st)) {
		snprintf(err, n, "%s", strerror(errno));
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	if (!S_ISREG(st.st_mode) || st.st_size > MAX_FILE_BYTES) {
		snprintf(err, n, "%s", S_ISREG(st.st_mode) ? "too large for a result" : "not a file");
		close(fd);
		return NULL;
	}
	text = file_read(fd, &length);
	if (!text)
		snprintf(err, n, "%s", strerror(errno));
	close(fd);
	if (!text)
		return NULL;
	json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
	free(text);
	if (!json) {
		snprintf(err, n, "not JSON: line %d: %s", error.line, error.text);
		return NULL;
	}
	if (!result_valid(json, err, n)) {
		json_decref(json);
		return NULL;
	}
	return json;
}
