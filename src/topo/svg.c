// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine as a picture: a panel for each NUMA node, in it a card for each IOMMU, in that a box
 * for each group. No measure of text is at hand, so lengths are estimated and cut on the safe side.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "text/markup.h"
#include "topo/boxes.h"
#include "topo/model.h"

/* All in pixels. */
#define WIDTH		1240
#define MARGIN		20
#define PAD		12
#define COLUMNS		4
#define GAP		10
#define LINE		16
#define BOX_HEAD	22
#define ROW_HEAD	20
#define ROW_FOOT	8

/* More boxes than this are no picture any more; the rest is counted. */
#define MAX_BOXES	60

#define CARD_WIDTH	(WIDTH - 2 * MARGIN - 2 * PAD)
#define BOX_WIDTH	((CARD_WIDTH - 2 * PAD - (COLUMNS - 1) * GAP) / COLUMNS)

/* Okabe and Ito's colours, which nobody confuses; the letter says the same again. */
static const struct {
	const char *colour;
	const char *ink;
	const char *letter;
} signs[TOPO_VERDICTS] = {
	[TOPO_READY] = { "#009e73", "#ffffff", "R" },
	[TOPO_FREE] = { "#56b4e9", "#000000", "F" },
	[TOPO_RELEASE] = { "#0072b2", "#ffffff", "D" },
	[TOPO_MAYBE] = { "#e69f00", "#000000", "?" },
	[TOPO_NEEDED] = { "#8a8a8a", "#ffffff", "\u2013" },
};

/* Letters that fit; digits and capitals are wider than most. */
static size_t letters(int width, int size)
{
	return (size_t)(width / (0.56 * size));
}

/* One line of text, cut to a width. */
static void text(FILE *f, int x, int y, int width, int size, const char *attributes,
		 const char *s)
{
	size_t room = letters(width, size);
	bool cut = strlen(s) > room;

	fprintf(f, "<text x=\"%d\" y=\"%d\" font-size=\"%d\"%s%s>", x, y, size,
		*attributes ? " " : "", attributes);
	markup_put_letters(f, s, cut ? room - 1 : room);
	fprintf(f, "%s</text>\n", cut ? "\u2026" : "");
}

/* Several lines of text, broken between words. Return: y below the last. */
static int paragraph(FILE *f, int x, int y, int width, int size, unsigned int max_lines,
		     const char *attributes, const char *s)
{
	size_t room = letters(width, size);
	unsigned int n;

	for (n = 0; *s && n < max_lines; n++) {
		size_t length = strlen(s), end = length;
		char *line;

		if (length > room && n + 1 < max_lines) {
			for (end = room; end && s[end] != ' '; end--)
				;
			if (!end)
				end = room;
		}
		line = xasprintf("%.*s", (int)end, s);
		text(f, x, y, width, size, attributes, line);
		free(line);
		s += end;
		s += strspn(s, " ");
		y += size + 4;
	}
	return y;
}

/* Return: the lines that a text of that width takes. */
static unsigned int lines_of(int width, int size, unsigned int max_lines, const char *s)
{
	FILE *nowhere = fopen("/dev/null", "we");
	int y;

	if (!nowhere)
		return max_lines;
	y = paragraph(nowhere, 0, 0, width, size, max_lines, "", s);
	fclose(nowhere);
	return (unsigned int)(y / (size + 4));
}

static void sign(FILE *f, int x, int y, enum topo_verdict verdict)
{
	fprintf(f, "<circle cx=\"%d\" cy=\"%d\" r=\"8\" fill=\"%s\"/>"
		"<text x=\"%d\" y=\"%d\" font-size=\"11\" font-weight=\"bold\" text-anchor=\"middle\" fill=\"%s\">%s</text>\n",
		x, y, signs[verdict].colour, x, y + 4, signs[verdict].ink,
		signs[verdict].letter);
}

/* Return: x right of it. */
static int badge(FILE *f, int x, int y, enum topo_state state, const char *label)
{
	static const char *const looks[] = {
		[TOPO_UNKNOWN] = "fill=\"none\" stroke=\"#777777\" stroke-dasharray=\"3 2\"",
		[TOPO_ABLE] = "fill=\"none\" stroke=\"#333333\"",
		[TOPO_OFF] = "fill=\"none\" stroke=\"#333333\"",
		[TOPO_ON] = "fill=\"#333333\" stroke=\"#333333\"",
	};
	char *s = xasprintf("%s%s", label, state == TOPO_UNKNOWN ? " ?" : "");
	int width = (int)(6.6 * (double)strlen(s)) + 10;

	fprintf(f, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"15\" rx=\"4\" %s/>", x, y - 11,
		width, looks[state]);
	fprintf(f, "<text x=\"%d\" y=\"%d\" font-size=\"10\" text-anchor=\"middle\" fill=\"%s\">%s</text>\n",
		x + width / 2, y, state == TOPO_ON ? "#ffffff" : "#222222", s);
	free(s);
	return x + width + 5;
}

/* --- rows: devices ------------------------------------------------------------ */

static const struct topo_ability *ability_of(const struct topo_device *d, unsigned int i,
					     const char **name)
{
	static const char *const names[] = { "ATS", "PRI", "PASID", "stall" };
	const struct topo_ability *const abilities[] = { &d->ats, &d->pri, &d->pasid, &d->stall };

	*name = names[i];
	return abilities[i];
}

static bool has_badges(const struct topo_device *d)
{
	const char *name;
	unsigned int i;

	for (i = 0; i < 4; i++)
		if (d->iommu >= 0 && ability_of(d, i, &name)->state != TOPO_ABSENT)
			return true;
	return false;
}

static char *row_driver(const struct topo *t, const struct topo_row *row)
{
	const struct topo_device *d = &t->devices[row->first];
	char *offers = lines_join(&d->offers, ", "), *line;

	line = xasprintf("%s%s%s%s", *d->driver ? "driver " : "no driver", d->driver,
			 *offers && row->n == 1 ? ": " : "", row->n == 1 ? offers : "");
	free(offers);
	return line;
}

static char *row_reason(const struct topo *t, const struct topo_row *row)
{
	const struct topo_device *d = &t->devices[row->first];

	if (d->verdict != TOPO_NEEDED)
		return xstrdup("");
	/* Those that are taken together may have different ones. */
	return xasprintf("%s%s", row->n > 1 ? "such as: " : "", d->reason);
}

/* Room for text in a row, and where it begins. */
#define ROW_INDENT	30
#define ROW_WIDTH	(BOX_WIDTH - ROW_INDENT - 8)

static int row_height(const struct topo *t, const struct topo_row *row)
{
	const struct topo_device *d = &t->devices[row->first];
	char *reason = row_reason(t, row), *ids = topo_ids_text(t, d);
	int height = ROW_HEAD + 2 * LINE + ROW_FOOT;

	height += *ids && row->n == 1 ? LINE : 0;
	height += has_badges(d) ? LINE + 3 : 0;
	height += (int)lines_of(ROW_WIDTH, 11, 3, reason) * 15;
	free(ids);
	free(reason);
	return height;
}

static void draw_row(FILE *f, const struct topo *t, const struct topo_row *row, int x, int y)
{
	const struct topo_device *d = &t->devices[row->first];
	char *ids = topo_ids_text(t, d), *driver = row_driver(t, row);
	char *reason = row_reason(t, row), *name, *what;
	const char *label;
	unsigned int i;

	if (row->n > 1)
		name = xasprintf("%zu: %s \u2026 %s", row->n, d->name, t->devices[row->last].name);
	else
		name = xstrdup(d->name);
	what = xasprintf("%s%s%s", d->what, *d->id ? ", " : "", d->id);
	fputs("<g><title>", f);
	markup_put_letters(f, d->name, 200);
	fputs(": ", f);
	markup_put_letters(f, topo_verdict_text(d->verdict), 200);
	fputs(*d->reason ? ": " : "", f);
	markup_put_letters(f, d->reason, 600);
	fputs("</title>\n", f);
	sign(f, x + 15, y + 12, d->verdict);
	x += ROW_INDENT;
	y += ROW_HEAD - 4;
	text(f, x, y, ROW_WIDTH, 12, "font-weight=\"bold\"", name);
	y += LINE;
	text(f, x, y, ROW_WIDTH, 12, "", what);
	y += LINE;
	text(f, x, y, ROW_WIDTH, 12, "", driver);
	if (*ids && row->n == 1) {
		y += LINE;
		text(f, x, y, ROW_WIDTH, 12, "", ids);
	}
	if (has_badges(d)) {
		int at = x;

		y += LINE + 3;
		for (i = 0; i < 4; i++) {
			const struct topo_ability *a = ability_of(d, i, &label);
			char *s = i == 2 && a->value ? xasprintf("%s %u", label, a->value) :
				  xstrdup(label);

			if (a->state != TOPO_ABSENT)
				at = badge(f, at, y, a->state, s);
			free(s);
		}
	}
	paragraph(f, x, y + 15, ROW_WIDTH, 11, 3, "fill=\"#555555\"", reason);
	fputs("</g>\n", f);
	free(what);
	free(name);
	free(reason);
	free(driver);
	free(ids);
}

/* --- boxes: groups ------------------------------------------------------------ */

static int box_height(const struct topo *t, const struct topo_box *box)
{
	int height = BOX_HEAD;
	size_t i;

	for (i = 0; i < box->nr_rows; i++)
		height += row_height(t, &box->rows[i]);
	return height;
}

static char *box_title(const struct topo *t, const struct topo_box *box)
{
	const struct topo_group *g = box->group < 0 ? NULL : &t->groups[box->group];

	if (!g)
		return xstrdup(t->devices[box->rows[0].first].iommu < 0 ? "no group" :
			       "not in a group");
	if (box->groups > 1)
		return xasprintf("%zu groups, %d \u2026 %d \u00b7 %s", box->groups, g->number,
				 t->groups[box->last_group].number, topo_type_text(g));
	return xasprintf("group %d \u00b7 %s", g->number, topo_type_text(g));
}

static void draw_box(FILE *f, const struct topo *t, const struct topo_box *box, int x, int y)
{
	char *title = box_title(t, box);
	int height = box_height(t, box);
	size_t i;

	fprintf(f, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"5\" fill=\"#ffffff\" stroke=\"#999999\"%s/>\n",
		x, y, BOX_WIDTH, height, box->group < 0 ? " stroke-dasharray=\"5 3\"" : "");
	text(f, x + 8, y + 15, BOX_WIDTH - 16, 11, "fill=\"#444444\"", title);
	y += BOX_HEAD;
	for (i = 0; i < box->nr_rows; i++) {
		fprintf(f, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#dddddd\"/>\n",
			x, y, x + BOX_WIDTH, y);
		draw_row(f, t, &box->rows[i], x, y);
		y += row_height(t, &box->rows[i]);
	}
	free(title);
}

/* Into the column that is shortest so far. Return: y below the longest. */
static int draw_boxes(FILE *f, const struct topo *t, const struct topo_boxes *boxes, int x, int y)
{
	int bottom[COLUMNS], longest = y, c, best;
	size_t i, left = 0;

	for (c = 0; c < COLUMNS; c++)
		bottom[c] = y;
	for (i = 0; i < boxes->n; i++) {
		if (i >= MAX_BOXES) {
			left++;
			continue;
		}
		for (best = 0, c = 1; c < COLUMNS; c++)
			if (bottom[c] < bottom[best])
				best = c;
		draw_box(f, t, &boxes->box[i], x + best * (BOX_WIDTH + GAP), bottom[best]);
		bottom[best] += box_height(t, &boxes->box[i]) + GAP;
		if (bottom[best] > longest)
			longest = bottom[best];
	}
	if (left) {
		char *more = xasprintf("and %zu more, which iommubench topo lists", left);

		text(f, x, longest + 12, CARD_WIDTH - 2 * PAD, 12, "", more);
		longest += 22;
		free(more);
	}
	return longest;
}

/* --- cards: IOMMUs ------------------------------------------------------------ */

/* Drawn after what is on it is measured, but before it, so that it lies below. */
static void frame(FILE *f, int x, int y, int width, int height, const char *fill,
		  const char *stroke)
{
	fprintf(f, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"7\" fill=\"%s\" stroke=\"%s\"/>\n",
		x, y, width, height, fill, stroke);
}

/* Writes into memory first; @draw gets where to begin and returns where it ended. */
struct drawing {
	FILE *f;
	char *text;
	size_t n;
};

static void begin(struct drawing *d)
{
	d->f = xcheck(open_memstream(&d->text, &d->n));
}

static void end(struct drawing *d, FILE *into)
{
	if (fclose(d->f))
		xcheck(NULL);
	fwrite(d->text, 1, d->n, into);
	free(d->text);
}

static int draw_iommu(FILE *into, const struct topo *t, size_t number, int y)
{
	const struct topo_iommu *i = &t->iommus[number];
	char *features = lines_join(&i->features, ", "), *notes = lines_join(&i->notes, "; ");
	char *title, *about;
	const int x = MARGIN + PAD, top = y;
	struct topo_boxes boxes;
	struct drawing d;

	begin(&d);
	topo_boxes_make(t, (int)number, &boxes);
	title = xasprintf("%s \u00b7 %s", i->name, i->kind);
	about = xasprintf("%s%s%s%s%s%s%s%s%zu device%s", i->revision, *i->revision ? ", " : "",
			  *i->driver ? "driver " : "", i->driver, *i->driver ? ", " : "",
			  *i->main ? "asks " : "", i->main, *i->main ? ", " : "",
			  boxes.devices, boxes.devices == 1 ? "" : "s");
	text(d.f, x + PAD, y + 20, CARD_WIDTH - 2 * PAD, 14, "font-weight=\"bold\"", title);
	text(d.f, x + PAD, y + 38, CARD_WIDTH - 2 * PAD, 12, "", about);
	y += 56;
	y = paragraph(d.f, x + PAD, y, CARD_WIDTH - 2 * PAD, 11, 3, "fill=\"#333333\"", features);
	y = paragraph(d.f, x + PAD, y, CARD_WIDTH - 2 * PAD, 11, 3, "fill=\"#7a4b00\"", notes);
	y = draw_boxes(d.f, t, &boxes, x + PAD, y);
	frame(into, x, top, CARD_WIDTH, y - top + 4, "#f4f7fa", "#5b7083");
	end(&d, into);
	topo_boxes_free(&boxes);
	free(about);
	free(title);
	free(notes);
	free(features);
	return y + 4 + GAP;
}

/* IOMMUs with nothing behind them share a card. */
static int draw_idle(FILE *into, const struct topo *t, int node, int y)
{
	const int x = MARGIN + PAD, top = y;
	char *list = topo_idle(t, node);
	struct drawing d;

	if (!*list) {
		free(list);
		return y;
	}
	begin(&d);
	text(d.f, x + PAD, y + 20, CARD_WIDTH - 2 * PAD, 13, "font-weight=\"bold\"",
	     "nothing behind");
	y = paragraph(d.f, x + PAD, y + 38, CARD_WIDTH - 2 * PAD, 12, 8, "", list);
	frame(into, x, top, CARD_WIDTH, y - top, "#f4f7fa", "#5b7083");
	end(&d, into);
	free(list);
	return y + GAP;
}

/* --- panels: NUMA nodes ------------------------------------------------------- */

static bool node_has_any(const struct topo *t, int node)
{
	size_t i;

	for (i = 0; i < t->nr_iommus; i++)
		if (topo_iommu_node(t, &t->iommus[i]) == node)
			return true;
	return false;
}

static int draw_node(FILE *into, const struct topo *t, const struct topo_node *node, int y)
{
	const int number = node ? node->number : -1, top = y;
	struct drawing d;
	char *title;
	size_t i;

	if (!node && !node_has_any(t, -1))
		return y;
	begin(&d);
	title = topo_node_text(node);
	text(d.f, MARGIN + PAD, y + 24, CARD_WIDTH, 15, "font-weight=\"bold\"", title);
	y += 38;
	for (i = 0; i < t->nr_iommus; i++)
		if (topo_iommu_node(t, &t->iommus[i]) == number && topo_devices_behind(t, (int)i))
			y = draw_iommu(d.f, t, i, y);
	y = draw_idle(d.f, t, number, y);
	frame(into, MARGIN, top, WIDTH - 2 * MARGIN, y - top, "#e3eaf1", "#34495e");
	end(&d, into);
	free(title);
	return y + GAP;
}

static int draw_rest(FILE *into, const struct topo *t, int y)
{
	const int x = MARGIN + PAD, top = y;
	struct topo_boxes boxes;
	struct drawing d;

	topo_boxes_make(t, -1, &boxes);
	if (!boxes.n)
		return y;
	begin(&d);
	text(d.f, x, y + 24, CARD_WIDTH, 15, "font-weight=\"bold\"", "behind no IOMMU");
	y = draw_boxes(d.f, t, &boxes, x + PAD, y + 38);
	frame(into, MARGIN, top, WIDTH - 2 * MARGIN, y - top, "#f0ece6", "#7d6b52");
	end(&d, into);
	topo_boxes_free(&boxes);
	return y + GAP;
}

static int draw_head(FILE *f, const struct topo *t, int y)
{
	char *title = xasprintf("%s%s%s", *t->model ? t->model : "this machine",
				*t->kernel ? " \u00b7 Linux " : "", t->kernel);
	char *headline = topo_headline(t);
	size_t i;

	text(f, MARGIN, y + 26, WIDTH - 2 * MARGIN - 180, 20, "font-weight=\"bold\"", title);
	if (t->is_virtual) {
		fprintf(f, "<rect x=\"%d\" y=\"%d\" width=\"140\" height=\"22\" rx=\"4\" fill=\"#fff3cd\" stroke=\"#8a6d00\"/>\n",
			WIDTH - MARGIN - 140, y + 9);
		fprintf(f, "<text x=\"%d\" y=\"%d\" font-size=\"12\" text-anchor=\"middle\" fill=\"#5c4800\">virtual machine</text>\n",
			WIDTH - MARGIN - 70, y + 24);
	}
	y = paragraph(f, MARGIN, y + 48, WIDTH - 2 * MARGIN, 14, 3, "", headline);
	if (*t->soc_id) {
		char *soc = xasprintf("SoC: %s%s%s%s%s", t->soc_family, *t->soc_family ? " " : "",
				      t->soc_id, *t->soc_revision ? " " : "", t->soc_revision);

		y = paragraph(f, MARGIN, y, WIDTH - 2 * MARGIN, 12, 1, "font-weight=\"bold\"",
			      soc);
		free(soc);
	}
	for (i = 0; i < t->silicon.n; i++)
		y = paragraph(f, MARGIN + 10, y, WIDTH - 2 * MARGIN - 10, 12, 2,
			      "fill=\"#7a4b00\"", t->silicon.line[i]);
	free(headline);
	free(title);
	return y;
}

static int draw_legend(FILE *f, const struct topo *t, int y)
{
	static const struct {
		enum topo_state state;
		const char *what;
	} looks[] = {
		{ TOPO_ON, "enabled" }, { TOPO_OFF, "can; not enabled, or not told" },
		{ TOPO_UNKNOWN, "unknown" },
	};
	int x = MARGIN;
	size_t i;

	for (i = 0; i < TOPO_VERDICTS; i++) {
		const char *what = topo_verdict_text((enum topo_verdict)i);

		sign(f, x + 8, y + 12, (enum topo_verdict)i);
		text(f, x + 22, y + 16, 400, 12, "", what);
		x += 44 + (int)(6.6 * (double)strlen(what));
	}
	x = MARGIN;
	y += 26;
	for (i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		x = badge(f, x, y + 16, looks[i].state, "ATS");
		text(f, x, y + 16, 200, 12, "", looks[i].what);
		x += 20 + (int)(6.6 * (double)strlen(looks[i].what));
	}
	text(f, x, y + 16, WIDTH - x - MARGIN, 12, "",
	     "without a mark: cannot. PASID with its bits. Dashed box: no group yet, or none");
	y += 34;
	for (i = 0; i < t->warnings.n; i++)
		y = paragraph(f, MARGIN, y + 8, WIDTH - 2 * MARGIN, 12, 2, "fill=\"#7a4b00\"",
			      t->warnings.line[i]);
	return y + 6;
}

char *topo_svg(const struct topo *t, size_t *n)
{
	struct drawing d;
	int y = MARGIN - 8;
	char *svg;
	size_t i;
	FILE *f;

	begin(&d);
	y = draw_head(d.f, t, y);
	y = draw_legend(d.f, t, y - 4) + 6;
	for (i = 0; i < t->nr_nodes; i++)
		if (node_has_any(t, t->nodes[i].number))
			y = draw_node(d.f, t, &t->nodes[i], y);
	y = draw_node(d.f, t, NULL, y);
	y = draw_rest(d.f, t, y);
	f = xcheck(open_memstream(&svg, n));
	fprintf(f, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" font-family=\"DejaVu Sans, Verdana, Helvetica, Arial, sans-serif\" fill=\"#111111\">\n"
		"<title>iommubench topo</title>\n"
		"<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", WIDTH, y + 6, WIDTH,
		y + 6, WIDTH, y + 6);
	end(&d, f);
	fputs("</svg>\n", f);
	if (fclose(f))
		xcheck(NULL);
	return svg;
}
