# SPDX-License-Identifier: GPL-2.0-only
"""What results say on a machine without an IOMMU."""


def check(tap, results, _out):
    for name, result in results.items():
        tap.equal(result["machine"]["iommu"]["domain_type"], "none", f"{name}: no IOMMU")
        tap.ok(any("nothing translates" in w for w in result["warnings"]),
               f"{name}: a warning says that nothing translates", result["warnings"])
    counts = {c["name"]: (c["count"], c["failures"]) for c in results["verify"]["checks"]}
    tap.ok(counts["transfer"][0] >= 2 and counts["transfer"][1] == 0 and
           counts["read_after_unmap_refused"] == (0, 0), "verify: transfers only", counts)
