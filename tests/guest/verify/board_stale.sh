# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2046,SC2086,SC2154,SC2317
#
# The model withholds invalidations: the stale translations must be noticed, each time with a reason, and must do no
# harm, also not in a run whose addresses were used by one before it. That none is noticed when nothing is withheld,
# board_map_unmap.sh shows with the same commands.
# board: smmuv3-sva --set iob-smmuv3.drop-tlbi=all
# board: r8a7795-es3 --set iob-ipmmu.drop-flush=on
. ./tap.sh

# verified API TURN
verified()
{
	timeout 60 iommubench map-unmap -e none --api $1 -s 64K -T 500ms --warmup 0s --verify -q -o /out/stale.$1.$2.json
}

for api in dma-single iommu dma-sg iommu-fast; do
	run verified $api 1
	is "$status" 1 "$api: a failed check is exit status 1" || note "$stderr"
	like "$stderr" "[0-9]+ checks? failed: .*device " "with a reason"
done
# What has been free since then is somebody else's now, and the addresses come again.
cat >/tmp/again.sh <<'EOF'
for api in iommu-fast dma-single dma-sg iommu; do
	timeout 60 iommubench map-unmap -e none --api $api -s 64K -T 500ms --warmup 0s --verify -q -o /out/stale.$api.2.json
	[ $? = 1 ] || exit 99
done
exit 0
EOF
run bystanders /tmp/bystanders sh /tmp/again.sh
is "$status" 0 "each of them fails again" || note "$stderr"
is "$(cat /tmp/bystanders)" "0 changed" "and the memory of others is as it was"
like "$(dmesg)" "kmod_iommu_test $device: [1-9][0-9]* KiB stay allocated until the next boot" "what the device may still reach is kept"
nothing_left "after stale translations"
done_testing
