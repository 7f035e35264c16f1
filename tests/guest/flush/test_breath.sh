# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154
#
# Ranges of many GiB are unmapped in parts, between which others have the CPU; the round is invalidated once all the same.
# boot: shared domains
. ./tap.sh

tracing=/sys/kernel/tracing
[ -e $tracing/events ] || mount -t tracefs none $tracing
# unmaps RANGE: by size in GiB, those of one round of the strategy range.
unmaps()
{
	echo >$tracing/trace
	echo 'size >= 0x40000000' >$tracing/events/iommu/unmap/filter
	echo 1 >$tracing/events/iommu/unmap/enable
	run timeout 200 iommubench tlb-flush --strategy range -s 1G --range "$1" -n "${1%G}" --warmup 0ms -e none -q
	echo 0 >$tracing/events/iommu/unmap/enable
	echo 0 >$tracing/events/iommu/unmap/filter
	done_well "a round of $1"
	sed -n 's/.* unmap: .*size=\([0-9]*\) .*/\1/p' $tracing/trace |
		awk '{ n[$1 / 1024 ^ 3]++ } END { for (size in n) print n[size] " x " size }' >/tmp/unmaps
}

unmaps 8G
like "$(cat /tmp/unmaps)" ' x 8$' "8 GiB are unmapped at once" || note "$(cat /tmp/unmaps)"
unmaps 64G
like "$(cat /tmp/unmaps)" ' x 16$' "64 GiB are unmapped in parts of 16" || note "$(cat /tmp/unmaps)"
! grep -q ' x 64$' /tmp/unmaps
ok $? "and never at once"
nothing_left "after large ranges"
done_testing
