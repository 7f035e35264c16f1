# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# What strict, lazy and gathered unmaps differ in: how often they send commands to the SMMU. Counted by
# a probe on the driver's command submission, and printed as a table.
# boot: shared domains
. ./tap.sh

operations=10000
trace=/sys/kernel/tracing
mount -t tracefs none $trace 2>/dev/null
put 'p:sent arm_smmu_cmdq_issue_cmdlist' $trace/kprobe_events
ok $status "the SMMU's command submission can be probed"
echo 1 >$trace/events/kprobes/sent/enable

sent()
{
	awk '$1 == "sent" { print $2 }' $trace/kprobe_profile
}

# count NAME OPTION...: leaves what the run sent in $count.
count()
{
	name=$1
	shift
	before=$(sent)
	run timeout 300 iommubench map-unmap --warmup 0ms -n $operations -e none -q -o "/out/$name.json" "$@"
	count=$(($(sent) - before))
	done_well "$name"
	note "$(printf '%-40s %6d command lists' "$*" "$count")"
}

count strict --domain-type strict
[ "$count" -ge $operations ] && [ "$count" -lt $((operations * 11 / 10)) ]
ok $? "strict: once for each unmap"
count lazy --domain-type lazy
[ "$count" -lt $((operations / 10)) ]
ok $? "lazy: now and then for many"
count identity --domain-type identity
[ "$count" -lt $((operations / 100)) ]
ok $? "identity: not at all"
count iommu --api iommu
[ "$count" -ge $operations ] && [ "$count" -lt $((operations * 11 / 10)) ]
ok $? "an own domain: once for each unmap"
count gathered --api iommu-fast --batch 50
[ "$count" -ge $((operations / 50)) ] && [ "$count" -lt $((operations / 50 + operations / 100)) ]
ok $? "gathered: once for each batch"
count random --api iommu-fast --batch 50 --iova random
[ "$count" -ge $((operations / 2)) ]
ok $? "gathered at random addresses: nearly once for each unmap, as only neighbours are gathered"

echo 0 >$trace/events/kprobes/sent/enable
echo >$trace/kprobe_events
no_kernel_warning "invalidations"
done_testing
