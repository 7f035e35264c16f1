# SPDX-License-Identifier: GPL-2.0-only
"""What the runs of board_igb.sh must have in their results."""

REFUSED = ["read_after_unmap_refused", "write_after_unmap_refused"]


def check(tap, results, _out):
    for name, result in results.items():
        counts = {c["name"]: (c["count"], c["failures"]) for c in result["checks"]}
        least = 400 if name == "repeated" else 2
        tap.ok(counts["transfer"][0] >= least and counts["transfer"][1] == 0,
               f"{name}: data arrived in both directions", counts)
        refused = [counts[r] for r in REFUSED]
        if name == "type.identity":
            tap.equal(refused, [(0, 0), (0, 0)], f"{name}: nothing was refused")
        else:
            tap.ok(all(c >= least // 2 and f == 0 for c, f in refused),
                   f"{name}: accesses after unmap were refused", counts)
