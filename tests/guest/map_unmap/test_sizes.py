# SPDX-License-Identifier: GPL-2.0-only
"""What the runs of test_sizes.sh must have in their results."""

UNIT = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


def check(tap, results, _out):
    sized = [n for n in results if n.startswith("size.")]
    tap.equal(len(sized), 4 * 6 + 2 * 3 + 2, "there is a result for each size")
    for name in sized:
        _, api, size = name.split(".")
        size = int(size[:-1]) * UNIT[size[-1]]
        params = results[name]["params"]
        piece = params["piece_bytes"]
        largest = min(size, 4 << 20) if api != "dma-single" else size
        tap.ok(params["size_bytes"] == size and size % piece == 0 and
               (piece == size or (size > 4 << 20 and piece <= largest and piece >= 2 << 20)),
               f"{name} is cut into the largest pieces", f"pieces of {piece}")
    tap.equal(results["pieces"]["params"]["piece_bytes"], 16384, "4 pieces of 64K are 16K each")
