# SPDX-License-Identifier: GPL-2.0-only
"""What the results of test_series.sh say about time; results.py looks at the sums of all of them."""

MS = 1000000


def check(tap, results, _out):
    for name, result in results.items():
        series = result["series"]
        tap.equal(series["asked_ns"], result["params"]["interval_ns"], f"{name}: as asked")
        tap.ok(series["begin_ns"] > 0, f"{name}: begins some time")
        spans = {}
        for at in series["intervals"]:
            begin, length = spans.get(at["run"], (at["at_ns"], 0))
            spans[at["run"]] = (begin, length + at["length_ns"])
        if name not in ("many", "short"):
            tap.equal(sorted(spans), list(range(result["params"]["repeat"])),
                      f"{name}: each run has intervals")
        # All the time from the first thread's start to the last one's end is in one of them.
        seconds = sum(length for _, length in spans.values()) / 1e9
        told = result["throughput"]["seconds"]
        tap.ok(abs(seconds - told) < 1e-6 * len(series["intervals"]) + told * 1e-5,
               f"{name}: no time is missing", (seconds, told))
    for name in ("time", "ioctl", "stopped", "flush"):
        intervals = results[name]["series"]["intervals"]
        # A look may come late on a machine that is busy, but not always.
        tap.ok(len(intervals) >= 4, f"{name}: there are several intervals", len(intervals))
        tap.ok(sum(1 for i in intervals if i["ops"]) > 1, f"{name}: more than one has operations")
    many = results["many"]
    tap.ok(len(many["series"]["intervals"]) <= 600, "many: no more than may be")
    coarse = many["series"]["interval_ns"] > MS
    tap.equal(any("intervals of" in w for w in many["warnings"]), coarse,
              f"many: a warning tells if they are longer: {many['warnings']}")
    tap.equal(results["short"]["series"]["intervals"][0]["ops"], 2, "short: it is all in one")
    tap.equal(results["stopped"]["end"]["reason"], "stopped", "stopped: was cut short")
    tap.ok("map_service" in results["rate"]["series"]["intervals"][0]["phases"],
           "rate: has the phases that a rate has")
