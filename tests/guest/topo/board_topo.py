# SPDX-License-Identifier: GPL-2.0-only
"""What topo must say of each of our boards."""

import os
import xml.dom.minidom

IPMMU = "Renesas IPMMU-VMSA"
# Revision, IOMMUs, the test device's IOMMU and number, the PCI device's; None where it is behind none.
BOARDS = {
    "smmuv3-sva": (None, 1, ("smmu3.0x000000000a000000", 0x1000),
                   ("0000:00:01.0", "smmu3.0x000000000a000000", 0x8)),
    "r8a7795-es3": (("r8a7795", "ES3.0"), 16, ("e7740000.iommu", 32),
                    ("0000:01:00.0", "e6570000.iommu", 0)),
    "r8a7795-es2": (("r8a7795", "ES2.0"), 16, None, ("0000:01:00.0", None, None)),
    "r8a7796": (("r8a7796", None), 10, None, ("0000:01:00.0", None, None)),
    "r8a77961": (("r8a77961", None), 10, ("e7740000.iommu", 32),
                 ("0000:01:00.0", "e6570000.iommu", 0)),
}


def check_device(tap, device, iommu, number, verdict):
    tap.equal(device["iommu"], iommu, f"{device['name']} is behind {iommu}")
    tap.equal(device["ids"], [] if number is None else [number], "... by its number")
    tap.equal(device["verdict"], verdict, "... and can be spared or not")


def check_boards(tap, topo, board):
    soc, iommus, test, (pci, pci_iommu, pci_number) = BOARDS[board]
    devices = {d["name"]: d for d in topo["devices"]}
    name = "b000000.dma" if board == "smmuv3-sva" else "ee100000.mmc"
    tap.ok(topo["machine"]["virtual"], "the machine is virtual")
    if soc:
        tap.equal(topo["machine"]["soc"]["id"], soc[0], "the SoC")
        tap.ok(soc[1] in (None, topo["machine"]["soc"]["revision"]), "its revision")
    else:
        tap.equal(topo["machine"]["soc"], None, "no SoC")
    if iommus:
        tap.equal(len(topo["iommus"]), iommus, "the number of IOMMUs")
    tap.equal({i["kind"] for i in topo["iommus"]}, {IPMMU if soc else "Arm SMMUv3"}, "their kind")
    if test:
        check_device(tap, devices[name], *test, "ready")
        check_device(tap, devices[pci], pci_iommu, pci_number, "maybe")
    else:
        for which in (name, pci):
            check_device(tap, devices[which], None, None, "needed")
            tap.ok("driver refuses all devices" in devices[which]["reason"], "... with the reason",
                   devices[which]["reason"])
        tap.ok(any("cannot use" in k for k in topo["machine"]["soc"]["known"]),
               "what is known of the silicon is told")
    tap.equal([devices[pci][a]["state"] for a in ("ats", "pri", "pasid")], ["off"] * 3,
              "the PCI engine has ATS, PRI and PASID, all off")
    if not soc:
        tap.ok(any("stall" == f for f in topo["iommus"][0]["features"]),
               "the SMMU's features are told", topo["iommus"][0]["features"])
        tap.equal((devices[name]["pasid"], devices[name]["stall"]),
                  ({"state": "able", "bits": 16}, {"state": "able"}), "PASIDs and stall")
    shared = [d for d in topo["devices"] if any("shared folder" in u for u in d["uses"])]
    tap.equal([d["verdict"] for d in shared], ["needed", "needed"], "the lab's own devices are needed")
    console = [d for d in topo["devices"] if any("has it open" in u for u in d["uses"])]
    tap.ok(console, "and so is the one that this output goes through")


def board_of(out):
    return out.split(os.sep)[-3].rsplit("-lab-")[0]


def test_is_behind(out):
    return BOARDS[board_of(out)][2] is not None


def check(tap, results, out):
    check_boards(tap, results["topo"], board_of(out))
    for name, root in (("topo.svg", "svg"), ("topo.xml", "topology")):
        document = xml.dom.minidom.parse(os.path.join(out, name)).documentElement
        tap.equal(document.tagName, root, f"{name} is well-formed")
    less = {d["name"]: d for d in results["nobody"]["devices"]}
    for device in results["topo"]["devices"]:
        if device["bus"] == "pci" and device["pasid"]["state"] == "off":
            tap.equal(less[device["name"]]["pasid"]["state"], "unknown",
                      f"without rights, {device['name']}'s PASIDs are unknown")
    tap.equal("bound" in results, test_is_behind(out), "the test device can be bound where it is behind an IOMMU")
    if "bound" in results:
        with open(os.path.join(out, "bound"), encoding="utf-8") as name:
            bound = name.read().strip()
        device = next(d for d in results["bound"]["devices"] if d["name"] == bound)
        tap.equal((device["verdict"], device["attached"]), ("ready", True), f"{bound} was bound")
