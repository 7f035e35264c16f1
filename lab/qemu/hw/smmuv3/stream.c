// SPDX-License-Identifier: GPL-2.0-only
/*
 * SMMUv3 model: streams, and what is cached of their configuration.
 */
#include "qemu/osdep.h"
#include "exec/address-spaces.h"
#include "smmuv3.h"

SmmuStream *iob_smmu_stream_find(IobSmmu *s, uint32_t sid)
{
	return g_hash_table_lookup(s->streams, GUINT_TO_POINTER(sid));
}

SmmuStream *iob_smmu_stream(IobSmmu *s, uint32_t sid)
{
	g_autofree char *name = NULL;
	SmmuStream *st;

	if (s->last_stream && s->last_stream->sid == sid)
		return s->last_stream;
	st = iob_smmu_stream_find(s, sid);
	if (st)
		return s->last_stream = st;
	st = g_new0(SmmuStream, 1);
	st->smmu = s;
	st->sid = sid;
	name = g_strdup_printf("iob-smmuv3-sid-%x", sid);
	memory_region_init_iommu(&st->mr, sizeof(st->mr), TYPE_IOB_SMMUV3_MR, OBJECT(s),
				 name, UINT64_MAX);
	address_space_init(&st->as, MEMORY_REGION(&st->mr), name);
	g_hash_table_insert(s->streams, GUINT_TO_POINTER(sid), st);
	return st;
}

static void inv_cds(SmmuStream *st)
{
	unsigned int i;

	for (i = 0; i < SMMU_CD_SLOTS; i++)
		st->cd[i].valid = false;
}

static void inv_stream(SmmuStream *st)
{
	st->ste.valid = false;
	inv_cds(st);
}

void iob_smmu_stream_inv(IobSmmu *s, uint32_t sid)
{
	SmmuStream *st = iob_smmu_stream_find(s, sid);

	if (st)
		inv_stream(st);
}

/* CMD_CFGI_STE_RANGE: 2^(range + 1) stream IDs, aligned; 31 for all */
void iob_smmu_stream_inv_range(IobSmmu *s, uint32_t sid, unsigned int range)
{
	GHashTableIter it;
	gpointer value;

	g_hash_table_iter_init(&it, s->streams);
	while (g_hash_table_iter_next(&it, NULL, &value)) {
		SmmuStream *st = value;

		if (!((uint64_t)(st->sid ^ sid) >> (range + 1)))
			inv_stream(st);
	}
}

void iob_smmu_stream_inv_all(IobSmmu *s)
{
	iob_smmu_stream_inv_range(s, 0, 31);
}

void iob_smmu_stream_inv_cd(IobSmmu *s, uint32_t sid, uint32_t ssid)
{
	SmmuStream *st = iob_smmu_stream_find(s, sid);
	SmmuCd *cd;

	if (!st)
		return;
	cd = iob_smmu_stream_cd(st, ssid);
	if (cd->ssid == ssid)
		cd->valid = false;
}

void iob_smmu_stream_inv_cds(IobSmmu *s, uint32_t sid)
{
	SmmuStream *st = iob_smmu_stream_find(s, sid);

	if (st)
		inv_cds(st);
}
