// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pictures of a folder of results, drawn by gnuplot.
 *
 * The looks are in the gnuplot scripts of the data folder, the figures and texts
 * come from the families of pictures. What they have in common is here: layout,
 * heading and key, axes, and running gnuplot, which reads and writes only memory,
 * so that no temporary file is left behind, whatever happens.
 */
#include "plot/pictures.h"

#include "plot/devices.h"
#include "plot/draw.h"
#include "plot/gnuplot.h"
#include "plot/heatmap.h"
#include "plot/placement.h"
#include "points/kind.h"

int plot_all(struct pictures *pictures, const struct runs *runs, struct error *e)
{
	char *data = gnuplot_folder(e);
	const struct plot plot = { .pictures = pictures, .runs = runs, .data = data };
	unsigned int group;
	int bad = 0;

	*pictures = (struct pictures){ 0 };
	if (!data)
		return -1;
	for (group = 0; !bad && group < runs->groups; group++) {
		const struct family *family = family_of_group(runs, group);

		bad = plot_devices(&plot, group, e);
		if (bad)
			break;
		if (placement_is(runs, group))
			bad = plot_placement(&plot, group, e);
		else if (family)
			bad = family->plot(&plot, group, e);
	}
	if (!bad)
		bad = plot_series(&plot, e);
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
