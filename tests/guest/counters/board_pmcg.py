# SPDX-License-Identifier: GPL-2.0-only
"""What the PMCG must have counted in the intervals of board_pmcg.sh; results.py looks at the sums."""


def counted(result, event):
    """What all groups that have an event counted, interval by interval."""
    names = [c["name"] for c in result["series"]["counters"]
             if c["source"] == "pmu" and c["name"].endswith(f"/{event}/")]
    return [sum(i["counters"][n] for n in names) for i in result["series"]["intervals"]] if names else []


def check(tap, results, _out):
    # The engine of map-unmap works for --verify, that of iopf faults, the disk moves its data.
    for name in ("map", "iopf", "io"):
        for event in ("transaction", "tlb_miss"):
            values = counted(results[name], event)
            tap.ok(sum(values) > 0, f"{name}: {event} over time", values)
        values = counted(results[name], "transaction")
        tap.ok(sum(1 for v in values if v) > 1, f"{name}: in more than one interval", values)
    tap.equal(sum(counted(results["flush"], "transaction")), 0, "flush: costs are measured without the device")
    tap.ok(all("thread" not in c for c in results["io"]["counters"] if c["source"] == "pmu"),
           "io: an IOMMU's counts are of no thread")
