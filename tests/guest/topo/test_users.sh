# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2016,SC2034,SC2154
# kernel: any
# lab: --disk 64M
#
# Who uses an NVMe drive is judged once: topo, iommubench-bind and io say the same of it, and leave alone what is in
# use. A drive that can be spared is given, and comes back with all that is on it.
. ./tap.sh

disk=nvme0n1
wait_for '[ -b /dev/$disk ]'
slot=$(basename "$(readlink -f /sys/block/$disk/device/device)")
for name in vfat nls_cp437 nls_ascii loop; do
	modprobe $name
done

# in_use REGULAR-EXPRESSION NAME: all three say who uses it, and nothing happens to it.
in_use()
{
	run iommubench topo --judge "$slot"
	is "$status" 1 "$2: the judgement" || note "$stdout $stderr"
	like "$stdout" "^$slot is in use: .*$1" "$2: and its reason"
	run iommubench topo
	like "$stdout" "leave it alone: .*$1" "$2: topo"
	run iommubench-bind --release nvme "$slot"
	refused 3 "$slot is in use: .*$1" "$2: iommubench-bind"
	iommubench-bind --list >/tmp/listed
	grep -q "^$slot" /tmp/listed
	is $? 1 "$2: nor is it offered"
	run iommubench io -d $disk -n 10 --write 100 --overwrite $disk
	refused 3 "never written to: .*$1" "$2: io writes nothing"
	run iommubench io -d $disk -n 10 --domain-type lazy
	refused 3 "$slot is in use: .*$1" "$2: io leaves its driver"
	[ -e "/sys/bus/pci/drivers/nvme/$slot" ]
	ok $? "$2: the drive is where it was"
}

# spared NAME: it can be taken, and is the same afterwards.
spared()
{
	before=$(cksum </dev/$disk)
	run iommubench topo --judge "$slot"
	is "$status" 0 "$1: the judgement" || note "$stdout $stderr"
	like "$stdout" "^$slot can be spared" "$1: and says so"
	run iommubench-bind --release nvme "$slot"
	done_well "$1: iommubench-bind takes it"
	run iommubench topo --judge "$slot"
	is "$status" 0 "$1: what the module has is to be had"
	run iommubench-unbind "$slot"
	done_well "$1: and gives it back"
	wait_for '[ -b /dev/$disk ]'
	is "$(cksum </dev/$disk)" "$before" "$1: all that is on it is as before"
}

wipe()
{
	dd if=/dev/zero of=/dev/$disk bs=64k count=1 conv=notrunc 2>/dev/null
}

run iommubench topo
like "$stdout" "measures (.*, )?io(;|\$)" "topo tells that it can be read"
like "$stdout" '\$ iommubench io -d nvme0n1' "and how"
like "$stdout" "but mind: it is the only device with a disk" "and what to mind"
spared "an empty drive"

# What iommubench-bind offers is what can be spared, and what to mind is told by both.
iommubench topo --judge all >/tmp/judged
iommubench-bind --list >/tmp/listed
is "$(cut -d ' ' -f 1 /tmp/listed)" "$(sed -n 's/ can be spared.*//p' /tmp/judged)" "--list offers what can be spared"
grep -q "^$slot  nvme" /tmp/listed
ok $? "such as an empty drive" || note "$(cat /tmp/listed)"
is "$(grep -c 'is in use: it is part of the machine' /tmp/judged)" "$(iommubench topo | grep -c "leave it alone: it is part of the machine's own")" \
	"and not what the machine consists of"
run iommubench topo --judge "$slot"
like "$stdout" "^$slot can be spared, but mind: it is the only device with a disk" "the only disk is told of"
run iommubench-bind --release nvme "$slot"
like "$status $stdout" "^0 $slot can be spared, but mind: it is the only device with a disk" "by iommubench-bind as well"
iommubench-unbind "$slot"
wait_for '[ -b /dev/$disk ]'

# The name on the disk is told although nobody has the disk.
wipe
printf 'LABELONE\001\000\000\000\000\000\000\000\312\261tR\040\000\000\000LVM2\040001iommubenchiommubenchiommubench01' | dd of=/dev/$disk bs=512 seek=1 conv=notrunc 2>/dev/null
in_use "$disk is marked as an LVM physical volume" "a physical volume of LVM"
wipe
printf 'LUKS\272\276\0\001' | dd of=/dev/$disk conv=notrunc 2>/dev/null
in_use "$disk is marked as a LUKS volume" "a LUKS volume"
wipe
mkswap /dev/$disk >/dev/null 2>&1
in_use "$disk is marked as swap space" "swap space that is not in use"
swapon /dev/$disk
in_use "$disk is swap space" "swap space"
swapoff /dev/$disk
wipe

# One partition: the first 16 MiB after the first one.
printf '\0\0\0\0\203\0\0\0\0\010\0\0\0\200\0\0' | dd of=/dev/$disk bs=1 seek=446 conv=notrunc 2>/dev/null
printf '\125\252' | dd of=/dev/$disk bs=1 seek=510 conv=notrunc 2>/dev/null
blockdev --rereadpt /dev/$disk
wait_for '[ -b /dev/${disk}p1 ]'
spared "a drive with an empty partition"
wait_for '[ -b /dev/${disk}p1 ]'
mkdosfs /dev/${disk}p1 >/dev/null
mkdir -p /tmp/mnt
mount -t vfat /dev/${disk}p1 /tmp/mnt
echo "kept" >/tmp/mnt/file
in_use "${disk}p1 is mounted on /tmp/mnt" "a mounted partition"
umount /tmp/mnt
run iommubench topo
like "$stdout" "but mind: .*${disk}p1 has a file system that is not mounted \(vfat\)" "a file system that is not mounted is told"
spared "a drive with a file system"
wait_for '[ -b /dev/${disk}p1 ]'
mount -t vfat /dev/${disk}p1 /tmp/mnt
is "$(cat /tmp/mnt/file)" "kept" "the file system is as it was"
umount /tmp/mnt

tail -f /dev/null 3</dev/${disk}p1 &
pid=$!
in_use "process $pid \(tail\) has it open \(${disk}p1\)" "a partition that a process has open"
kill $pid
wait $pid 2>/dev/null

# A mount that only its own process sees: the kernel's claim alone tells.
unshare -m sh -c "mount -t vfat /dev/${disk}p1 /tmp/mnt; echo in >/tmp/mounted; exec sleep 1000" &
wait_for '[ -e /tmp/mounted ]'
is "$(grep -c "$disk" /proc/mounts)" 0 "nobody else sees that mount"
in_use "another program or the kernel has $disk for itself" "a mount in a name space of its own"
kill $!
wait $! 2>/dev/null
losetup /dev/loop0 /dev/$disk
in_use "$disk is behind a loop device" "a disk behind a loop device"
losetup -d /dev/loop0

# --- a device that a virtual machine has ---

for name in vfio-pci vfio_iommu_type1; do
	modprobe $name
done
echo 1 >/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts
iommubench-unbind "$device"
echo vfio-pci >"$bus/devices/$device/driver_override"
echo "$device" >"$bus/drivers_probe"
group=$(basename "$(readlink "$bus/devices/$device/iommu_group")")
run iommubench topo --judge "$device"
is "$status" 0 "what VFIO has, and nobody uses, can be spared" || note "$stdout"

# driver_of DEVICE
driver_of()
{
	basename "$(readlink "$bus/devices/$1/driver")"
}

# held NAME: that it is in use is told by all, and at once.
held()
{
	run iommubench topo --judge "$device"
	like "$status $stdout" "^1 $device is in use: process $pid \(vfio_hold\) has it open \(vfio/$group\)" "$1: the judgement"
	run iommubench topo
	like "$stdout" "leave it alone: .*process $pid \(vfio_hold\) has it open" "$1: topo"
	iommubench-bind --list >/tmp/listed
	grep -q "^$device" /tmp/listed
	is $? 1 "$1: it is not offered"
	run timeout 60 iommubench-bind --release vfio-pci "$device"
	refused 3 "$device is in use: process $pid \(vfio_hold\) has it open" "$1: iommubench-bind refuses at once"
	is "$(driver_of "$device")" vfio-pci "$1: it is where it was"
}

vfio_hold "$group" "$device" >/tmp/held &
pid=$!
wait_for 'grep -q held /tmp/held'
held "a device of a virtual machine"
kill $pid
wait $pid 2>/dev/null
run iommubench-bind --release vfio-pci "$device"
done_well "it can be had when the machine has ended"
is "$(driver_of "$device")" kmod_iommu_test "and is"

# Without the tool nobody judges, and that is said.
mkdir -p /tmp/bin
cp /usr/bin/iommubench-bind /tmp/bin/
run env PATH=/bin:/sbin /bin/sh /tmp/bin/iommubench-bind --release nvme "$slot"
is "$status" 0 "iommubench-bind works without the tool"
like "$stderr" 'warning: the tool iommubench is not in PATH, so nobody has looked' "but tells what was not done"
iommubench-unbind "$slot"
wait_for '[ -b /dev/$disk ]'
run iommubench topo --judge 0000:ff:1f.7
refused 3 'no device 0000:ff:1f.7' "a device that is not there"
no_kernel_warning "after all"
done_testing
