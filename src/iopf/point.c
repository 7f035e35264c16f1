// SPDX-License-Identifier: GPL-2.0-only
#include "iopf/point.h"

const struct choice iopf_kind_choices[] = {
	{ "zero", ARENA_ZERO },
	{ "anon", ARENA_ANON },
	{ "cow", ARENA_COW },
	{ "file-cold", ARENA_FILE_COLD },
	{ "file-warm", ARENA_FILE_WARM },
	{ "huge", ARENA_HUGE },
	{ "mprotect", ARENA_MPROTECT },
	{ "unmapped", ARENA_UNMAPPED },
	{ "inflight", ARENA_INFLIGHT },
	{ "exit", ARENA_EXIT },
	{ "killed", ARENA_KILLED },
	{ NULL },
};

const struct choice iopf_memory_choices[] = {
	{ "mmap", ARENA_MMAP },
	{ "malloc", ARENA_MALLOC },
	{ "stack", ARENA_STACK },
	{ "file", ARENA_FILE },
	{ NULL },
};

const struct choice iopf_mode_choices[] = {
	{ "auto", IOPF_MODE_AUTO },
	{ "stall", IOPF_MODE_STALL },
	{ "pri", IOPF_MODE_PRI },
	{ "iommufd", IOPF_MODE_IOMMUFD },
	{ NULL },
};

bool iopf_must_fail(const struct iopf_point *p)
{
	return p->arena.kind == ARENA_UNMAPPED || p->arena.kind == ARENA_EXIT;
}

const char *iopf_no_cpu_reason(const struct iopf_point *p)
{
	if (!p->cpu)
		return "not asked for";
	if (iopf_must_fail(p) || arena_may_refuse(p->arena.kind))
		return "the CPU gets a signal there";
	return NULL;
}

void iopf_point_free(struct iopf_point *p)
{
	totals_free(&p->totals);
}
