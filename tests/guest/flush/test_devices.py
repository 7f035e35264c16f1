# SPDX-License-Identifier: GPL-2.0-only
"""What the results of test_devices.sh say about devices that flushed at the same time."""


def check(tap, results, _out):
    points = {}
    for name, result in results.items():
        if "group" in result:
            points.setdefault(name.rpartition("-")[0], []).append(result)

    def of(name, strategy="gather", size="4K", threads=1):
        return points[f"{name}-{strategy}-4K-{size}-{threads}-shared"]

    for name, members in points.items():
        tap.equal(sorted(m["machine"]["device"]["name"] for m in members),
                  sorted(members[0]["group"]["devices"]), f"{name}: a result for each device")
        tap.equal(len({(m["group"]["id"], m["group"]["begin_ns"]) for m in members}), 1,
                  f"{name}: they share a time base")
    tap.equal(sorted((name, len(m)) for name, m in points.items() if name.startswith("all-")),
              sorted((f"all-{s}-4K-{r}-1-shared", 3) for s in ("strict", "none", "gather")
                     for r in ("4K", "64K")), "all: three devices at each point")
    types = {"strict": "strict", "none": "identity"}
    for strategy, syncs in (("strict", 16), ("none", 0), ("gather", 1)):
        members = of("all", strategy, "64K")
        tap.equal([m.ops for m in members], [64] * 3, f"{strategy}: each did its operations")
        tap.ok(all(types.get(strategy) in (None, m["machine"]["iommu"]["domain_type"]) for m in members),
               f"{strategy}: each in the right domain")
        commands = members[0]["commands"]
        tap.ok(all(m["commands"] == commands for m in members) and commands["scope"] == "group",
               f"{strategy}: commands are of all", commands)
        tap.equal(commands["syncs_per_round"], syncs, f"{strategy}: {syncs} syncs in a round of each")
        tap.ok("exposure" in members[0] and not members[0]["exposure"]["measured"],
               f"{strategy}: no exposure without an engine that can tell")
    index = results["all-index"]
    tap.equal(sorted({p["device"] for p in index["points"]}),
              sorted(of("all")[0]["group"]["devices"]), "the index names the devices")
    tap.ok(all(p["file"][:-len(".json")] in results for p in index["points"]), "and their files")
    tap.equal((index["complete"], len(index["points"])), (True, 18), "all is there")

    tap.ok(all(m["group"]["alone_ops_per_s"] > 0 and m["group"]["kept"] > 0 for m in of("two")),
           "two: each was measured alone")
    for m in of("counted", "full", threads=2):
        got = {c["name"]: c for c in m["counters"] if "thread" not in c}
        tap.equal((got["cycles"]["scope"], got["commands"]["scope"]), ("thread", "group"),
                  "counted: cycles of each, commands of all")
        tap.equal((m["params"]["transport"], len(m["repeats"])), ("ioctl", 2), "counted: two runs by ioctl")
    for m in of("long", size="1M"):
        tap.ok(m.samples("total") > 0, "long: a round was measured all the same")
    tap.equal(len(of("skip")), 2, "skip: the devices that can")
    skipped = results["skip-index"]["skipped"]
    tap.equal(sorted(s["device"] for s in skipped), sorted(of("skip")[0]["group"]["devices"]),
              "skip: and what they cannot")
    tap.equal({m["end"]["reason"] for m in of("stopped", "strict")}, {"stopped"}, "stopped: all were")
    tap.ok(all(m.ops for m in of("stopped", "strict")), "stopped: with what they had done")
    tap.equal(sorted(m["end"]["reason"] for m in of("gone")), ["removed", "time", "time"],
              "gone: the others were not disturbed")
    tap.equal([m["end"]["reason"] for m in of("gone", "full")], ["time"] * 2, "gone: and went on")
    tap.ok(not results["gone-index"]["complete"], "gone: the sweep is not complete")
    gone = [s for s in results["gone-index"]["skipped"] if s["strategy"] == "full"]
    tap.ok(len(gone) == 1 and "gone away" in gone[0]["reason"], "gone: the index says why", gone)
    tap.equal({m["end"]["reason"] for m in of("late")}, {"stopped"}, "late: runs were cancelled")
