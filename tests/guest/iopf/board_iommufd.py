# SPDX-License-Identifier: GPL-2.0-only
"""What the runs of board_iommufd.sh must have in their results."""

STAGES = ["event", "handler", "read", "map", "response", "restart"]
# A stage between two clocks is never below 0, and off by a little.
SLACK_NS = 500


def stages_add_up(tap, name, result, whole):
    tap.equal(list(result["iopf"]["stages"]), STAGES, f"{name}: its stages are user space's")
    tap.ok(all(s["shown"] for s in result["iopf"]["stages"].values()), f"{name}: all are shown")
    sums = [result.phase(f"stage_{s}") for s in STAGES]
    phase = result.phase(whole)
    if not tap.ok(phase and all(sums), f"{name}: and are there"):
        return
    tap.equal({s["latency_ns"]["count"] for s in sums}, {phase["latency_ns"]["count"]},
              f"{name}: of each fault")
    mean = phase["latency_ns"]["mean"]
    total = sum(s["latency_ns"]["mean"] for s in sums)
    tap.ok(abs(total - mean) <= SLACK_NS + mean / 100, f"{name}: they add up", f"{total} of {mean}")


def check_kind(tap, kind, result):
    iopf, params = result["iopf"], result["params"]
    tap.equal((params["api"], params["mode"], params["waits"]), ("iommufd", "iommufd", "stall"),
              f"{kind}: who answers is told")
    tap.ok(result["complete"] and result.check("answered")["failures"] == 0,
           f"{kind}: each access ended")
    if kind in ("unmapped", "inflight"):
        tap.ok(not iopf["kernel"]["measured"] and iopf["kernel"]["reason"],
               f"{kind}: why the kernel is not compared with is told")
        return
    tap.equal((result.check("fault_served")["count"], result.check("fault_served")["failures"]),
              (result.ops, 0), f"{kind}: every access succeeded")
    tap.ok(iopf["kernel"]["measured"] and iopf["kernel"]["ratio_p50"] > 0, f"{kind}: beside the kernel's")
    tap.equal(result.samples("kernel_fault"), result.ops, f"{kind}: of the same faults")
    tap.ok(iopf["cpu"]["measured"], f"{kind}: and beside the CPU's")
    data = result.check("written_data" if params["access"] == "write" else "read_data")
    tap.equal((data["count"], data["failures"]), (result.ops, 0), f"{kind}: the data is right")


def check(tap, results, _out):
    for name, result in results.items():
        if name.startswith("kind."):
            check_kind(tap, name[len("kind."):], result)
    for kind in ("zero", "anon", "cow", "huge", "mprotect"):
        stages_add_up(tap, kind, results[f"kind.{kind}"], "fault")
    stages_add_up(tap, "unmapped", results["kind.unmapped"], "refused")
    tap.equal(results["kind.unmapped"]["iopf"]["refused"], 50, "what is not there is refused")
    tap.ok(results["kind.mprotect"].check("fault_refused")["count"] > 0,
           "mprotect: that writes were refused before was tried")
    tap.equal((results["locked"]["iopf"]["faults"], results["locked"].samples("hit")), (0, 50),
              "nothing faults that was mapped before")
    hits = results["prefault"].samples("hit")
    tap.equal(hits + results["prefault"]["iopf"]["faulted"], 200, "an access hits or faults")
    tap.ok(60 <= hits <= 140, "every second one hits", hits)
    tap.equal(results["load"].check("written_data"),
              {"name": "written_data", "count": 200, "failures": 0}, "all data arrived under load")
    delay = results["delay"]
    tap.ok(delay.phase("stage_map")["latency_ns"]["min"] >= 100000, "a slow pager shows in stage map")
    tap.ok(not delay["iopf"]["stages"]["handler"]["shown"], "without probes there is no stage handler")
    tap.ok(not delay.phase("kernel_fault") and not delay.phase("cpu_fault"), "nothing was compared with")
    for name in ("late", "interrupted", "removed"):
        tap.ok(not results[name]["complete"], f"{name}: not complete")
    stages_add_up(tap, "pci", results["pci.anon"], "fault")
    tap.equal(results["pci.anon"]["params"]["waits"], "pri", "pci: how it waits is told")
    tap.equal(results["pci.unmapped"]["iopf"]["refused"], 50, "pci: what is not there is refused")
    tap.equal(results["pci.group"].check("written_data")["failures"], 0, "pci: groups arrive")
