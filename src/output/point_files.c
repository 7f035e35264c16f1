// SPDX-License-Identifier: GPL-2.0-only
#include "output/point_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/file.h"
#include "base/xalloc.h"
#include "output/csv.h"
#include "output/path.h"
#include "output/print.h"
#include "result/read.h"
#include "text/json.h"

#define SWEEP_SCHEMA	"iommubench-sweep/1"

/* Where a point's result goes, in memory that the caller frees; NULL for nowhere. */
static char *output_of(const struct point_files *f, const char *name)
{
	const char *output = f->o->output;

	if (!output)
		return NULL;
	return f->several ? output_point_path(output, name) : output_one_path(output, name);
}

int point_files_probe(const struct point_files *f)
{
	bool matrix = f->o->placement_matrix;
	char *path;
	int ret;

	if (matrix && f->several)
		return error_fail(EXIT_USAGE, "--placement-matrix: each cell measures one point, but several are asked for: give one value of each");
	path = output_of(f, "index");
	if (!path)
		return EXIT_DONE;
	ret = matrix || f->several || strcmp(path, f->o->output) ?
	      output_probe_points(f->o->output) : output_probe(path);
	free(path);
	return ret;
}

int point_files_deliver(const struct options *o, struct result *r, char *path, bool first)
{
	enum result_format format = o->quiet ? RESULT_HUMAN : o->format;
	bool lost = path && result_write(r, path);
	int ret = lost ? EXIT_UNABLE : EXIT_DONE;

	free(path);
	if (format == RESULT_CSV) {
		if (first)
			result_csv_header(stdout);
		result_csv_rows(result_json(r), stdout);
	}
	if (lost && format != RESULT_JSON)
		error_note("the result follows on standard output instead");
	if ((lost || format == RESULT_JSON) && result_print_line(r, stdout))
		ret = EXIT_UNABLE;
	return ret;
}

void point_files_add(struct point_files *f, struct result *r, char *name)
{
	int delivered = point_files_deliver(f->o, r, output_of(f, name), !f->n);

	if (delivered)
		f->lost = delivered;
	f->results = xgrow(f->results, f->n + 1, sizeof(*f->results));
	f->names = xgrow(f->names, f->n + 1, sizeof(*f->names));
	f->results[f->n] = r;
	f->names[f->n++] = name;
}

json_t **point_files_json(const struct point_files *f)
{
	json_t **array = xcalloc(f->n, sizeof(*array));
	size_t i;

	for (i = 0; i < f->n; i++)
		array[i] = result_json(f->results[i]);
	return array;
}

static json_t *describe_point(const struct point_files *f, size_t i, const char *const *keys)
{
	const json_t *result = result_json(f->results[i]);
	json_t *j = xjson(json_object());
	char *path = output_of(f, f->names[i]);
	char *slash = strrchr(path, '/');

	xjson_put(j, "file", xjson_path(slash ? slash + 1 : path));
	free(path);
	if (result_get(result, "group"))
		json_put_text(j, "device", result_text(result, "machine.device.name"));
	for (; *keys; keys++)
		xjson_put(j, *keys,
			  json_incref(json_object_get(result_get(result, "params"), *keys)));
	xjson_put(j, "complete", json_incref(result_get(result, "complete")));
	return j;
}

static int write_index(const struct point_files *f, json_t *index)
{
	char *text = xcheck(json_dumps(index, JSON_INDENT(1)));
	char *line = xasprintf("%s\n", text), *path = output_of(f, "index");
	int bad = file_replace(path, line, strlen(line));

	free(path);
	free(line);
	free(text);
	return bad ? EXIT_UNABLE : EXIT_DONE;
}

int point_files_index(const struct point_files *f, const char *subcommand,
		      const char *const *keys, bool complete, json_t *skipped, json_t *more)
{
	json_t *points = xjson(json_array()), *j;
	time_t now = time(NULL);
	char stamp[32] = "";
	int ret = EXIT_DONE;
	struct tm utc;
	size_t i;

	if (gmtime_r(&now, &utc))
		strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ", &utc);
	for (i = 0; i < f->n && f->o->output; i++)
		xjson_add(points, describe_point(f, i, keys));
	j = xjson(json_pack("{s:s, s:{s:s, s:s, s:s}, s:s, s:b, s:o, s:o}",
			    "schema", SWEEP_SCHEMA,
			    "tool", "name", "iommubench", "version", IOMMUBENCH_VERSION,
			    "subcommand", subcommand, "time", stamp, "complete", complete,
			    "points", points, "skipped", skipped));
	if (more && json_object_update(j, more))
		xcheck(NULL);
	json_decref(more);
	if (f->n && f->several && f->o->output)
		ret = write_index(f, j);
	json_decref(j);
	return ret;
}

void point_files_free(struct point_files *f)
{
	size_t i;

	for (i = 0; i < f->n; i++) {
		result_free(f->results[i]);
		free(f->names[i]);
	}
	free(f->results);
	free(f->names);
	*f = (struct point_files){ 0 };
}
