# SPDX-License-Identifier: GPL-2.0-only
"""What the result of board_stale.sh says of withheld invalidations."""


def check(tap, results, _out):
    for name, result in results.items():
        failures = {c["name"]: c["failures"] for c in result["checks"]}
        tap.ok(failures["read_after_unmap_refused"] and failures["write_after_unmap_refused"],
               f"{name}: accesses after unmap were not refused", failures)
        tap.ok(result["complete"], f"{name}: the run went on to its end")
