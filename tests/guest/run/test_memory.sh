# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# Runs that take more memory than there is, on a small machine: refused before anything is taken, or ended when memory
# gets short meanwhile. Nobody is killed for them.
# kernel: any
# lab: --mem 256M
. ./tap.sh

# nobody_killed NAME
nobody_killed()
{
	dmesg >/tmp/dmesg.oom
	! grep -E 'invoked oom-killer|Out of memory|page allocation failure' /tmp/dmesg.oom >/tmp/oom
	ok $? "nobody was killed: $1" || note "$(cat /tmp/oom)"
}

run timeout 100 iommubench tlb-flush -t 1024 -e none -T 1s -q
refused 3 'do not fit in the [0-9]+ MiB that are free' "the histograms of 1024 threads"
bench -t 1024
refused 3 '[1-9][0-9]* MiB for threads do not fit' "the same of map-unmap"
for pattern in random stride\ --stride\ 2M; do
	run timeout 100 iommubench map-unmap -e none --api iommu --iova $pattern --iova-span 64T -T 1s -q
	refused 3 '[0-9]{6} MiB for page tables' "page tables for 64 TiB, ${pattern%% *}"
done
bench --api iommu --iova random --iova-span 64T --warmup 0ms -n 100000 -q
refused 3 'MiB for page tables' "100000 places of them"
bench --api iommu --iova random --iova-span 64T --warmup 0ms -n 500 -q
done_well "500 places of them"
bench --api iommu --iova stride --stride 1G --iova-span 16T --prefill 30000 -q
refused 3 'MiB for page tables' "mappings beforehand that are far from each other"
bench --prefill 200000 -q
refused 3 '[0-9]{3} MiB for buffers' "more mappings beforehand than memory"
# Of 36 KiB the allocator takes 64.
bench --api iommu -s 36K --buffer contig --window 3000 --batch 1 -q
refused 3 'MiB for buffers' "pieces that are rounded up"
run timeout 100 iommubench tlb-flush --strategy gather -s 4K --range 256M -t 256 -T 1s -e none -q
refused 3 '[0-9]{3} MiB for page tables' "tables of many threads"
run timeout 100 iommubench tlb-flush --strategy gather -s 64K --range 1G -t 64 -T 1s -e none -q
refused 3 '[0-9]{3} MiB for page tables' "tables of mappings that are larger than a page"
nobody_killed "after refusals"
nothing_left "after refusals"

available_kib()
{
	while read -r name value _; do
		[ "$name" != MemAvailable: ] || echo "$value"
	done </proc/meminfo
}

# take_all_but KIB: memory, as long as a run is there to be ended. There is no swap.
take_all_but()
{
	mkdir -p /tmp/taken
	mount -t tmpfs -o size=100% none /tmp/taken
	while [ "$(available_kib)" -gt "$1" ] && [ "$(workers)" != 0 ]; do
		dd if=/dev/zero bs=64k count=$((($(available_kib) - $1) / 128 + 1)) >>/tmp/taken/memory 2>/tmp/dd
	done
}

iommubench map-unmap -e none --warmup 0ms -T 60s -q -o /out/short.json >/tmp/stdout 2>/tmp/stderr </dev/null &
tool=$!
wait_for '[ "$(workers)" != 0 ]'
take_all_but 13000
status=0
wait "$tool" || status=$?
umount /tmp/taken
is "$status" 3 "memory that gets short meanwhile ends a run" || note "$(cat /tmp/stderr)"
like "$(cat /tmp/stderr)" 'memory is short: [0-9]+ MiB are free and [0-9]+ MiB must stay so' "which is said"
like "$(cat /out/short.json)" '"complete": *false' "what was measured until then is there"
nobody_killed "after memory got short"
nothing_left "after memory got short"
usable "in the end"
done_testing
