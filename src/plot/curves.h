/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Latency by percentile, as latency.gp draws it: the axis is logarithmic in 1/(1-p).
 */
#ifndef IOMMUBENCH_PLOT_CURVES_H
#define IOMMUBENCH_PLOT_CURVES_H

/**
 * struct plot_curves - lines in panels
 * @phase: of line i in panel k: element k * lines + i; NULL for none
 * @panels: number of panels
 * @lines: lines in each panel
 */
struct plot_curves {
	const struct point_phase **phase;
	unsigned int panels;
	unsigned int lines;
};

/**
 * plot_curves_any() - whether there is anything to see
 * @c: the lines in their panels
 */
bool plot_curves_any(const struct plot_curves *c);

/**
 * plot_curves_put() - axes and data for the script
 * @f: the script
 * @c: the lines; there is something to see
 */
void plot_curves_put(FILE *f, const struct plot_curves *c);

#endif
