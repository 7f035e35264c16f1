# SPDX-License-Identifier: GPL-2.0-only
"""What the runs of board_phases.sh must have in their results."""


def of_phases(result, name):
    """What is for one operation, by phase: the most that any counter group has, as not each sees all."""
    counts = {}
    for counter in result["counters"]:
        event = counter["name"].split("/")[1:2] if "pmu" in counter else [counter["name"]]
        if counter["run"] == "by-phase" and counter["source"] != "derived" and event == [name]:
            counts[counter["phase"]] = max(counts.get(counter["phase"], 0), counter["per_op"])
    return counts


def check(tap, results, _out):
    for name, result in results.items():
        tap.equal([w for w in result["warnings"] if w.startswith("-e ")], [], f"{name}: all is counted")
        if name == "iopf":
            tap.equal({c["phase"] for c in result["counters"]}, {"fault"}, "iopf: there is one phase")
            continue
        phases = {"bind", "unbind"} if name == "unused" else {"bind", "first_use", "unbind"}
        tap.equal(set(of_phases(result, "commands")), phases, f"{name}: its phases")
        clock = [c for c in result["counters"] if c["name"] == "task-clock" and c["run"] == "by-phase"]
        tap.ok({c["phase"] for c in clock} == phases and all(c["gate_value"] > 0 for c in clock),
               f"{name}: standing still is counted and taken out", clock)
        if name != "unused":
            tap.equal(of_phases(result, "transaction"), {"bind": 0, "first_use": 1, "unbind": 0},
                      f"{name}: the device reads once, in first use")
        commands = of_phases(result, "commands")
        tap.equal(commands.get("first_use", 0), 0, f"{name}: a use sends no command")
        if name == "shared":
            tap.equal((commands["bind"], commands["unbind"]), (0, 0), "shared: a reference sends no command")
        else:
            tap.ok(commands["bind"] > 0 and commands["unbind"] > 0, f"{name}: a new context does", commands)
