#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The schemas are some themselves, take what the tool writes, and refuse what is spoiled or unknown."""

import copy
import json
import os
import sys

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
try:
    import jsonschema
except ImportError:
    print("1..1\nnot ok 1 - jsonschema is there\n# apt install python3-jsonschema")
    sys.exit(1)

COUNT = 0
FAILED = 0


def ok(good, name):
    global COUNT, FAILED
    COUNT += 1
    FAILED += not good
    print(f"{'ok' if good else 'not ok'} {COUNT} - {name}")


def load(path):
    with open(path, encoding="utf-8") as text:
        return json.load(text)


SCHEMA = load("results/schema/iommubench-result-1.schema.json")
VALIDATOR = jsonschema.validators.validator_for(SCHEMA)
try:
    VALIDATOR.check_schema(SCHEMA)
    ok(True, "the schema is a schema")
except jsonschema.SchemaError as wrong:
    ok(False, f"the schema is a schema: {wrong.message}")

VALIDATOR = VALIDATOR(SCHEMA)
RESULT = load("tests/cli/result.json")
ok(VALIDATOR.is_valid(RESULT), "a real result fits")

for key in ("schema", "tool", "complete", "machine", "params", "phases", "throughput", "harness",
            "counters", "checks", "warnings"):
    spoiled = copy.deepcopy(RESULT)
    del spoiled[key]
    ok(not VALIDATOR.is_valid(spoiled), f"without {key} it does not")


def spoil(name, change, result=RESULT):
    spoiled = copy.deepcopy(result)
    change(spoiled)
    ok(not VALIDATOR.is_valid(spoiled), f"nor with {name}")


spoil("another schema's name", lambda r: r.update(schema="iommubench-result/2"))
spoil("complete as text", lambda r: r.update(complete="yes"))
spoil("an unknown end", lambda r: r["end"].update(reason="bored"))
spoil("a host name", lambda r: r["machine"].update(hostname="somebody"))
spoil("an unknown API", lambda r: r["params"].update(api="malloc"))
spoil("a negative count", lambda r: r["throughput"].update(ops=-1))
spoil("a phase without a histogram", lambda r: r["phases"][0].pop("histogram"))
spoil("a phase without p99", lambda r: r["phases"][0]["latency_ns"].pop("p99"))
spoil("a p99 below zero", lambda r: r["phases"][0]["latency_ns"].update(p99=-1))
spoil("a longest of null", lambda r: r["phases"][0]["latency_ns"].update(max=None))
FEW = copy.deepcopy(RESULT)
FEW["phases"][0]["latency_ns"].update(p99=None, p99_9=None, p99_99=None)
ok(VALIDATOR.is_valid(FEW), "percentiles that the samples do not tell may be null")
spoil("a bucket of three numbers",
      lambda r: r["phases"][0]["histogram"]["buckets"].append([1, 2, 3]))
spoil("a check without a count", lambda r: r["checks"].append({"name": "x", "failures": 0}))

COUNTED = dict(RESULT, counters=[{
    "name": "instructions", "source": "perf", "scope": "thread", "run": "by-phase", "phase": "map", "value": 1000,
    "unit": "events", "ops": 10, "per_op": 100.0, "gate_value": 12, "running_ratio": 0.5, "thread": 0}])
ok(VALIDATOR.is_valid(COUNTED), "a result with a counter of a phase fits")
spoil("a counter of an unknown run", lambda r: r["counters"][0].update(run="some"), COUNTED)
spoil("a part of an operation", lambda r: r["counters"][0].update(ops=0.5), COUNTED)
spoil("gates that give something back", lambda r: r["counters"][0].update(gate_value=-1), COUNTED)
spoil("a counter without its phase", lambda r: r["counters"][0].pop("phase"), COUNTED)

INTERVAL = {"at_ns": 0, "length_ns": 100000000, "run": 0, "ops": 7, "phases": {
    p["name"]: {"count": 7, "latency_ns": {"p50": 1, "p99": 2.5, "max": 3},
                "histogram": p["histogram"]} for p in RESULT["phases"]}}
MISSES = {"name": "pmcg/tlb_miss/", "source": "pmu", "scope": "system", "unit": "events", "pmu": "pmcg"}
SERIES = dict(RESULT, series={"interval_ns": 100000000, "asked_ns": 50000000, "begin_ns": 5,
                              "counters": [MISSES], "intervals": [
                                  dict(INTERVAL, counters={"pmcg/tlb_miss/": 5}),
                                  dict(INTERVAL, ops=0, phases={}, counters={"pmcg/tlb_miss/": None},
                                       scaled={"pmcg/tlb_miss/": 0})]})
ok(VALIDATOR.is_valid(SERIES), "a result with a series fits")
spoil("a series without a length", lambda r: r["series"].pop("interval_ns"), SERIES)
spoil("an interval without operations", lambda r: r["series"]["intervals"][0].pop("ops"), SERIES)
spoil("a phase of no samples",
      lambda r: r["series"]["intervals"][0]["phases"]["map"].update(count=0), SERIES)
spoil("a count that falls",
      lambda r: r["series"]["intervals"][0]["counters"].update({"pmcg/tlb_miss/": -1}), SERIES)
spoil("an estimate from all of the time",
      lambda r: r["series"]["intervals"][0].update(scaled={"pmcg/tlb_miss/": 1}), SERIES)
spoil("a counter without a unit", lambda r: r["series"]["counters"][0].pop("unit"), SERIES)
spoil("too many intervals", lambda r: r["series"].update(intervals=[INTERVAL] * 601), SERIES)

GROUP = dict(RESULT, group={"id": "12ab", "devices": ["a", "b"], "begin_ns": 5, "start_ns": 0,
                            "skew_ns": 7, "alone_ops_per_s": 10.5, "kept": 0.5,
                            "fairness": {"min_ops_per_s": 5, "max_ops_per_s": 10, "ratio": 0.5}})
ok(VALIDATOR.is_valid(GROUP), "a result of one of several devices fits")
spoil("a group without the slowest device", lambda r: r["group"]["fairness"].pop("min_ops_per_s"), GROUP)
spoil("a group without a time base", lambda r: r["group"].pop("begin_ns"), GROUP)
spoil("a device twice", lambda r: r["group"].update(devices=["a", "a"]), GROUP)

FLUSH = load("tests/cli/tlb-flush.json")
ok(VALIDATOR.is_valid(FLUSH), "a real result of tlb-flush fits")
for key in ("fairness", "exposure", "device", "commands"):
    spoil(f"tlb-flush without {key}", lambda r, k=key: r.pop(k), FLUSH)
for key in ("strategy", "range_bytes", "mappings", "domains"):
    spoil(f"tlb-flush without {key}", lambda r, k=key: r["params"].pop(k), FLUSH)
spoil("an unknown strategy", lambda r: r["params"].update(strategy="hope"), FLUSH)
spoil("an unknown phase of tlb-flush", lambda r: r["phases"][0].update(name="bind"), FLUSH)
spoil("an exposure without figures", lambda r: r["exposure"].pop("accesses"), FLUSH)
spoil("figures of an exposure that was not measured",
      lambda r: r["exposure"].update(measured=False, reason="no engine"), FLUSH)
spoil("an exposure that was not measured for no reason",
      lambda r: r.update(exposure={"measured": False}), FLUSH)
spoil("commands that nobody counted", lambda r: r["commands"].pop("source"), FLUSH)
spoil("a ratio above 1", lambda r: r["fairness"].update(ratio=1.5), FLUSH)



def objects(value, path=""):
    """Each object of a result, with where it is."""
    if isinstance(value, dict):
        yield path, value
        for key, part in value.items():
            yield from objects(part, f"{path}.{key}")
    elif isinstance(value, list):
        for part in value[:2]:
            yield from objects(part, f"{path}[]")


def refuses_unknown(name, result):
    """Nothing can be added anywhere that the schema does not know."""
    taken = []
    for i, (path, _) in enumerate(objects(result)):
        grown = copy.deepcopy(result)
        list(objects(grown))[i][1]["surprise"] = [[]]
        if VALIDATOR.is_valid(grown):
            taken.append(path)
    ok(not taken, f"nothing unknown can be in {name} {taken or ''}")


refuses_unknown("a result", RESULT)
refuses_unknown("a result of tlb-flush", FLUSH)
refuses_unknown("a counter", COUNTED)
refuses_unknown("a series", SERIES)
refuses_unknown("a group", GROUP)
REPEATED = dict(RESULT, repeats=[{"ops": 1, "seconds": 1, "ops_per_s": 1, "map": {"p50": 1, "p99": 2, "max": 3}}] * 2,
                spread={"runs": 2, "ops_per_s_min": 1, "ops_per_s_max": 1, "ops_per_s_relative": 0})
ok(VALIDATOR.is_valid(REPEATED), "a result of several runs fits")
spoil("a run without its operations", lambda r: r["repeats"][0].pop("ops"), REPEATED)
spoil("the spread of one run", lambda r: r["spread"].update(runs=1), REPEATED)
refuses_unknown("repeats and spread", REPEATED)
spoil("figures of another subcommand", lambda r: r.update(io={}))


def numbers(schema, path="#"):
    """Each schema of a number, with where it is."""
    if isinstance(schema, list):
        for i, part in enumerate(schema):
            yield from numbers(part, f"{path}[{i}]")
    elif isinstance(schema, dict):
        if {"number", "integer"} & set([schema.get("type")] if isinstance(schema.get("type"), str)
                                       else schema.get("type") if isinstance(schema.get("type"), list) else []):
            yield path, schema
        for key, part in schema.items():
            yield from numbers(part, f"{path}/{key}")


UNBOUND = [path for path, schema in numbers(SCHEMA)
           if not {"minimum", "exclusiveMinimum"} & set(schema) or not {"maximum", "exclusiveMaximum"} & set(schema)]
ok(not UNBOUND, f"every number has bounds {UNBOUND or ''}")

SWEEP = load("results/schema/iommubench-sweep-1.schema.json")
jsonschema.Draft7Validator.check_schema(SWEEP)
VALIDATOR = jsonschema.Draft7Validator(SWEEP)
POINT = {key: FLUSH["params"][key]
         for key in ("strategy", "size_bytes", "range_bytes", "threads", "domains")}
INDEX = {"schema": "iommubench-sweep/1", "tool": FLUSH["tool"], "time": FLUSH["time"],
         "complete": True, "points": [dict(POINT, file="a.json", complete=True)],
         "skipped": [dict(POINT, points=2, reason="no PASIDs")], "crossover": ["none"]}
ok(VALIDATOR.is_valid(INDEX), "an index of a sweep fits its schema")
spoil("a point in another folder", lambda i: i["points"][0].update(file="../a.json"), INDEX)
spoil("a point without its strategy", lambda i: i["points"][0].pop("strategy"), INDEX)
spoil("a point skipped for no reason", lambda i: i["skipped"][0].pop("reason"), INDEX)

refuses_unknown("an index of a sweep", INDEX)

MATRIX = load("results/schema/iommubench-matrix-1.schema.json")
jsonschema.Draft7Validator.check_schema(MATRIX)
VALIDATOR = jsonschema.Draft7Validator(MATRIX)
CELL = {"cpu_node": 0, "memory_node": 1}
INDEX = {"schema": "iommubench-matrix/1", "tool": FLUSH["tool"], "time": FLUSH["time"],
         "complete": False,
         "placement_matrix": {"cpu_nodes": [0, 1], "memory_nodes": [0, 1], "device_node": None},
         "points": [{"file": "a.json", "complete": True, "placement_matrix": CELL}],
         "skipped": [{"reason": "no memory", "placement_matrix": CELL}]}
ok(VALIDATOR.is_valid(INDEX), "an index of a matrix fits its schema")
spoil("a cell without its memory", lambda i: i["points"][0]["placement_matrix"].pop("memory_node"),
      INDEX)
spoil("a cell left out for no reason", lambda i: i["skipped"][0].pop("reason"), INDEX)
spoil("no nodes", lambda i: i["placement_matrix"].update(cpu_nodes=[]), INDEX)
refuses_unknown("an index of a matrix", INDEX)

DOCTOR = load("results/schema/iommubench-doctor-1.schema.json")
jsonschema.Draft7Validator.check_schema(DOCTOR)
VALIDATOR = jsonschema.Draft7Validator(DOCTOR)
SOUND = {"name": "iommu", "state": "ok", "text": "there is one", "commands": []}
SICK = {"name": "device", "state": "fail", "text": "none", "commands": ["iommubench topo"]}
REPORT = {"schema": "iommubench-doctor/1", "tool": dict(FLUSH["tool"], subcommand="doctor"),
          "machine": {"virtual": True, "kernel": "6.12.0", "model": None}, "measurable": True,
          "summary": "measuring can begin", "first_command": "iommubench map-unmap -d a",
          "disk_command": None, "checks": [SOUND]}
ok(VALIDATOR.is_valid(REPORT), "a report of doctor fits its schema")
spoil("a failure where measuring can begin", lambda r: r["checks"].append(SICK), REPORT)
spoil("a command where all is well", lambda r: r["checks"][0].update(commands=["reboot"]), REPORT)
spoil("an unknown state", lambda r: r["checks"][0].update(state="poorly"), REPORT)
spoil("no check at all", lambda r: r.update(checks=[]), REPORT)
refuses_unknown("a report of doctor", REPORT)
ILL = dict(REPORT, measurable=False, first_command=None, checks=[SOUND, SICK])
ok(VALIDATOR.is_valid(ILL), "one of a machine that cannot be measured fits")
spoil("no failure where nothing can be measured", lambda r: r["checks"].pop(), ILL)
spoil("a command to begin with there", lambda r: r.update(first_command="iommubench map-unmap"), ILL)


def open_objects(schema, path="#"):
    """Schemas of objects that say what is in them, but not that nothing else is."""
    if isinstance(schema, list):
        for i, part in enumerate(schema):
            yield from open_objects(part, f"{path}[{i}]")
    elif isinstance(schema, dict):
        if schema.get("type") in ("object", ["object", "null"]) and "properties" in schema and \
                not {"additionalProperties", "propertyNames"} & set(schema):
            yield path
        for key, part in schema.items():
            yield from open_objects(part, f"{path}/{key}")


# Closed where they are referred to, as what they are part of says more.
ELSEWHERE = {"#/properties/params", "#/definitions/look", "#/definitions/tlb_flush_point", "#/definitions/io_point",
             "#/properties/points/items", "#/properties/skipped/items"}
for name in ("result", "sweep", "matrix", "report", "events", "doctor"):
    schema = load(f"results/schema/iommubench-{name}-1.schema.json")
    jsonschema.Draft7Validator.check_schema(schema)
    found = set(open_objects(schema)) - ELSEWHERE
    ok(not found, f"nothing in {name} is left open {found or ''}")
print(f"1..{COUNT}")
sys.exit(1 if FAILED else 0)
