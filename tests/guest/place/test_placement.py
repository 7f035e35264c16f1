# SPDX-License-Identifier: GPL-2.0-only
"""Where results of test_placement.sh say that threads and memory were."""

import glob
import os

import results as checks


def nodes(part):
    return [entry["node"] for entry in part]


def total(part):
    return sum(entry["bytes"] for entry in part)


def warned(result, word):
    return [w for w in result["warnings"] if word in w]


def check_matrix(tap, folder):
    """Each pair of nodes has a result that says so, and the index knows them all."""
    wrong, index = checks.check(os.path.join(folder, "index.json"))
    tap.ok(not wrong, "matrix: index.json is a sound index", "\n".join(wrong))
    tap.equal(index["placement_matrix"],
              {"cpu_nodes": [1, 2], "memory_nodes": [0, 1, 2], "device_node": 2},
              "matrix: the nodes")
    tap.equal((index["complete"], index["skipped"]), (True, []), "matrix: nothing is missing")
    cells = [(c, m) for c in (1, 2) for m in (0, 1, 2)]
    tap.equal([(p["file"], p["placement_matrix"]["cpu_node"], p["placement_matrix"]["memory_node"])
               for p in index["points"]], [(f"cpu{c}-mem{m}.json", c, m) for c, m in cells],
              "matrix: the cells")
    tap.equal(len(glob.glob(os.path.join(folder, "*"))), 7, "matrix: no other file is left")
    for cpu, memory in cells:
        wrong, result = checks.check(os.path.join(folder, f"cpu{cpu}-mem{memory}.json"))
        tap.ok(not wrong, f"matrix: cell {cpu},{memory} is a sound result", "\n".join(wrong))
        tap.equal((result["params"]["placement_matrix"], result["params"]["cpus"],
                   nodes(result["memory"]["buffers"])),
                  ({"cpu_node": cpu, "memory_node": memory, "device_node": 2}, [2 * cpu], [memory]),
                  f"matrix: cell {cpu},{memory} was measured where it should be")


def check(tap, results, out):
    # On the older kernel only a part is done.
    old = results["default"]["machine"]["kernel"].startswith("6.1.")
    for name, how, cpus in (
            ("default", "near", [4, 5]), ("near", "near", [4, 5, 2]), ("far", "far", [0, 1]),
            ("spread", "spread", [4, 2, 6, 0]), ("pack", "pack", [4, 5, 2]),
            ("node", "node", [2, 3]), ("core", "core", [7, 0]),
            ("list", "cpus", [6, 0, 1, 3]), ("isolated", "node", [6]), ("affinity", "near", [1, 0]),
            ("cpuset", "near", [4, 5, 2]), ("offline", "node", [2]), ("nowhere", "near", [0])):
        if name not in results and old:
            continue
        params = results[name]["params"]
        tap.equal((params["placement"], sorted(params["cpus"])), (how, sorted(cpus)),
                  f"{name}: CPUs and how they were chosen")
        if name in ("near", "spread", "pack", "core"):
            tap.equal([t["cpu"] for t in results[name]["threads"]], cpus, f"{name}: each thread's CPU")

    # Each thread's memory is on its own node.
    for name, where in (("default", [2]), ("far", [0]), ("node", [1]), ("near", [1, 2]),
                        ("spread", [0, 1, 2, 3]), ("list", [0, 1, 3])):
        if name not in results and old:
            continue
        memory = results[name]["memory"]
        tap.equal(results[name]["params"]["memory_policy"], {"policy": "local", "nodes": []},
                  f"{name}: memory is local")
        tap.equal((nodes(memory["buffers"]), nodes(memory["histograms"])), (where, where),
                  f"{name}: buffers and histograms are on the threads' nodes")
    for name, where in (("bind", 3), ("tables", 1), ("flush", 3)):
        if name not in results and old:
            continue
        memory = results[name]["memory"]
        tap.equal(results[name]["params"]["memory_policy"], {"policy": "node", "nodes": [where]},
                  f"{name}: memory is of one node")
        tap.equal((nodes(memory["buffers"]), nodes(memory["histograms"])), ([where], [where]),
                  f"{name}: buffers and histograms are there")
    tap.ok(total(results["tables"]["memory"]["buffers"]) >= 2000 * 4096,
           "tables: mappings that last are counted as well", results["tables"]["memory"])
    for name, where in (("interleave", [0, 1, 2, 3]), ("cpuset", [0, 1, 2])):
        if name not in results and old:
            continue
        memory = results[name]["memory"]
        tap.equal(results[name]["params"]["memory_policy"], {"policy": "interleave", "nodes": where},
                  f"{name}: memory is interleaved")
        tap.equal(nodes(memory["buffers"]), where, f"{name}: over all nodes that may be used")
        sizes = [entry["bytes"] for entry in memory["buffers"]]
        tap.ok(max(sizes) <= 1.3 * min(sizes), f"{name}: in equal parts", sizes)

    tables = results["tables"]["memory"]["page_tables"]
    if old:
        tap.ok(not tables["known"] and not tables["nodes"] and "6.11" in tables["reason"],
               "tables: where page tables are is unknown, for a reason", tables)
        return
    check_matrix(tap, os.path.join(out, "matrix"))
    tap.equal((tables["known"], nodes(tables["nodes"])), (True, [2]),
              "tables: page tables are on the SMMU's node")
    tap.ok(warned(results["busy"], "other processes had"), "busy: a warning tells of the other load",
           results["busy"]["warnings"])
    tap.ok(not warned(results["quiet"], "other processes had"), "quiet: none",
           results["quiet"]["warnings"])
    tap.ok(warned(results["interrupts"], "arm-smmu-v3-evtq"), "interrupts: a warning names them",
           results["interrupts"]["warnings"])
    tap.ok(not warned(results["elsewhere"], "arm-smmu-v3-evtq"), "elsewhere: none",
           results["elsewhere"]["warnings"])
    tap.ok(warned(results["default"], "CPUs 7 are isolated"), "default: CPU 7 was not used",
           results["default"]["warnings"])
    tap.ok(not warned(results["quiet"], "isolated"), "quiet: CPU 7 was", results["quiet"]["warnings"])
    tap.ok(warned(results["nowhere"], "firmware does not say"), "nowhere: a warning tells of it",
           results["nowhere"]["warnings"])
