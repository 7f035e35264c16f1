// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pictures of iopf, in the order in which they answer questions.
 */
#include "iopf/view/plot.h"

#include "iopf/view/internal.h"

int plot_iopf(const struct plot *plot, unsigned int set, struct error *e)
{
	if (iopf_stage_pictures(plot, set, e) || iopf_cpu_pictures(plot, set, e))
		return -1;
	return iopf_load_pictures(plot, set, e);
}
