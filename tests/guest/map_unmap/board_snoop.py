# SPDX-License-Identifier: GPL-2.0-only
"""What the runs of board_snoop.sh must have in their results."""

# A round of the verifier has one transfer that map must have cleaned for, and one that unmap must have
# invalidated for.
BOTH = 2


def check(tap, results, out):
    snoops = "/smmuv3-sva-lab" in out
    topo = results.pop("topo")
    for name, result in results.items():
        count, failures = next((c["count"], c["failures"]) for c in result["checks"]
                               if c["name"] == "transfer")
        machine = result["machine"]
        tap.equal((machine["device"]["coherent"], machine["iommu"]["coherent_walks"]),
                  (snoops, snoops), f"{name}: says whether device and table walks snoop")
        sync = "no" if name.startswith("left_out") else "yes"
        tap.equal(result["params"]["sync"], sync, f"{name}: says whether caches were maintained")
        if sync == "yes" or snoops:
            tap.ok(count >= BOTH and not failures, f"{name}: all data arrived", (count, failures))
        else:
            tap.ok(count >= BOTH and failures == count, f"{name}: no data arrived", (count, failures))
            tap.ok(any("--sync no leaves out" in w for w in result["warnings"]),
                   f"{name}: and what for", result["warnings"])
        if sync == "no" and snoops:
            tap.ok(any("changes nothing" in w for w in result["warnings"]),
                   f"{name}: which changes nothing", result["warnings"])
        refused = [(c["count"], c["failures"]) for c in result["checks"]
                   if "after_unmap" in c["name"]]
        tap.ok(len(refused) == 2 and all(c and not f for c, f in refused),
               f"{name}: accesses after unmap were refused", refused)
    behind = [d for d in topo["devices"] if d["iommu"] and d["verdict"] == "ready"]
    tap.equal([d["coherent"] for d in behind], [snoops], "topo says whether the device snoops")
    tap.equal({i["coherent_walks"] for i in topo["iommus"]}, {snoops}, "... and the table walks")
