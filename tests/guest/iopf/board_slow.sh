# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# The kernel still handles a fault when the access that made it is let go of: its address space is taken away only
# after that. No answer and no death of a process makes it wait longer.
# board: smmuv3-sva --kernel lab-6.12-faults
. ./tap.sh
. ./faults.sh

trace=/sys/kernel/debug/tracing
# The last thing that is done for a fault frees it with all it refers to.
put 'p:taken iommu_sva_unbind_device
p:handled iopf_free_group' $trace/kprobe_events
ok "$status" "ends of address spaces and of faults can be watched"
echo 1 >$trace/events/kprobes/enable

# order: what came to its end, in the order in which it did, once each.
order()
{
	sed -n 's/.*: \(taken\|handled\): .*/\1/p' $trace/trace | uniq | tr '\n' ' '
	echo >$trace/trace
}

for how in INT KILL unbind; do
	fault_on fault_late
	echo >$trace/trace
	iommubench iopf -e none --fault-timeout 100s -n 10 -q -o "/out/slow.$how.json" \
		>/tmp/tool.stdout 2>/tmp/tool.stderr </dev/null &
	pid=$!
	# shellcheck disable=SC2016 # wait_for evaluates it
	wait_for '[ "$(cat $faults/fault_late/hits)" -gt 0 ]'
	ok $? "$how: a fault is handled late"
	if [ $how = unbind ]; then
		iommubench-unbind "$device"
	else
		kill -$how $pid
	fi
	wait $pid
	echo N >$faults/fault_late/on
	nothing_left "$how, while a fault is handled"
	is "$(order)" "handled taken " "$how: the fault is handled before its address space is taken away"
	[ $how != unbind ] || run iommubench-bind "$device"
done
echo 0 >$trace/events/kprobes/enable
usable "after accesses were let go of"
done_testing
