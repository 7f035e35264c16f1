// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pictures of tlb-flush: what each strategy costs, and how long it leaves the door open.
 */
#include "flush/pictures/plot.h"

#include "flush/pictures/internal.h"

static const char scatter_reading[] =
	"One point for each strategy: to the left the door closes sooner, further down is cheaper; best is the lower left corner. Points are medians, the line to the right reaches to the longest exposure.\n"
	"In the grey band, no access of the device succeeded after unmap had returned. A line that leaves the band means that some did.\n"
	"Strict belongs into the band in every round; lazy buys its price with a window "
	"that the flush queue's timer ends.";

static const char exposure_reading[] =
	"How many rounds the device could still reach after that time; the more a line is to the left and down, the sooner the door closes.\n"
	"The mark in the grey band is the share of rounds with any access after unmap had returned. A strategy without any has no line, and is named below.\n"
	"Where a line ends is the longest exposure seen. What is left of the dotted line "
	"counts as none, because the clocks of device and CPU cannot tell it from that.";

static const char device_reading[] =
	"What an access of the device itself takes: cold is the first one to a new mapping, warm the next one, after a flush the first one to a mapping that stayed.\n"
	"Points are medians, lines reach from the fastest access to p99; lower is better. In a grey band at the bottom, the device's clock saw no time pass.\n"
	"A flush that also hits other mappings shows: its third mark is then as high as the "
	"cold one, not as low as the warm one.";

/* A picture whose panels show one round each. */
static const struct flush_picture {
	const char *name;
	const char *what;
	const char *reading;
	flush_part part;
	char *(*describe)(const struct flush_panels *p);
	int (*draw)(struct picture *picture, const struct flush_panels *p, struct error *e);
} scatter = {
	"flush-scatter", "Cost against exposure", scatter_reading, flush_exposure,
	flush_describe_scatter, flush_draw_scatter,
}, exposure = {
	"flush-exposure", "Rounds still exposed", exposure_reading, flush_exposure,
	flush_describe_exposure, flush_draw_exposure,
}, device = {
	"flush-device", "Latency of the device's accesses", device_reading, flush_device,
	flush_describe_device, flush_draw_device,
};

static int draw(const struct flush_picture *kind, const struct plot *plot, unsigned int set,
		struct error *e)
{
	struct flush_panels p = { .plot = plot, .set = set };
	struct picture picture;
	int bad;

	flush_choose_panels(&p, kind->part);
	if (!p.n)
		return 0;
	picture = plot_name(plot->folder, kind->name, set, 0, flush_title(kind->what, p.setting));
	picture.reading = kind->reading;
	picture.tail = kind == &device ? 990000 : 0;
	picture.shows = kind->describe(&p);
	bad = kind->draw(&picture, &p, e);
	plot_add(plot, picture);
	return bad;
}

int plot_tlb_flush(const struct plot *plot, unsigned int set, struct error *e)
{
	if (draw(&scatter, plot, set, e) || flush_range_pictures(plot, set, e) ||
	    draw(&exposure, plot, set, e) || flush_scaling_pictures(plot, set, e))
		return -1;
	return draw(&device, plot, set, e);
}
