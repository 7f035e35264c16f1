# SPDX-License-Identifier: GPL-2.0-only
"""What the runs of test_matrix.sh must have in their results."""


def check(tap, results, _out):
    names = [n for n in results if n.startswith("matrix.")]
    tap.equal(len(names), 6 + 9 + 2 * 4 * 9, "there is a result for each combination")
    for name in names:
        _, api, pattern, buffer, direction = name.split(".")
        result = results[name]
        params = result["params"]
        batch = result["harness"]["batch"]
        wrong = []

        def must(what, good):
            if not good:
                wrong.append(what)
        must("parameters are those asked for",
             (params["api"], params["buffer"], params["direction"]) == (api, buffer, direction))
        must("pattern", params["iova"] == (pattern if api.startswith("iommu") else "allocator"))
        must("pieces", params["piece_bytes"] == (4096 if buffer == "scattered" else 65536))
        must("ops", result.ops == 200 and result["end"]["reason"] == "count")
        must("two threads share the work", [t["ops"] for t in result["threads"]] == [100, 100])
        must("maps", result.samples("map") == 2 * (100 // batch))
        must("unmaps", result.samples("unmap") == 2 * (100 // batch))
        must("a batch gathers", api != "iommu-fast" or batch >= 32)
        must("no service times without a rate", result.phase("map_service") is None)
        must("time passed", result.phase("map")["latency_ns"]["min"] > 0)
        must("engine", result["machine"]["device"].get("engine") == "edu")
        tap.ok(not wrong, f"{name} did what it was told", "\n".join(wrong))
