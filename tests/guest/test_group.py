# SPDX-License-Identifier: GPL-2.0-only
"""What the results of test_group.sh say about devices that worked at the same time."""


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
