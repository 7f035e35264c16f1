# SPDX-License-Identifier: GPL-2.0-only
"""What the runs of test_options.sh must have in their results."""


def check(tap, results, _out):
    r = results

    def ops(name):
        return [t["ops"] for t in r[name]["threads"]]

    tap.equal(r["ioctl"]["params"]["transport"], "ioctl", "ioctl was used")
    tap.equal(r["uring"]["params"]["transport"], "uring", "io_uring was used")
    tap.equal(sorted(ops("count")), [333, 334, 334], "1001 operations over 3 threads")
    tap.equal(sorted(ops("one")), [0, 0, 0, 1], "1 operation over 4 threads")
    tap.equal((ops("batch"), r["batch"].samples("map"), r["batch"].samples("unmap")),
              ([500, 500], 62, 62), "500 operations are 31 whole batches of 16 in each thread")
    tap.equal(ops("threads"), [100] * 7, "7 threads did 100 each")
    tap.ok(any("share" in w for w in r["threads"]["warnings"]),
           "and a warning says that they shared CPUs", r["threads"]["warnings"])
    tap.equal(({t["cpu"] for t in r["cpus"]["threads"]}, r["cpus"]["params"]["cpus"]),
              ({1}, [1]), "CPU 1 was used")
    tap.equal([t["cpu"] for t in r["cpus2"]["threads"]], [1, 0], "CPUs are used in order")
    tap.equal(sum(t["migrations"] for n in r for t in r[n]["threads"]), 0,
              "pinned threads never move")
    tap.equal((r["repeat"].ops, len(r["repeat"]["repeats"]), r["repeat"].samples("map")),
              (600, 3, 600 // r["repeat"]["harness"]["batch"]), "three runs are merged")
    tap.equal(r["warmup"].ops, 100, "warm-up operations are not counted")
    tap.equal((r["time"]["end"]["reason"], r["both"]["end"]["reason"], r["both"].ops),
              ("time", "count", 100), "time and count end runs")

    tap.equal(r["window"]["params"]["window"], 64, "window of 64")
    batch = r["window"]["harness"]["batch"]
    timed = r["window_time"]
    tap.equal(timed.samples("map") - timed.samples("unmap"), (64 - batch) // batch,
              "63 mappings were alive when the last one was made")
    tap.equal(timed.samples("unmap") * batch, timed.ops, "what was never unmapped is no operation")
    tap.equal((r["window"].samples("map"), r["window"].samples("unmap")), (200 // batch, 200 // batch),
              "a count is of what was unmapped as well")
    tap.equal(r["window_rounded"]["params"]["window"], 64, "a window is rounded up to whole batches")
    rounded, span = r["rounded"]["params"], r["span"]["params"]
    tap.equal((rounded["stride_bytes"], rounded["iova_span_used_bytes"]), (320 << 10, 161 * (640 << 10)),
              "a stride and a span are told as they are used")
    tap.equal((span["iova_span_bytes"], span["iova_span_used_bytes"]), (0, 1 << 30), "also one that nobody asked for")
    tap.ok("iova_span_used_bytes" not in r["plain"]["params"], "and none where there is none")
    tap.equal(r["prefill"]["params"]["prefill"], 3000, "a prefill is told as it is shared out")
    for name in ("prefill", "prefill_dma"):
        tap.equal(r[name].ops, 200, f"{name}: prefilled mappings are not counted")
    hold = r["hold"]
    tap.ok(hold["throughput"]["seconds"] >= 20 * 0.002, "20 mappings held 2 ms take at least 40 ms",
           hold["throughput"])
    tap.equal(r["hold_window"].samples("map"), 20, "a window holds several at once")

    over = r["overload"]
    tap.ok(sum(t["late"] for t in over["threads"]) > 2900, "overload: nearly all were late",
           over["threads"])
    tap.ok(any("rate" in w for w in over["warnings"]), "overload: a warning says so",
           over["warnings"])
    for name in ("overload", "rate", "rate_hold", "rate_batch"):
        counts = [r[name].samples(p) for p in ("map", "unmap", "map_service", "unmap_service")]
        tap.ok(counts[0] == counts[2] and counts[1] == counts[3] and counts[0] > 0,
               f"{name}: as many latencies from the due time as from the start", counts)
        due, service = (r[name].phase(p)["latency_ns"] for p in ("map", "map_service"))
        tap.ok(due["max"] >= service["max"] and due["mean"] >= service["mean"],
               f"{name}: from the due time it is never less", (due, service))
    # All were due at the start, so that on average they waited for half of the run.
    for name in ("map", "unmap"):
        waited = over.phase(name)["latency_ns"]["mean"] / 1e9
        tap.ok(waited > over["throughput"]["seconds"] / 4, f"overload: {name} counts the waiting",
               (waited, over["throughput"]))
    tap.ok(r["rate"]["throughput"]["seconds"] >= 9 / 100, "20 operations at 200/s take their time",
           r["rate"]["throughput"])
    tap.ok(r["slow_rate"].ops <= 1 and r["long_hold"].samples("map") >= 1, "slow runs did what was due",
           (r["slow_rate"].ops, r["long_hold"].samples("map")))
    tap.equal(r["long_hold"].ops, 0, "what is held beyond the end is no operation")
    tap.ok(r["slow_rate"]["throughput"]["seconds"] >= 0.5, "the planned time passes", r["slow_rate"]["throughput"])

    batches = r["rate_batch"]
    tap.equal([batches.phase(p)["histogram"]["batch"] for p in ("map", "unmap", "map_service", "unmap_service")],
              [1, 1, 8, 8], "from when it was due, a batch is not divided")
    tap.ok(all(batches.phase(p)["latency_ns"]["min"] > 4 * batches.phase(f"{p}_service")["latency_ns"]["min"]
               for p in ("map", "unmap")), "each of its operations has waited for all", batches["phases"])
    # The unmap that the warm-up leaves is due in 5 seconds, but the first map at once.
    warm = r["rate_warm"]
    tap.equal((warm["throughput"]["offered"], warm["throughput"]["begun"], warm.samples("map")), (1, 1, 1),
              "rate_warm: no map waits for an unmap of the warm-up")
    stall = r["stall"]
    tap.equal((stall["throughput"]["offered"], stall["throughput"]["begun"]), (300, 300), "stall: all that was due is served")
    tap.ok(stall.samples("map") == 300 and stall.ops >= 299, "stall: and counts", (stall["phases"], stall.ops))
    tap.ok(sum(t["late"] for t in stall["threads"]) >= 5, "stall: what waited was late", stall["threads"])
    tap.ok(stall.phase("map")["latency_ns"]["p99"] > 1e8, "stall: and is in p99", stall["phases"])
    tap.ok(stall["throughput"]["seconds"] >= 3, "stall: the planned time counts", stall["throughput"])
    over = r["overrun"]
    for name in ("overrun", "overrun_batch"):
        tap.equal(r[name]["throughput"]["offered"], 5000000, f"{name}: all that was due is counted")
    tap.ok(over["throughput"]["begun"] < 5000000, "overrun: it cannot be begun in twice the time", over["throughput"])
    tap.ok(sum(t["late"] for t in over["threads"]) > 5000000 - over["throughput"]["begun"],
           "overrun: what was never begun is late", over["threads"])
    tap.ok(any("never begun" in w for w in over["warnings"]), "overrun: a warning says so", over["warnings"])

    tap.equal(r["seedmax"]["params"]["seed"], 2**63 - 1, "the seed is told as it was given")
    tap.equal(r["full"].ops, 1000, "16 of 16 places were used again and again")
    tap.equal(r["stdout"].ops, 200, "standard output has the same JSON")
