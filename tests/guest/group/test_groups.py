# SPDX-License-Identifier: GPL-2.0-only
"""What the results of test_groups.sh say about the devices."""


def check(tap, results, _out):
    for name, result in results.items():
        device, iommu = result["machine"]["device"], result["machine"]["iommu"]
        if name == "platform":
            tap.equal((device["bus"], iommu["domain_type"]), ("platform", "none"),
                      "platform: bus and IOMMU are named")
            tap.ok(any("nothing translates" in w for w in result["warnings"]),
                   "platform: a warning says that nothing translates", result["warnings"])
        else:
            tap.equal((device["name"], device["bus"]), (name, "pci"), f"{name}: is named")
