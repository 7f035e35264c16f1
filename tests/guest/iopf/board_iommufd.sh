# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2046
#
# Faults that user space answers, through an iommufd's fault queue: of the device that stalls and of the one that
# asks for pages, and whatever ends a run early. With the kernel whose SMMUv3 driver lets a plain domain have
# such a queue.
# board: smmuv3-sva --kernel lab-6.12-pri
# lab: --icount --smp 1
. ./tap.sh

user_driver=kmod_iommu_test_iommufd

iopf()
{
	run timeout 300 iommubench iopf --mode iommufd -q $(uncounted "$@") "$@"
}

# as_before NAME: the device is with its first driver, and of the change nothing is left.
as_before()
{
	is "$(basename "$(readlink "$bus/devices/$device/driver")")" kmod_iommu_test "$1: the device is with its first driver"
	is "$(cat "$bus/devices/$device/driver_override")" kmod_iommu_test "$1: and its driver_override as it was"
	is "$(find /run/iommubench -name "*.rebound" -o -name "*.lock")" "" "$1: nothing is left in /run"
}

iopf -n 10
refused 3 'allow_unsafe_interrupts' "a platform device's interrupts are a risk that only the user can take"
as_before "after the refusal"
echo 1 >/sys/module/iommufd/parameters/allow_unsafe_interrupts

for kind in zero anon cow file-warm huge mprotect unmapped inflight; do
	iopf --fault $kind -n 50 -o /out/kind.$kind.json
	done_well "$kind"
done
iopf --lock -n 50 -o /out/locked.json
done_well "locked memory"
iopf --prefault 50 -n 200 -o /out/prefault.json
done_well "every second page is there"
iopf -t 2 --outstanding 8 --pagers 3 -s 256K -n 200 -o /out/load.json
done_well "two threads, 8 accesses each, 3 pagers"
iopf --pager-delay 100us --no-stages --no-cpu --no-kernel -n 20 -o /out/delay.json
done_well "a slow pager, and nothing to compare with"
as_before "after them"
iopf --mode stall -n 20
done_well "the kernel answers again"
nothing_left "after all of them"

run timeout 60 iommubench iopf --mode iommufd --pager-delay 20s --fault-timeout 200ms --no-kernel -n 10 -q -o /out/late.json
is "$status" 1 "an access that user space does not answer in time fails a check"
like "$stderr" 'without a PASID, .* not answered in 200 ms: the engine was reset' "which is said"
as_before "after an answer that never came"
nothing_left "after it"

# in_background OPTION...: leaves $tool, when faults are under way.
in_background()
{
	iommubench iopf --mode iommufd -q "$@" >/tmp/tool.stdout 2>/tmp/tool.stderr </dev/null &
	tool=$!
	# shellcheck disable=SC2016 # wait_for evaluates it
	wait_for '[ "$(workers)" != 0 ]'
}

# ended SIGNAL STATUS
ended()
{
	status=0
	wait "$tool" || status=$?
	is "$status" "$2" "$1 ends it"
	nothing_left "after $1"
}

in_background --outstanding 4 -T 100s -o /out/interrupted.json
kill -INT "$tool"
ended SIGINT 4
as_before "after SIGINT"
# Killed while faults wait for it: they are let go, and the next start puts the device back.
for delay in 0s 20s; do
	in_background --outstanding 4 --pager-delay $delay -T 100s
	usleep 50000
	kill -KILL "$tool"
	ended "SIGKILL, delay $delay," 137
	is "$(basename "$(readlink "$bus/devices/$device/driver")")" $user_driver "a killed tool leaves the device where it was"
	run iommubench map-unmap --warmup 0ms -n 20 -q
	like "$status $stderr" '^0 .*is with kmod_iommu_test again' "the next one puts it back"
	as_before "after SIGKILL"
done

in_background --pager-delay 20s -T 100s -o /out/removed.json
iommubench-unbind "$device"
status=0
wait "$tool" || status=$?
is "$status" 3 "the device's removal ends it"
nothing_left "after removal"
run iommubench-bind "$device"
done_well "the device is taken again"
as_before "after removal"
usable "after all of them"

# What belongs to which file, and excludes what.
iommubench-unbind "$device"
echo $user_driver >"$bus/devices/$device/driver_override"
echo "$device" >"$bus/drivers_probe"
# On x86 a quotient that does not fit would be a fault of the processor. A tick is 16 ns here.
trace=/sys/kernel/debug/tracing
put 'p:scale mul_u64_u64_div_u64 value=%x0:x64' $trace/kprobe_events
ok "$status" "conversions can be watched"
echo 'value > 0xfffffffffffffff' >$trace/events/kprobes/scale/filter
echo 1 >$trace/events/kprobes/scale/enable
relay "" iommufd_check "$bus/drivers/$user_driver"
echo 0 >$trace/events/kprobes/scale/enable
ok $(($(awk '$1 == "scale" { print $2 }' $trace/kprobe_profile) == 0)) "conversions were looked at"
is "$(grep -c 'scale: ' $trace/trace)" 0 "nothing is converted that does not fit afterwards" ||
	note "$(grep 'scale: ' $trace/trace | head)"
echo >$trace/kprobe_events
nothing_left "after all orders"
echo "$device" >"$bus/drivers/$user_driver/unbind"
run iommubench-bind "$device"
done_well "the device is with its first driver again"
usable "after all orders"

for path in /sys/bus/pci/devices/*; do
	[ "$(cat "$path/vendor"):$(cat "$path/device")" != 0x1234:0x10b7 ] || pci=${path##*/}
done
run iommubench-bind "$pci"
done_well "the PCI engine is taken"
for kind in anon unmapped; do
	iopf -d "$pci" --fault $kind -n 50 -o /out/pci.$kind.json
	done_well "$kind, by page requests"
done
iopf -d "$pci" --group 8 --outstanding 4 -n 50 -o /out/pci.group.json
done_well "groups of 8 pages"
nothing_left "after page requests"
iommubench-unbind "$pci" && iommubench-unbind "$device" && unload_modules && load_modules edu_dma_bits=28 && iommubench-bind "$device"
ok $? "the module goes and comes"
done_testing
