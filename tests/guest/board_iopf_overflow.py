# SPDX-License-Identifier: GPL-2.0-only
"""What the results say of queues that are too short."""


def check(tap, results, _out):
    for name, accesses in (("event", 500), ("page-request", 400)):
        result = results[name]
        tap.ok(result["complete"], f"{name}: complete")
        tap.equal((result.check("fault_served")["count"], result.check("fault_served")["failures"]),
                  (accesses, 0), f"{name}: every access was served at last")
    lost = results["page-request"]["iopf"]["queue_overflows"]["page_request"]
    tap.ok(lost > 0, "the page request queue ran over, and that is told")
    tap.ok(any("ran over" in w for w in results["page-request"]["warnings"]), "also in plain words")
