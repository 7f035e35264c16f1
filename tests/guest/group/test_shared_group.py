# SPDX-License-Identifier: GPL-2.0-only
"""What the results of test_shared_group.sh say about the other members of the group."""

A, B, DISK, PORT = "0000:01:00.0", "0000:01:00.1", "0000:01:00.2", "0000:00:08.0"


def check(tap, results, _out):
    def others(name):
        return {m["name"]: (m["driver"], m["bridge"])
                for m in results[name]["machine"]["iommu"]["group_others"]}

    def warned(name):
        return [w for w in results[name]["warnings"] if "shares IOMMU group" in w]

    tap.equal(others("beside"), {PORT: ("pcieport", True), DISK: ("nvme", False)},
              "beside a driver: the others of the group, with their drivers")
    tap.equal(len(warned("beside")), 1, "beside a driver: a warning")
    ours = ("kmod_iommu_test", False)
    for name, other in (A, B), (B, A):
        tap.equal(others(f"own.{name}"), {PORT: ("pcieport", True), other: ours, DISK: ours},
                  f"{name}, own domain: the others of the group")
        tap.equal(warned(f"own.{name}"), [], f"{name}, own domain: it is not shared")
        tap.equal(len(warned(f"dma.{name}")), 1, f"{name}, DMA API: a warning")
    for name in "beside", f"own.{A}", f"own.{B}", f"dma.{A}", f"dma.{B}":
        checks = {c["name"]: (c["count"] > 0, c["failures"]) for c in results[name]["checks"]}
        # What the DMA API has unmapped for the one may be another's memory by then.
        own = name.startswith("own.")
        tap.equal([checks[c] for c in ("transfer", "read_after_unmap_refused",
                                       "write_after_unmap_refused")],
                  [(True, 0), (True, 0), (own, 0)], f"{name}: verified")
