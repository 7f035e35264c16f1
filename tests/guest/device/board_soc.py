# SPDX-License-Identifier: GPL-2.0-only
"""What the runs of board_soc.sh must have in their results."""

NAMES = ["ee100000", "ee120000", "ee140000", "ee160000", "ee100000-own", "ee100000-beside", "ee100000-own-again", "endpoint",
         "endpoint-own"]
CHECKS = ["transfer", "read_after_unmap_refused"]
WRITE = "write_after_unmap_refused"


def check(tap, results, _out):
    tap.equal(sorted(results), sorted(NAMES), "there are all results")
    for name in NAMES:
        counts = {c["name"]: (c["count"], c["failures"]) for c in results[name]["checks"]}
        tap.ok(all(counts[c][0] >= 1 and counts[c][1] == 0 for c in CHECKS),
               f"{name}: data arrived, and reads after unmap were refused", counts)
        # What the DMA API has unmapped it may give to another member of the group.
        own = "-own" in name
        tap.equal((counts[WRITE][0] >= 1, counts[WRITE][1]), (own, 0),
                  f"{name}: writes after unmap were {'refused' if own else 'left out'}")
    tap.ok(any("ee120000.mmc (driver dma_map_benchmark)" in w for w in results["ee100000-beside"]["warnings"]),
           "the driver beside it is in the result", results["ee100000-beside"]["warnings"])
