# SPDX-License-Identifier: GPL-2.0-only
"""What the results of board_stage2.sh must have."""


def check(tap, results, _out):
    for name, result in results.items():
        counts = {c["name"]: (c["count"], c["failures"]) for c in result["checks"]}
        tap.ok(counts["read_of_write_only_refused"][0] >= 1 and not any(f for _, f in counts.values()),
               f"{name}: reads through mappings for writes were refused", counts)
