# SPDX-License-Identifier: GPL-2.0-only
"""What the runs of test_phases.sh must have in their results."""


def of_phases(result, name):
    """Of all threads together, by phase: what is for one operation."""
    return {c["phase"]: c["per_op"] for c in result["counters"]
            if c["run"] == "by-phase" and c["name"] == name and "thread" not in c}


def check(tap, results, _out):
    r = results
    tap.equal(r["none"]["counters"], [], "none: no phase is counted")
    for name in ("strict", "gather", "random", "large", "sg"):
        counters = [c for c in r[name]["counters"] if c["run"] == "by-phase" and c["source"] != "derived"]
        tap.equal([w for w in r[name]["warnings"] if w.startswith("-e ")], [], f"{name}: all is counted")
        tap.equal({c["phase"] for c in counters}, {"map", "unmap"}, f"{name}: these phases")
        # A scatter list is mapped piece by piece, as far as they do not happen to be neighbours.
        maps = of_phases(r[name], "iommu:map")
        tap.ok(maps["unmap"] == 0 and (1 <= maps["map"] <= 4 if name == "sg" else maps["map"] == 1),
               f"{name}: maps are, and no unmap is one", maps)
        tap.equal(of_phases(r[name], "iommu:unmap"), {"map": 0, "unmap": 1}, f"{name}: each unmap is one, no map is")
        tap.equal(of_phases(r[name], "commands").get("map"), 0, f"{name}: a map sends nothing")
        for phase in ("map", "unmap"):
            parts = [c for c in counters if c["name"] == "task-clock" and c["phase"] == phase and "thread" in c]
            whole = next(c for c in counters if c["name"] == "task-clock" and c["phase"] == phase and
                         "thread" not in c)
            for key in ("value", "gate_value", "ops"):
                tap.ok(abs(sum(c[key] for c in parts) - whole[key]) < 2, f"{name}: {key} of {phase} is the threads'",
                       (parts, whole))
            tap.ok(whole["gate_value"] > 0, f"{name}: passing a gate takes time", whole)
        # What waits at a gate is no part of any phase.
        tap.ok(all(v < 0.1 for v in of_phases(r[name], "context-switches").values()),
               f"{name}: standing still is not counted", of_phases(r[name], "context-switches"))
        tap.ok(all(c["ops"] == 512 * (2 if name == "strict" and "thread" not in c else 1) for c in counters
                   if name in ("strict", "gather", "sg")), f"{name}: 512 operations of a thread", counters)
    for name, commands, syncs in (("strict", 2, 1), ("random", 2, 1), ("sg", 2, 1), ("gather", None, 1 / 16)):
        tap.equal(of_phases(r[name], "syncs"), {"map": 0, "unmap": syncs}, f"{name}: syncs")
        if commands:
            tap.equal(of_phases(r[name], "commands"), {"map": 0, "unmap": commands}, f"{name}: commands")
    got = {c["name"]: c["value"] for c in r["strict"]["counters"] if c["source"] == "derived" and
           c["run"] == "by-phase"}
    tap.equal((got["commands_per_map"], got["commands_per_unmap"], got["syncs_per_unmap"]), (0, 2, 1),
              "strict: figures of each phase")
    lazy = of_phases(r["lazy"], "syncs")
    tap.ok(0 < lazy["unmap"] < 0.5 and not lazy["map"], "lazy: what the timer sends belongs to the unmaps", lazy)
    tap.equal(set(of_phases(r["identity"], "context-switches")), {"map", "unmap"}, "identity: its phases")

    tap.equal(of_phases(r["flush-strict"], "commands"), {"map": 0, "unmap": 2}, "strict rounds: commands")
    tap.equal(of_phases(r["flush-per-page"], "commands"), {"map": 0, "total": 2}, "per-page: commands")
    tap.equal(of_phases(r["flush-full"], "commands"), {"map": 0, "unmap": 0, "flush": 2}, "full: commands")
    tap.equal(of_phases(r["flush-per-map-full"], "commands"), {"map": 2, "total": 2}, "per-map-full: commands")
    for name in ("gather", "range"):
        flush = r[f"flush-{name}"]
        tap.equal(of_phases(flush, "syncs"), {"map": 0, "unmap": 0, "flush": 1}, f"{name}: syncs")
        tap.ok(of_phases(flush, "commands")["flush"] >= 2, f"{name}: commands of a flush", flush["counters"])
        tap.equal(of_phases(flush, "iommu:unmap")["unmap"], 1 if name == "gather" else 1 / 16,
                  f"{name}: unmaps of a mapping")
