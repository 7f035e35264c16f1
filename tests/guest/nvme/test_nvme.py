# SPDX-License-Identifier: GPL-2.0-only
"""What the runs of test_nvme.sh must have in their results."""

REFUSED = ["read_after_unmap_refused", "write_after_unmap_refused"]


def verified(tap, name, result):
    counts = {c["name"]: (c["count"], c["failures"]) for c in result["checks"]}
    tap.ok(counts["transfer"][0] >= 2 and not counts["transfer"][1],
           f"{name}: data arrived in both directions", counts)
    if name == "type.identity":
        tap.ok(all(counts[r] == (0, 0) for r in REFUSED), f"{name}: nothing can be refused", counts)
    else:
        tap.ok(all(counts[r][0] >= 1 and not counts[r][1] for r in REFUSED),
               f"{name}: accesses after unmap were refused", counts)
    device = result["machine"]["device"]
    tap.equal((device["engine"], device["refusals_told_by"]), ("nvme", "data"),
              f"{name}: how that was told")
    tap.ok(result.ops > 0, f"{name}: the load went on beside it")


def check(tap, results, _out):
    for name, result in results.items():
        if name.startswith(("verify.", "type.")) or name in ("random", "direction", "again", "back"):
            verified(tap, name, result)
    for strategy in ("strict", "lazy", "gather", "range", "per-page", "full", "per-map-full"):
        one = results[f"flush-{strategy}-4K-64K-1-shared"]
        exposure = one["exposure"]
        tap.ok(exposure["measured"] and exposure["rounds"] > 0, f"{strategy}: was watched", exposure)
        tap.ok(0 < exposure["error_ns"] < 1e8, f"{strategy}: how fine that is, is told", exposure)
        tap.equal(one.check("refused_in_time")["failures"], 0, f"{strategy}: refused at last")
        tap.equal(one["device"]["measured"], False, f"{strategy}: the drive has no clock")
        if strategy == "lazy":
            tap.ok(exposure["exposed_rounds"] > 0 and exposure["accesses"]["max"] > 0,
                   "lazy: the drive got through for a while", exposure)
        else:
            tap.equal((exposure["exposed_rounds"], one.check("stale_access")["failures"]), (0, 0),
                      f"{strategy}: no access after unmap had returned")
    for name in ("gather", "strict"):
        stale = results[f"stale-{name}-4K-4K-2-shared"]
        tap.ok(stale["stale"]["unmaps"] >= 3000 and not stale["stale"]["failures"],
               f"{name}: 3000 unmaps were probed", stale["stale"])
    tap.equal(results["interval"]["exposure"]["interval_ns"], 2000000, "the interval is told")
