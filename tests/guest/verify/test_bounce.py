# SPDX-License-Identifier: GPL-2.0-only
"""What the results of test_bounce.sh must have: transfers, and nothing that could have been refused."""


def check(tap, results, _out):
    for name, result in results.items():
        counts = {c["name"]: (c["count"], c["failures"]) for c in result["checks"]}
        tap.ok(counts["transfer"][0] >= 4 and counts["transfer"][1] == 0,
               f"{name}: data arrived in both directions, more than once", counts)
        tap.equal(counts["read_after_unmap_refused"], (0, 0), f"{name}: nothing translates")
