# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
# lab: --disk 16M
#
# An NVMe drive as DMA engine, through its admin queue alone: it verifies what edu does, sees exposures, and comes
# back to its own driver with every byte as it was; test_nvme.py looks at the results.
. ./tap.sh
. ./nvme.sh

find_drive
wait_for '[ -b /dev/$disk ]'
modprobe ext4
modprobe crc32c_generic 2>/dev/null
mke2fs /dev/$disk >/dev/null 2>&1
mkdir -p /tmp/mnt
mount -t ext4 /dev/$disk /tmp/mnt 2>/tmp/err
ok $? "its own driver has a file system on it" || note "$(cat /tmp/err)" "$(dmesg | tail -n 3)"
dd if=/dev/urandom of=/tmp/mnt/file bs=64K count=100 2>/dev/null
file=$(sha256sum </tmp/mnt/file)
run iommubench-bind --release nvme "$slot"
is "$status" 3 "a drive with a mounted file system is refused"
like "$stderr" "$slot is in use: $disk is mounted on /tmp/mnt" "and told what uses it"
umount /tmp/mnt
sync
before=$(content)
registers=$(command_register)

use_drive
like "$(dmesg)" "kmod_iommu_test $slot: NVMe controller QEMU NVMe Ctrl .*writes by Identify and reads by Timestamp" \
	"the log says what it can"
dmesg -c >/dev/null

# verified NAME OPTION...
verified()
{
	name=$1
	shift
	run timeout 300 iommubench map-unmap -e none --warmup 0ms --verify --engine nvme -q -o "/out/$name.json" "$@"
	done_well "verified: $*"
}
for api in dma-single dma-sg iommu iommu-fast; do
	verified "verify.$api" --api $api -s 64K -T 500ms
done
verified random --api iommu -s 2M --iova random -T 500ms
verified direction --api iommu --direction to-device -t 2 -T 500ms
for type in lazy identity strict; do
	verified "type.$type" --domain-type $type -s 64K -T 500ms
done

# Each strategy, with its exposure; stale accesses of those that wait.
run timeout 600 iommubench tlb-flush --warmup 0ms -n 64 --exposure 300ms -e none -s 4K --range 64K -o /out/flush.json
done_well "all strategies"
like "$stdout" '^lazy .* ms ' "the flush queue's window is in the table"
run timeout 300 iommubench tlb-flush --warmup 0ms -e none --strategy gather,strict --check-stale -n 3000 --exposure 300ms -t 2 -q \
	-o /out/stale.json
done_well "no access gets through after unmap"
run timeout 300 iommubench tlb-flush --warmup 0ms -e none --strategy gather --device-latency 100ms --watch-interval 2ms -n 64 \
	-q -o /out/interval.json
done_well "an interval of accesses"
nothing_left "after measuring"

# Ends before the end.
for sub in 'map-unmap --api iommu --verify' 'map-unmap --verify' 'tlb-flush --strategy gather --check-stale'; do
	iommubench $sub -e none -T 60s -q -o /tmp/killed.json &
	pid=$!
	wait_for '[ "$(workers)" -ge 1 ]'
	usleep 300000
	kill -KILL $pid
	wait $pid 2>/dev/null
	nothing_left "killed: $sub"
	iommubench $sub -e none -T 60s -q -o /tmp/unbound.json >/dev/null 2>&1 &
	pid=$!
	wait_for '[ "$(workers)" -ge 1 ]'
	usleep 300000
	iommubench-unbind "$slot"
	wait $pid
	is $? 3 "unbound: $sub"
	wait_for '[ -b /dev/$disk ]'
	is "$(content)" "$before" "and the drive has what it had"
	iommubench-bind --release nvme "$slot"
	nothing_left "unbound: $sub"
done

# A drive that may not do DMA any more fails each command, and then works again.
start_masterless()
{
	iommubench map-unmap --verify -e none -T 20s -q -o /tmp/masterless.json >/tmp/out 2>&1 &
	pid=$!
	wait_for '[ "$(workers)" -ge 1 ]'
	usleep 300000
	masters off
	wait $pid
}
start_masterless
is $? 3 "a controller that fails ends the run"
like "$(cat /tmp/out)" 'the DMA engine did not finish a transfer' "and the tool says so"
masters on
nothing_left "after a failed controller"
iommubench-unbind "$slot"
iommubench-bind --release nvme "$slot"
verified again -T 300ms

give_drive
is "$(command_register)" "$registers" "the command register is as its driver had it"
is "$(content)" "$before" "the drive has what it had, byte by byte"
mount -t ext4 /dev/$disk /tmp/mnt
is "$(sha256sum </tmp/mnt/file)" "$file" "and its driver reads the file on it"
dd if=/dev/urandom of=/tmp/mnt/other bs=64K count=20 2>/dev/null
sync
ok $? "and writes to it"
umount /tmp/mnt

# The drive goes away during a run, and comes back.
use_drive
iommubench map-unmap --api iommu --verify -e none -T 60s -q -o /tmp/gone.json >/dev/null 2>&1 &
pid=$!
wait_for '[ "$(workers)" -ge 1 ]'
usleep 300000
echo 1 >"/sys/bus/pci/devices/$slot/remove"
wait $pid
is $? 3 "a drive that is removed ends the run"
echo 1 >/sys/bus/pci/rescan
wait_for '[ -b /dev/$disk ]'
use_drive
nothing_left "after removal"
verified back -T 300ms
give_drive
done_testing
