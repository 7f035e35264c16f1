# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# The model withholds every invalidation: an NVMe drive catches each strategy, by data, as dmatest does by its status.
# It only reads, so that a stale translation does no harm.
# Its own driver, which such an IOMMU confuses, is kept off it.
# board: smmuv3-sva --disk 16M --append initcall_blacklist=nvme_init --set iob-smmuv3.drop-tlbi=all
. ./tap.sh
. ./flush.sh
. ./nvme.sh

find_drive
use_drive
caught strict gather range per-page full per-map-full
nothing_left "after stale translations"
is "$(dmesg | grep -c 'NVMe controller is reset')" 0 "the controller found its own memory all the time"
done_testing
