// SPDX-License-Identifier: GPL-2.0-only
/*
 * kmod_iommu_test: drives the kernel's IOMMU and DMA interfaces on a device that
 * was given to it with driver_override, and to no other.
 */
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/platform_device.h>

#include "client.h"
#include "commands/chardev.h"
#include "compat.h"
#include "iommu/detach.h"
#include "run/live.h"
#include "run/run.h"

#define DRIVER_NAME	"kmod_iommu_test"

static int bench_pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	return bench_chardev_probe(&pdev->dev, false);
}

static void bench_pci_remove(struct pci_dev *pdev)
{
	bench_chardev_remove(&pdev->dev);
}

/* No IDs: only driver_override binds. */
static struct pci_driver bench_pci_driver = {
	.name = DRIVER_NAME,
	.probe = bench_pci_probe,
	.remove = bench_pci_remove,
};

static int bench_platform_probe(struct platform_device *pdev)
{
	return bench_chardev_probe(&pdev->dev, false);
}

static void bench_platform_remove(struct platform_device *pdev)
{
	bench_chardev_remove(&pdev->dev);
}

BENCH_PLATFORM_REMOVE(bench_platform_remove);

static struct platform_driver bench_platform_driver = {
	.driver.name = DRIVER_NAME,
	.probe = bench_platform_probe,
	BENCH_PLATFORM_REMOVE_OP(bench_platform_remove),
};

#if BENCH_HAS_IOMMUFD
/*
 * For devices whose DMA is user space's: an iommufd takes them from such drivers
 * only, and these make no DMA mappings of their own.
 */
#define USER_DRIVER_NAME	DRIVER_NAME "_iommufd"

static int user_pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	return bench_chardev_probe(&pdev->dev, true);
}

static struct pci_driver user_pci_driver = {
	.name = USER_DRIVER_NAME,
	.probe = user_pci_probe,
	.remove = bench_pci_remove,
	.driver_managed_dma = true,
};

static int user_platform_probe(struct platform_device *pdev)
{
	return bench_chardev_probe(&pdev->dev, true);
}

static struct platform_driver user_platform_driver = {
	.driver.name = USER_DRIVER_NAME,
	.probe = user_platform_probe,
	BENCH_PLATFORM_REMOVE_OP(bench_platform_remove),
	.driver_managed_dma = true,
};

static int __init user_drivers_register(void)
{
	int err;

	err = platform_driver_register(&user_platform_driver);
	if (err)
		return err;
	err = pci_register_driver(&user_pci_driver);
	if (err)
		platform_driver_unregister(&user_platform_driver);
	return err;
}

static void user_drivers_unregister(void)
{
	pci_unregister_driver(&user_pci_driver);
	platform_driver_unregister(&user_platform_driver);
}
#else
static int __init user_drivers_register(void)
{
	return 0;
}

static void user_drivers_unregister(void)
{
}
#endif

static int __init bench_init(void)
{
	int err;

	err = bench_detach_init();
	if (err)
		return err;
	err = bench_live_init(bench_run_fail);
	if (err)
		goto detach;
	err = user_drivers_register();
	if (err)
		goto live;
	err = platform_driver_register(&bench_platform_driver);
	if (err)
		goto user;
	err = pci_register_driver(&bench_pci_driver);
	if (err)
		goto platform;
	err = bench_clients_register();
	if (!err)
		return 0;
	pci_unregister_driver(&bench_pci_driver);
platform:
	platform_driver_unregister(&bench_platform_driver);
user:
	user_drivers_unregister();
live:
	bench_live_exit();
detach:
	bench_detach_exit();
	return err;
}
module_init(bench_init);

static void __exit bench_exit(void)
{
	bench_clients_unregister();
	pci_unregister_driver(&bench_pci_driver);
	platform_driver_unregister(&bench_platform_driver);
	user_drivers_unregister();
	bench_live_exit();
	bench_detach_exit();
}
module_exit(bench_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("IOMMU benchmark and stress test");
