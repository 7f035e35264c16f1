# SPDX-License-Identifier: GPL-2.0-only
"""What the results of test_io.sh must say."""


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
    for name in ("background", "beside"):
        load = results[name]["background"]
        tap.ok(load["ops"] > 0 and load["latency_ns"]["count"] == load["ops"],
               f"{name}: the load has figures of its own")
        tap.equal((load["apart"], load["block_device"]), (True, "nvme0n1"), f"{name}: on another CPU")
    tap.equal((results["background"]["background"]["size_bytes"],
               results["background"]["background"]["queue_depth"]), (8192, 4), "as it was asked for")
    cut = results["int-lazy-4K-qd32"]
    tap.equal((cut["complete"], cut["end"]["reason"]), (False, "stopped"), "cut short by the user")
    # Some kernels are spared that.
    if "gone" in results:
        tap.equal(results["gone"]["end"]["reason"], "removed", "cut short by removal")
