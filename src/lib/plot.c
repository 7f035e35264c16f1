// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pictures of a folder of results, drawn by gnuplot.
 *
 * The looks are in the gnuplot scripts of the data folder. What is written
 * here are the figures and texts that they need; gnuplot reads and writes only
 * memory, so that no temporary file is left behind, whatever happens.
 */
#include "lib/plot.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/result.h"
#include "lib/summary.h"
#include "lib/units.h"
#include "lib/xalloc.h"

#define PANEL_COLUMNS		3
#define THROUGHPUT_PANELS	6
#define MAX_PHASES		2
#define MAX_SERIES		8
#define POINTS_PER_DECADE	60
/* Rarer than that is a matter for tables. */
#define MAX_DECADES		5
#define MIN_DECADES		4

/* The sizes of panels and margins that the scripts lay out. */
#define LATENCY_PANEL_X		400
#define LATENCY_PANEL_Y		250
#define THROUGHPUT_PANEL_X	360
#define THROUGHPUT_PANEL_Y	260
#define KEY_LINE_Y		20
#define KEY_SAMPLE_X		64
#define KEY_LETTER_X		7.5
#define TITLE_LETTER_X		11.5
#define MAX_PIXELS_X		1800

struct series {
	const char *api;
	const char *domain;
	char name[64];
	unsigned int style;
	unsigned int key_x;
	unsigned int key_row;
};

struct layout {
	unsigned int columns;
	unsigned int rows;
	unsigned int key_rows;
	unsigned int pixels_x;
	unsigned int pixels_y;
};

static const char latency_reading[] =
	"At p99, 99 of 100 operations took this long or less; further right are the rare, slow ones.\n"
	"Lower is better. Both axes are logarithmic and the same in all panels: heights compare.";

static const char throughput_reading[] =
	"Higher is better; a map with its unmap counts as one operation, over all threads together.\n"
	"A line that doubles with the threads scales; one that stays flat has met a lock, the IOMMU "
	"or the last CPU. Panels may differ in scale.";

/* --- gnuplot ------------------------------------------------------------- */

static bool has_scripts(const char *dir)
{
	char *path = xasprintf("%s/plots/common.gp", dir);
	bool has = !access(path, R_OK);

	free(path);
	return has;
}

/* $IOMMUBENCH_DATADIR, or the tree that the tool was built in, or where it was installed. */
static char *data_folder(struct error *e)
{
	const char *env = getenv("IOMMUBENCH_DATADIR");
	char exe[PATH_MAX], *dir;
	ssize_t n;
	int up;

	if (env && *env) {
		if (has_scripts(env))
			return xstrdup(env);
		error_set(e, "no plots/common.gp in IOMMUBENCH_DATADIR=%s", env);
		return NULL;
	}
	n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	if (n > 0) {
		exe[n] = '\0';
		for (up = 0; up < 3 && strrchr(exe, '/'); up++)
			*strrchr(exe, '/') = '\0';
		dir = xasprintf("%s/scripts", exe);
		if (up == 3 && has_scripts(dir))
			return dir;
		free(dir);
	}
	if (has_scripts(IOMMUBENCH_DATADIR))
		return xstrdup(IOMMUBENCH_DATADIR);
	error_set(e, "no plots/common.gp in " IOMMUBENCH_DATADIR
		  "; run 'make install', or set IOMMUBENCH_DATADIR to the folder that holds plots/");
	return NULL;
}

static int memory_file(const char *text)
{
	int fd = memfd_create("iommubench", MFD_CLOEXEC);
	size_t n = strlen(text), done = 0;

	while (fd >= 0 && done < n) {
		ssize_t wrote = write(fd, text + done, n - done);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0) {
			close(fd);
			return -1;
		}
		done += (size_t)wrote;
	}
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd;
}

/* The line that says what was wrong: gnuplot quotes the script around it. */
static void explain(int fd, int status, struct error *e)
{
	size_t n;
	char *text = file_read(fd, &n), *line, *save = NULL, *last = NULL;

	for (line = strtok_r(text ? text : NULL, "\n", &save); text && line;
	     line = strtok_r(NULL, "\n", &save)) {
		line += strspn(line, " \t");
		if (*line && *line != '^')
			last = line;
	}
	if (WIFSIGNALED(status))
		error_set(e, "gnuplot was ended by signal %d", WTERMSIG(status));
	else
		error_set(e, "gnuplot failed: %s", last ? last : "it does not say why");
	free(text);
}

static bool whole(const char *data, size_t n, const char *end)
{
	size_t m = strlen(end), tail = n < 64 ? n : 64;

	return n && memmem(data + n - tail, tail, end, m);
}

static int run_gnuplot(const char *script, const char *end, char **data, size_t *bytes,
		       struct error *e)
{
	char *const argv[] = { (char *)"gnuplot", (char *)"-d", (char *)"-", NULL };
	int in = memory_file(script), out = memory_file(""), err = memory_file("");
	posix_spawn_file_actions_t actions;
	int bad, status = 0;
	pid_t pid;

	*data = NULL;
	if (in < 0 || out < 0 || err < 0) {
		bad = error_set(e, "no memory for gnuplot: %s", strerror(errno));
		goto out;
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in, 0);
	posix_spawn_file_actions_adddup2(&actions, out, 1);
	posix_spawn_file_actions_adddup2(&actions, err, 2);
	bad = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (bad == ENOENT) {
		bad = error_set(e, "gnuplot is missing: apt install gnuplot-nox, or give --no-pictures");
		goto out;
	}
	if (bad) {
		bad = error_set(e, "cannot run gnuplot: %s", strerror(bad));
		goto out;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (status) {
		explain(err, status, e);
		bad = -1;
		goto out;
	}
	*data = file_read(out, bytes);
	if (!*data || !whole(*data, *bytes, end)) {
		bad = error_set(e, "gnuplot did not finish its picture; is its terminal for %s there?",
				*end == '<' ? "SVG" : "PNG");
		free(*data);
		*data = NULL;
	}
out:
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	if (err >= 0)
		close(err);
	return bad ? -1 : 0;
}

static const char png_head[] =
	"if (strstrt(GPVAL_TERMINALS, 'pngcairo')) {\n"
	"	set terminal pngcairo size %u,%u noenhanced font 'sans-serif,10' background '#ffffff'\n"
	"} else {\n"
	"	set terminal png size %u,%u noenhanced truecolor\n"
	"}\n"
	"title_font = ',14'\n";

static const char svg_head[] =
	"set terminal svg size %u,%u dynamic noenhanced font 'sans-serif,13' dashlength 0.6 "
	"background '#ffffff'\n"
	"title_font = ',18'\n";

static int draw(struct picture *p, const char *script, const struct layout *l, struct error *e)
{
	unsigned int x = l->pixels_x, y = l->pixels_y;
	char *terminal, *all;
	int bad;

	terminal = xasprintf(png_head, x, y, x, y);
	all = xasprintf("%s%s", terminal, script);
	bad = run_gnuplot(all, "IEND", &p->png, &p->png_bytes, e);
	free(terminal);
	free(all);
	if (bad)
		return bad;
	terminal = xasprintf(svg_head, x, y);
	all = xasprintf("%s%s", terminal, script);
	bad = run_gnuplot(all, "</svg>", &p->svg, &p->svg_bytes, e);
	free(terminal);
	free(all);
	return bad;
}

/* --- what goes into a picture -------------------------------------------- */

/* A string for gnuplot: in single quotes nothing is special but the quote itself. */
static void put_text(FILE *f, const char *s)
{
	fputc('\'', f);
	for (; *s; s++) {
		if (*s == '\'')
			fputc('\'', f);
		fputc((unsigned char)*s < 0x20 ? ' ' : *s, f);
	}
	fputc('\'', f);
}

static void put_setting(FILE *f, const char *name, const char *text)
{
	fprintf(f, "%s = ", name);
	put_text(f, text);
	fputc('\n', f);
}

static bool own_domain(const char *api)
{
	return !strncmp(api, "iommu", 5);
}

static unsigned int domain_style(const char *domain, const char *api)
{
	static const char *const order[] = { "strict", "lazy", "identity", "no IOMMU" };
	unsigned int i;

	for (i = 0; i < 4; i++)
		if (!strcmp(domain, order[i]))
			return i + 1;
	if (!strcmp(api, "iommu"))
		return 5;
	return strcmp(api, "iommu-fast") ? 7 : 6;
}

/*
 * The distinct lines of a group, in the order of its points: those with a given
 * API, and those with a domain of our own for comparison.
 */
static unsigned int find_series(const struct runs *runs, unsigned int group, const char *api,
				struct series *series)
{
	unsigned int n = 0, i;
	size_t k;

	for (k = 0; k < runs->points && n < MAX_SERIES; k++) {
		const struct point *p = &runs->point[k];

		if (p->group != group || (strcmp(p->api, api) && !own_domain(p->api)))
			continue;
		for (i = 0; i < n; i++)
			if (!strcmp(series[i].api, p->api) && !strcmp(series[i].domain, p->domain))
				break;
		if (i < n)
			continue;
		series[n].api = p->api;
		series[n].domain = p->domain;
		series[n].style = domain_style(p->domain, p->api);
		n++;
	}
	for (i = 0; i < n; i++) {
		struct series *s = &series[i];

		if (own_domain(s->api))
			snprintf(s->name, sizeof(s->name), "%s, %s", s->api, s->domain);
		else
			snprintf(s->name, sizeof(s->name), "%s", s->domain);
	}
	return n;
}

/* Distinct sizes or numbers of threads among a group's points, in order. */
static unsigned int distinct(const struct runs *runs, unsigned int group, const char *api,
			     unsigned int threads, bool of_sizes, uint64_t *values)
{
	unsigned int n = 0, i, j;
	size_t k;

	for (k = 0; k < runs->points; k++) {
		const struct point *p = &runs->point[k];
		uint64_t value = of_sizes ? p->size : p->threads;

		if (p->group != group || (threads && p->threads != threads) ||
		    (strcmp(p->api, api) && !own_domain(p->api)))
			continue;
		for (i = 0; i < n && values[i] < value; i++)
			;
		if (i < n && values[i] == value)
			continue;
		for (j = n++; j > i; j--)
			values[j] = values[j - 1];
		values[i] = value;
	}
	return n;
}

static unsigned int key_width(const struct series *s)
{
	return KEY_SAMPLE_X + (unsigned int)(KEY_LETTER_X * (double)strlen(s->name));
}

/* The key is one centred row below the panels, or more where it does not fit. */
static unsigned int lay_out_key(unsigned int pixels_x, struct series *series, unsigned int n)
{
	unsigned int first = 0, last, row = 0, i, width, x;

	for (; first < n; first = last, row++) {
		for (width = 0, last = first; last < n; last++) {
			if (last > first && width + key_width(&series[last]) > pixels_x - 40)
				break;
			width += key_width(&series[last]);
		}
		x = width < pixels_x ? (pixels_x - width) / 2 : 0;
		for (i = first; i < last; i++) {
			series[i].key_x = x;
			series[i].key_row = row;
			x += key_width(&series[i]);
		}
	}
	return row;
}

static const struct point *first_point(const struct runs *runs, unsigned int group)
{
	size_t k;

	for (k = 0; k < runs->points - 1 && runs->point[k].group != group; k++)
		;
	return &runs->point[k];
}

static char *subtitle_of(const struct runs *runs, unsigned int group)
{
	const struct run *run = first_point(runs, group)->run;

	return xasprintf("Linux %s, %s, device %s%s%s", result_text(run->json, "machine.kernel"),
			 result_text(run->json, "machine.iommu.kind"),
			 result_text(run->json, "machine.device.name"),
			 *run->variant ? "; " : "", run->variant);
}

static char *stamp_of(const struct runs *runs, unsigned int group)
{
	const struct run *run = first_point(runs, group)->run;
	bool cut = false;
	size_t k;

	for (k = 0; k < runs->points; k++)
		cut = cut || (runs->point[k].group == group && !runs->point[k].complete);
	return xasprintf("%s%s", json_is_true(result_get(run->json, "machine.virtual")) ?
			 "Virtual machine: figures prove the software, not silicon.  " : "",
			 cut ? "Some runs were cut short." : "");
}

static unsigned int at_least(unsigned int pixels, double letters, size_t length)
{
	unsigned int needed = 40 + (unsigned int)(letters * (double)length);

	return needed > pixels ? needed : pixels;
}

static void lay_out(struct layout *l, unsigned int panel_x, unsigned int panel_y,
		    unsigned int gap_x, unsigned int gap_y, const struct picture *p,
		    const struct runs *runs, struct series *series, unsigned int n)
{
	char *subtitle = subtitle_of(runs, p->group), *stamp = stamp_of(runs, p->group);

	l->pixels_x = 132 + l->columns * panel_x + (l->columns - 1) * gap_x;
	/* Panels widen where the heading needs it. */
	l->pixels_x = at_least(l->pixels_x, TITLE_LETTER_X, strlen(p->title));
	l->pixels_x = at_least(l->pixels_x, KEY_LETTER_X, strlen(subtitle));
	l->pixels_x = at_least(l->pixels_x, KEY_LETTER_X, strlen(stamp));
	if (l->pixels_x > MAX_PIXELS_X)
		l->pixels_x = MAX_PIXELS_X;
	l->key_rows = lay_out_key(l->pixels_x, series, n);
	l->pixels_y = 108 + l->rows * panel_y + (l->rows - 1) * gap_y + 58 +
		      l->key_rows * KEY_LINE_Y;
	free(subtitle);
	free(stamp);
}

static void put_head(FILE *f, const char *data, const struct layout *l, const struct picture *p,
		     const struct runs *runs, const struct series *series, unsigned int n)
{
	char *common = xasprintf("%s/plots/common.gp", data);
	char *subtitle = subtitle_of(runs, p->group), *stamp = stamp_of(runs, p->group);
	unsigned int i;

	put_setting(f, "common", common);
	put_setting(f, "title", p->title);
	put_setting(f, "subtitle", subtitle);
	put_setting(f, "stamp", stamp);
	fprintf(f, "columns = %u\nrows = %u\nkey_rows = %u\npixels_x = %u\npixels_y = %u\n",
		l->columns, l->rows, l->key_rows, l->pixels_x, l->pixels_y);
	fprintf(f, "series = %u\narray name[%u]\narray style[%u]\n"
		"array key_x[%u]\narray key_row[%u]\n", n, n, n, n, n);
	for (i = 0; i < n; i++) {
		fprintf(f, "style[%u] = %u\nkey_x[%u] = %u\nkey_row[%u] = %u\nname[%u] = ",
			i + 1, series[i].style, i + 1, series[i].key_x, i + 1, series[i].key_row,
			i + 1);
		put_text(f, series[i].name);
		fputc('\n', f);
	}
	free(common);
	free(subtitle);
	free(stamp);
}

static void add_picture(struct pictures *pictures, struct picture p)
{
	pictures->picture = xgrow(pictures->picture, pictures->n + 1, sizeof(p));
	pictures->picture[pictures->n++] = p;
}

/* --- latency by percentile ----------------------------------------------- */

static double value_at(const struct point_phase *phase, double tail)
{
	uint64_t count = phase->hist->count;
	/* How many samples may be slower. */
	uint64_t slower = (uint64_t)floor((double)count * tail);

	return (double)iommubench_hist_value_at(phase->hist, count - slower) * phase->scale;
}

static void put_point(FILE *f, double x, double ns)
{
	/* A clock too coarse may have seen nothing, which a logarithm cannot show. */
	if (ns > 0)
		fprintf(f, "%.5g %.5g\n", x, ns);
}

static void put_curve(FILE *f, const struct point_phase *phase)
{
	double count, x = 1;
	unsigned int k;

	fputs("1 NaN\n", f);
	if (phase) {
		count = (double)phase->hist->count;
		for (k = 0; k <= MAX_DECADES * POINTS_PER_DECADE; k++) {
			x = pow(10, (double)k / POINTS_PER_DECADE);
			if (x > count)
				break;
			put_point(f, x, k ? value_at(phase, 1 / x) : phase->stats.min);
		}
		if (x > count)
			put_point(f, count, phase->stats.max);
	}
	fputs("\n\n", f);
}

static const struct {
	const char *name;
	double x;
	unsigned int ppm;
} percentiles[] = {
	{ "p50", 2, 500000 },
	{ "p90", 10, 900000 },
	{ "p99", 100, 990000 },
	{ "p99.9", 1e3, 999000 },
	{ "p99.99", 1e4, 999900 },
	{ "p99.999", 1e5, 999990 },
};

#define PERCENTILES	(sizeof(percentiles) / sizeof(percentiles[0]))

static void put_marks(FILE *f, const struct point_phase *phase)
{
	size_t i;

	fputs("1 NaN\n", f);
	for (i = 0; phase && i < PERCENTILES; i++)
		if (percentiles[i].x <= (double)phase->hist->count)
			put_point(f, percentiles[i].x,
				  stats_percentile(phase->hist, percentiles[i].ppm, phase->scale));
	fputs("\n\n", f);
}

/* A tic of a time axis; without a text, it is a small one. */
static void put_time_tic(FILE *f, const char *comma, double ns, bool text)
{
	static const char *const names[] = { "ns", "\u00b5s", "ms", "s" };
	double value = ns;
	int i = 0;

	if (!text) {
		fprintf(f, "%s'' %g 1", comma, ns);
		return;
	}
	/* Powers of ten from pow() may be off by a hair. */
	while (i < 3 && value > 999.9) {
		value /= 1000;
		i++;
	}
	fprintf(f, "%s'%g %s' %g", comma, value, names[i], ns);
}

static void put_latency_axes(FILE *f, double low, double high, double count)
{
	static const double steps[] = { 1, 2, 5 };
	double decades = fmin(fmax(ceil(log10(count)), MIN_DECADES), MAX_DECADES);
	double x_max = pow(10, decades), decade, y, y_min = low, y_max = high;
	const char *comma = "";
	bool dense;
	size_t i;

	/* Out to the next step below and above. */
	for (decade = pow(10, floor(log10(low))), i = 0; i < 3; i++)
		if (decade * steps[i] <= low * 0.97)
			y_min = decade * steps[i];
	if (y_min == low)
		y_min = decade / 2;
	for (decade = pow(10, floor(log10(high))), i = 3; i-- > 0;)
		if (decade * steps[i] >= high * 1.03)
			y_max = decade * steps[i];
	if (y_max == high)
		y_max = decade * 10;
	dense = log10(y_max / y_min) <= 2.5;

	fprintf(f, "x_max = %.0f\ny_min = %g\ny_max = %g\nset xtics (", x_max, y_min, y_max);
	for (i = 0; i < PERCENTILES && percentiles[i].x <= x_max; i++)
		fprintf(f, "%s'%s' %.0f", i ? ", " : "", percentiles[i].name, percentiles[i].x);
	fputs(")\nset ytics (", f);
	for (decade = pow(10, floor(log10(y_min))); decade <= y_max; decade *= 10)
		for (i = 0; i < 3; i++) {
			y = decade * steps[i];
			if (y < y_min * 0.999 || y > y_max * 1.001)
				continue;
			put_time_tic(f, comma, y, dense || !i);
			comma = ", ";
		}
	fputs(")\n", f);
}

static unsigned int find_phases(const struct runs *runs, unsigned int group, const char **names)
{
	unsigned int n = 0, i, j;
	size_t k;

	for (k = 0; k < runs->points; k++) {
		const struct point *p = &runs->point[k];

		for (i = 0; p->group == group && i < p->phases; i++) {
			const char *name = p->phase[i].name;

			/* With a rate, service times are a second view on the same phase. */
			if (strstr(name, "service"))
				continue;
			for (j = 0; j < n && strcmp(names[j], name); j++)
				;
			if (j == n && n < MAX_PHASES)
				names[n++] = name;
		}
	}
	return n;
}

struct latency_picture {
	const struct runs *runs;
	const char *data;
	unsigned int group;
	const char *api;
	unsigned int threads;
	const uint64_t *sizes;
	unsigned int nr_sizes;
	const char **phases;
	unsigned int nr_phases;
};

static const struct point_phase *panel_phase(const struct latency_picture *l,
					     const struct series *s, unsigned int panel)
{
	return point_phase(runs_find(l->runs, l->group, s->api, s->domain,
				     l->sizes[panel % l->nr_sizes], l->threads),
			   l->phases[panel / l->nr_sizes]);
}

static int latency_picture(struct picture *p, const struct latency_picture *l, struct error *e)
{
	unsigned int panels = l->nr_sizes * l->nr_phases, n = 0, panel, i, all;
	double low = INFINITY, high = 0, count = 0;
	struct series every[MAX_SERIES], series[MAX_SERIES];
	struct layout layout = { .columns = l->nr_sizes, .rows = l->nr_phases };
	char *script = NULL, *heading;
	size_t bytes;
	FILE *f;
	int bad;

	all = find_series(l->runs, l->group, l->api, every);
	for (i = 0; i < all; i++) {
		bool used = false;

		for (panel = 0; panel < panels; panel++) {
			const struct point_phase *phase = panel_phase(l, &every[i], panel);

			if (!phase)
				continue;
			used = true;
			/* A clock too coarse may have seen nothing: then one of its ticks. */
			low = fmin(low, phase->stats.min > 0 ? phase->stats.min : phase->scale);
			high = fmax(high, phase->stats.max);
			count = fmax(count, (double)phase->hist->count);
		}
		if (used)
			series[n++] = every[i];
	}
	if (!n || !(high > 0))
		return 0;
	if (l->nr_sizes == 1) {
		layout.columns = l->nr_phases;
		layout.rows = 1;
	}
	lay_out(&layout, LATENCY_PANEL_X, LATENCY_PANEL_Y, 60, 62, p, l->runs, series, n);
	f = xcheck(open_memstream(&script, &bytes));
	put_head(f, l->data, &layout, p, l->runs, series, n);
	put_latency_axes(f, fmax(low, 0.1), high, count);
	fprintf(f, "array heading[%u]\n", panels);
	for (panel = 0; panel < panels; panel++) {
		heading = xasprintf("%s, %s", l->phases[panel / l->nr_sizes],
				    units_size(l->sizes[panel % l->nr_sizes]).text);
		fprintf(f, "heading[%u] = ", panel + 1);
		put_text(f, heading);
		fputc('\n', f);
		free(heading);
	}
	fputs("$curves << END_OF_DATA\n", f);
	for (panel = 0; panel < panels; panel++)
		for (i = 0; i < n; i++)
			put_curve(f, panel_phase(l, &series[i], panel));
	fputs("END_OF_DATA\n$marks << END_OF_DATA\n", f);
	for (panel = 0; panel < panels; panel++)
		for (i = 0; i < n; i++)
			put_marks(f, panel_phase(l, &series[i], panel));
	fputs("END_OF_DATA\nload ", f);
	put_text(f, l->data);
	fputs(" . '/plots/latency.gp'\n", f);
	if (fclose(f))
		xcheck(NULL);
	bad = draw(p, script, &layout, e);
	free(script);
	return bad;
}

static struct picture name_picture(const char *name, unsigned int group, unsigned int chunk,
				   char *title)
{
	struct picture p = { .group = group, .title = title };
	char *of_group = group ? xasprintf("-set%u", group + 1) : xstrdup("");
	char *of_chunk = chunk ? xasprintf("-part%u", chunk + 1) : xstrdup(""), *c;

	p.name = xasprintf("%s%s%s", name, of_group, of_chunk);
	/* Parts of it come out of a result: it must stay in its folder. */
	for (c = p.name; *c; c++)
		if (!isalnum((unsigned char)*c) && *c != '-')
			*c = '-';
	free(of_group);
	free(of_chunk);
	return p;
}

/* One line for each curve: what a reader would take from it. */
static char *describe(const struct latency_picture *l)
{
	struct series series[MAX_SERIES];
	unsigned int n = find_series(l->runs, l->group, l->api, series), i, panel;
	char *text = NULL;
	size_t bytes;
	FILE *f = xcheck(open_memstream(&text, &bytes));

	fputs("Latency by percentile.", f);
	for (panel = 0; panel < l->nr_sizes * l->nr_phases; panel++)
		for (i = 0; i < n; i++) {
			const struct point_phase *phase = panel_phase(l, &series[i], panel);

			if (!phase)
				continue;
			fprintf(f, " %s, %s, %s:", phase->name,
				units_size(l->sizes[panel % l->nr_sizes]).text, series[i].name);
			fprintf(f, " p50 %s,", units_time_utf8(phase->stats.p50).text);
			fprintf(f, " p99 %s.", units_time_utf8(phase->stats.p99).text);
		}
	if (fclose(f))
		xcheck(NULL);
	return text;
}

/* The pictures of one API and number of threads; more sizes than fit make more of them. */
static int latency_pictures(struct pictures *pictures, const struct runs *runs, const char *data,
			    unsigned int group, const char *api, unsigned int threads,
			    struct error *e)
{
	uint64_t *sizes = xcalloc(runs->points, sizeof(*sizes));
	unsigned int n = distinct(runs, group, api, threads, true, sizes), first;
	const char *phases[MAX_PHASES];
	struct latency_picture l = {
		.runs = runs,
		.data = data,
		.group = group,
		.api = api,
		.threads = threads,
		.phases = phases,
		.nr_phases = find_phases(runs, group, phases),
	};
	int bad = 0;

	for (first = 0; !bad && l.nr_phases && first < n; first += PANEL_COLUMNS) {
		char *name = xasprintf("latency-%s-%ut", api, threads);
		struct picture p;

		p = name_picture(name, group, first / PANEL_COLUMNS,
				 xasprintf("Latency by percentile: %s, %u thread%s", api, threads,
					   threads == 1 ? "" : "s"));
		free(name);
		l.sizes = sizes + first;
		l.nr_sizes = n - first < PANEL_COLUMNS ? n - first : PANEL_COLUMNS;
		p.reading = latency_reading;
		p.shows = describe(&l);
		bad = latency_picture(&p, &l, e);
		add_picture(pictures, p);
	}
	free(sizes);
	return bad;
}

/* --- operations per second ------------------------------------------------ */

struct throughput_picture {
	const struct runs *runs;
	const char *data;
	unsigned int group;
	const char *api;
	const uint64_t *sizes;
	unsigned int nr_sizes;
	const uint64_t *threads;
	unsigned int nr_threads;
};

static double panel_top(const struct throughput_picture *t, unsigned int panel)
{
	double top = 0;
	size_t k;

	for (k = 0; k < t->runs->points; k++)
		if (t->runs->point[k].group == t->group &&
		    t->runs->point[k].size == t->sizes[panel] &&
		    (!strcmp(t->runs->point[k].api, t->api) || own_domain(t->runs->point[k].api)))
			top = fmax(top, t->runs->point[k].ops_per_s);
	return top;
}

static void put_rate_axis(FILE *f, unsigned int panel, double top)
{
	static const double steps[] = { 1, 2, 2.5, 5, 10 };
	double decade, step, y;
	char *tics = NULL;
	size_t bytes, i;
	FILE *t;

	/* At most five steps, and room above the highest point. */
	top = fmax(top, 1) * 1.05;
	decade = pow(10, floor(log10(top / 5)));
	for (i = 0; i < 4 && decade * steps[i] * 5 < top; i++)
		;
	step = decade * steps[i];
	t = xcheck(open_memstream(&tics, &bytes));
	fputs("set ytics (", t);
	for (y = 0; y < step * 6 && y - step < top; y += step) {
		double unit = step * 5 >= 1e6 ? 1e6 : step * 5 >= 1e3 ? 1e3 : 1;

		fprintf(t, "%s\"%g%s\" %g", y > 0 ? ", " : "", y / unit,
			!(y > 0) ? "" : unit > 1e3 ? " M" : unit > 1 ? " k" : "", y);
	}
	fputs(")", t);
	if (fclose(t))
		xcheck(NULL);
	fprintf(f, "y_max[%u] = %g\ny_tics[%u] = ", panel + 1, y - step, panel + 1);
	put_text(f, tics);
	fputc('\n', f);
	free(tics);
}

static int throughput_picture(struct picture *p, const struct throughput_picture *t,
			      struct error *e)
{
	struct series series[MAX_SERIES];
	unsigned int n = find_series(t->runs, t->group, t->api, series), panel, i, k;
	struct layout layout = {
		.columns = t->nr_sizes < PANEL_COLUMNS ? t->nr_sizes : PANEL_COLUMNS,
		.rows = (t->nr_sizes + PANEL_COLUMNS - 1) / PANEL_COLUMNS,
	};
	double top = 0, least = INFINITY;
	char *script = NULL;
	size_t bytes;
	FILE *f;
	int bad;

	lay_out(&layout, THROUGHPUT_PANEL_X, THROUGHPUT_PANEL_Y, 70, 84, p, t->runs, series, n);
	f = xcheck(open_memstream(&script, &bytes));
	put_head(f, t->data, &layout, p, t->runs, series, n);
	fprintf(f, "panels = %u\narray heading[%u]\narray y_max[%u]\narray y_tics[%u]\n",
		t->nr_sizes, t->nr_sizes, t->nr_sizes, t->nr_sizes);
	for (panel = 0; panel < t->nr_sizes; panel++) {
		fprintf(f, "heading[%u] = '%s'\n", panel + 1, units_size(t->sizes[panel]).text);
		top = fmax(top, panel_top(t, panel));
		least = fmin(least, panel_top(t, panel));
	}
	/* One scale for all, unless that would press a panel flat. */
	for (panel = 0; panel < t->nr_sizes; panel++)
		put_rate_axis(f, panel, top > 4 * least ? panel_top(t, panel) : top);
	fprintf(f, "x_max = %u.5\nset xtics (", t->nr_threads);
	for (i = 0; i < t->nr_threads; i++)
		fprintf(f, "%s'%" PRIu64 "' %u", i ? ", " : "", t->threads[i], i + 1);
	fputs(")\n$rates << END_OF_DATA\n", f);
	for (panel = 0; panel < t->nr_sizes; panel++)
		for (i = 0; i < n; i++) {
			fputs("1 NaN\n", f);
			for (k = 0; k < t->nr_threads; k++) {
				const struct point *at = runs_find(t->runs, t->group, series[i].api,
					series[i].domain, t->sizes[panel],
					(unsigned int)t->threads[k]);

				if (at)
					fprintf(f, "%u %.6g\n", k + 1, at->ops_per_s);
			}
			fputs("\n\n", f);
		}
	fputs("END_OF_DATA\nload ", f);
	put_text(f, t->data);
	fputs(" . '/plots/throughput.gp'\n", f);
	if (fclose(f))
		xcheck(NULL);
	bad = draw(p, script, &layout, e);
	free(script);
	return bad;
}

static char *describe_rates(const struct throughput_picture *t)
{
	struct series series[MAX_SERIES];
	unsigned int n = find_series(t->runs, t->group, t->api, series), i, panel, k;
	char *text = NULL;
	size_t bytes;
	FILE *f = xcheck(open_memstream(&text, &bytes));

	fputs("Operations per second by number of threads.", f);
	for (panel = 0; panel < t->nr_sizes; panel++)
		for (i = 0; i < n; i++)
			for (k = 0; k < t->nr_threads; k++) {
				const struct point *at = runs_find(t->runs, t->group, series[i].api,
					series[i].domain, t->sizes[panel],
					(unsigned int)t->threads[k]);

				if (at)
					fprintf(f, " %s, %s, %u threads: %s.",
						units_size(at->size).text, series[i].name,
						at->threads, units_rate(at->ops_per_s).text);
			}
	if (fclose(f))
		xcheck(NULL);
	return text;
}

static int throughput_pictures(struct pictures *pictures, const struct runs *runs,
			       const char *data, unsigned int group, const char *api,
			       const char *name, struct error *e)
{
	uint64_t *sizes = xcalloc(runs->points, sizeof(*sizes));
	uint64_t *threads = xcalloc(runs->points, sizeof(*threads));
	unsigned int n = distinct(runs, group, api, 0, true, sizes), first;
	struct throughput_picture t = {
		.runs = runs,
		.data = data,
		.group = group,
		.api = api,
		.threads = threads,
		.nr_threads = distinct(runs, group, api, 0, false, threads),
	};
	int bad = 0;

	for (first = 0; !bad && first < n; first += THROUGHPUT_PANELS) {
		struct picture p = name_picture(name, group, first / THROUGHPUT_PANELS,
			xasprintf("Operations per second by number of threads: %s", api));

		t.sizes = sizes + first;
		t.nr_sizes = n - first < THROUGHPUT_PANELS ? n - first : THROUGHPUT_PANELS;
		p.reading = throughput_reading;
		p.shows = describe_rates(&t);
		bad = throughput_picture(&p, &t, e);
		add_picture(pictures, p);
	}
	free(sizes);
	free(threads);
	return bad;
}

/* --- all of it ------------------------------------------------------------ */

/* Whose picture it is: the API itself, or what was measured in its place. */
static const char *lead(const struct runs *runs, unsigned int group, const char *api,
			unsigned int threads)
{
	const char *instead = NULL;
	size_t k;

	for (k = 0; k < runs->points; k++) {
		const struct point *p = &runs->point[k];

		if (p->group != group || p->threads != threads)
			continue;
		if (!strcmp(p->api, api))
			return api;
		if (!instead && own_domain(p->api))
			instead = p->api;
	}
	return instead;
}

/*
 * Each DMA API has pictures of its own, in which domains of our own are lines for
 * comparison. Without a DMA API, they are all that there is.
 */
static int group_pictures(struct pictures *pictures, const struct runs *runs, const char *data,
			  unsigned int group, struct error *e)
{
	uint64_t *threads = xcalloc(runs->points, sizeof(*threads));
	const char *first = NULL, *last = NULL, *api;
	unsigned int i, n;
	int bad = 0;
	size_t k;

	for (k = 0; !bad && k < runs->points; k++) {
		const struct point *p = &runs->point[k];
		char *name;

		/* Points are sorted by API, those of our own domains last. */
		if (p->group != group || !*p->api || (last && !strcmp(p->api, last)) ||
		    (first && own_domain(p->api)))
			continue;
		last = p->api;
		if (!first)
			first = last;
		n = distinct(runs, group, last, 0, false, threads);
		for (i = 0; !bad && i < n; i++) {
			api = lead(runs, group, last, (unsigned int)threads[i]);
			if (api == last || first == last)
				bad = latency_pictures(pictures, runs, data, group, api,
						       (unsigned int)threads[i], e);
		}
		if (bad)
			break;
		name = first == last ? xstrdup("throughput") : xasprintf("throughput-%s", last);
		bad = throughput_pictures(pictures, runs, data, group, last, name, e);
		free(name);
	}
	free(threads);
	return bad;
}

int plot_all(struct pictures *pictures, const struct runs *runs, struct error *e)
{
	char *data = data_folder(e);
	unsigned int group;
	int bad = 0;

	*pictures = (struct pictures){ 0 };
	if (!data)
		return -1;
	for (group = 0; !bad && group < runs->groups; group++)
		bad = group_pictures(pictures, runs, data, group, e);
	free(data);
	return bad;
}

void plot_free(struct pictures *pictures)
{
	size_t i;

	for (i = 0; i < pictures->n; i++) {
		struct picture *p = &pictures->picture[i];

		free(p->name);
		free(p->title);
		free(p->shows);
		free(p->png);
		free(p->svg);
	}
	free(pictures->picture);
	*pictures = (struct pictures){ 0 };
}
