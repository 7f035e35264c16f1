# SPDX-License-Identifier: GPL-2.0-only
"""What the runs of test_tlb_flush.sh must have in their results."""

STRATEGIES = ("strict", "lazy", "gather", "range", "per-page", "full", "per-map-full", "none")
# Lists of commands for a round of 16 mappings; each has one command and a sync.
LISTS = {"strict": 16, "gather": 1, "range": 1, "per-page": 16, "full": 1, "per-map-full": 32,
         "none": 0}


def check(tap, results, _out):
    r = results

    def point(name, strategy, pages=1, threads=1):
        size = {1: "4K", 16: "64K", 256: "1M"}[pages]
        return r[f"{name}-{strategy}-4K-{size}-{threads}-shared"]

    index = r["all-index"]
    tap.equal(sorted((p["strategy"], p["range_bytes"]) for p in index["points"]),
              sorted((s, b) for s in STRATEGIES for b in (4096, 65536)),
              "the index has all points")
    tap.ok(all(p["file"][:-len(".json")] in r for p in index["points"]), "and names their files")
    tap.equal((index["complete"], index["skipped"]), (True, []), "nothing is missing")
    tap.equal([bool(c) for c in index["crossover"]], [True] * 3,
              "a sentence against per-page, gather and range")
    for strategy in STRATEGIES:
        one = point("all", strategy, 16)
        tap.equal((one["params"]["mappings"], one.ops, one.samples("map"), one.samples("total")),
                  (16, 64, 4, 4), f"{strategy}: 64 mappings are 4 rounds of 16")
        tap.equal(one.phase("flush") is not None, strategy not in ("strict", "lazy", "none"),
                  f"{strategy}: the flush is told apart in domains of our own")
        want = {"strict": "strict", "lazy": "lazy", "none": "identity"}.get(strategy)
        tap.ok(want in (None, one["machine"]["iommu"]["domain_type"]),
               f"{strategy}: worked in the right domain", one["machine"]["iommu"])
        tap.equal(one["exposure"]["measured"], False, f"{strategy}: no exposure without an engine")
        commands = one["commands"]
        if not tap.ok(commands["measured"], f"{strategy}: commands were counted", commands):
            continue
        if strategy in LISTS:
            lists = LISTS[strategy]
            tap.equal((commands["lists_per_round"], commands["syncs_per_round"]), (lists, lists),
                      f"{strategy}: {lists} lists of commands a round, each with a sync")
            tap.ok(commands["commands_per_round"] >= 2 * lists,
                   f"{strategy}: and with a command", commands)
        else:
            tap.ok(commands["lists_per_round"] < 16, "lazy: fewer lists than unmaps", commands)
    tap.ok(r["one"]["params"]["range_bytes"] == 65536, "a single point keeps its file's name")
    three = r["threads3"]
    tap.equal((len(three["threads"]), three["fairness"]["min_ops"]), (3, 22),
              "64 mappings over 3 threads are rounded up to whole rounds of each")
    tap.equal([p["threads"] for p in r["folder-index"]["points"]], [1, 2, 3], "1..3 is 1, 2, 3")
    tap.equal((r["line"]["params"]["size_bytes"], r["line"]["params"]["mappings"]), (2 << 20, 2),
              "a line of JSON is a result")
    tap.equal((len(r["repeat"]["repeats"]), r["repeat"].ops), (3, 192), "three runs are merged")
    tap.equal((r["rounded"].ops, r["rounded"].samples("map")), (512, 2),
              "each of two threads did a round of 256")
    bare = r["bare"]
    tap.equal([bare[k]["measured"] for k in ("exposure", "device", "commands")], [False] * 3,
              "only the cost was measured")
    tap.ok(all("not asked for" in bare[k]["reason"] for k in ("exposure", "device", "commands")),
           "because nothing else was asked for")
    tap.equal(r["ioctl-gather-4K-4K-1-shared"]["params"]["transport"], "ioctl", "ioctl was used")
    skipped = r["skip-index"]["skipped"]
    tap.equal([(s["strategy"], s["domains"], s["points"]) for s in skipped],
              [("gather", "per-thread", 1)], "what was skipped is in the index")
    tap.equal([s["strategy"] for s in r["sense-index"]["skipped"]], ["strict"] * 2 + ["gather"] * 2,
              "also what makes no sense")

    done, cut = point("int", "gather"), point("int", "strict")
    tap.equal((done["complete"], cut["complete"], cut["end"]["reason"]), (True, False, "stopped"),
              "Ctrl-C: one whole, one stopped")
    tap.equal(r["int-index"]["complete"], False, "and a sweep that is not complete")
    gone = point("gone", "gather")
    tap.equal((gone["complete"], gone["end"]["reason"]), (False, "removed"), "the device went away")
