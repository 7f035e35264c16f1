# SPDX-License-Identifier: GPL-2.0-only
"""What the results of a board say that withholds invalidations."""

# In address spaces that nobody has used before: elsewhere, the device is not told to write where it reads other memory.
FRESH = ("stale.dma-single.1", "stale.iommu.1")


def check(tap, results, _out):
    for name, result in results.items():
        failures = {c["name"]: c["failures"] for c in result["checks"]}
        # Where addresses come again soon, a stale translation misleads the next transfer instead.
        tap.ok(sum(failures.values()) >= 1, f"{name}: a stale translation was seen", failures)
        if name in FRESH:
            tap.ok(failures["read_after_unmap_refused"] and failures["write_after_unmap_refused"],
                   f"{name}: accesses after unmap were not refused", failures)
        tap.ok(result["complete"], f"{name}: the run went on to its end")
