#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""What counters say of a known run is what the SMMU's model traces of it, exactly.

The device runs into 64 pages that are not there: it tries each twice, once before and once after the
answer. Nothing else in the guest uses that device, so all that the model traces of it is of this run and of the looks before and after it.
"""

import json
import os
import re
import shutil
import subprocess

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KERNEL = os.environ.get("BOARD_KERNEL", "lab-6.12")
OUT = "build/guest-tests/counters"
FAULTS = 64
UNMAPS = 1600
BATCH = 16
# Beside the PMU's own events those of the model: commands, TLB invalidations, syncs, stalls.
SCRIPT = f"""set -e
iommubench iopf -n {FAULTS} --warmup 0s -q -o /out/iopf.json \\
	-e transaction,tlb_miss,smmuv3_pmcg/event=0x84/
for api in iommu iommu-fast; do
	iommubench map-unmap --api $api --batch {BATCH} -n {UNMAPS} --warmup 0s -q -o /out/$api.json \\
		-e smmuv3_pmcg/event=0x80/,smmuv3_pmcg/event=0x81/,smmuv3_pmcg/event=0x82/,commands
done
"""


class Tap:
    count = 0
    failed = 0

    def equal(self, got, wanted, name):
        self.count += 1
        self.failed += got != wanted
        print(f"{'ok' if got == wanted else 'not ok'} {self.count} - {name}", flush=True)
        if got != wanted:
            print(f"#   got {got!r}, expected {wanted!r}")


def counters(name):
    """Counts of a run, and those for an operation of each phase: the most that any counter group has, as not
    each of them sees all."""
    with open(f"{OUT}/{name}.json", encoding="utf-8") as text:
        result = json.load(text)
    counts = {}
    for counter in result["counters"]:
        key = re.sub(r"^smmuv3_pmcg_[0-9a-f]+/(.*)/$", r"\1", counter["name"])
        if counter["run"] == "by-phase":
            key = f"{counter['phase']}:{key}"
        counts[key] = max(counts.get(key, 0), counter.get("per_op", 0) if ":" in key else counter["value"])
    return counts, {c.get("stream_id") for c in result["counters"]} - {None}


def looks_of(name):
    """Accesses that a run has made beside what it counts."""
    with open(f"{OUT}/{name}.json", encoding="utf-8") as text:
        checks = json.load(text)["checks"]
    return sum(c["count"] for c in checks if c["name"] == "old_translation")


def main():
    os.chdir(TOP)
    shutil.rmtree(OUT, ignore_errors=True)
    os.makedirs(OUT)
    tap = Tap()
    lab = subprocess.run(["lab/run", "--board", "smmuv3-sva", "--kernel", KERNEL, "--icount", "--smp", "1",
                          "--timeout", "600", "--out", OUT, "--trace", "iob_smmuv3_translate",
                          "--trace", "iob_smmuv3_fault", "--trace", "iob_smmuv3_cmd", "--", "sh", "-c", SCRIPT],
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         encoding="utf-8", errors="replace", check=False)
    tap.equal((lab.returncode, lab.stdout if lab.returncode else ""), (0, ""), "the runs can be done")
    if not tap.failed:
        with open(f"{OUT}/trace.log", encoding="utf-8") as text:
            trace = text.read()
        got, streams = counters("iopf")
        # Before the run, and after its address space is unbound, the device looks for old translations.
        looks = looks_of("iopf")
        tap.equal(len(streams), 1, "the device's stream is known")
        sid = f"sid {streams.pop():#x} "
        tap.equal((got["transaction"], trace.count(f"iob_smmuv3_translate {sid}")),
                  (2 * FAULTS, 2 * FAULTS + looks), "transactions: counted, and traced")
        tap.equal((got["event=0x84"], trace.count(f"iob_smmuv3_fault {sid}")),
                  (FAULTS, FAULTS + looks), "stalls: counted, and traced")
        # An unmap or a gathered batch of them is one invalidation and one sync.
        for name, batch in (("iommu", 1), ("iommu-fast", BATCH)):
            got, _ = counters(name)
            lists = UNMAPS // batch
            tap.equal([got[f"event={e:#x}"] for e in (0x80, 0x81, 0x82)], [2 * lists, lists, lists],
                      f"{name}: commands, invalidations, syncs")
            tap.equal((got["commands_per_unmap"], got["syncs_per_unmap"]), (2 / batch, 1 / batch),
                      f"{name}: the same of an unmap, by the driver's function")
            tap.equal([got[f"unmap:event={e:#x}"] for e in (0x80, 0x81, 0x82)], [2 / batch, 1 / batch, 1 / batch],
                      f"{name}: and of unmaps alone")
            tap.equal([got[f"map:event={e:#x}"] for e in (0x80, 0x81, 0x82)], [0, 0, 0], f"{name}: none of maps")
    print(f"1..{tap.count}")
    return tap.failed > 0


if __name__ == "__main__":
    raise SystemExit(main())
