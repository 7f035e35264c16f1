# SPDX-License-Identifier: GPL-2.0-only
"""What the results of test_io.sh must say."""


def totals(result):
    """Counters of all threads together, by name."""
    return {c["name"]: c for c in result["counters"] if "thread" not in c}


def timed(tap, results):
    """Rates, intervals and counters."""
    rate = results["rate"]
    tap.equal(rate.samples("read_service"), rate.ops, "rate: each request from its real start as well")
    tap.ok(rate.phase("read")["histogram"]["sum"] >= rate.phase("read_service")["histogram"]["sum"],
           "rate: a wait to be begun is in the latency")
    # At 500 a second, 300 are due; fewer only if this machine stood still for long.
    tap.ok(0 < rate.ops <= 301, "rate: no more than are due", rate.ops)
    # The last request of the warm-up was due 50 ms before its end, and the next one would have been 50 ms after it.
    tap.ok(0 < results["slow"].ops <= 2, "slow: what is measured begins when the warm-up ends", results["slow"].ops)
    stall = results["stall"]
    tap.equal((stall["throughput"]["offered"], stall["throughput"]["begun"], stall.ops), (400, 400, 400),
              "stall: all that was due is served, and counts")
    tap.ok(sum(t["late"] for t in stall["threads"]) > 10 and stall.phase("read")["latency_ns"]["p99"] > 1e8,
           "stall: what waited was late, and is in p99", (stall["threads"], stall["phases"]))
    tap.ok(stall["throughput"]["seconds"] >= 4, "stall: the planned time counts", stall["throughput"])
    behind = results["behind"]
    tap.equal(behind["throughput"]["offered"], 300000, "behind: all that was due is counted")
    tap.ok(behind["throughput"]["begun"] >= behind.ops and any("never begun" in w for w in behind["warnings"]),
           "behind: and that most was never begun", (behind["throughput"], behind["warnings"]))
    tap.ok(sum(t["late"] for t in behind["threads"]) > behind.ops / 2, "behind: most are late")
    tap.ok(behind.phase("read")["latency_ns"]["p99"] > 2 * behind.phase("read_service")["latency_ns"]["p99"],
           "behind: and have waited", behind["phases"])
    tap.equal((results["paced"].samples("write"), results["paced"].samples("write_service")), (100, 100),
              "paced: each write, in both ways")

    series = results["series"]
    tap.equal(sorted({i["run"] for i in series["series"]["intervals"]}), [0, 1], "series: of both runs")
    tap.ok("context-switches" in {c["name"] for c in series["series"]["counters"]},
           "series: with counters", series["series"]["counters"])
    tap.ok(totals(series)["syncs"]["value"] > 0, "series: a flush queue's syncs", series["counters"])

    events = results["events"]
    got = totals(events)
    for name in ("cycles", "context-switches"):
        parts = [c for c in events["counters"] if c["name"] == name and "thread" in c]
        tap.equal([c["thread"] for c in parts], [0, 1], f"events: {name} of each thread")
        tap.ok(abs(sum(c["value"] for c in parts) - got[name]["value"]) < 2 and got[name]["value"] > 0,
               f"events: {name} of both", (parts, got[name]))
        tap.ok(abs(got[name]["per_op"] * events.ops / got[name]["value"] - 1) < 1e-6,
               f"events: {name} per request")
    for name in ("iommu:map", "iommu:unmap", "syncs"):
        tap.equal(got[name]["run"], "explaining", f"events: {name} in a run of its own")
        # Each request is mapped, and a strict unmap waits for its sync.
        tap.ok(1 <= got[name]["per_op"] < 3, f"events: {name} of a request", got[name])
    tap.ok(any(c["source"] == "interrupts" and "nvme" in c["name"] and c["value"] > 0
               for c in events["counters"]), "events: interrupts of the disk", events["counters"])
    tap.equal(events.ops, 500, "events: the run that explains is not in the figures")
    tap.equal(results["uncounted"]["counters"], [], "uncounted: nothing is counted")

    cut = results["cut"]
    tap.equal((cut["complete"], cut["end"]["reason"]), (False, "stopped"), "cut: it is not complete")
    tap.ok(cut.ops > 0 and cut["series"]["intervals"] and totals(cut), "cut: and has all there was",
           cut["throughput"])


def check(tap, results, out):
    one = results["one"]
    tap.equal((one.ops, one["params"]["queue_depth"], one["params"]["size_bytes"]), (100, 32, 4096),
              "the defaults")
    tap.equal(one["params"]["access"], "read", "reading is the default")
    tap.equal(one.phase("write"), None, "without writes there is no phase of them")
    tap.equal(one["io"]["bytes"], 100 * 4096, "all requests are whole")
    tap.equal(one["io"]["disk"]["model"], "QEMU NVMe Ctrl", "the disk's model")
    tap.equal(one["machine"]["device"]["driver"], "nvme", "its driver")
    tap.equal(one.check("requests")["failures"], 0, "no request failed")
    cpu = one["io"]["cpu"]
    tap.ok(cpu["busy_ns_per_op"] is None or cpu["busy_ns_per_op"] > 0, "CPU time is none or known")
    tap.ok(cpu["thread_ns_per_op"] > 0, "the threads took time")

    polled = results["polled"]
    tap.equal((polled["params"]["polled"], polled["params"]["fixed_buffers"]), (True, True),
              "polled with registered buffers")
    tap.equal([t["ops"] for t in polled["threads"]], [50, 50], "each thread has its share")
    tap.equal(polled["io"]["bytes"], 100 * 65536, "of 64K")
    rounded = results["rounded"]["params"]
    tap.equal((rounded["span_bytes"], rounded["span_used_bytes"]), (1100 << 10, 15 * 65536),
              "what is used of a span is told")
    tap.equal((results["few"].ops, [t["ops"] for t in results["few"]["threads"]]), (7, [1] * 7 + [0] * 33),
              "some threads have nothing to do")
    tap.equal(len(results["repeat"]["repeats"]), 2, "two runs in one result")

    for name in ("strict", "lazy", "identity"):
        for depth in (1, 8):
            result = results[f"types-{name}-4K-qd{depth}"]
            tap.equal((result["machine"]["iommu"]["domain_type"], result["params"]["queue_depth"]),
                      (name, depth), f"{name} at depth {depth} is what it says")
    tap.equal(results["write"].samples("write"), 256, "writes are a phase of their own")
    tap.equal(results["write"].phase("read"), None, "and reads are none")
    mixed = results["mixed"]
    tap.equal(mixed.samples("read") + mixed.samples("write"), 1000, "both together")
    tap.ok(200 < mixed.samples("write") < 400, "about 30 % of them write")
    timed(tap, results)
    for name in ("background", "beside", "calm"):
        load = results[name]["background"]
        tap.ok(load["ops"] > 0 and load["latency_ns"]["count"] == load["ops"],
               f"{name}: the load has figures of its own")
        tap.equal((load["apart"], load["block_device"]), (True, "nvme0n1"), f"{name}: on another CPU")
    tap.equal((results["background"]["background"]["size_bytes"],
               results["background"]["background"]["queue_depth"]), (8192, 4), "as it was asked for")
    calm = results["calm"]["background"]
    tap.equal((calm["rate_per_s"], results["background"]["background"]["rate_per_s"]), (400, 0),
              "calm: the load has a rate")
    # What was due before the first request, when this machine stood still, comes on top.
    tap.ok(calm["ops"] <= 400 * (calm["seconds"] + 1), "calm: and is no faster", calm)
    tap.ok("map_service" in {p["name"] for p in results["calm"]["phases"]}, "calm: so has what is measured")
    cut = results["int-lazy-4K-qd32"]
    tap.equal((cut["complete"], cut["end"]["reason"]), (False, "stopped"), "cut short by the user")
    # Some kernels are spared that.
    if "gone" in results:
        tap.equal(results["gone"]["end"]["reason"], "removed", "cut short by removal")
