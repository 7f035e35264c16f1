# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The model withholds invalidations: the stale translations must be noticed, each time with a reason, and must do no
# harm: to the memory of others around, nor by a run whose address space was used by one before. That none is noticed
# when nothing is withheld, board_map_unmap.sh shows with the same commands.
# board: smmuv3-sva --set iob-smmuv3.drop-tlbi=all
# board: r8a7795-es3 --set iob-ipmmu.drop-flush=on
. ./tap.sh

for turn in 1 2; do
	for api in dma-single iommu dma-sg iommu-fast; do
		run timeout 60 bystanders /tmp/bystanders iommubench map-unmap -e none --api $api -s 64K -T 500ms --warmup 0s \
			--verify -q -o /out/stale.$api.$turn.json
		is "$status" 1 "$api, turn $turn: a failed check is exit status 1" || note "$stderr"
		like "$stderr" "[0-9]+ checks? failed: .*device " "with a reason"
		is "$(cat /tmp/bystanders)" "0 changed" "and the memory around is as it was"
	done
done
like "$(dmesg)" "kmod_iommu_test $device: [1-9][0-9]* KiB stay allocated until the next boot" "what the device may still reach is kept"
nothing_left "after stale translations"
done_testing
