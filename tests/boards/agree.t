#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Our SMMUv3 model and QEMU's own get the same commands for the same run.

The same kernel runs the same map-unmap commands on the machine with QEMU's model (virt-lab) and on ours
(smmuv3-sva), with time that counts instructions. Both trace the commands that they execute. For each ASID
that invalidations are for, in the order in which they turn up, their sequences must be equal: command,
address, granule, pages, level hint, leaf. ASIDs themselves are numbered by how many devices a machine has,
and so is what happens before the first run.
"""

import difflib
import os
import re
import shutil
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KERNEL = os.environ.get("BOARD_KERNEL", "lab-6.12")
OUT = "build/guest-tests/agree"
# The drivers' commands that invalidate translations, IHI 0070, 4.4.
RANGE = {"NH_VA", "NH_VAA", "EL2_VA", "EL2_VAA", "S2_IPA"}
# As long as the flush queue's timer is not a matter of a few instructions.
RUNS = ["--api iommu", "--api iommu -s 2M", "--api iommu-fast --batch 16", "--domain-type strict",
        "--api dma-sg --domain-type lazy"]
# Of both machines the PCI device, because the kernel gives platform devices other addresses.
SCRIPT = """set -e
device=$(basename $(dirname $(grep -lx 0x1234 /sys/bus/pci/devices/*/vendor)))
iommubench-bind $device
""" + "".join(f"iommubench map-unmap -d $device -n 500 --warmup 0s -e none -q {run} -o /out/{i}.json\n"
              for i, run in enumerate(RUNS))


def pieces(addr, pages, granule):
    """What QEMU's model traces of a range: aligned pieces of a power of two pages each."""
    shift = 10 + 2 * granule
    page, end = addr >> shift, (addr >> shift) + pages
    while page < end:
        size = page & -page or 1 << 52
        while page + size > end:
            size >>= 1
        yield page << shift, size
        page += size


def theirs(path):
    """Yield (ASID, command) from the trace of QEMU's model."""
    number = r"(?:0x)?([0-9a-f]+)"
    name = None
    with open(path, encoding="utf-8") as trace:
        for line in trace:
            opcode = re.search(r"smmuv3_cmdq_opcode <--- SMMU_CMD_TLBI_(\w+)", line)
            if opcode:
                name = opcode[1]
                continue
            found = re.search(r"smmuv3_cmdq_tlbi_nh_asid asid=" + number, line)
            if found:
                yield int(found[1], 0), "NH_ASID"
                continue
            found = re.search(
                r"smmuv3_range_inval vmid=(-?\d+) asid=(-?\d+) addr=0x([0-9a-f]+) tg=(\d+) "
                r"num_pages=0x([0-9a-f]+) ttl=(\d+) leaf=(\d+)", line)
            if found:
                vmid, asid, addr, tg, pages, ttl, leaf = found.groups()
                yield int(asid), (f"{name} vmid {vmid} {int(addr, 16):#x} granule {tg} "
                                  f"pages {int(pages, 16)} ttl {ttl} leaf {leaf}")


def ours(path):
    """Yield (ASID, command) from the trace of our model, which has the words of each command."""
    with open(path, encoding="utf-8") as trace:
        for line in trace:
            found = re.search(r"iob_smmuv3_cmd (?:CMD_)?TLBI_(\w+) 0x(\w+) 0x(\w+)", line)
            if not found:
                continue
            name, w0, w1 = found[1], int(found[2], 16), int(found[3], 16)
            asid, vmid = w0 >> 48, w0 >> 32 & 0xffff
            if name == "NH_ASID":
                yield asid, name
            if name not in RANGE:
                continue
            granule = w1 >> 10 & 3
            addr, ttl, leaf = w1 & ~0xfff, w1 >> 8 & 3, w1 & 1
            span = ((w0 >> 12 & 31) + 1) << (w0 >> 20 & 31)
            for start, pages in pieces(addr, span, granule) if granule else [(addr, 1)]:
                yield asid, (f"{name} vmid {vmid} {start:#x} granule {granule} "
                             f"pages {pages} ttl {ttl} leaf {leaf}")


def by_asid(commands):
    """Sequences of commands, one an ASID that had any range invalidated, in order of appearance."""
    sequences = {}
    for asid, command in commands:
        sequences.setdefault(asid, []).append(command)
    return [s for s in sequences.values() if any(command != "NH_ASID" for command in s)]


def boot(board, events):
    out = f"{OUT}/{board}"
    shutil.rmtree(out, ignore_errors=True)
    os.makedirs(out)
    command = ["lab/run", "--board", board, "--kernel", KERNEL, "--icount", "--smp", "1", "--timeout", "300",
               "--out", out]
    if board == "smmuv3-sva":
        command += ["--set", "iob-dmatest-pci.pri=off", "--set", "iob-dmatest-pci.ats=off"]
    for event in events:
        command += ["--trace", event]
    command += ["--", "sh", "-c", SCRIPT]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, encoding="utf-8", errors="replace")


class Tap:
    count = 0
    failed = 0

    def ok(self, good, name, why=()):
        self.count += 1
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}", flush=True)
        if not good:
            self.failed += 1
            for line in why:
                print(f"#   {line}")


def main():
    os.chdir(TOP)
    tap = Tap()
    traces = {"virt-lab": ["smmuv3_cmdq_opcode", "smmuv3_cmdq_tlbi_nh_asid", "smmuv3_range_inval"],
              "smmuv3-sva": ["iob_smmuv3_cmd"]}
    for board, events in traces.items():
        lab = boot(board, events)
        said, _ = lab.communicate()
        tap.ok(lab.returncode == 0, f"{board} runs the commands", said.splitlines())
    if not tap.failed:
        theirs_by_asid = by_asid(theirs(f"{OUT}/virt-lab/trace.log"))
        ours_by_asid = by_asid(ours(f"{OUT}/smmuv3-sva/trace.log"))
        commands = sum(map(len, ours_by_asid))
        tap.ok(len(theirs_by_asid) == len(ours_by_asid) and commands > 1500,
               f"{commands} invalidations are for {len(ours_by_asid)} ASIDs on both",
               [f"on QEMU's model {[len(s) for s in theirs_by_asid]} commands by ASID",
                f"on ours {[len(s) for s in ours_by_asid]}"])
        for i, (a, b) in enumerate(zip(theirs_by_asid, ours_by_asid)):
            diff = difflib.unified_diff(a, b, "QEMU's model", "our model", lineterm="")
            tap.ok(a == b, f"ASID {i + 1} to turn up: {len(b)} equal commands", list(diff)[:30])
    print(f"1..{tap.count}")
    sys.exit(1 if tap.failed else 0)


main()
