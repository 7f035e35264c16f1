// SPDX-License-Identifier: GPL-2.0-only
#include "output/placement_matrix.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/sysfs.h"
#include "base/xalloc.h"
#include "output/csv.h"
#include "output/path.h"
#include "output/print.h"
#include "output/summary.h"
#include "place/sites.h"
#include "points/kind.h"
#include "result/read.h"
#include "text/json.h"
#include "text/progress.h"
#include "text/units.h"

#define INDEX_SCHEMA	"iommubench-matrix/1"

/**
 * struct cell - one place of the matrix
 * @cpu_node: node of the CPUs
 * @memory_node: node of the memory
 * @path: file of its result
 * @result: as loaded, NULL when there is none
 * @status: enum exit_status of the measurement
 * @said: what it said on stderr
 */
struct cell {
	int cpu_node;
	int memory_node;
	char *path;
	json_t *result;
	int status;
	char *said;
};

/**
 * struct matrix - all of it
 * @o: the options
 * @signals: from run_catch_signals()
 * @device_node: node of the device, -1 when unknown
 * @cpu_node: nodes that CPUs come from
 * @nr_cpu: entries at @cpu_node
 * @memory_node: nodes that memory comes from
 * @nr_memory: entries at @memory_node
 * @cell: row by row, a row for each of @cpu_node
 * @folder: where results are for the time being when no output is asked for, or NULL
 * @stopped: a signal came
 */
struct matrix {
	struct options *o;
	int signals;
	int device_node;
	int *cpu_node;
	unsigned int nr_cpu;
	int *memory_node;
	unsigned int nr_memory;
	struct cell *cell;
	char *folder;
	bool stopped;
};

static int list_nodes(struct matrix *m)
{
	struct sites sites;
	unsigned int i, k;
	int ret;

	ret = sites_read(&sites);
	if (ret)
		return ret;
	m->cpu_node = xcalloc(sites.nr_nodes, sizeof(*m->cpu_node));
	for (i = 0; i < sites.nr_nodes; i++) {
		for (k = 0; k < sites.nr; k++)
			if (sites.site[k].usable && sites.site[k].node == sites.node[i])
				break;
		if (k < sites.nr)
			m->cpu_node[m->nr_cpu++] = sites.node[i];
	}
	sites_free(&sites);
	m->nr_memory = memory_policy_nodes(&m->memory_node);
	if (m->nr_cpu * m->nr_memory < 2)
		return error_fail(EXIT_UNABLE, "--placement-matrix: this process may use one NUMA node only, there is nothing to compare");
	return EXIT_DONE;
}

static int place_cells(struct matrix *m)
{
	const char *tmp = getenv("TMPDIR");
	unsigned int c, k;
	char word[64];

	if (!m->o->output) {
		m->folder = xasprintf("%s/iommubench.XXXXXX", tmp && *tmp ? tmp : "/tmp");
		if (!mkdtemp(m->folder))
			return error_fail(EXIT_UNABLE, "cannot make %s: %m; set TMPDIR, or give --output",
					  m->folder);
	}
	m->cell = xcalloc((size_t)m->nr_cpu * m->nr_memory, sizeof(*m->cell));
	for (c = 0; c < m->nr_cpu; c++) {
		for (k = 0; k < m->nr_memory; k++) {
			struct cell *cell = &m->cell[c * m->nr_memory + k];

			snprintf(word, sizeof(word), "cpu%d-mem%d", m->cpu_node[c],
				 m->memory_node[k]);
			*cell = (struct cell){
				.cpu_node = m->cpu_node[c],
				.memory_node = m->memory_node[k],
				.path = output_point_path(m->folder ? m->folder : m->o->output,
							  word),
				.said = xstrdup(""),
			};
		}
	}
	return EXIT_DONE;
}

/* The child takes the options of its cell. */
static void become(struct matrix *m, const struct cell *cell)
{
	struct options *o = m->o;

	o->placement_matrix = false;
	o->cell = (struct placement_cell){
		.given = true,
		.cpu_node = cell->cpu_node,
		.memory_node = cell->memory_node,
		.device_node = m->device_node,
	};
	o->cpus = xasprintf("node:%d", cell->cpu_node);
	o->memory = (struct memory_policy){
		.kind = MEMORY_NODE,
		.node = cell->memory_node,
		.given = true,
	};
	o->output = xstrdup(cell->path);
	o->quiet = true;
	o->format = RESULT_HUMAN;
}

static void hear(struct cell *cell, int fd)
{
	char text[1024], *longer;
	ssize_t n = read(fd, text, sizeof(text) - 1);

	if (n <= 0)
		return;
	text[n] = '\0';
	longer = xasprintf("%s%s", cell->said, text);
	free(cell->said);
	cell->said = longer;
}

/* What a terminal sends has reached the child as well; what was meant for us alone has not. */
static void heed_signal(struct matrix *m, pid_t child)
{
	struct signalfd_siginfo info;

	while (read(m->signals, &info, sizeof(info)) == sizeof(info)) {
		m->stopped = true;
		if (info.ssi_code == SI_USER)
			kill(child, (int)info.ssi_signo);
	}
}

/* Until the child has closed its stderr, which it does by ending. */
static void wait_for(struct matrix *m, struct cell *cell, pid_t child, int said,
		     struct progress *progress)
{
	struct pollfd fds[] = {
		{ .fd = said, .events = POLLIN },
		{ .fd = m->signals, .events = POLLIN },
	};
	int status;

	for (;;) {
		poll(fds, 2, (int)(PROGRESS_INTERVAL_NS / 1000000));
		if (fds[1].revents)
			heed_signal(m, child);
		if (fds[0].revents & POLLIN)
			hear(cell, said);
		else if (fds[0].revents)
			break;
		progress_show(progress, "running", 0);
	}
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	cell->status = WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_UNABLE;
}

/* What all cells complain of is told once. */
static bool said_before(const struct matrix *m, const struct cell *cell)
{
	const struct cell *other;

	for (other = m->cell; other < cell; other++)
		if (!strcmp(other->said, cell->said))
			return true;
	return false;
}

/* Return: 0 in the child; 1 when it has ended; -1 after one line on stderr. */
static int do_cell(struct matrix *m, struct cell *cell, struct progress *progress)
{
	char err[512];
	int ends[2];
	pid_t child;

	unlink(cell->path);
	if (pipe(ends))
		return error_fail(EXIT_UNABLE, "cannot make a pipe: %m"), -1;
	fflush(stdout);
	child = fork();
	if (child < 0)
		return error_fail(EXIT_UNABLE, "cannot start a process for a cell: %m"), -1;
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		become(m, cell);
		return 0;
	}
	close(ends[1]);
	wait_for(m, cell, child, ends[0], progress);
	close(ends[0]);
	progress_end(progress);
	if (!said_before(m, cell))
		fputs(cell->said, stderr);
	cell->result = access(cell->path, F_OK) ? NULL :
		       kind_read(cell->path, err, sizeof(err));
	m->stopped = m->stopped || cell->status == EXIT_INTERRUPTED;
	return 1;
}

/* --- what is told -------------------------------------------------------- */

static unsigned int nr_cells(const struct matrix *m)
{
	return m->nr_cpu * m->nr_memory;
}

static const json_t *first_result(const struct matrix *m)
{
	unsigned int i;

	for (i = 0; i < nr_cells(m); i++)
		if (m->cell[i].result)
			return m->cell[i].result;
	return NULL;
}

static json_t *phase_of(const json_t *result, const char *name)
{
	json_t *phase;
	size_t i;

	json_array_foreach(result_get(result, "phases"), i, phase)
		if (!strcmp(result_text(phase, "name"), name))
			return phase;
	return NULL;
}

/* A figure of a cell: the median of a phase, or without one the throughput. */
static struct units figure(const struct cell *cell, const char *phase)
{
	const struct units none = { "-" };
	const json_t *p;

	if (!cell->result)
		return none;
	if (!phase)
		return units_rate(result_number(cell->result, "throughput.ops_per_s"));
	p = phase_of(cell->result, phase);
	return p && result_number(p, "latency_ns.count") > 0 ?
	       units_time(result_number(p, "latency_ns.p50")) : none;
}

static void print_table(const struct matrix *m, const char *phase)
{
	unsigned int c, k;
	char head[64];

	snprintf(head, sizeof(head), "%s%s", phase ? phase : "operations/s", phase ? " p50" : "");
	printf("\n%-20s", head);
	for (k = 0; k < m->nr_memory; k++)
		printf("  memory %3d", m->memory_node[k]);
	printf("\n");
	for (c = 0; c < m->nr_cpu; c++) {
		printf("CPUs of node %3d    ", m->cpu_node[c]);
		for (k = 0; k < m->nr_memory; k++)
			printf("  %10s", figure(&m->cell[c * m->nr_memory + k], phase).text);
		printf("\n");
	}
}

static void print_human(const struct matrix *m)
{
	const json_t *first = first_result(m);
	char *params = summary_params(first);
	json_t *phase;
	size_t i;

	printf("%s: %s\n", result_text(first, "tool.subcommand"), params);
	free(params);
	if (m->device_node >= 0)
		printf("  device %s is on node %d\n", result_text(first, "machine.device.name"),
		       m->device_node);
	else
		printf("  device %s: its node is unknown\n",
		       result_text(first, "machine.device.name"));
	if (json_is_true(result_get(first, "machine.virtual")))
		printf("  virtual machine: figures prove the software, not silicon\n");
	json_array_foreach(result_get(first, "phases"), i, phase)
		print_table(m, result_text(phase, "name"));
	print_table(m, NULL);
}

static int print_lines(const struct matrix *m)
{
	bool csv = m->o->format == RESULT_CSV;
	unsigned int i;

	if (csv)
		result_csv_header(stdout);
	for (i = 0; i < nr_cells(m); i++) {
		if (!m->cell[i].result)
			continue;
		if (csv)
			result_csv_rows(m->cell[i].result, stdout);
		else if (json_dumpf(m->cell[i].result, stdout, JSON_COMPACT) || putchar('\n') < 0)
			return error_fail(EXIT_UNABLE, "cannot write to standard output: %m");
	}
	return EXIT_DONE;
}

static json_t *node_list(const int *nodes, unsigned int n)
{
	json_t *list = xjson(json_array());
	unsigned int i;

	for (i = 0; i < n; i++)
		xjson_add(list, xjson(json_integer(nodes[i])));
	return list;
}

static json_t *describe_cell(const struct matrix *m, const struct cell *cell)
{
	const char *slash = strrchr(cell->path, '/');
	char *line = xstrdup(cell->said);
	json_t *j = xjson(json_object()), *at = xjson(json_object());

	xjson_put(at, "cpu_node", xjson(json_integer(cell->cpu_node)));
	xjson_put(at, "memory_node", xjson(json_integer(cell->memory_node)));
	xjson_put(j, "placement_matrix", at);
	if (cell->result) {
		xjson_put(j, "file", xjson_path(slash ? slash + 1 : cell->path));
		xjson_put(j, "complete", json_incref(result_get(cell->result, "complete")));
	} else {
		line[strcspn(line, "\n")] = '\0';
		xjson_put(j, "reason", xjson_text(*line ? line : m->stopped ? "interrupted" :
						  "it ended without a result"));
	}
	free(line);
	return j;
}

/* The index names all cells. Return: an enum exit_status, after one line unless EXIT_DONE. */
static int write_index(const struct matrix *m)
{
	json_t *points = xjson(json_array()), *skipped = xjson(json_array()), *nodes, *j;
	const json_t *first = first_result(m);
	char *path, *text, *line, stamp[32] = "";
	time_t now = time(NULL);
	bool complete = true;
	struct tm utc;
	unsigned int i;
	int bad;

	if (gmtime_r(&now, &utc))
		strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ", &utc);
	for (i = 0; i < nr_cells(m); i++) {
		const struct cell *cell = &m->cell[i];

		xjson_add(cell->result ? points : skipped, describe_cell(m, cell));
		complete = complete && cell->result &&
			   json_is_true(result_get(cell->result, "complete"));
	}
	nodes = xjson(json_object());
	xjson_put(nodes, "cpu_nodes", node_list(m->cpu_node, m->nr_cpu));
	xjson_put(nodes, "memory_nodes", node_list(m->memory_node, m->nr_memory));
	xjson_put(nodes, "device_node",
		  m->device_node < 0 ? json_null() : xjson(json_integer(m->device_node)));
	j = xjson(json_object());
	xjson_put(j, "schema", xjson_text(INDEX_SCHEMA));
	xjson_put(j, "tool", json_incref(result_get(first, "tool")));
	xjson_put(j, "time", xjson_text(stamp));
	xjson_put(j, "complete", xjson(json_boolean(complete)));
	xjson_put(j, "placement_matrix", nodes);
	xjson_put(j, "points", points);
	xjson_put(j, "skipped", skipped);
	text = xcheck(json_dumps(j, JSON_INDENT(1)));
	line = xasprintf("%s\n", text);
	path = output_point_path(m->o->output, "index");
	bad = file_replace(path, line, strlen(line));
	free(path);
	free(line);
	free(text);
	json_decref(j);
	return bad ? EXIT_UNABLE : EXIT_DONE;
}

static int tell(const struct matrix *m)
{
	int ret = EXIT_DONE;

	if (!first_result(m))
		return EXIT_DONE;
	if (m->o->format != RESULT_HUMAN)
		ret = m->o->quiet ? EXIT_DONE : print_lines(m);
	else if (!m->o->quiet)
		print_human(m);
	if (m->o->output && write_index(m))
		ret = EXIT_UNABLE;
	return ret;
}

/* How it ended, as far as the cells go: a failed check counts most, then what was cut short. */
static int judge(const struct matrix *m)
{
	unsigned int i, missing = 0, failed = 0;

	for (i = 0; i < nr_cells(m); i++) {
		missing += m->cell[i].status != EXIT_DONE;
		failed += m->cell[i].status == EXIT_CHECK_FAILED;
	}
	if (failed)
		return EXIT_CHECK_FAILED;
	if (m->stopped)
		return EXIT_INTERRUPTED;
	return missing ? EXIT_UNABLE : EXIT_DONE;
}

static void free_matrix(struct matrix *m)
{
	unsigned int i;

	for (i = 0; m->cell && i < nr_cells(m); i++) {
		if (m->folder)
			unlink(m->cell[i].path);
		free(m->cell[i].path);
		free(m->cell[i].said);
		json_decref(m->cell[i].result);
	}
	if (m->folder)
		rmdir(m->folder);
	free(m->folder);
	free(m->cell);
	free(m->cpu_node);
	free(m->memory_node);
}

/* Return: EXIT_DONE in a child; otherwise how it ended. */
static int measure_cells(struct matrix *m)
{
	struct progress progress;
	unsigned int i;
	int judged, told, ret = 1;

	progress_start(&progress, "placement-matrix", 0, 0, m->o->quiet);
	progress.steps = nr_cells(m);
	for (i = 0; i < nr_cells(m) && !m->stopped && ret > 0; i++) {
		progress.step = i;
		ret = do_cell(m, &m->cell[i], &progress);
		/* What one cell is told about its options, all others would be, too. */
		if (ret > 0 && m->cell[i].status == EXIT_USAGE)
			return EXIT_USAGE;
	}
	if (!ret)
		return EXIT_DONE;
	judged = ret < 0 ? EXIT_UNABLE : judge(m);
	told = tell(m);
	return judged ? judged : told ? told : EXIT_ALREADY_DONE;
}

int placement_matrix(struct options *o, const struct device *d, int signals)
{
	struct matrix m = { .o = o, .signals = signals, .device_node = -1 };
	char text[32];
	int ret;

	if (!sysfs_read(text, sizeof(text), "/sys/bus/%s/devices/%s/numa_node", d->bus, d->on_bus))
		m.device_node = atoi(text);
	ret = list_nodes(&m);
	if (!ret)
		ret = place_cells(&m);
	if (!ret) {
		ret = measure_cells(&m);
		/* The files are the parent's to remove. */
		if (!ret)
			return EXIT_DONE;
	}
	free_matrix(&m);
	return ret;
}
