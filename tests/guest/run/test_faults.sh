# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# What is wrong before a run begins, or about where its result goes: each time one clear line, the right exit status, and nothing left. The
# kernel checks its slabs and freed pages meanwhile.
# kernel: any
# lab: --append "slub_debug=FZP page_poison=1"
# cpus: at once
. ./tap.sh

virtio=
for path in "$bus"/drivers/virtio-pci/0000:*; do
	virtio=${path##*/}
done

# --- the wrong device ---

bench -d 0000:ff:1f.7
refused 3 'no device 0000:ff:1f.7 on any bus' "a device that is not there"
bench -d ../null
refused 2 'not a device name' "a path as a device"
bench -d "$virtio"
refused 3 'held by the driver virtio-pci' "a device that a driver holds"
run iommubench-bind "$virtio"
is "$status" 3 "iommubench-bind leaves a device alone that a driver holds"
like "$stderr" "held by driver virtio-pci|is in use: its shared folder .* is mounted" "and says why"
is "$(basename "$(readlink "$bus/devices/$virtio/driver")")" virtio-pci "which still holds it"
run iommubench-bind 0000:ff:1f.7
is "$status" 3 "iommubench-bind of a device that is not there" || note "$stderr"
run iommubench-bind "$device"
is "$status" 0 "iommubench-bind of a bound device" || note "$stderr"
run iommubench-unbind "$virtio"
is "$status" 3 "iommubench-unbind of a device that is not ours" || note "$stderr"

run start -n iommubench map-unmap -n 10
refused 3 '[Rr]un.* as root' "not root"
run start -n iommubench-bind "$device"
is "$status" 3 "iommubench-bind, not root" || note "$stderr"

# --- where the result goes ---

bench -o /nowhere/a.json
refused 3 '/nowhere' "a folder that is not there"
bench -o /proc
refused 3 '/proc' "a folder that nothing can be put into"
bench -o /proc/version
refused 3 '/proc/version' "a file that cannot be replaced"
mkdir -p /tmp/full
mount -t tmpfs -o size=16k none /tmp/full
echo before >/tmp/full/r.json
dd if=/dev/zero of=/tmp/full/rest bs=4k 2>/dev/null
bench -q -o /tmp/full/r.json
is "$status" 3 "a full disk"
like "$stderr" 'r.json.*No space' "which is named"
is "$(cat /tmp/full/r.json)" before "the older file is as it was"
is "$(ls /tmp/full)" "$(printf 'r.json\nrest')" "nothing half-written beside it"
bench -q -o /tmp/full/new.json
[ "$status" = 3 ] && [ ! -e /tmp/full/new.json ]
ok $? "nor without an older file" || note "$status $stderr"
umount /tmp/full
run sh -c 'iommubench map-unmap -n 10 --warmup 0ms --format json >/dev/full'
refused 3 'No space' "standard output is full"
run sh -c 'iommubench map-unmap -n 10 --warmup 0ms --format json | true; echo done'
is "$stdout" "done" "standard output is closed"
nothing_left "after refusals"

# --- two at once ---

start iommubench map-unmap -T 60s -q -o /out/first.json 2>/tmp/first &
pid=$!
wait_for '[ "$(workers)" -gt 0 ]'
bench
refused 3 "in use by .*process $pid" "two runs on one device"
for name in kmod_iommu_test_lab kmod_iommu_test; do
	run rmmod $name
	[ "$status" != 0 ] && [ "$(workers)" -gt 0 ]
	ok $? "$name cannot be removed under a run"
done
kill -INT $pid
wait $pid
is $? 4 "the first of two is not disturbed"
nothing_left "after two at once"

# --- bound, but not so ---

run iommubench-unbind "$device"
is "$status" 0 "iommubench-unbind" || note "$stderr"
bench -d "$device"
refused 3 "$device is not bound to kmod_iommu_test" "a device that is not bound"
bench
refused 3 'no device is bound' "no device is bound"
unload_modules
bench
refused 3 'kmod_iommu_test is not loaded' "the module is not loaded"
bench -d "$device"
refused 3 'kmod_iommu_test is not loaded' "nor with a device"
run iommubench-bind "$device"
is "$status" 3 "iommubench-bind without the module" || note "$stderr"
run load_modules edu_dma_bits=12
run iommubench-bind "$device"
[ "$status" = 3 ] && [ ! -e "$node" ]
ok $? "absurd parameters of the module" || note "$stderr"
no_kernel_warning "after absurd parameters"
unload_modules
load_modules edu_dma_bits=28
iommubench-bind "$device"
bench --api iommu --iova fresh --iova-span 1G -q
refused 3 'no room for .* 28 address bits' "a span beyond 28 address bits"
bench --api iommu --iova random -q
done_well "a span that fits by default"
iommubench-unbind "$device"
unload_modules
load_modules edu_dma_bits=48
iommubench-bind "$device"

run iommubench-other-abi map-unmap -n 10
refused 3 'ABI 1 .*ABI 2.* same version' "a tool of another ABI"

usable "in the end"
nothing_left "in the end"
done_testing
