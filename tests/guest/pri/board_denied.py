# SPDX-License-Identifier: GPL-2.0-only
"""What the result says where page requests are denied."""


def check(tap, results, _out):
    result = results["denied"]
    tap.ok(result["complete"] and not result["iopf"]["answered"], "it says that nothing is answered")
    tap.equal((result["iopf"]["faulted"], result["iopf"]["refused"]), (50, 50), "all were denied")
    tap.equal(result.check("page_request_answers"), {"name": "page_request_answers", "count": 1, "failures": 0},
              "each denial fitted a request")
    tap.equal(result.samples("answer"), 50, "how long a denial takes was measured")
    for stage in ("handler", "mm", "fault", "response"):
        told = result["iopf"]["stages"][stage]
        tap.ok(not told["shown"] and "denies" in told["reason"], f"stage {stage} is not guessed")
