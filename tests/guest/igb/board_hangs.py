# SPDX-License-Identifier: GPL-2.0-only
"""What the runs of board_hangs.sh must have in their results."""


def check(tap, results, _out):
    for name, result in results.items():
        counts = {c["name"]: (c["count"], c["failures"]) for c in result["checks"]}
        tap.ok(all(counts[c][0] >= 1 and counts[c][1] == 0 for c in
                   ("transfer", "read_after_unmap_refused", "write_after_unmap_refused")),
               f"{name}: data arrived before the unmap and not after it", counts)
