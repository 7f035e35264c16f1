# SPDX-License-Identifier: GPL-2.0-only
"""What the runs of board_map_unmap.sh must have in their results."""

KINDS = {"smmuv3-sva": "arm-smmu-v3", "r8a7795-es3": "ipmmu-vmsa", "r8a77961": "ipmmu-vmsa"}
SOCS = {"r8a7795-es3": ("R-Car Gen3", "r8a7795", "ES3.0"),
        "r8a77961": ("R-Car Gen3", "r8a77961", "ES3.0")}
REFUSED = ["read_after_unmap_refused", "write_after_unmap_refused"]


def check(tap, results, out):
    board = next(b for b in KINDS if f"/{b}-lab" in out)
    for name, result in results.items():
        counts = {c["name"]: (c["count"], c["failures"]) for c in result["checks"]}
        tap.ok(counts["transfer"][0] >= 2 and counts["transfer"][1] == 0,
               f"{name}: data arrived in both directions", counts)
        refused = [counts[r] for r in REFUSED]
        if name in ("type.identity", "pieces.identity"):
            tap.equal(refused, [(0, 0), (0, 0)], f"{name}: nothing was refused")
        else:
            tap.ok(all(c >= 1 and f == 0 for c, f in refused),
                   f"{name}: accesses after unmap were refused", counts)
    for api in ("dma-single", "dma-sg", "iommu", "iommu-fast"):
        counts = {c["name"]: (c["count"], c["failures"]) for c in results[f"looks.{api}"]["checks"]}
        for look in ("write_to_read_only_refused", "reused_address"):
            tap.ok(counts[look][0] >= 1 and counts[look][1] == 0, f"{api}: {look}", counts)
        # Stage 1 of Arm has no bit for it, and no other check is counted that is not made.
        tap.equal((counts["read_of_write_only_refused"], counts["mapping"]), ((0, 0), (0, 0)),
                  f"{api}: what was not looked at")
        # Sixteen pages of a whole mapping, and seven mappings at a time.
        tap.ok(counts["transfer"][0] >= 16 + 7 and counts["read_after_unmap_refused"][0] >= 16 + 7,
               f"{api}: whole mappings, and several at a time", counts)
    for name in ("strict", "lazy", "identity"):
        tap.equal(results[f"type.{name}"]["machine"]["iommu"]["domain_type"], name,
                  f"type.{name}: the result says so")
    machine = results["verify.iommu"]["machine"]
    tap.equal(machine["iommu"]["kind"], KINDS[board], "the IOMMU is named")
    tap.ok(machine["virtual"], "the result is marked as virtual")
    soc = machine["soc"] and tuple(machine["soc"][k] for k in ("family", "id", "revision"))
    tap.equal(soc, SOCS.get(board), "SoC and revision are told")
