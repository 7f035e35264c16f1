// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pictures of iopf, in the order in which they answer questions.
 */
#include "iopf/view/plot.h"

int plot_iopf(const struct plot *plot, unsigned int group, struct error *e)
{
	if (iopf_stage_pictures(plot, group, e) || iopf_cpu_pictures(plot, group, e))
		return -1;
	return iopf_load_pictures(plot, group, e);
}
