// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pictures of a folder of results, drawn by gnuplot.
 *
 * The order is here: of each set the devices side by side, then its placement or what its kind
 * draws; in the end latency over time. The looks are in the gnuplot scripts of the data folder,
 * the figures and texts come from what draws each picture.
 */
#include "plot/pictures.h"

#include "plot/devices.h"
#include "plot/draw.h"
#include "plot/gnuplot.h"
#include "plot/heatmap.h"
#include "plot/placement.h"
#include "points/kind.h"

int plot_all(struct pictures *pictures, const struct folder *folder, struct error *e)
{
	char *data = gnuplot_folder(e);
	const struct plot plot = { .pictures = pictures, .folder = folder, .data = data };
	unsigned int set;
	int bad = 0;

	*pictures = (struct pictures){ 0 };
	if (!data)
		return -1;
	for (set = 0; !bad && set < folder->sets; set++) {
		const struct result_kind *kind = folder_set_kind(folder, set);

		bad = plot_devices(&plot, set, e);
		if (bad)
			break;
		if (placement_is(folder, set))
			bad = plot_placement(&plot, set, e);
		else if (kind)
			bad = kind->plot(&plot, set, e);
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
