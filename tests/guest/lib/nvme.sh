# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2059,SC2086,SC2154
#
# What the tests with an NVMe drive share. Sourced after tap.sh.

disk=nvme0n1
seen_zeros='device was refused at mapped IOVA 0x[0-9a-f]+, or read zeros'

# find_drive: $slot.
find_drive()
{
	slot=$(grep -lx 0x010802 /sys/bus/pci/devices/*/class | head -n 1)
	slot=$(basename "${slot%/class}")
}

# use_drive: in place of the board's test device.
use_drive()
{
	[ "$device" = "$slot" ] || iommubench-unbind "$device"
	device=$slot
	run iommubench-bind --release nvme "$slot"
	is "$status" 0 "the drive is given to the module" || note "$stderr" "$(dmesg | tail -n 5)"
	IOMMUBENCH_DEVICE=$device
	export IOMMUBENCH_DEVICE
}

# give_drive: back to its own driver.
give_drive()
{
	run iommubench-unbind "$slot"
	is "$status" 0 "the drive is given back" || note "$stderr"
	wait_for '[ -b /dev/$disk ]'
}

content()
{
	sha256sum </dev/$disk
}

# set_type TYPE: of the default domain, as the kernel names it.
set_type()
{
	iommubench-unbind "$slot"
	wait_for '[ -b /dev/$disk ]'
	echo "$slot" >/sys/bus/pci/drivers/nvme/unbind
	put "$1" "/sys/kernel/iommu_groups/$(group_of "$slot")/type"
	ok $status "the default domain becomes $1"
	echo "$slot" >/sys/bus/pci/drivers/nvme/bind
	wait_for '[ -b /dev/$disk ]'
	iommubench-bind --release nvme "$slot"
}

# command_register: of the drive's configuration space, as two bytes in hexadecimal.
command_register()
{
	dd if="/sys/bus/pci/devices/$slot/config" bs=1 skip=4 count=2 2>/dev/null | od -An -tx1 | tr -d ' \n'
}

# masters ON: whether the drive may do DMA, as with setpci.
masters()
{
	was=$(command_register)
	low=0x${was%??}
	[ "$1" = on ] && low=$((low | 4)) || low=$((low & ~4))
	printf "\\x$(printf %02x $low)" |
		dd of="/sys/bus/pci/devices/$slot/config" bs=1 seek=4 count=1 conv=notrunc 2>/dev/null
}
