# SPDX-License-Identifier: GPL-2.0-only
"""What test_faults.sh left: the first of two runs on one device, which Ctrl-C ended."""


def check(tap, results, _out):
    tap.equal(list(results), ["first"], "no refused run left a result")
    first = results["first"]
    tap.equal((first["complete"], first["end"]["reason"]), (False, "stopped"),
              "first: what ended it")
