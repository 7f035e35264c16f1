# SPDX-License-Identifier: GPL-2.0-only
"""What the runs of test_verify.sh must have in their results."""

REFUSED = ["read_after_unmap_refused", "write_after_unmap_refused"]


def check(tap, results, _out):
    for name, result in results.items():
        counts = {c["name"]: (c["count"], c["failures"]) for c in result["checks"]}
        tap.ok(counts["transfer"][0] >= 2 and counts["transfer"][1] == 0,
               f"{name}: data arrived in both directions", counts)
        if name == "type.identity":
            tap.ok(all(counts[r] == (0, 0) for r in REFUSED),
                   f"{name}: nothing was refused, because nothing translates", counts)
            tap.ok(any("no access can be refused" in w for w in result["warnings"]),
                   f"{name}: and it says so", result["warnings"])
        else:
            tap.ok(all(counts[r][0] >= 1 and counts[r][1] == 0 for r in REFUSED),
                   f"{name}: accesses after unmap were refused", counts)
        tap.ok(result.ops > 0, f"{name}: the load went on beside it")
    done = results["done"]
    tap.equal((done["params"]["api"], done["params"]["size_bytes"], done["end"]["reason"]),
              ("iommu", 4096, "time"), "done: as asked for")
    machine = done["machine"]
    tap.ok(machine["virtual"] and machine["virtual_reason"], "done: marked as virtual")
    tap.equal(machine["iommu"]["kind"], "arm-smmu-v3", "done: the IOMMU is named")
    tap.ok("hostname" not in str(done), "done: does not tell whose machine it was")
    for name in ("strict", "lazy", "identity"):
        tap.equal(results[f"type.{name}"]["machine"]["iommu"]["domain_type"], name,
                  f"type.{name}: the result says so")
