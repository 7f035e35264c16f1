# SPDX-License-Identifier: GPL-2.0-only
"""What results say that came through a channel of dmaengine."""

READ, WRITE = "read_after_unmap_refused", "write_after_unmap_refused"


def check(tap, results, _out):
    for name, result in results.items():
        device = result["machine"]["device"]
        tap.equal((device["name"], device["engine"], device["driver"], device["bus"]),
                  ("dmaengine:dma0chan0", "dmaengine", "dma-pl330", "amba"), f"{name}: the channel is named")
        tap.ok(device["controller"] in ("b100000.dma-controller", "ee160000.mmc"),
               f"{name}: and its controller", device)
        iommu = result["machine"]["iommu"]
        tap.ok(iommu["kind"] in ("arm-smmu-v3", "ipmmu-vmsa") and iommu["group"] is not None,
               f"{name}: behind its IOMMU", iommu)
        tap.equal(iommu["domain_type"], "strict", f"{name}: in the domain that was there")
        tap.ok(all(c["failures"] == 0 for c in result["checks"]), f"{name}: no false alarm", result["checks"])
        if name.startswith("verify."):
            counts = {c["name"]: c["count"] for c in result["checks"]}
            tap.ok(counts["transfer"] >= 2 and counts[READ] >= 1,
                   f"{name}: data arrived, and was refused after unmap", counts)
            tap.equal(counts[WRITE], 0,
                      f"{name}: nothing was written where the controller's driver may have mapped something")
    for name in ("unbound", "given-back"):
        tap.equal((results[name]["complete"], results[name]["end"]["reason"]), (False, "removed"),
                  f"{name}: what ended it")
    flush = results["flush"]
    tap.ok(flush["stale"]["unmaps"] >= 1000 and not flush["stale"]["failures"], "unmaps were probed", flush["stale"])
    exposure = flush["exposure"]
    tap.ok(exposure["measured"] and exposure["rounds"] > 0 and 0 < exposure["error_ns"] < 1e8, "and watched", exposure)
    tap.equal((exposure["exposed_rounds"], flush["machine"]["device"]["refusals_told_by"]), (0, "data"),
              "none of them exposed anything, as data tell")
