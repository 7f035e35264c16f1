// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is said of a round that failed.
 */
#include "device.h"
#include "iommu/domain.h"
#include "run/run.h"
#include "tlb_flush/round.h"

/**
 * tf_map_failed() - end the run because a mapping could not be made
 * @t: the worker
 * @err: why; -EINTR when it was stopped anyway
 *
 * Return: @err.
 */
int tf_map_failed(struct bench_thread *t, int err)
{
	struct tf_thread *tt = t->work;

	if (err == -EINTR)
		return err;
	if (bench_map_broken(err))
		return bench_run_broken(t->run, err, "mapping %zu bytes at a free address failed in thread %u, round %llu: error %d, which is neither for want of memory nor of addresses",
					tt->work->bytes, t->index, tt->rounds, err);
	return bench_run_fail(t->run, err,
			      "mapping %zu bytes failed in thread %u, round %llu of %u mappings: error %d, out of IOVA space (the device drives %u address bits) or of memory",
			      tt->work->bytes, t->index, tt->rounds, tt->work->mappings, err,
			      t->run->bd->engine.dma_bits);
}

/**
 * tf_unmap_failed() - end the run because an unmap undid less than it should
 * @t: the worker
 *
 * Return: -EIO.
 */
int tf_unmap_failed(struct bench_thread *t)
{
	struct tf_thread *tt = t->work;

	return bench_run_broken(t->run, -EIO, "strategy %s unmapped less than mappings of %zu bytes in thread %u, round %llu",
			      tt->work->strategy->name, tt->work->bytes, t->index, tt->rounds);
}
