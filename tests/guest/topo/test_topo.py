# SPDX-License-Identifier: GPL-2.0-only
"""What topo must say of virt-many."""


def check(tap, results, _out):
    for name in ("topo", "after"):
        devices = {d["name"]: d for d in results[name]["devices"]}
        edu = [d for d in devices.values() if d["id"] == "1234:11e8"]
        tap.equal(len(edu), 4, f"{name}: four functions of edu")
        ready = [d for d in edu if d["verdict"] == "ready"]
        tap.equal(len(ready), 1 + (name == "after"), f"{name}: those that are bound")
        for device in edu:
            slot, function = device["name"].split(":")[2].split(".")
            tap.equal(device["ids"], [int(slot, 16) << 3 | int(function)],
                      f"{name}: {device['name']} has its stream ID")
        alone = [d for d in edu if d not in ready and not d["name"].startswith("0000:00:08")]
        tap.ok(alone and all(d["command"] for d in alone), f"{name}: one more could be", alone)
        other = devices["0000:00:08.1"]
        tap.equal(other["verdict"], "maybe", f"{name}: two functions of a slot")
        tap.ok(("will share" in other["reason"]) == (name == "after"),
               f"{name}: whether the other one has a group", other["reason"])
        tap.ok("0000:00:08.0" in other["reason"] and "no ACS" in other["reason"],
               f"{name}: ... and why", other["reason"])
