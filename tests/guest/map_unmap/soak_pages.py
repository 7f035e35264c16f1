# SPDX-License-Identifier: GPL-2.0-only
"""What the runs of soak_pages.sh must have in their results."""

PAGE = 16 << 10


def check(tap, results, out):
    flushes = 0
    for name, result in results.items():
        tap.equal([c["name"] for c in result["checks"] if c["failures"]], [], f"{name}: no check failed")
        if result["tool"]["subcommand"] == "tlb-flush":
            flushes += 1
        elif not name.startswith("default.") and name != "random":
            continue
        tap.equal(result["params"]["size_bytes"], PAGE, f"{name}: a mapping is a page")
    tap.ok(flushes >= 7, "all strategies", flushes)
    tap.ok(results["default.iommu"].check("transfer")["count"] > 0, "they were verified")
