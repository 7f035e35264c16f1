// SPDX-License-Identifier: GPL-2.0-only
/*
 * All kinds of results.
 */
#include "kinds.h"

#include "flush/kind.h"
#include "io/kind.h"
#include "iopf/kind.h"
#include "map_unmap/kind.h"
#include "pasid/kind.h"

const struct result_kind *const result_kinds[] = {
	&map_unmap_kind,
	&flush_kind,
	&io_kind,
	&iopf_kind,
	&pasid_kind,
	NULL,
};
