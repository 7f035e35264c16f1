# SPDX-License-Identifier: GPL-2.0-only
"""What the result says of a board that withholds invalidations."""


def check(tap, results, _out):
    result = results["stale"]
    failures = {c["name"]: c["failures"] for c in result["checks"]}
    tap.ok(failures["read_after_unmap_refused"], "reads after unmap were not refused", failures)
    tap.ok(result["complete"], "the run went on to its end")
