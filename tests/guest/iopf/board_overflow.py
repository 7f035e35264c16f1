# SPDX-License-Identifier: GPL-2.0-only
"""What the results say of queues that are too short."""

import os


def check(tap, results, out):
    for name, accesses in (("event", 500), ("page-request", 400)):
        result = results[name]
        tap.ok(result["complete"], f"{name}: complete")
        tap.equal((result.check("fault_served")["count"], result.check("fault_served")["failures"]),
                  (accesses, 0), f"{name}: every access was served at last")
    tap.equal(results["page-request"].check("page_request_answers"),
              {"name": "page_request_answers", "count": 1, "failures": 0},
              "no answer to lost page requests came to others")
    with open(os.path.join(out, "overflows"), encoding="utf-8") as file:
        ran_over = int(file.read()) > 0
    lost = results["page-request"]["iopf"]["queue_overflows"]["page_request"]
    tap.equal(lost > 0, ran_over, "it is told whether the page request queue ran over")
    tap.equal(any("ran over" in w for w in results["page-request"]["warnings"]), ran_over, "also in plain words")
