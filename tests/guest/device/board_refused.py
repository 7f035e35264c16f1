# SPDX-License-Identifier: GPL-2.0-only
"""What a result says on silicon whose IOMMU refuses the device."""


def check(tap, results, _out):
    result = results["without"]
    tap.equal(result["machine"]["iommu"]["domain_type"], "none", "no IOMMU")
    tap.ok(any("nothing translates" in w for w in result["warnings"]),
           "a warning says that nothing translates", result["warnings"])
