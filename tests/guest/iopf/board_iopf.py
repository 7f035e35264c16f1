# SPDX-License-Identifier: GPL-2.0-only
"""What the runs of board_iopf.sh and board_pri.sh must have in their results."""

STAGES = ["event", "handler", "mm", "fault", "response", "restart"]
# A stage between the device's clock and the kernel's is never below 0, and off by a little.
SLACK_NS = 500


def stages_add_up(tap, name, result, whole):
    phase = result.phase(whole)
    sums = [result.phase(f"stage_{s}") for s in STAGES]
    if not tap.ok(phase and all(sums), f"{name}: all stages are there"):
        return
    tap.ok(all(result["iopf"]["stages"][s]["shown"] for s in STAGES), f"{name}: and it says so")
    count = result["iopf"]["faulted"] - result["iopf"]["faulted_again"] - result["iopf"]["unseen"]
    tap.equal({s["latency_ns"]["count"] for s in sums}, {count}, f"{name}: of each single fault")
    if count != phase["latency_ns"]["count"]:
        return
    mean = phase["latency_ns"]["mean"]
    total = sum(s["latency_ns"]["mean"] for s in sums)
    tap.ok(abs(total - mean) <= SLACK_NS + mean / 100, f"{name}: they add up", f"{total} of {mean}")


def check_kind(tap, kind, result):
    iopf = result["iopf"]
    tap.ok(result["complete"] and iopf["answered"], f"{kind}: complete, and answered")
    tap.equal(result.check("answered"), {"name": "answered", "count": result.check("answered")["count"],
                                         "failures": 0}, f"{kind}: each access ended")
    if kind in ("unmapped", "exit"):
        tap.equal(iopf["refused"], result.ops, f"{kind}: every access was refused")
        tap.equal(result.check("fault_refused")["count"], result.ops, f"{kind}: which was checked")
        tap.ok(not iopf["cpu"]["measured"] and iopf["cpu"]["reason"],
               f"{kind}: why there is nothing to compare with is told")
        return
    if kind != "killed":
        tap.equal(iopf["faulted"], result.ops, f"{kind}: every access faulted")
    if kind == "killed":
        tap.ok(0 < iopf["refused"] < result.ops, "killed: accesses before it were served, those after it not")
    if kind in ("inflight", "killed"):
        return
    tap.equal((result.check("fault_served")["count"], result.check("fault_served")["failures"]),
              (result.ops, 0), f"{kind}: and succeeded")
    tap.ok(iopf["cpu"]["measured"] and iopf["cpu"]["ratio_p50"] > 0, f"{kind}: beside the CPU's")
    if result["params"]["access"] == "write":
        tap.equal((result.check("written_data")["count"], result.check("written_data")["failures"]),
                  (result.ops, 0), f"{kind}: what was written is there")
    else:
        tap.equal((result.check("read_data")["count"], result.check("read_data")["failures"]),
                  (result.ops, 0), f"{kind}: what was there was read")


def check_load(tap, results):
    result = results["load.spaces"]
    tap.equal(result["params"]["address_spaces"], 3, "address spaces are told")
    tap.equal(len(result["threads"]), 2, "so are threads")
    tap.equal(result["iopf"]["faulted"], 300, "every access in other processes faulted")
    tap.equal(result.check("written_data")["count"], 300, "and was looked at there")
    result = results["load.prefault"]
    hits = result.samples("hit")
    tap.equal(hits + result["iopf"]["faulted"], 200, "an access hits or faults")
    tap.ok(60 <= hits <= 140, "every second one hits", hits)
    result = results["load.rate"]
    tap.equal(result.samples("fault"), result.samples("fault_service"), "due and real start are told apart")
    tap.ok(result.phase("fault")["latency_ns"]["mean"] >=
           result.phase("fault_service")["latency_ns"]["mean"], "a wait counts")


def check(tap, results, _out):
    for name, result in results.items():
        if name.startswith("kind."):
            check_kind(tap, name[len("kind."):], result)
    for kind in ("zero", "anon", "cow", "huge", "mprotect"):
        stages_add_up(tap, kind, results[f"kind.{kind}"], "fault")
    stages_add_up(tap, "unmapped", results["kind.unmapped"], "refused")
    tap.equal(results["kind.mprotect"].check("fault_refused")["failures"], 0,
              "mprotect: writes were refused before")
    tap.ok(results["kind.mprotect"].check("fault_refused")["count"] > 0, "mprotect: which was tried")
    if "locked" not in results:
        return
    tap.equal((results["locked"]["iopf"]["faults"], results["locked"].samples("hit")), (0, 100),
              "nothing faults in locked memory")
    for kind in ("unmapped", "exit"):
        tap.equal((results[f"read.{kind}"]["params"]["access"], results[f"read.{kind}"]["iopf"]["refused"]),
                  ("read", 20), f"{kind}: reads are refused, too")
    for memory in ("malloc", "stack", "file"):
        tap.equal((results[f"locked.{memory}"]["iopf"]["faults"], results[f"locked.{memory}"].samples("hit")),
                  (0, 64), f"nothing faults in locked memory by {memory}")
        tap.equal((results[f"memory.{memory}"]["params"]["memory"],
                   results[f"memory.{memory}"]["iopf"]["faulted"]), (memory, 100), f"memory by {memory}")
    check_load(tap, results)
    plain = results["plain"]
    tap.equal({s["shown"] for n, s in plain["iopf"]["stages"].items() if n not in ("event", "restart")},
              {False}, "stages that were not asked for are not shown")
    tap.ok(not plain.phase("cpu_fault"), "nor the CPU's faults")
    tap.ok(not results["signal.INT"]["complete"], "an interrupted run is not complete")
    tap.ok(not results["removed"]["complete"], "nor one whose device went away")
