# SPDX-License-Identifier: GPL-2.0-only
"""What doctor must say, as JSON, of a machine without an IOMMU."""


def check(tap, results, _out):
    report = results["doctor"]
    tap.equal([c["name"] for c in report["checks"] if c["state"] == "fail"], ["iommu", "device"],
              "what is missing")
    tap.equal((report["measurable"], report["first_command"], report["disk_command"]),
              (False, None, None), "nothing can be measured")
