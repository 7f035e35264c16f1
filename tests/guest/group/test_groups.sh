# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# A board with several test devices: two alone in their groups, two that share one, and
# a platform device.
# lab: --board virt-many
. ./tap.sh

alone=
shared=
for path in "$bus"/devices/*; do
	[ "$(cat "$path/vendor"):$(cat "$path/device")" = 0x1234:0x11e8 ] || continue
	case ${path##*/} in
	*:08.*) shared="$shared ${path##*/}" ;;
	*) alone="$alone ${path##*/}" ;;
	esac
done
is "$(echo $alone | wc -w) $(echo $shared | wc -w)" "2 2" "the board has what it should"
set -- $alone
second=$2
set -- $shared
sharing=$1 other=$2

# --- two devices of one group ---

# With a device tree, the kernel puts a device into its group when a driver first asks for it: until
# the other one is there too, the first is alone.
run iommubench-bind "$other"
done_well "the first device of a group can be bound"
bench -d "$other" --api iommu -q
done_well "the first device of a group is alone in it"
run iommubench-bind "$sharing"
done_well "and the second"
is "$(group_of "$sharing")" "$(group_of "$other")" "they share a group"
for name in "$sharing" "$other"; do
	bench -d "$name" --verify
	done_well "the DMA API works in a shared group, verified: $name"
	like "$stdout" "warning +device $name shares IOMMU group .*0000:00:08\.. \(driver kmod_iommu_test\)" "and the other one is named"
	bench -d "$name" --api iommu --verify -q
	done_well "an own domain while the other one is idle, verified: $name"
done
bench -d "$other" --domain-type lazy -q
refused 3 "$sharing has kmod_iommu_test: iommubench-unbind $sharing" "the type of the group while both are bound"
start_own()
{
	iommubench map-unmap -d "$1" --api iommu -T 60s -q 2>/dev/null &
	pid=$!
	wait_for '[ "$(workers)" -gt 0 ]'
}
start_own "$other"
bench -d "$sharing"
refused 3 "no run over the DMA API for $sharing while process $pid has a run with an own domain on $other" "not both at once"
kill -KILL $pid
wait $pid
bench -d "$sharing" -q
done_well "but after a SIGKILL"
iommubench-unbind "$sharing"
bench -d "$other" --api iommu -q
done_well "an own domain beside a device without a driver"
iommubench-unbind "$other"
nothing_left "two devices of one group"

# --- two devices ---

iommubench-bind "$second"
bench
refused 2 "there are 2 devices: choose one with --device: .*$second" "two devices and no choice"
for name in $alone; do
	bench -d "$name" -q -o "/out/$name.json"
	done_well "$name can be chosen"
done

# Two runs side by side do not disturb each other.
start iommubench map-unmap -d "$device" -T 60s -q 2>/dev/null &
pid=$!
wait_for '[ "$(workers)" -gt 0 ]'
bench -d "$second" --api iommu
done_well "another device runs meanwhile"
echo "$second" >"$driver/unbind"
is "$(workers)" 1 "unbinding one leaves the other's run alone"
echo "$second" >"$driver/bind"
kill -INT $pid
wait $pid
is $? 4 "which ends when it is told"
nothing_left "two devices"

# Unloading with both bound, without the engines' module, which would stay as long as they are.
iommubench-unbind "$second"
iommubench-unbind "$device"
unload_modules
modprobe kmod_iommu_test
iommubench-bind "$device"
iommubench-bind "$second"
run rmmod kmod_iommu_test
is "$status $(ls /dev/iommubench 2>/dev/null)" "0 " "unloading unbinds both" || note "$stderr"
no_kernel_warning "unloading"
for name in $alone; do
	echo >"$bus/devices/$name/driver_override"
done
load_modules edu_dma_bits=48
is "$(ls /dev/iommubench 2>/dev/null)" "" "loading binds nothing by itself"

# --- a platform device ---

for platform in /sys/bus/platform/devices/*.fw-cfg /sys/bus/platform/devices/*fw_cfg*; do
	[ ! -e "$platform" ] || break
done
name=${platform##*/}
[ -e "$platform" ]
ok $? "there is a platform device ($name)"
[ ! -e "$platform/driver" ] || echo "$name" >"$platform/driver/unbind"
# It is behind no IOMMU, which the script rightly refuses; the module can still do the DMA APIs.
run iommubench-bind "$name"
is "$status" 3 "iommubench-bind refuses a device behind no IOMMU"
like "$stderr" "$name is behind no IOMMU" "and says so"
echo kmod_iommu_test >"$platform/driver_override"
echo "$name" >/sys/bus/platform/drivers/kmod_iommu_test/bind
is "$(ls /dev/iommubench)" "$name" "a platform device can be bound"
bench -q -o /out/platform.json
done_well "dma-single on a platform device"
bench --api dma-sg -s 64K --buffer scattered -q
done_well "dma-sg on a platform device"
bench --api iommu -q
refused 3 "no IOMMU translates device $name" "an own domain without an IOMMU"
bench --domain-type lazy -q
refused 3 "behind no IOMMU" "a domain type without an IOMMU"
bench --verify -q
refused 3 "no DMA engine" "verification without an engine"
bench --engine edu -q
refused 3 "no DMA engine" "an engine that it does not have"
echo "$name" >/sys/bus/platform/drivers/kmod_iommu_test/unbind
echo >"$platform/driver_override"
nothing_left "a platform device"
done_testing
