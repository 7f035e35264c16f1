# SPDX-License-Identifier: GPL-2.0-only
"""What the results of test_devices.sh say about devices that worked at the same time."""


def check(tap, results, _out):
    groups = {}
    for name, result in results.items():
        folder = name.rpartition("-")[0]
        groups.setdefault(folder, []).append(result)
    for folder, members in groups.items():
        devices = members[0]["group"]["devices"]
        begins = {m["group"]["begin_ns"] for m in members}
        tap.equal(sorted(m["machine"]["device"]["name"] for m in members), sorted(devices),
                  f"{folder}: a result for each device")
        tap.ok(len(begins) == 1 and len({m["group"]["id"] for m in members}) == 1,
               f"{folder}: they share a time base", begins)
        tap.equal(min(m["group"]["start_ns"] for m in members), 0, f"{folder}: one is the first")
        tap.ok(max(m["group"]["start_ns"] for m in members) <= members[0]["group"]["skew_ns"],
               f"{folder}: none began later than the skew says")
        for m in members:
            if "series" in m:
                at = m["group"]["begin_ns"] + m["group"]["start_ns"]
                tap.ok(abs(m["series"]["begin_ns"] - at) <= 2,
                       f"{folder}: the series begins when its device did",
                       (m["series"]["begin_ns"], at))

    def ends(folder):
        return {m["machine"]["device"]["name"]: m["end"]["reason"] for m in groups[folder]}

    for folder in ("all", "two", "ioctl", "series", "cpus", "lazy"):
        tap.equal(set(ends(folder).values()), {"time"}, f"{folder}: all have ended in time")
    tap.equal({m["params"]["transport"] for m in groups["ioctl"]}, {"ioctl"}, "ioctl: is told")
    tap.equal({m["params"]["transport"] for m in groups["all"]}, {"uring"}, "all: io_uring is told")
    cpus = {m["machine"]["device"]["name"]: m["params"]["cpus"] for m in groups["cpus"]}
    devices = groups["cpus"][0]["group"]["devices"]
    tap.equal([cpus[d] for d in devices], [[1], [0]], "cpus: each device has its own")
    tap.ok(any("threads of 3 devices share 2 CPUs" in w for w in groups["all"][0]["warnings"]),
           "all: a warning says that CPUs are shared", groups["all"][0]["warnings"])
    tap.ok(all(m.check("transfer")["count"] for m in groups["verify"]), "verify: each was verified")
    tap.ok(all(0 <= m["group"]["fairness"]["ratio"] <= 1 for g in groups.values() for m in g),
           "the slowest device's share of the fastest one's throughput is told")

    tap.equal([m["counters"] for m in groups["uncounted"]], [[], []], "uncounted: nothing is counted")
    one, other = groups["counted"]
    for m in (one, other):
        device = m["machine"]["device"]["name"]
        got = {c["name"]: c for c in m["counters"] if "thread" not in c}
        tap.equal((got["cycles"]["scope"], [c["thread"] for c in m["counters"] if c["name"] == "cycles"
                                           and "thread" in c]), ("thread", [0, 1]),
                  f"{device}: cycles of its own threads")
        tap.ok(got["cycles"]["value"] > m.ops and
               abs(got["cycles"]["value"] / m.ops / got["cycles"]["per_op"] - 1) < 1e-6,
               f"{device}: per operation of its own", got["cycles"])
        tap.equal([(got[n]["scope"], got[n]["run"], got[n]["per_op"]) for n in ("syncs", "iommu:map")],
                  [("group", "explaining", 1), ("group", "explaining", 1)],
                  f"{device}: what cannot be told apart is of all, in a run of its own")
        tap.equal(got["syncs_per_unmap"]["value"], 1, f"{device}: what follows from it, too")
        tap.ok(any(c["source"] == "interrupts" and c["scope"] == "group" and "arm-smmu-v3-evtq" in n
                   for n, c in got.items()), f"{device}: the SMMU's interrupts are of all", list(got))
        tap.equal(len([w for w in m["warnings"] if "-e nothing: " in w]), 1,
                  f"{device}: a warning of what means nothing")
    common = [[c for c in m["counters"] if c["scope"] == "group"] for m in (one, other)]
    tap.equal(common[0], common[1], "counted: both results have the same of what is of all")
    for transport in ("uring", "ioctl"):
        tap.equal(set(ends(f"stopped-{transport}").values()), {"stopped"},
                  f"{transport}: all were stopped")
        tap.ok(all(m.ops for m in groups[f"stopped-{transport}"]),
               f"{transport}: with what they had done")
        unbound = ends(f"unbound-{transport}")
        tap.equal(sorted(unbound.values()), ["removed", "stopped", "stopped"],
                  f"{transport}: one was removed, the others were stopped later")
        tap.equal(set(ends(f"late-{transport}").values()), {"stopped"},
                  f"{transport}: late ones are marked")
    dropped = groups["dropped"]
    gone = [m for m in dropped if m["end"]["reason"] not in ("stopped", "time")]
    tap.equal(len(gone), 1, f"dropped: one went away: {[m['end'] for m in dropped]}")
    tap.ok(all(len(m["repeats"]) > len(gone[0]["repeats"]) for m in dropped if m is not gone[0]),
           "dropped: the others went on without it", [len(m["repeats"]) for m in dropped])
