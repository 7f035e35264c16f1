# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What tells the strategies apart is how often the SMMU is told to invalidate: counted with a probe on the
# driver's command submission. The load's unmaps are exact, everything else in the guest adds a few.
# lab: --timeout 240
. ./tap.sh

OPS=20000
tracing=/sys/kernel/tracing
mount -t tracefs none $tracing 2>/dev/null
echo 'p:lists arm_smmu_cmdq_issue_cmdlist' >$tracing/kprobe_events
ok $? "the driver's command submission can be counted"
echo 1 >$tracing/events/kprobes/lists/enable

lists()
{
	awk '$1 == "lists" { print $2 }' $tracing/kprobe_profile
}

# counted MIN MAX NAME OPTION...
counted()
{
	min=$1 max=$2 name=$3
	shift 3
	before=$(lists)
	run timeout 100 iommubench map-unmap --warmup 0s -n $OPS --batch 1 -q "$@"
	n=$(($(lists) - before))
	done_well "$name runs"
	[ "$n" -ge "$min" ] && [ "$n" -le "$max" ]
	ok $? "$name: $n command lists for $OPS unmaps, expected $min to $max" || :
}

counted $OPS $((OPS + 500)) "strict: one an unmap" --domain-type strict
counted $((OPS / 256)) $((OPS / 256 + 500)) "lazy: one a full flush queue, or every 10 ms" --domain-type lazy
counted 0 500 "identity: none" --domain-type identity
counted $OPS $((OPS + 500)) "an own domain: one an unmap" --api iommu
counted $((OPS / 32)) $((OPS / 32 + 500)) "gathered by 32: one a batch" --api iommu-fast --batch 32
counted $((OPS / 2)) $((OPS + 500)) "gathered at random addresses: hardly fewer than unmaps" \
	--api iommu-fast --batch 32 --iova random

echo 0 >$tracing/events/kprobes/lists/enable
echo >$tracing/kprobe_events
nothing_left "after counting"
done_testing
