# SPDX-License-Identifier: GPL-2.0-only
"""Machines for topo: a /sys and /proc each, made up in a folder."""

import os
import struct

from common import put


class Machine:
    """A machine's /sys and /proc, made up in a folder."""

    def __init__(self, root):
        self.root = root
        self.iommus = {}
        for folder in ("/sys/bus/pci/devices", "/sys/class/iommu", "/sys/kernel/iommu_groups", "/proc"):
            os.makedirs(root + folder)
        self.text("/proc/version", "Linux version 6.12.0 (made up)")

    def text(self, path, text):
        """A file of one line."""
        put(self.root + path, text + "\n")

    def link(self, path, target):
        """A link to what has this path in the machine."""
        where = self.root + path
        os.makedirs(os.path.dirname(where), exist_ok=True)
        os.symlink(os.path.relpath(self.root + target, os.path.dirname(where)), where)

    def pci(self, name, ident, kind, driver=None, iommu=None, group=None, node=-1, domain="DMA-FQ"):
        """A PCI device: VENDOR:DEVICE, class, and what it belongs to."""
        at = f"/sys/devices/pci0000:00/{name}"
        vendor, device = ident.split(":")
        for key, value in (("vendor", "0x" + vendor), ("device", "0x" + device), ("class", f"{kind:#08x}"),
                           ("numa_node", str(node))):
            self.text(f"{at}/{key}", value)
        self.link(f"/sys/bus/pci/devices/{name}", at)
        self.belong(at, name, f"/sys/bus/pci/drivers/{driver}" if driver else None, iommu, group, domain)
        return at

    def platform(self, name, node, driver=None, iommu=None, group=None, **properties):
        """A platform device with its node in the device tree."""
        at, of = f"/sys/devices/platform/{name}", f"/sys/firmware/devicetree/base/{node}"
        os.makedirs(self.root + at)
        self.link(f"/sys/bus/platform/devices/{name}", at)
        for key, value in properties.items():
            key = {"iommu_cells": "#iommu-cells", "ipmmu_main": "renesas,ipmmu-main"}.get(key, key)
            put(f"{self.root}{of}/{key}", value.encode() + b"\0" if isinstance(value, str) else
                b"".join(struct.pack(">I", cell) for cell in value))
        self.link(f"{at}/of_node", of)
        self.belong(at, name, f"/sys/bus/platform/drivers/{driver}" if driver else None, iommu, group, "DMA")
        return at

    def belong(self, at, name, driver, iommu, group, domain):
        """Driver, IOMMU and group of a device."""
        if driver:
            os.makedirs(self.root + driver, exist_ok=True)
            self.link(f"{at}/driver", driver)
        if iommu:
            self.link(f"{at}/iommu", self.iommus[iommu])
        if group is not None:
            self.text(f"/sys/kernel/iommu_groups/{group}/type", domain)
            self.link(f"/sys/kernel/iommu_groups/{group}/devices/{name}", at)
            self.link(f"{at}/iommu_group", f"/sys/kernel/iommu_groups/{group}")

    def iommu(self, name, at="/sys/devices/virtual/iommu", **files):
        """An IOMMU, below the device that it is, if it is one."""
        self.iommus[name] = f"{at}/{name}" if at.endswith("/iommu") else f"{at}/iommu/{name}"
        for key, value in files.items():
            self.text(f"{self.iommus[name]}/intel-iommu/{key}", value)
        self.text(f"{self.iommus[name]}/uevent", "")
        if not at.endswith("/iommu"):
            self.link(f"{self.iommus[name]}/device", at)
        self.link(f"/sys/class/iommu/{name}", self.iommus[name])

    def nodes(self, count):
        """NUMA nodes with two CPUs each."""
        cpus, nodes = "/sys/devices/system/cpu", "/sys/devices/system/node"
        for key in ("online", "possible"):
            self.text(f"{cpus}/{key}", f"0-{2 * count - 1}")
            self.text(f"{nodes}/{key}", f"0-{count - 1}")
        for node in range(count):
            self.text(f"{nodes}/node{node}/cpumap", f"{3 << 2 * node:x}")
            self.text(f"{nodes}/node{node}/cpulist", f"{2 * node}-{2 * node + 1}")
            self.text(f"{nodes}/node{node}/distance", " ".join("10" if i == node else "20" for i in range(count)))
            self.text(f"{nodes}/node{node}/meminfo", f"Node {node} MemTotal: 1048576 kB")
            for cpu in (2 * node, 2 * node + 1):
                for key, value in (("thread_siblings", f"{1 << cpu:x}"), ("core_siblings", f"{3 << 2 * node:x}"),
                                   ("core_id", cpu % 2), ("physical_package_id", node)):
                    self.text(f"{cpus}/cpu{cpu}/topology/{key}", str(value))

    def disk(self, at, number, mounted=None):
        """An NVMe disk, with a line for /proc/self/mountinfo if it is mounted."""
        block = f"{at}/nvme/nvme{number}/nvme{number}n1"
        self.text(f"{block}/dev", f"259:{number}")
        self.link(f"/sys/class/block/nvme{number}n1", block)
        if mounted:
            self.text("/proc/self/mountinfo", f"27 1 259:{number} / {mounted} rw - ext4 /dev/nvme{number}n1 rw")


def made_up_machines(root):
    """Some machines, each in a folder of its own."""
    machine = Machine(f"{root}/pci")
    machine.nodes(2)
    machine.iommu("dmar0", version="1:0", cap="8d2078c106f0466", ecap="f020df")
    machine.disk(machine.pci("0000:01:00.0", "144d:a808", 0x010802, "nvme", "dmar0", 1, 0), 0, "/")
    machine.disk(machine.pci("0000:02:00.0", "144d:a808", 0x010802, "nvme", "dmar0", 2, 1), 1)
    net = machine.pci("0000:03:00.0", "8086:1533", 0x020000, "igb", "dmar0", 3, 0, "identity")
    machine.text(f"{net}/net/eth0/operstate", "up")
    machine.link("/sys/class/net/eth0", f"{net}/net/eth0")
    machine.pci("0000:04:00.0", "8086:1521", 0x020000, None, "dmar0", 4, 1, "DMA")
    machine.pci("0000:05:00.0", "8086:1521", 0x020000, "igb", "dmar0", 5, 1)
    machine.pci("0000:05:00.1", "8086:1521", 0x020000, "igb", "dmar0", 5, 1)
    machine.pci("0000:06:00.0", "8086:0b25", 0x088000, "idxd", "dmar0", 6, 0)
    machine.pci("0000:07:00.0", "1234:11e8", 0x00ff00, "kmod_iommu_test", "dmar0", 7)
    machine.pci("0000:08:00.0", "10de:2204", 0x030000, "vfio-pci", "dmar0", 8)

    machine = Machine(f"{root}/none")
    machine.nodes(1)
    machine.pci("0000:00:00.0", "8086:1237", 0x060000)
    machine.pci("0000:00:02.0", "1af4:1000", 0x020000, "virtio-pci")

    machine = Machine(f"{root}/rcar")
    machine.nodes(1)
    for key, value in (("family", "R-Car Gen3"), ("soc_id", "r8a7795"), ("revision", "ES3.0")):
        machine.text(f"/sys/devices/soc0/{key}", value)
    machine.link("/sys/bus/soc/devices/soc0", "/sys/devices/soc0")
    kind = "renesas,ipmmu-r8a7795"
    machine.platform("e67b0000.iommu", "soc/iommu@e67b0000", "ipmmu-vmsa", compatible=kind, phandle=(1,),
                     iommu_cells=(1,))
    at = machine.platform("e6740000.iommu", "soc/iommu@e6740000", "ipmmu-vmsa", compatible=kind, phandle=(2,),
                          iommu_cells=(1,), ipmmu_main=(1, 0))
    machine.iommu("e6740000.iommu", at)
    machine.platform("e6700000.dma-controller", "soc/dma-controller@e6700000", "rcar-dmac", "e6740000.iommu", 0,
                     compatible="renesas,dmac-r8a7795\0renesas,rcar-dmac", iommus=(2, 0, 2, 1))
    machine.platform("ee100000.mmc", "soc/mmc@ee100000", None, None, None, compatible="renesas,sdhi-r8a7795",
                     iommus=(2, 32))

    machine = Machine(f"{root}/smmu")
    at = machine.platform("9050000.iommu", "smmuv3@9050000", "arm-smmu-v3", compatible="arm,smmu-v3", phandle=(7,),
                          iommu_cells=(1,))
    machine.iommu("smmu3.0x0000000009050000", at)
    machine.pci("0000:00:01.0", "1b36:0010", 0x010802, "nvme", "smmu3.0x0000000009050000", 0)
    machine.pci("0000:00:02.0", "1234:11e8", 0x00ff00, None, "smmu3.0x0000000009050000", 1)

    os.makedirs(f"{root}/empty")
    return root
