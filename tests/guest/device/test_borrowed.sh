# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2015,SC2016,SC2034,SC2119,SC2154,SC2231,SC2317
#
# A PCI device has after an unbind all that it had before the bind: masks, limits, command register, power state and
# the rest of its configuration space; and the driver that it was taken from works with it as before.
# kernel: any
# lab: --disk 64M
. ./tap.sh
. ./borrowed.sh

# --- a device that no driver ever had ---

iommubench-unbind "$device"
told >/dev/null
echo 1 >"$bus/devices/$device/remove"
echo 1 >$bus/rescan
[ -e "$bus/devices/$device" ] && [ ! -e "$bus/devices/$device/driver" ]
ok $? "a device as new"
has "$device" >/tmp/has.new
like "$(cat /tmp/has.new)" '^dma_mask_bits: 32$' "it has 32 address bits"
like "$(cat /tmp/has.new)" '^enable: 0$' "it is not enabled"
is $(($(word "$device" 4) & 6)) 0 "it is no bus master and its memory is switched off"

iommubench-bind "$device"
is "$(cat "$bus/devices/$device/dma_mask_bits") $(cat "$bus/devices/$device/enable")" "48 1" "bound, it has the engine's 48 and is enabled"
is $(($(word "$device" 4) & 6)) 6 "and a bus master"
new='dma=0xffffffff coherent=0xffffffff segment=65536 align=0x0 boundary=0xffffffff'
given_back "$new"

iommubench-bind "$device"
start iommubench map-unmap -T 60s -q 2>/dev/null &
wait_for '[ "$(workers)" -gt 0 ]'
iommubench-unbind "$device"
wait $! 2>/dev/null
has_again "$device" /tmp/has.new "unbound under a run"
is "$(told)" "$new" "masks and limits after kill -9"

# A bus master with its interrupt switched off stays one, and what it was to be bound to is remembered.
put_word "$device" 4 "$(word "$device" 4) & 0xffff0000 | 0x406"
echo nobody >"$bus/devices/$device/driver_override"
has "$device" >/tmp/has.other
iommubench-bind "$device"
bench -q
done_well "a run of what was a bus master before"
iommubench-unbind "$device"
has_again "$device" /tmp/has.other "a bus master with a driver_override"
like "$(cat /tmp/has.now)" '^driver_override: nobody$' "which is as it was"
echo >"$bus/devices/$device/driver_override"
put_word "$device" 4 "$(word "$device" 4) & 0xffff0000"

# A probe that fails after the device was enabled: nothing answers where its registers are to be.
address=$(word "$device" 16)
put_word "$device" 16 "$address + 0x4000000"
has "$device" >/tmp/has.moved
dmesg -c >/dev/null
run iommubench-bind "$device"
[ "$status" = 3 ] && [ ! -e "$node" ]
ok $? "a probe that fails" || note "$stderr"
like "$(dmesg)" 'answers 0xffffffff as identification' "late" || note "$(dmesg)"
has_again "$device" /tmp/has.moved "a probe that failed"
is "$(cat /sys/module/kmod_iommu_test_lab/refcnt)" 0 "no engine is in use"
put_word "$device" 16 "$address"
has_again "$device" /tmp/has.new "moved back"
iommubench-bind "$device"
usable "after a probe that failed"
told >/dev/null

# --- a drive ---

disk=nvme0n1
wait_for '[ -b /dev/$disk ]'
slot=$(basename "$(readlink -f /sys/block/$disk/device/device)")
modprobe ext4
mke2fs /dev/$disk >/dev/null 2>&1
mkdir /tmp/disk

# on_disk OPTIONS COMMAND...: with the drive's file system, mounted so.
on_disk()
{
	options=$1
	shift
	wait_for '[ -b /dev/$disk ]' && mount -t ext4 -o "$options" /dev/$disk /tmp/disk && "$@" && umount /tmp/disk
}

# write_file: kept in files, read back without any cache.
write_file()
{
	dd if=/dev/urandom of=/tmp/disk/file bs=64k count=64 2>/dev/null && sync && md5sum /tmp/disk/file >/tmp/md5
}

# good: the drive works and has what was written.
good()
{
	on_disk ro md5sum -c /tmp/md5 >/dev/null 2>&1
	ok $? "the drive's file can be read: $1"
	dd if=/dev/$disk bs=1M 2>/dev/null | md5sum >/tmp/content.now
	cmp -s /tmp/content /tmp/content.now
	ok $? "the drive is the same: $1"
}
on_disk rw write_file
ok $? "a file on the drive"
dd if=/dev/$disk bs=1M 2>/dev/null | md5sum >/tmp/content

# take_drive FILE: bound to us, with FILE telling what its driver left.
take_drive()
{
	echo "$slot" >$bus/drivers/nvme/unbind
	has "$slot" >"$1"
	echo "$slot" >$bus/drivers/nvme/bind
	wait_for '[ -b /dev/$disk ]'
	iommubench-bind --release nvme "$slot"
}
take_drive /tmp/has.drive
ok $? "the drive is taken from its driver"
bench -d "$slot" --api iommu -q
done_well "a run with the drive"
run iommubench-unbind "$slot"
is "$status $(basename "$(readlink "$bus/devices/$slot/driver")")" "0 nvme" "it is with its driver again" || note "$stderr"
good "after a run"

iommubench-bind --release nvme "$slot"
start iommubench map-unmap -d "$slot" -T 60s -q 2>/dev/null &
wait_for '[ "$(workers)" -gt 0 ]'
kill -9 $!
wait $! 2>/dev/null
nothing_left "after kill -9"
echo "$slot" >"$driver/unbind"
has "$slot" | grep -v '^driver_override' >/tmp/has.now
grep -v '^driver_override' /tmp/has.drive | cmp -s - /tmp/has.now
ok $? "after kill -9: the drive has what its driver left" || note "$(diff /tmp/has.drive /tmp/has.now)"
echo "$slot" >"$driver/bind"
iommubench-unbind "$slot"
good "after kill -9"

# It sleeps, as some drivers leave a device, and is woken while it is bound.
echo "$slot" >$bus/drivers/nvme/unbind
pm=$(capability "$slot" 1)
[ "$pm" != 0 ]
ok $? "the drive has power states"
put_word "$slot" $((pm + 4)) "$(word "$slot" $((pm + 4))) & ~3 | 3"
has "$slot" | grep -v power_state >/tmp/has.asleep
iommubench-bind "$slot"
put_word "$slot" $((pm + 4)) "$(word "$slot" $((pm + 4))) & ~3"
is $(($(word "$slot" $((pm + 4))) & 3)) 0 "it is awake"
echo "$slot" >"$driver/unbind"
echo >"$bus/devices/$slot/driver_override"
is $(($(word "$slot" $((pm + 4))) & 3)) 3 "it sleeps again"
has "$slot" | grep -v power_state >/tmp/has.now
cmp -s /tmp/has.asleep /tmp/has.now
ok $? "and has what it had" || note "$(diff /tmp/has.asleep /tmp/has.now)"
rm -f "/run/iommubench/$slot.driver"
echo "$slot" >$bus/drivers/nvme/bind
good "after it slept"

told_no_more
nothing_left "in the end"
done_testing
