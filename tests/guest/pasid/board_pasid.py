# SPDX-License-Identifier: GPL-2.0-only
"""What the runs of board_pasid.sh must have in their results."""

LEAKS = ["binds_undone", "pasids_returned", "address_space_ids_returned"]


def check(tap, results, out):
    for name, result in results.items():
        counts = {c["name"]: (c["count"], c["failures"]) for c in result["checks"]}
        tap.equal([counts.get(c) for c in LEAKS], [(1, 0)] * 3, f"{name}: nothing leaked")
        tap.equal(result["leaks"]["after"]["live"], 0, f"{name}: no PASID is bound in the end")
        if name == "lifecycle":
            continue
        params = result["params"]
        ops, old = result.ops, counts["old_pasid_refused"]
        if name not in ("stopped", "killed"):
            workers = params["processes"] * params["threads"]
            tap.ok(ops >= params["count"] and ops < params["count"] + workers,
                   f"{name}: as many binds as asked for", ops)
            tap.equal((result.samples("bind"), result.samples("unbind")), (ops, ops),
                      f"{name}: each is a sample")
        if name in ("fresh", "processes", "domain", "domain-shared", "reuse"):
            tap.ok(old[0] >= ops and old[1] == 0, f"{name}: each old PASID is refused", old)
            tap.equal(counts["right_address_space"], (ops, 0), f"{name}: each finds its own memory")
        if name == "shared":
            tap.equal(old, (0, 0), "shared: what stays bound is not checked")
            tap.equal(result["exposure"]["measured"], False, "shared: nor watched")
        elif name != "stopped" and name != "many":
            tap.ok(result["exposure"]["measured"], f"{name}: exposure was measured")
            tap.equal(result["exposure"]["exposed_unbinds"], 0, f"{name}: and there was none")
    distance = results["reuse"]["churn"]["reuse_distance"]
    tap.equal((distance["min"], distance["max"]), (7, 7), "reuse: each seventh bind has the same PASID")
    tap.equal(results["domain"]["churn"]["reuse_distance"]["max"], 1, "domain: the lowest that is free")
    tap.ok(results["killed"]["churn"]["kills"] >= 5, "killed: processes were", results["killed"]["churn"])
    tap.ok(results["shared"].phase("bind")["latency_ns"]["p50"] * 3 <
           results["fresh"].phase("bind")["latency_ns"]["p50"], "a reference is cheaper than a bind")
    tap.equal(sorted(r["params"]["live"] for n, r in results.items() if n.startswith("live.")),
              [0, 1, 2, 4, 8, 16, 32, 61], "live: all numbers of PASIDs")
    tap.equal((results["stopped"]["complete"], results["stopped"]["end"]["reason"]), (False, "stopped"),
              "stopped: the result is marked")
