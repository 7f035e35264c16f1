# SPDX-License-Identifier: GPL-2.0-only
"""What doctor must say, as JSON, of a board that can be measured, and of one without its device."""


def check(tap, results, _out):
    sound, unbound = results["sound"], results["unbound"]
    tap.ok(sound["measurable"] and not unbound["measurable"], "measurable, or not")
    tap.ok(sound["first_command"].startswith("iommubench map-unmap -d "), "a command to begin with",
           sound["first_command"])
    failed = [c["name"] for c in unbound["checks"] if c["state"] == "fail"]
    tap.equal(failed, ["device"], "nothing but the device is missing")
    tap.equal([c["name"] for c in unbound["checks"]], [c["name"] for c in sound["checks"]],
              "the checks are the same")
