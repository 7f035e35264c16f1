# SPDX-License-Identifier: GPL-2.0-only
"""What the runs of test_counters.sh must have in their results."""


def total(result, name):
    found = [c for c in result["counters"] if c["name"] == name and "thread" not in c and c["run"] != "by-phase"]
    return found[0] if len(found) == 1 else None


def check(tap, results, _out):
    r = results
    tap.equal(r["none"]["counters"], [], "none: nothing is there")
    for name in ("default", "time"):
        cycles = total(r[name], "cycles")
        tap.ok(cycles and cycles["value"] > r[name].ops and cycles["scope"] == "thread",
               f"{name}: cycles are counted", r[name]["counters"])
        tap.ok(cycles and abs(cycles["value"] / r[name].ops / cycles["per_op"] - 1) < 1e-6,
               f"{name}: per operation", cycles)
    tap.equal({c["run"] for c in r["default"]["counters"]}, {"measured", "by-phase"},
              "default: nothing that disturbs")
    tap.ok(any(c["name"].endswith("arm-smmu-v3-evtq") and c["source"] == "interrupts"
               for c in r["default"]["counters"]), "default: interrupts of the SMMU", r["default"]["counters"])

    threads = r["threads"]
    for name in ("cycles", "context-switches", "task-clock"):
        parts = [c for c in threads["counters"] if c["name"] == name and "thread" in c and c["run"] == "measured"]
        whole = total(threads, name)
        tap.equal([c["thread"] for c in parts], [0, 1], f"{name}: of each thread")
        tap.ok(whole and abs(sum(c["value"] for c in parts) - whole["value"]) < 2,
               f"{name}: and of both", (parts, whole))

    for name, commands, syncs in (("strict", 2, 1), ("gather", None, 1 / 16)):
        got = {c["name"]: c["value"] for c in r[name]["counters"] if c["source"] == "derived"}
        tap.equal(got.get("syncs_per_unmap"), syncs, f"{name}: syncs of an unmap")
        if commands:
            tap.equal(got.get("commands_per_unmap"), commands, f"{name}: commands of an unmap")
        else:
            tap.ok(1 / 16 < got.get("commands_per_unmap", 2) < 2, f"{name}: fewer commands of an unmap", got)
    strict = r["strict"]
    for name in ("iommu:map", "iommu:unmap"):
        counter = total(strict, name)
        tap.equal((counter and counter["per_op"], counter and counter["run"]), (1, "explaining"),
                  f"{name}: one an operation")
    tap.equal(strict.ops, 200, "runs that explain are not in the figures")
    lazy = {c["name"]: c["value"] for c in r["lazy"]["counters"]}
    tap.ok(lazy.get("syncs_per_unmap", 1) < 0.5, "lazy: few syncs", lazy)

    warnings = r["unknown"]["warnings"]
    for name, text in (("cycels", "did you mean"), ("nothing/x/", "no PMU 'nothing'"),
                       ("iommu:mop", "no tracepoint"), ("INST_RETIRED:x", "libpfm4")):
        tap.ok(any(f"-e {name}: " in w and text in w for w in warnings), f"{name}: a warning with the reason",
               warnings)
    tap.equal(r["unknown"]["counters"], [], "and no zero in its place")
    tap.ok(not r["stopped"]["complete"] and total(r["stopped"], "cycles"),
           "an interrupted run has its counters", r["stopped"]["counters"])
