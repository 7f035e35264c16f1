# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2016,SC2034,SC2086,SC2119,SC2154
#
# A device cannot be put back into its default domain: the own domain of the run is kept, and nobody has the group,
# until it can.
# board: smmuv3-sva --kernel lab-6.12-faults
. ./tap.sh
. ./faults.sh

fault=$faults/attach_default_fails
trace=/sys/kernel/debug/tracing
put 'p:freed iommu_domain_free' $trace/kprobe_events
ok $status "domains that are freed can be counted"
echo 1 >$trace/events/kprobes/freed/enable

freed()
{
	awk '$1 == "freed" { print $2 }' $trace/kprobe_profile
}

# own NAME: a run with an own domain, which has its result whatever becomes of the domain.
own()
{
	bench --api iommu -n 50
	done_well "$1"
}

# kept API: the group is refused.
kept()
{
	bench --api $1 -n 50
	refused 3 'own domain of a run that has ended cannot be detached from IOMMU group [0-9]+' \
		"$1: the group is refused, with the reason"
}

# Each second attempt fails: the next one follows at once, and the domain is not kept.
echo 2 >$fault/every
fault_on attach_default_fails
before=$(freed)
for number in 1 2 3; do
	own "run $number, each second attach fails"
done
[ "$(cat $fault/hits)" -gt 0 ]
ok $? "some failed"
is "$(($(freed) - before))" 3 "each run's domain was freed"
is "$(dmesg | grep -c 'it is kept')" 0 "none was kept"

# All fail.
echo 1 >$fault/every
fault_on attach_default_fails
before=$(freed)
own "a run after which no attach succeeds"
[ "$(cat $fault/hits)" -gt 10 ]
ok $? "that was tried again and again" || note "$(cat $fault/hits)"
is "$(dmesg | grep -c 'it is kept')" 1 "the kernel's log says once that the domain is kept"
kept iommu
kept dma-single
hits=$(cat $fault/hits)
wait_for '[ "$(cat $fault/hits)" -gt "$hits" ]'
ok $? "and it is tried once more"
is "$(module_users)" 1 "the domain has the module"
iommubench-unbind "$device"
run unload_modules
is "$status $(test -e /sys/module/kmod_iommu_test && echo there)" "1 there" "which cannot be removed"
[ -e /sys/module/kmod_iommu_test_lab ] || load_modules
iommubench-bind "$device"
kept iommu
is "$(($(freed) - before))" 0 "the domain was not freed"
echo N >$fault/on
wait_for '[ "$(module_users)" = 0 ]'
is "$(($(freed) - before))" 1 "it is freed when the attach succeeds"
nothing_left "after the domain was let go"
own "the group can be had again"
usable "after the domain was let go"
echo 0 >$trace/events/kprobes/freed/enable
echo >$trace/kprobe_events
iommubench-unbind "$device"
run unload_modules
is "$status" 0 "and the module can be removed" || note "$stderr"
done_testing
