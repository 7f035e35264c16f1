# SPDX-License-Identifier: GPL-2.0-only
"""What the result of board_stale_va.sh says of a device that was not refused."""


def check(tap, results, _out):
    failures = {c["name"]: c["failures"] for c in results["verify"]["checks"]}
    tap.ok(failures["read_after_unmap_refused"] and failures["write_after_unmap_refused"],
           "verify: the drive could still read and write", failures)
