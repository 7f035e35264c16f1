# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The SMMUv3's performance counters, by the stock arm_smmuv3_pmu driver: they count what the DMA engine does.
# board: smmuv3-sva
# lab: --disk 64M
. ./tap.sh

# group_with EVENT: the counter group that has it. One counts for the translation buffer, another one for
# the control unit.
group_with()
{
	for folder in /sys/bus/event_source/devices/smmuv3_pmcg_*; do
		[ ! -e "$folder/events/$1" ] || echo "$folder"
	done | head -n 1
}

# counted EVENT MORE COMMAND...: leaves $count.
counted()
{
	pmu=$(group_with "$1")
	event=$(cat "$pmu/events/$1")$2
	shift 2
	run smmu_count "$pmu" "$event" "$@"
	count=$(sed -n 's/^count //p' /tmp/run.stdout)
}

verify='timeout 60 iommubench map-unmap --api iommu -n 500 --warmup 0s --verify -q'
for name in transaction tlb_miss trans_table_walk_access; do
	# shellcheck disable=SC2086 # a command
	counted $name '' $verify
	done_well "$name can be counted by the stock driver"
	[ "${count:-0}" -gt 0 ]
	ok $? "$name: some during transfers" || note "$count"
	counted $name '' sleep 1
	done_well "$name can be counted again"
	is "$count" 0 "$name: none without transfers"
done

# The engine's stream, and one that nothing uses. The stream is what follows the IOMMU's handle.
sid=0x$(hexdump -s 4 -n 4 -e '4/1 "%02x"' "$bus/devices/$device/of_node/iommus")
# shellcheck disable=SC2086 # a command
counted transaction ",filter_enable=1,filter_stream_id=$sid" $verify
[ "${count:-0}" -gt 0 ]
ok $? "the engine's stream: some transactions" || note "$count of stream $sid: $stderr"
# shellcheck disable=SC2086 # a command
counted transaction ,filter_enable=1,filter_stream_id=0xfff8 $verify
is "$count" 0 "a stream that nothing uses: none"
# The tool's own counters, over time.
run timeout 120 iommubench map-unmap --api iommu -T 500ms --warmup 20ms --verify --interval 50ms --repeat 2 \
	-e tlb_miss,transaction,context-switches -q -o /out/map.json
done_well "map-unmap in intervals"
run timeout 120 iommubench tlb-flush --strategy gather --range 64K -T 300ms --interval 50ms -q -o /out/flush.json
done_well "tlb-flush in intervals"
run timeout 120 iommubench iopf -n 300 --interval 20ms --no-cpu -q -o /out/iopf.json
done_well "iopf in intervals"
wait_for '[ -b /dev/nvme0n1 ]'
run timeout 120 iommubench io --domain-type strict -T 500ms --warmup 20ms --interval 50ms -t 2 -q -o /out/io.json
done_well "io in intervals"
nothing_left "after counting"
done_testing
