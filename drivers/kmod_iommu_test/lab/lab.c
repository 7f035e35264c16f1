// SPDX-License-Identifier: GPL-2.0-only
/*
 * kmod_iommu_test_lab: DMA engines that only virtual boards have, for kmod_iommu_test. It stays
 * loaded while a device is bound that uses one of them.
 */
#include <linux/module.h>

#include "engine/engine.h"
#include "lab/internal.h"

static const struct bench_engine_ops *const lab_engines[] = {
	&bench_engine_edu,
	&bench_engine_dmatest,
	NULL
};

static struct bench_engine_set lab_engine_set = {
	.engines = lab_engines,
	.owner = THIS_MODULE,
};

static int __init lab_init(void)
{
	bench_engines_register(&lab_engine_set);
	return 0;
}
module_init(lab_init);

static void __exit lab_exit(void)
{
	bench_engines_unregister(&lab_engine_set);
}
module_exit(lab_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("DMA engines of virtual boards, for the IOMMU benchmark");
