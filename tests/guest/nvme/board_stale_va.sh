# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# The model withholds invalidations by address: an NVMe drive catches who relies on them, and nobody else, as dmatest
# does in board_stale_va.sh; --verify sees that it still reads and writes.
# Its own driver, which such an IOMMU confuses, is kept off it.
# board: smmuv3-sva --disk 16M --append initcall_blacklist=nvme_init --set iob-smmuv3.drop-tlbi=va
. ./tap.sh
. ./flush.sh
. ./nvme.sh

find_drive
use_drive
# Before there are stale translations that somebody may run into.
clean full per-map-full
caught strict gather range per-page

# In a domain of its own, after whose end nothing comes there any more: a stale write is to memory of this run.
run timeout 60 iommubench map-unmap -e none --api iommu -s 64K -T 500ms --warmup 0s --verify -q -o /out/verify.json
is "$status" 1 "--verify: a failed check is exit status 1" || note "$stderr"
nothing_left "after stale translations"
done_testing
