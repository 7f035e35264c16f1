# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# The model withholds invalidations of whole address spaces: an NVMe drive catches who flushes all, and nobody else,
# as dmatest does in board_stale_asid.sh.
# Its own driver, which such an IOMMU confuses, is kept off it.
# board: smmuv3-sva --disk 16M --append initcall_blacklist=nvme_init --set iob-smmuv3.drop-tlbi=asid
. ./tap.sh
. ./flush.sh
. ./nvme.sh

find_drive
use_drive
# Before there are stale translations that somebody may run into.
clean strict gather range per-page
caught full per-map-full
nothing_left "after stale translations"
done_testing
