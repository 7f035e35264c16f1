# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2016,SC2034,SC2154
#
# A group of several: a root port without ACS, behind it two edu devices and an NVMe controller with its own driver.
# What is shared is measured and told; an own domain is had when no other driver is in the way; iommubench-bind --group;
# and each pair of uses, on one device and on two of the group.
# lab: --board virt-bridge --timeout 600
. ./tap.sh
. ./ownership.sh

a=0000:01:00.0 b=0000:01:00.1 disk=0000:01:00.2 port=0000:00:08.0
nvme=/sys/bus/pci/drivers/nvme

# driver_of DEVICE
driver_of()
{
	[ ! -e "$bus/devices/$1/driver" ] || basename "$(readlink "$bus/devices/$1/driver")"
}

# --- beside a driver that does DMA ---

modprobe nvme
wait_for '[ -e "$nvme/$disk" ] && [ -e "$bus/devices/$disk/nvme/nvme0" ]'
is "$(driver_of "$disk")" nvme "the disk has its own driver"
run iommubench-bind "$a"
done_well "a device can be bound beside it"
is "$(group_of "$a") $(group_of "$disk")" "$(group_of "$port") $(group_of "$port")" "they share the root port's group"
bench -d "$a" --verify -q -o /out/beside.json
done_well "a run over the DMA API, verified, beside the disk"
bench -d "$a" --verify
like "$stdout" "warning +device $a shares IOMMU group [0-9]+ and its domain with $disk \(driver nvme\): " \
	"a warning names the other member, and the bridge is none"
bench -d "$a" --api iommu
refused 3 "no own domain for $a: driver nvme uses $disk in its IOMMU group [0-9]+: echo $disk >$nvme/unbind" \
	"an own domain is refused, with who is in the way and how to unbind it"
run iommubench tlb-flush -d "$a" --strategy gather -n 5 --no-commands -e none -q
like "$status $stderr" "^3 .*driver nvme uses $disk" "so is a flush strategy with an own domain"
bench -d "$a" --domain-type lazy -q
refused 3 "--domain-type lazy: .*$disk has nvme: echo $disk >$nvme/unbind" "the kernel cannot switch such a group"
is "$(driver_of "$a")" kmod_iommu_test "it is bound as before"
[ -c /dev/nvme0 ]
ok $? "the disk is as before"
iommubench topo >/tmp/topo
like "$(grep -A 4 "$a" /tmp/topo)" "shares IOMMU group [0-9]+ with .*$disk.*DMA API only, as long as $disk has the driver nvme" \
	"topo judges alike"
like "$(grep -A 8 "$a" /tmp/topo)" "not map-unmap --api iommu, .*: takes an IOMMU group in which no other driver does DMA: $disk has the driver nvme" \
	"and tells what that leaves out"
no_kernel_warning "beside a driver"

# --- the whole group ---

run iommubench-bind --group "$a"
is "$status" 3 "not all of the group can be had"
like "$stderr" "$disk is held by driver nvme: if it can be spared, add --release nvme" "and why is told"
like "$stdout" "$port stays with the machine: it is a bridge" "a bridge is no user"
is "$(driver_of "$b")" "" "a device that nobody has asked for is not in the group yet"
tail -f /dev/null 3</dev/nvme0 &
pid=$!
run iommubench-bind --release nvme --group "$a"
is "$status $(driver_of "$disk")" "3 nvme" "a member in use is not taken, its driver named or not"
like "$stderr" "^iommubench-bind: $disk is in use: process $pid \(tail\) has it open.*: it is left alone" "and who uses it is told"
[ ! -e "/run/iommubench/$disk.driver" ]
ok $? "nothing of it is remembered"
kill $pid
wait $pid 2>/dev/null
run iommubench-bind --release nvme --group "$a"
done_well "with its driver named, all of the group"
is "$(driver_of "$a") $(driver_of "$disk") $(driver_of "$port")" "kmod_iommu_test kmod_iommu_test pcieport" "bound are all but the bridge"
run iommubench-bind "$b"
done_well "a third of the group"
for name in "$a" "$b"; do
	bench -d "$name" --api iommu --verify -q -o "/out/own.$name.json"
	done_well "an own domain for $name, verified, beside others that are idle"
	bench -d "$name" --api dma-sg --verify -q -o "/out/dma.$name.json"
	done_well "and the DMA API for $name"
done
run timeout 300 iommubench map-unmap -d "$a,$b" --warmup 0ms -T 300ms -e none -q -o /out/both.json
done_well "two of a group at once"
run timeout 300 iommubench map-unmap -d "$a,$b" --api iommu --warmup 0ms -T 300ms -e none -q
like "$status $stderr" "^3 .*no run with an own domain for $b while process [0-9]+ has a run with an own domain on $a in the same IOMMU group" \
	"but not with two own domains"
nothing_left "runs in a group"

# While one has an own domain, the kernel keeps drivers out of the group.
iommubench-unbind "$b"
iommubench map-unmap -d "$a" --api iommu -T 60s -q 2>/dev/null &
pid=$!
wait_for '[ "$(workers)" -gt 0 ]'
bench -d "$disk" -q
refused 3 "no run over the DMA API for $disk while process $pid has a run with an own domain on $a in the same IOMMU group" \
	"another member cannot use the DMA API meanwhile"
iommubench-unbind "$disk" 2>/dev/null
is "$(driver_of "$disk")" "" "nor can its old driver have it back"
kill -INT $pid
wait $pid
is $? 4 "the run ends as it is told"
put "$disk" $nvme/bind
is "$status $(driver_of "$disk")" "0 nvme" "then its old driver can"
wait_for '[ -c /dev/nvme0 ]'
ok $? "and the disk is back"
no_kernel_warning "a driver that came in between"

# The same by the command for all.
run iommubench-bind --release nvme --group "$a"
done_well "the group is taken once more"
run iommubench-unbind --group "$a"
done_well "and given back"
is "$(driver_of "$a") $(driver_of "$b") $(driver_of "$disk")" "  nvme" "to whom it was"
wait_for '[ -c /dev/nvme0 ]'
ok $? "the disk works"
is "$(ls /run/iommubench)" "$device.driver" "nothing of it is remembered"
modprobe -r nvme

# --- all pairs of uses ---

iommubench-bind "$a"
iommubench-bind "$b"
for second in "$a" "$b"; do
	pairs "$a, $second" undo,close,kill,unbind "/dev/iommubench/$a" "/dev/iommubench/$second" dma own
done
nothing_left "all pairs"
bench -d "$b" --api iommu --verify -q
done_well "an own domain afterwards"
done_testing
