# SPDX-License-Identifier: GPL-2.0-only
"""What the results of board_devices.sh say about devices that faulted at the same time."""


def check(tap, results, _out):
    groups = {}
    for name, result in results.items():
        groups.setdefault(name.rpartition("-")[0], []).append(result)
    for name, members in groups.items():
        tap.equal(sorted(m["machine"]["device"]["name"] for m in members),
                  sorted(members[0]["group"]["devices"]), f"{name}: a result for each device")
        tap.equal(len({m["group"]["begin_ns"] for m in members}), 1, f"{name}: they share a time base")
    for name, faults in (("all", 256), ("load", 256), ("spaces", 512), ("ioctl", 256)):
        tap.equal([m.ops for m in groups[name]], [faults] * 2, f"{name}: each took its faults")
        tap.equal([m.samples("fault") for m in groups[name]], [faults] * 2, f"{name}: and timed them")
        tap.ok(all(m["complete"] for m in groups[name]), f"{name}: to the end")
    for m in groups["all"]:
        tap.ok(m.phase("stage_event") and m.samples("stage_event") > 0, "all: stage by stage")
        scopes = {c["scope"] for c in m["counters"] if c["source"] != "derived"}
        tap.ok("thread" in scopes and "group" in scopes, "all: counters of each and of both", scopes)
        pmcg = [c for c in m["counters"] if "stream_id" in c]
        tap.ok(pmcg and all(c["scope"] == "device" for c in pmcg),
               "all: the SMMU's counters by the device's stream", m["counters"])
    streams = [{c["stream_id"] for c in m["counters"] if "stream_id" in c} for m in groups["all"]]
    tap.ok(len(streams[0] | streams[1]) == 2, "all: each its own", streams)
    tap.equal({len(m["repeats"]) for m in groups["spaces"]}, {2}, "spaces: two runs")
    tap.equal({m["end"]["reason"] for m in groups["stopped"]}, {"stopped"}, "stopped: both were")
    tap.ok(all(m.ops for m in groups["stopped"]), "stopped: with what they had done")
    tap.equal(sorted(m["end"]["reason"] for m in groups["gone"]), ["removed", "stopped"],
              "gone: the other one went on")
    ops = {m["end"]["reason"]: m.ops for m in groups["gone"]}
    tap.ok(ops["stopped"] >= ops["removed"], "gone: and did more", ops)
