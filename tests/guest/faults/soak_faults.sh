# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154,SC2317
#
# Lines of the stock drivers made wrong, one after the other: what must see each of them says what it saw, and the line
# was passed. Before, after and in between, with all lines right, the same commands find nothing.
# board: smmuv3-sva --kernel lab-6.12-faults --set iob-smmuv3.walk-cache-entries=64
# lab: --timeout 0
. ./tap.sh
. ./flush.sh

faults=/sys/kernel/debug/iommu_faults

# verify OPTION...
verify()
{
	run timeout 120 iommubench map-unmap -q -d "$device" -n 300 --warmup 0s -e none --verify "$@"
}

# stale OPTION...
stale()
{
	run timeout 120 iommubench tlb-flush -q -d "$device" -n 400 --warmup 0s --no-commands --no-exposure \
		--no-device-latency -e none --check-stale "$@"
}

# fresh: what a fault left in the caches goes with the domain, where lines are right again.
fresh()
{
	for type in DMA-FQ DMA; do
		iommubench-unbind "$device" >/dev/null
		put $type "$(readlink -f "$(echo /sys/bus/*/devices/$device)/iommu_group")/type" >/dev/null
		iommubench-bind "$device" >/dev/null
	done
}

# seen NAME WORDS COMMAND...: COMMAND passes that line and fails a check with WORDS, and passes without the fault.
seen()
{
	name=$1 words=$2
	shift 2
	echo 0 >$faults/$name/hits
	echo 1 >$faults/$name/on
	"$@"
	echo 0 >$faults/$name/on
	hits=$(cat $faults/$name/hits)
	ok $((hits == 0)) "$name: its line was passed $hits times"
	is "$status" 1 "$name: $* fails a check" || note "$stdout$stderr"
	like "$stderr" "checks? failed: .*($words)" "$name: and says what was seen"
	fresh
	"$@"
	is "$status" 0 "$name: without it, all is well" || note "$stdout$stderr"
}

stays='device could still|device still read|other memory|memory that was mapped there before'

seen tlbi_none "$stays" verify -s 4K
seen tlbi_without_last "$stays" verify -s 64K
seen tlbi_wrong_asid "$stays" verify -s 4K
seen tlbi_wrong_level "$stays" verify -s 4K
seen unmap_no_sync "$stays" verify -s 4K
seen pte_last 'words right' verify -s 64K
seen walk_leaf 'words right|could still|other' verify --api dma-sg --buffer scattered -s 4M -n 60
seen walk_none 'words right|could still|other' verify --api dma-sg --buffer scattered -s 4M -n 60

seen tlbi_none "$stays" stale --strategy range --range 64K
seen tlbi_without_last "$stays" stale --strategy range --range 64K
seen tlbi_without_last "$stays" stale --strategy gather --range 148K
seen tlbi_without_last "$stays" stale --strategy strict -s 64K
seen tlbi_first_chunk "$stays" stale --strategy range --range 148K
seen tlbi_wrong_asid "$stays" stale --strategy gather --range 64K
seen tlbi_all_none "$stays" stale --strategy full --range 64K
seen tlbi_all_wrong_asid "$stays" stale --strategy full --range 64K
nothing_left "after all faults"
done_testing
