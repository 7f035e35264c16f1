# SPDX-License-Identifier: GPL-2.0-only
"""What the interrupted runs of test_domain_type.sh must have in their results."""


def check(tap, results, _out):
    for name in ("strict", "lazy", "identity"):
        result = results[name]
        tap.equal((result["complete"], result["end"]["reason"]), (False, "stopped"),
                  f"{name}: an interrupted run is not complete")
        tap.equal(result["machine"]["iommu"]["domain_type"], name, f"{name}: the type it ran with")
