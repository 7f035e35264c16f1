# SPDX-License-Identifier: GPL-2.0-only
"""What is left of the runs of test_interrupts.sh that were cut short."""


def check(tap, results, _out):
    for name in sorted(results):
        reason = "removed" if name.startswith(("unbind", "remove")) else "stopped"
        result = results[name]
        tap.equal((result["complete"], result["end"]["reason"]), (False, reason),
                  f"{name}: the result says what ended it")
        if name.endswith(("running", "count", "own-domain")):
            tap.ok(result.ops > 0, f"{name}: and holds what was done until then")
        if name.endswith("warm-up"):
            tap.equal(result.ops, 0, f"{name}: nothing had been counted yet")
    older = any(result["machine"]["kernel"].startswith("6.1.") for result in results.values())
    for kind, number in (("int", 6), ("unbind", 4)) if older else (("int", 13), ("unbind", 8)):
        found = [n for n in results if n.startswith(kind)]
        tap.equal(len(found), number, f"there are results of all {kind} runs")
