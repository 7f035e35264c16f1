// SPDX-License-Identifier: GPL-2.0-only
/*
 * Results as they are read: parts by path, histograms, and whether a file is one.
 */
#include "result/read.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/stats.h"
#include "base/xalloc.h"
#include "result/bounds.h"
#include "result/result.h"
#include "text/json.h"

/* Far more than any result; what is larger is something else. */
#define MAX_FILE_BYTES	(64 << 20)

/* Key of the buckets of a histogram that result_pack() has seen, which no file has. */
#define PACKED	"packed buckets"

static bool is_bucket(json_t *j)
{
	return json_is_array(j) && json_array_size(j) == 2;
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

bool result_has_number(const json_t *object, const char *path)
{
	const json_t *j = result_get(object, path);

	return json_is_number(j) && isfinite(json_number_value(j)) && json_number_value(j) >= 0;
}

double result_latency(const json_t *stats, const char *key)
{
	const json_t *value = json_object_get(stats, key), *count = json_object_get(stats, "count");
	unsigned int ppm = stats_ppm(key);

	if (!json_is_number(value))
		return NAN;
	if (ppm && json_is_integer(count) &&
	    !stats_tell((uint64_t)json_integer_value(count), ppm))
		return NAN;
	return json_number_value(value);
}

/* Older results have none. Return: false when there is one that is no number of 128 bits. */
static bool read_squares(const json_t *text, struct iommubench_hist *hist)
{
	const char *digit = json_string_value(text);
	__uint128_t squares = 0;

	if (!text)
		return true;
	if (!digit || !*digit)
		return false;
	for (; *digit; digit++) {
		unsigned int value = (unsigned int)(*digit - '0');

		if (value > 9 || squares > (~(__uint128_t)0 - value) / 10)
			return false;
		squares = squares * 10 + value;
	}
	hist->squares_low = (__u64)squares;
	hist->squares_high = (__u64)(squares >> 64);
	return true;
}

/* The buckets of a histogram as numbers. Return: NULL when they are none; the caller frees them. */
static struct iommubench_hist_entry *read_buckets(const json_t *h, unsigned int *n)
{
	const json_t *buckets = json_object_get(h, "buckets");
	const json_t *packed = json_object_get(h, PACKED);
	struct iommubench_hist_entry *entries;
	json_t *bucket;
	size_t i;

	if (!buckets && json_is_string(packed)) {
		*n = (unsigned int)(json_string_length(packed) / sizeof(*entries));
		entries = xcalloc(*n, sizeof(*entries));
		memcpy(entries, json_string_value(packed), *n * sizeof(*entries));
		return entries;
	}
	if (!json_is_array(buckets) || json_array_size(buckets) > IOMMUBENCH_HIST_BUCKETS)
		return NULL;
	*n = (unsigned int)json_array_size(buckets);
	entries = xcalloc(*n, sizeof(*entries));
	json_array_foreach((json_t *)buckets, i, bucket) {
		json_int_t index = json_integer_value(json_array_get(bucket, 0));

		if (!is_bucket(bucket) || index < 0 || index >= IOMMUBENCH_HIST_BUCKETS) {
			free(entries);
			return NULL;
		}
		entries[i].index = (__u32)index;
		entries[i].count = (__u64)json_integer_value(json_array_get(bucket, 1));
	}
	return entries;
}

bool result_phase_hist(const json_t *phase, struct iommubench_hist *hist, double *scale)
{
	const json_t *h = json_object_get(phase, "histogram");
	double ns = json_number_value(json_object_get(h, "ns_per_unit"));
	json_int_t batch = json_integer_value(json_object_get(h, "batch"));
	struct iommubench_hist_entry *entries;
	unsigned int n;
	bool good;

	if (!(ns > 0) || batch < 1 ||
	    json_integer_value(json_object_get(h, "sub_bucket_bits")) != IOMMUBENCH_HIST_SUB_BITS)
		return false;
	entries = read_buckets(h, &n);
	if (!entries)
		return false;
	good = iommubench_hist_unpack(hist, entries, n,
				      (__u64)json_integer_value(json_object_get(h, "sum")),
				      (__u64)json_integer_value(json_object_get(h, "min")),
				      (__u64)json_integer_value(json_object_get(h, "max"))) &&
		hist->count == (__u64)json_integer_value(json_object_get(h, "count")) &&
		read_squares(json_object_get(h, "sum_squares"), hist);
	free(entries);
	if (good && scale)
		*scale = ns / (double)batch;
	return good;
}

static void pack_phase(json_t *phase)
{
	json_t *h = json_object_get(phase, "histogram"), *packed;
	struct iommubench_hist_entry *entries;
	unsigned int n;

	/* Whatever a file has under that name. */
	json_object_del(h, PACKED);
	entries = read_buckets(h, &n);
	if (!entries)
		return;
	packed = xjson(json_stringn_nocheck((const char *)entries, n * sizeof(*entries)));
	if (json_object_set_new_nocheck(h, PACKED, packed))
		xcheck(NULL);
	json_object_del(h, "buckets");
	free(entries);
}

void result_pack(json_t *result)
{
	json_t *phase, *interval;
	const char *name;
	size_t i;

	json_array_foreach(result_get(result, "phases"), i, phase)
		pack_phase(phase);
	json_array_foreach(result_get(result, "series.intervals"), i, interval)
		json_object_foreach(json_object_get(interval, "phases"), name, phase)
			pack_phase(phase);
}

/* A percentile that the samples do not tell is null. */
static bool has_latency(const json_t *phase, const char *key)
{
	const json_t *latency = json_object_get(phase, "latency_ns");

	return result_has_number(latency, key) ||
	       (stats_ppm(key) && json_is_null(json_object_get(latency, key)));
}

static const char *phase_fault(const json_t *phase, struct iommubench_hist *hist)
{
	static const char *const keys[] = {
		"count", "min", "mean", "stddev", "p50", "p90", "p99", "p99_9", "p99_99", "max",
	};
	size_t i;

	if (!json_is_string(result_get(phase, "name")))
		return "a phase has no name";
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!has_latency(phase, keys[i]))
			return "a phase lacks a figure in latency_ns";
	if (!result_phase_hist(phase, hist, NULL))
		return "a phase has no proper histogram";
	if (!((double)hist->max * result_number(phase, "histogram.ns_per_unit") <=
	      RESULT_FIGURE_MAX))
		return "a phase has a sample of more than 31 years";
	return NULL;
}

static const char *fault(const json_t *result, struct iommubench_hist *hist)
{
	json_t *element;
	const char *bad;
	size_t i;

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
		    !result_has_number(element, "count") ||
		    !result_has_number(element, "failures"))
			return "a check lacks its name, count or failures";
	json_array_foreach(result_get(result, "warnings"), i, element)
		if (!json_is_string(element))
			return "a warning is not text";
	return NULL;
}

bool result_valid(const json_t *result, char *err, size_t n)
{
	struct iommubench_hist *hist;
	const char *bad;

	if (!json_is_object(result) || strcmp(result_text(result, "schema"), RESULT_SCHEMA)) {
		snprintf(err, n, "not a result of iommubench (schema " RESULT_SCHEMA " expected)");
		return false;
	}
	if (!result_bounds_kept(result, err, n))
		return false;
	hist = xcalloc(1, sizeof(*hist));
	bad = fault(result, hist);
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
	/* What comes out of files goes to terminals and pages: nothing in it may steer them. */
	json_make_plain(json);
	if (!result_valid(json, err, n)) {
		json_decref(json);
		return NULL;
	}
	return json;
}
