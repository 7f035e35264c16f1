# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The model withholds invalidations: the stale translations must be noticed. That none is noticed when
# nothing is withheld, board_map_unmap.sh shows with the same commands. No address space is used twice: where
# the device got through to the buffers of an earlier run, it would write into memory that is no longer ours.
# board: smmuv3-sva --set iob-smmuv3.drop-tlbi=all
# board: r8a7795-es3 --set iob-ipmmu.drop-flush=on
. ./tap.sh

for api in dma-single iommu; do
	run timeout 60 iommubench map-unmap -e none --api $api -s 64K -T 500ms --warmup 0s --verify -q -o /out/stale.$api.json
	is "$status" 1 "$api: a failed check is exit status 1" || note "$stderr"
done
nothing_left "after stale translations"
done_testing
