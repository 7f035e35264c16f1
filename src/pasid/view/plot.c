// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pictures of pasid, in the order in which they answer questions.
 */
#include "pasid/view/plot.h"

#include "pasid/view/internal.h"

int plot_pasid(const struct plot *plot, unsigned int set, struct error *e)
{
	if (pasid_percentile_pictures(plot, set, e))
		return -1;
	return pasid_live_pictures(plot, set, e);
}
