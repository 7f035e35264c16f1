# SPDX-License-Identifier: GPL-2.0-only
"""What topo must say of virt-many."""


def check(tap, results, _out):
    for name in ("topo", "after"):
        devices = {d["name"]: d for d in results[name]["devices"]}
        edu = [d for d in devices.values() if d["id"] == "1234:11e8"]
        tap.equal(len(edu), 4, f"{name}: four functions of edu")
        ready = [d for d in edu if d["verdict"] == "ready"]
        tap.equal(len(ready), 1, f"{name}: one is bound")
        for device in edu:
            slot, function = device["name"].split(":")[2].split(".")
            tap.equal(device["ids"], [int(slot, 16) << 3 | int(function)],
                      f"{name}: {device['name']} has its stream ID")
        alone = [d for d in edu if d not in ready and not d["name"].startswith("0000:00:08")]
        tap.ok(alone and all(d["command"] for d in alone), f"{name}: one more could be", alone)
        for function in ("0000:00:08.0", "0000:00:08.1"):
            tap.ok(devices[function]["verdict"] == "needed" and "share" in devices[function]["reason"],
                   f"{name}: {function} shares its group", devices[function]["reason"])
