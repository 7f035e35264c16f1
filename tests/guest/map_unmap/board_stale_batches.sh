# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# As board_stale.sh, for the other APIs: in a boot of their own, so that no address space is used twice.
# board: smmuv3-sva --set iob-smmuv3.drop-tlbi=all
# board: r8a7795-es3 --set iob-ipmmu.drop-flush=on
. ./tap.sh

for api in dma-sg iommu-fast; do
	run timeout 60 iommubench map-unmap -e none --api $api -s 64K -T 500ms --warmup 0s --verify -q -o /out/stale.$api.json
	is "$status" 1 "$api: a failed check is exit status 1" || note "$stderr"
done
nothing_left "after stale translations"
done_testing
