// SPDX-License-Identifier: GPL-2.0-only
/*
 * Layout, heading, key and notes of a picture, and its drawing.
 */
#include "plot/draw.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/xalloc.h"
#include "plot/gnuplot.h"
#include "points/kind.h"
#include "result/read.h"

/* Of the margins that the scripts lay out. */
#define SIDES_X			132

#define TOP_Y			108
#define BOTTOM_Y		58
#define KEY_LINE_Y		20
#define KEY_SAMPLE_X		64
#define KEY_LETTER_X		7.5
#define NOTE_LETTER_X		6.9
#define TITLE_LETTER_X		11.5
#define MAX_PIXELS_X		1800

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

static int draw(struct picture *p, const char *script, const struct plot_layout *l,
		struct error *e)
{
	unsigned int x = l->pixels_x, y = l->pixels_y;
	char *terminal, *all;
	int bad;

	terminal = xasprintf(png_head, x, y, x, y);
	all = xasprintf("%s%s", terminal, script);
	bad = gnuplot_run(all, "IEND", &p->png, &p->png_bytes, e);
	free(terminal);
	free(all);
	if (bad)
		return bad;
	terminal = xasprintf(svg_head, x, y);
	all = xasprintf("%s%s", terminal, script);
	bad = gnuplot_run(all, "</svg>", &p->svg, &p->svg_bytes, e);
	free(terminal);
	free(all);
	return bad;
}

void plot_text_begin(struct plot_text *t)
{
	t->f = xcheck(open_memstream(&t->text, &t->bytes));
}

char *plot_text_end(struct plot_text *t)
{
	if (fclose(t->f))
		xcheck(NULL);
	return t->text;
}

/* In single quotes nothing is special but the quote itself; in a tic's text, percent signs are. */
static void put_quoted(FILE *f, const char *s, const char *twice)
{
	fputc('\'', f);
	for (; *s; s++) {
		if (strchr(twice, *s))
			fputc(*s, f);
		fputc((unsigned char)*s < 0x20 ? ' ' : *s, f);
	}
	fputc('\'', f);
}

void plot_put_text(FILE *f, const char *s)
{
	put_quoted(f, s, "'");
}

void plot_put_tic(FILE *f, const char *s)
{
	put_quoted(f, s, "'%");
}

void plot_put_setting(FILE *f, const char *name, const char *text)
{
	fprintf(f, "%s = ", name);
	plot_put_text(f, text);
	fputc('\n', f);
}

void plot_put_element(FILE *f, const char *array, unsigned int i, const char *text)
{
	fprintf(f, "%s[%u] = ", array, i);
	plot_put_text(f, text);
	fputc('\n', f);
}

static unsigned int key_width(const struct plot_line *s)
{
	return KEY_SAMPLE_X + (unsigned int)(KEY_LETTER_X * (double)strlen(s->name));
}

/* The key is one centred row below the panels, or more where it does not fit. */
static unsigned int lay_out_key(unsigned int pixels_x, struct plot_line *line, unsigned int n)
{
	unsigned int first = 0, last, row = 0, i, width, x;

	for (; first < n; first = last, row++) {
		for (width = 0, last = first; last < n; last++) {
			if (last > first && width + key_width(&line[last]) > pixels_x - 40)
				break;
			width += key_width(&line[last]);
		}
		x = width < pixels_x ? (pixels_x - width) / 2 : 0;
		for (i = first; i < last; i++) {
			line[i].key_x = x;
			line[i].key_row = row;
			x += key_width(&line[i]);
		}
	}
	return row;
}

/* What a set is of, and what tells it from others; nothing twice. */
static char *subtitle_of(const struct folder *folder, unsigned int set)
{
	static const struct {
		const char *path;
		const char *before;
		const char *in_variant;
	} parts[] = {
		{ "machine.kernel", "Linux ", "kernel" },
		{ "machine.iommu.kind", "", "IOMMU" },
		{ "machine.device.name", "device ", "device" },
	};
	const struct entry *entry = folder_set_first(folder, set)->entry;
	struct plot_text t;
	bool told = false;
	size_t i;

	plot_text_begin(&t);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const char *text = result_text(entry->json, parts[i].path);
		char *said = xasprintf("%s %s", parts[i].in_variant, text);

		if (!strstr(entry->variant, said)) {
			fprintf(t.f, "%s%s%s", told ? ", " : "", parts[i].before, text);
			told = true;
		}
		free(said);
	}
	fprintf(t.f, "%s%s", told && *entry->variant ? "; " : "", entry->variant);
	return plot_text_end(&t);
}

static char *stamp_of(const struct folder *folder, unsigned int set)
{
	const struct entry *entry = folder_set_first(folder, set)->entry;
	bool cut = false;
	size_t k;

	for (k = 0; k < folder->points; k++)
		cut = cut || (folder->point[k].set == set && !folder->point[k].complete);
	return xasprintf("%s%s", json_is_true(result_get(entry->json, "machine.virtual")) ?
			 "Virtual machine: figures prove the software, not silicon.  " : "",
			 cut ? "Some runs were cut short." : "");
}

/* The length of the next line of a note that has to fit; the blank after it is not part of it. */
static size_t note_line(const char *text, unsigned int pixels_x)
{
	size_t room = (size_t)((pixels_x - 40) / NOTE_LETTER_X), n;

	if (strlen(text) <= room)
		return strlen(text);
	for (n = room; n && text[n] != ' '; n--)
		;
	if (n)
		return n;
	/* Not within a letter of several bytes. */
	for (n = room; n > 1 && (text[n] & 0xc0) == 0x80; n--)
		;
	return n;
}

static unsigned int note_rows(const struct plot_layout *l)
{
	unsigned int rows = 0, i;
	const char *text;

	for (i = 0; i < l->nr_notes; i++)
		for (text = l->note[i]; *text; rows++) {
			text += note_line(text, l->pixels_x);
			text += strspn(text, " ");
		}
	return rows;
}

static void put_notes(FILE *f, const struct plot_layout *l)
{
	unsigned int row = 0, i;
	const char *text;

	fprintf(f, "note_rows = %u\n", l->note_rows);
	if (l->note_rows)
		fprintf(f, "array note[%u]\n", l->note_rows);
	for (i = 0; i < l->nr_notes; i++)
		for (text = l->note[i]; *text;) {
			size_t n = note_line(text, l->pixels_x);
			char *line = xasprintf("%.*s", (int)n, text);

			plot_put_element(f, "note", ++row, line);
			free(line);
			text += n;
			text += strspn(text, " ");
		}
}

void plot_note(struct plot_layout *l, char *text)
{
	if (l->nr_notes < PLOT_MAX_NOTES)
		l->note[l->nr_notes++] = text;
	else
		free(text);
}

static unsigned int at_least(unsigned int pixels, double letters, size_t length)
{
	unsigned int needed = 40 + (unsigned int)(letters * (double)length);

	return needed > pixels ? needed : pixels;
}

/* Does a point of a set have too few samples for a percentile? */
static bool untold(const struct folder *folder, unsigned int set, unsigned int ppm)
{
	unsigned int k;
	size_t i;

	folder_for_points(folder, set, i)
		for (k = 0; k < folder->point[i].phases; k++) {
			uint64_t count = folder->point[i].phase[k].stats.count;

			if (count && !stats_tell(count, ppm))
				return true;
		}
	return false;
}

void plot_lay_out(struct plot_layout *l, const struct picture *p, const struct folder *folder)
{
	char *subtitle = subtitle_of(folder, p->set), *stamp = stamp_of(folder, p->set);
	char *runs = p->single ? xstrdup("") : folder_set_runs(folder, p->set);

	if (p->tail && untold(folder, p->set, p->tail))
		plot_note(l, xasprintf("p%g is left out where there are fewer than %.0f samples.",
				       p->tail / 1e4, 1e6 / (1e6 - p->tail)));
	if (*runs)
		plot_note(l, runs);
	else
		free(runs);
	l->pixels_x = SIDES_X + l->columns * l->panel_x + (l->columns - 1) * l->gap_x;
	l->pixels_x = at_least(l->pixels_x, TITLE_LETTER_X, strlen(p->title));
	l->pixels_x = at_least(l->pixels_x, KEY_LETTER_X, strlen(subtitle));
	l->pixels_x = at_least(l->pixels_x, KEY_LETTER_X, strlen(stamp));
	if (l->pixels_x > MAX_PIXELS_X)
		l->pixels_x = MAX_PIXELS_X;
	l->panel_x = (l->pixels_x - SIDES_X - (l->columns - 1) * l->gap_x) / l->columns;
	l->key_rows = lay_out_key(l->pixels_x, l->line, l->nr_lines);
	l->note_rows = note_rows(l);
	l->pixels_y = TOP_Y + l->rows * l->panel_y + (l->rows - 1) * l->gap_y + BOTTOM_Y +
		      (l->key_rows + l->note_rows) * KEY_LINE_Y;
	free(subtitle);
	free(stamp);
}

void plot_begin(struct plot_text *s, const struct plot_layout *l, const struct picture *p,
		const struct plot *plot)
{
	char *common = xasprintf("%s/plots/common.gp", plot->data);
	char *subtitle = subtitle_of(plot->folder, p->set);
	char *stamp = stamp_of(plot->folder, p->set);
	unsigned int n = l->nr_lines, room = n ? n : 1, i;
	FILE *f;

	plot_text_begin(s);
	f = s->f;
	plot_put_setting(f, "common", common);
	plot_put_setting(f, "title", p->title);
	plot_put_setting(f, "subtitle", subtitle);
	plot_put_setting(f, "stamp", stamp);
	fprintf(f, "columns = %u\nrows = %u\nkey_rows = %u\npixels_x = %u\npixels_y = %u\n",
		l->columns, l->rows, l->key_rows, l->pixels_x, l->pixels_y);
	fprintf(f, "gap_x = %u\ngap_y = %u\n", l->gap_x, l->gap_y);
	put_notes(f, l);
	fprintf(f, "series = %u\narray name[%u]\narray style[%u]\n"
		"array key_x[%u]\narray key_row[%u]\n", n, room, room, room, room);
	for (i = 0; i < n; i++) {
		const struct plot_line *line = &l->line[i];

		fprintf(f, "style[%u] = %u\nkey_x[%u] = %u\nkey_row[%u] = %u\n", i + 1,
			line->style, i + 1, line->key_x, i + 1, line->key_row);
		plot_put_element(f, "name", i + 1, line->name);
	}
	free(common);
	free(subtitle);
	free(stamp);
}

int plot_end(struct plot_text *s, struct plot_layout *l, struct picture *p,
	     const struct plot *plot, const char *script, struct error *e)
{
	char *path = xasprintf("%s/plots/%s", plot->data, script);
	unsigned int i;
	int bad;

	fputs("load ", s->f);
	plot_put_text(s->f, path);
	fputc('\n', s->f);
	free(path);
	bad = draw(p, plot_text_end(s), l, e);
	free(s->text);
	for (i = 0; i < l->nr_notes; i++)
		free(l->note[i]);
	l->nr_notes = 0;
	return bad;
}

/* Return: the number of sets of this kind that come before the set. */
static unsigned int number_of(const struct folder *folder, unsigned int set)
{
	const struct result_kind *kind = folder_set_kind(folder, set);
	unsigned int number = set;

	while (number && folder_set_kind(folder, set - number) != kind)
		number--;
	return number;
}

struct picture plot_name(const struct folder *folder, const char *name, unsigned int set,
			 unsigned int chunk, char *title)
{
	struct picture p = { .set = set, .title = title };
	unsigned int number = number_of(folder, set);
	char *of_set = number ? xasprintf("-set%u", number + 1) : xstrdup("");
	char *of_chunk = chunk ? xasprintf("-part%u", chunk + 1) : xstrdup(""), *c;

	p.name = xasprintf("%s%s%s", name, of_set, of_chunk);
	/* Parts of it come out of a result: it must stay in its folder. */
	for (c = p.name; *c; c++)
		if (!isalnum((unsigned char)*c) && *c != '-')
			*c = '-';
	free(of_set);
	free(of_chunk);
	return p;
}

static bool name_taken(const struct pictures *all, const char *name)
{
	size_t i;

	/* Some file systems do not tell small letters from large ones. */
	for (i = 0; i < all->n; i++)
		if (!strcasecmp(all->picture[i].name, name))
			return true;
	return false;
}

void plot_add(const struct plot *plot, struct picture p)
{
	struct pictures *all = plot->pictures;
	char *name = xstrdup(p.name);
	unsigned int k;

	/* Names of results that differ in what was replaced. */
	for (k = 2; name_taken(all, name); k++) {
		free(name);
		name = xasprintf("%s-%u", p.name, k);
	}
	free(p.name);
	p.name = name;
	all->picture = xgrow(all->picture, all->n + 1, sizeof(p));
	all->picture[all->n++] = p;
}
