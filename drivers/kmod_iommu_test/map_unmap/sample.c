// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is said of a sample that failed.
 */
#include "device.h"
#include "iommu/domain.h"
#include "map_unmap/sample.h"
#include "run/run.h"

/**
 * mu_addresses_kept() - what more is to be known of a device's address space that has run out
 * @work: the workload
 *
 * With a lazy default domain, addresses that were unmapped come back with the next flush of the
 * kernel's queue only, so that far fewer mappings than would fit use up a small space.
 *
 * Return: words that follow the number of address bits.
 */
const char *mu_addresses_kept(const struct mu_work *work)
{
	if (work->domain || bench_device_domain_type(work->dev) != IOMMUBENCH_DOMAIN_LAZY)
		return "";
	return "; lazy keeps what was unmapped until its next flush";
}

/**
 * mu_map_failed() - end the run because a mapping could not be made
 * @t: the worker
 * @err: negative errno of the map
 *
 * Return: @err.
 */
int mu_map_failed(struct bench_thread *t, int err)
{
	struct mu_thread *mt = t->work;

	if (bench_map_broken(err))
		return bench_run_broken(t->run, err, "mapping %zu bytes at a free address failed in thread %u: error %d, which is neither for want of memory nor of addresses",
					mt->work->bytes, t->index, err);
	return bench_run_fail(t->run, err,
			      "mapping %zu bytes failed in thread %u with %llu of its mappings alive: error %d, out of IOVA space (the device drives %u address bits%s) or of memory",
			      mt->work->bytes, t->index, mt->live + mt->prefill_live, err,
			      t->run->bd->engine.dma_bits, mu_addresses_kept(mt->work));
}

/**
 * mu_unmap_failed() - end the run because an unmap undid less than it should
 * @t: the worker
 * @err: negative errno that the run ends with
 *
 * Return: @err.
 */
int mu_unmap_failed(struct bench_thread *t, int err)
{
	struct mu_thread *mt = t->work;

	return bench_run_broken(t->run, err, "unmapping %zu bytes in thread %u undid less: error %d",
			      mt->work->bytes, t->index, err);
}
