# SPDX-License-Identifier: GPL-2.0-only
"""What must hold for every result that the tool wrote, whatever was measured."""

import json

import jsonschema

RESULT = "iommubench-result/1"
SCHEMAS = {
    RESULT: "results/schema/iommubench-result-1.schema.json",
    "iommubench-sweep/1": "results/schema/iommubench-sweep-1.schema.json",
    "iommubench-matrix/1": "results/schema/iommubench-matrix-1.schema.json",
    "iommubench-report/1": "results/schema/iommubench-report-1.schema.json",
    "iommubench-events/1": "results/schema/iommubench-events-1.schema.json",
    "iommubench-doctor/1": "results/schema/iommubench-doctor-1.schema.json",
    "iommubench-topo/1": "results/schema/iommubench-topo-1.schema.json",
}
# Not measured by the threads of a run.
CPU = ("cpu_fault",)
# Phases of tlb-flush that are not from the run whose operations are counted.
LOOKS = ("exposure", "device_cold", "device_warm", "device_flushed")


class Result(dict):
    """A result, with shorthands for what tests ask about most."""

    def phase(self, name):
        found = [p for p in self["phases"] if p["name"] == name]
        return found[0] if found else None

    def check(self, name):
        return next(c for c in self["checks"] if c["name"] == name)

    @property
    def ops(self):
        return self["throughput"]["ops"]

    def samples(self, name):
        return self.phase(name)["latency_ns"]["count"]


def bucket_low(index):
    octave, sub = index >> 7, index & 127
    return index if octave < 2 else (sub + 128) << (octave - 1)


def check_phase(phase):
    """Yield what is wrong with the figures of a phase."""
    name, told, hist = phase["name"], phase["latency_ns"], phase["histogram"]
    buckets = hist["buckets"]
    if [i for i, _ in buckets] != sorted({i for i, _ in buckets}):
        yield f"{name}: buckets are not in order"
    if sum(n for _, n in buckets) != hist["count"] or hist["count"] != told["count"]:
        yield f"{name}: {hist['count']} samples, but the buckets say otherwise"
    if not hist["count"]:
        return
    needed = {"p50": 1, "p90": 10, "p99": 100, "p99_9": 1000, "p99_99": 10000}
    steps = [told[k] for k in ("min", *needed, "max") if told[k] is not None]
    for key, least in needed.items():
        if (told[key] is None) != (told["count"] < least):
            yield f"{name}: {key} {told[key]} of {told['count']} samples"
    if steps != sorted(steps):
        yield f"{name}: percentiles fall: {steps}"
    if not told["min"] <= told["mean"] <= told["max"]:
        yield f"{name}: mean {told['mean']} is outside min and max"
    ns = hist["ns_per_unit"] / hist["batch"]
    for key in ("min", "max"):
        if abs(told[key] - hist[key] * ns) > 0.01 + told[key] / 1000:
            yield f"{name}: {key} {told[key]} ns is not {hist[key]} ticks"
    mean = hist["sum"] / hist["count"] * ns
    if abs(told["mean"] - mean) > 0.01 + mean / 1000:
        yield f"{name}: mean {told['mean']} is not sum/count {mean}"
    squares, count = int(hist["sum_squares"]), hist["count"]
    deviation = max(count * squares - hist["sum"] ** 2, 0) ** .5 / count * (count / max(count - 1, 1)) ** .5 * ns
    if abs(told["stddev"] - deviation) > 0.01 + deviation / 1000:
        yield f"{name}: stddev {told['stddev']} is not {deviation}, as the sums tell"
    if not bucket_low(buckets[0][0]) <= hist["min"] < bucket_low(buckets[0][0] + 1):
        yield f"{name}: min is not in the first bucket"
    # The median, counted again from the buckets.
    rank, seen = (hist["count"] + 1) // 2, 0
    for index, n in buckets:
        seen += n
        if seen >= rank:
            break
    low, high = bucket_low(index) * ns, bucket_low(index + 1) * ns
    if hist["count"] > 2 and not low * 0.999 - 1 <= told["p50"] <= high * 1.001 + 1:
        yield f"{name}: p50 {told['p50']} is not in {low}..{high}"


def consistent(result):
    """Yield what contradicts itself in a result."""
    threads = result["threads"]
    ops = result.ops
    maps = result["tool"]["subcommand"] == "map-unmap"
    # A sample of tlb-flush is a round.
    mappings = result["params"].get("mappings", 1)
    if threads and sum(t["ops"] for t in threads) != ops:
        yield f"{ops} operations, but the threads' sum differs"
    for phase in result["phases"]:
        yield from check_phase(phase)
        hist = phase["histogram"]
        # What is from when an operation was due is the whole of its sample.
        whole = result["params"].get("rate_per_s") and phase["name"] in ("map", "unmap")
        if hist["batch"] != (1 if whole else result["harness"]["batch"]):
            yield f"{phase['name']}: batch {hist['batch']} is not the harness's"
        # Every sample is a whole batch; only the last one of a thread may go uncounted. Of what was
        # mapped, the last is not unmapped in time.
        if hist["count"] * hist["batch"] * mappings > ops and phase["name"] not in LOOKS and \
                not (maps and phase["name"] in ("map", "map_service")):
            yield f"{phase['name']}: {hist['count']} samples of {hist['batch']} exceed {ops} operations"
    mapped, unmapped = result.phase("map"), result.phase("unmap")
    if mapped and threads and result["end"]["reason"] in ("time", "count"):
        whole = sum(t["ops"] // (result["harness"]["batch"] * mappings) for t in threads)
        mapped, unmapped = mapped["histogram"]["count"], unmapped["histogram"]["count"]
        if mapped != whole and not maps:
            yield f"map has {mapped} samples, the threads did {whole} batches"
        # Where a count cuts a thread's last batch short, it may unmap a whole one from the warm-up.
        if maps and not (whole <= unmapped <= whole + len(threads) and whole <= mapped):
            yield f"map has {mapped} samples, unmap {unmapped}, the threads did {whole} batches"
    yield from consistent_rate(result)
    yield from consistent_series(result)
    for check in result["checks"]:
        if check["failures"] > check["count"]:
            yield f"check {check['name']} failed more often than it was tried"
    if result["complete"] != (result["end"]["reason"] in ("time", "count")):
        yield f"complete is {result['complete']}, but the end was {result['end']['reason']}"
    if not result["machine"]["virtual"]:
        yield "the lab does not say that it is virtual"
    if result["tool"]["subcommand"] == "tlb-flush":
        yield from consistent_flush(result)


def consistent_rate(result):
    """Yield what is wrong about what was due at a rate."""
    total, rate = result["throughput"], result["params"].get("rate_per_s")
    if not rate and "offered" in total:
        yield "operations were offered without a rate"
    if not rate or not result["complete"]:
        return
    for key in ("offered", "begun"):
        if sum(t.get(key, 0) for t in result["threads"]) != total.get(key, 0):
            yield f"the threads' {key} are not all there are"
    offered, begun = total.get("offered", 0), total.get("begun", 0)
    if not offered >= begun >= result.ops:
        yield f"{offered} were offered, {begun} begun, {result.ops} done"
    if result["end"]["reason"] == "time" and result["tool"]["subcommand"] != "iopf":
        runs = len(result.get("repeats", [0]))
        planned = result["params"]["duration_ns"] / 1e9 * runs
        if total["seconds"] < planned * 0.9999:
            yield f"{total['seconds']} seconds are less than the {planned} that were planned"
        share = offered - rate * planned
        if abs(share) > runs * len(result["threads"]) * result["harness"]["batch"]:
            yield f"{offered} were offered in {planned} seconds at {rate} a second"


def consistent_series(result):
    """Yield where the intervals are not, in sum, what the whole result says."""
    if ("series" in result) != bool(result["params"].get("interval_ns")):
        yield "there is a series if an interval was asked for, and only then"
    series = result.get("series")
    if not series:
        return
    intervals, ended = series["intervals"], {}
    if sum(i["ops"] for i in intervals) != result.ops:
        yield "series: the intervals' operations are not all there are"
    for at in intervals:
        if at["at_ns"] < ended.get(at["run"], 0):
            yield f"series: the interval at {at['at_ns']} begins before the last one ended"
        # Each of the two was cut to whole nanoseconds.
        ended[at["run"]] = at["at_ns"] + at["length_ns"] - 2
        for name, phase in at["phases"].items():
            h = phase["histogram"]
            told = dict(phase["latency_ns"], count=phase["count"])
            if sum(n for _, n in h["buckets"]) != h["count"] or h["count"] != told["count"]:
                yield f"series: {name} at {at['at_ns']} does not have the samples that it says"
            if not bucket_low(h["buckets"][0][0]) <= h["min"] <= h["max"]:
                yield f"series: {name} at {at['at_ns']}: min and max are not in the buckets"
    for phase in result["phases"]:
        name, whole, count, total = phase["name"], {}, 0, 0
        for at in intervals:
            if name in at["phases"]:
                h = at["phases"][name]["histogram"]
                count, total = count + h["count"], total + h["sum"]
                for index, n in h["buckets"]:
                    whole[index] = whole.get(index, 0) + n
        h = phase["histogram"]
        if name not in LOOKS + CPU and (sorted(whole.items()), count, total) != \
                ([tuple(b) for b in h["buckets"]], h["count"], h["sum"]):
            yield f"series: the sum of {name} over the intervals is not the whole"
    yield from consistent_counters(result, intervals)


def consistent_counters(result, intervals):
    """Yield where what was counted in the intervals is not, in sum, what the whole result says."""
    columns = {c["name"]: c for c in result["series"]["counters"]}
    # What is of all devices together is in no device's intervals.
    whole = {c["name"]: c for c in reversed(result["counters"])
             if c["run"] == "measured" and c["source"] != "derived" and c["scope"] != "group" and
             not {"thread", "cpu"} & set(c)}
    if intervals and set(columns) != set(whole):
        yield f"series: has the counters {sorted(columns)}, but the whole has {sorted(whole)}"
        return
    for at in intervals:
        if set(at.get("counters", {})) != set(columns):
            yield f"series: the interval at {at['at_ns']} has other counters than the rest"
            return
    for name, column in columns.items():
        total = whole[name]
        if any(column.get(key) != total.get(key) for key in ("source", "scope", "unit", "pmu", "stream_id")):
            yield f"series: {name} is not what it is in the whole"
        if total["running_ratio"] < 1 or any(name in at.get("scaled", {}) for at in intervals):
            continue
        counted = sum(at["counters"][name] for at in intervals)
        # Whole numbers are exact; a unit such as MiB is not.
        if abs(counted - total["value"]) > (0 if column["unit"] in ("events", "interrupts") else
                                            1e-9 * total["value"]):
            yield f"series: {name} is {counted} in the intervals, but {total['value']} in the whole"


def consistent_flush(result):
    """Yield what contradicts itself in a result of tlb-flush."""
    params, exposure = result["params"], result["exposure"]
    if params["range_bytes"] != params["size_bytes"] * params["mappings"]:
        yield "the range is not its mappings"
    if exposure["measured"] != (result.phase("exposure") is not None):
        yield "exposure has a phase if it was measured, and only then"
    if exposure["measured"]:
        if result.samples("exposure") != exposure["rounds"]:
            yield "exposure: each round is a sample"
        if (exposure["exposed_rounds"] > 0) != (exposure["accesses"]["max"] > 0) or \
                (exposure["exposed_rounds"] > 0) != (result.phase("exposure")["latency_ns"]["max"] > 0):
            yield f"exposed rounds, accesses and times do not fit together: {exposure}"
    if result["device"]["measured"] != (result.phase("device_cold") is not None):
        yield "device has phases if it was measured, and only then"
    total, unmap, flush = (result.phase(n) for n in ("total", "unmap", "flush"))
    if total and unmap:
        parts = unmap["histogram"]["sum"] + (flush["histogram"]["sum"] if flush else 0)
        if parts != total["histogram"]["sum"]:
            yield f"unmap and flush took {parts} ticks, but total {total['histogram']['sum']}"


def check(path):
    """Return (list of what is wrong, the result)."""
    try:
        with open(path, encoding="utf-8") as text:
            result = Result(json.load(text))
    except ValueError as wrong:
        return [f"no JSON: {wrong}"], Result()
    with open(SCHEMAS.get(result.get("schema"), SCHEMAS[RESULT]), encoding="utf-8") as text:
        schema = json.load(text)
    validator = jsonschema.validators.validator_for(schema)(schema)
    wrong = [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:300]}"
             for e in validator.iter_errors(result)]
    if not wrong and result["schema"] == RESULT:
        wrong = list(consistent(result))
    return wrong, result
