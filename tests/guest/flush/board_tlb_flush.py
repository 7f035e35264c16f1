# SPDX-License-Identifier: GPL-2.0-only
"""What the runs of board_tlb_flush.sh must have in their results."""

STRATEGIES = ("strict", "lazy", "gather", "range", "per-page", "full", "per-map-full", "none")
# Flushes of an IOMMU that can do nothing less, in a round of 16 mappings.
FLUSHES = {"strict": 16, "gather": 1, "range": 1, "per-page": 16, "full": 1, "per-map-full": 32,
           "none": 0}


def check(tap, results, _out):
    r = results
    for strategy in STRATEGIES:
        one = r[f"all-{strategy}-4K-64K-1-shared"]
        exposure, device, commands = one["exposure"], one["device"], one["commands"]
        checks = {c["name"]: (c["count"], c["failures"]) for c in one["checks"]}
        tap.ok(device["measured"] and device["rounds"] > 0, f"{strategy}: the device was timed",
               device)
        if strategy == "none":
            tap.equal(exposure["measured"], False, "none: nothing is ever refused")
        else:
            tap.ok(exposure["measured"] and exposure["rounds"] > 0, f"{strategy}: was watched",
                   exposure)
            tap.ok(checks["refused_in_time"][0] and not checks["refused_in_time"][1],
                   f"{strategy}: the device lost its access at last", checks)
        if strategy == "lazy":
            tap.ok(exposure["exposed_rounds"] > 0 and exposure["accesses"]["max"] > 0,
                   "lazy: the device got through for a while", exposure)
            tap.ok("stale_access" not in checks, "lazy: which is no failure", checks)
        elif strategy != "none":
            tap.equal((exposure["exposed_rounds"], one.phase("exposure")["latency_ns"]["max"]),
                      (0, 0), f"{strategy}: no access after unmap had returned")
            tap.equal(checks["stale_access"][1], 0, f"{strategy}: as its check says")
        if not tap.ok(commands["measured"], f"{strategy}: commands were counted", commands):
            continue
        key = "flushes_per_round" if "flushes_per_round" in commands else "lists_per_round"
        if strategy in FLUSHES:
            tap.equal(commands[key], FLUSHES[strategy],
                      f"{strategy}: {FLUSHES[strategy]} {key.replace('_', ' ')}")
    stale = r["stale"]
    tap.ok(stale["stale"]["unmaps"] >= 2000 and stale["stale"]["failures"] == 0,
           "2000 unmaps were probed", stale["stale"])
    tap.ok(stale.check("stale_access")["count"] >= 2000, "as the check says", stale["checks"])
    tap.equal(r["lazy"]["stale"]["measured"], False, "lazy: not looked for")
    interval = r["interval"]["exposure"]
    tap.equal((interval["interval_ns"], interval["load_threads"]), (1000, 1),
              "interval and load are told")
