# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What goes wrong around a run: each time one clear line, the right exit status, and nothing left. The
# kernel checks its slabs and freed pages meanwhile.
# lab: --timeout 300 --append "slub_debug=FZP page_poison=1"
. ./tap.sh

virtio=
for path in "$pci"/drivers/virtio-pci/0000:*; do
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
like "$stderr" 'held by driver virtio-pci' "and says which"
is "$(basename "$(readlink "$pci/devices/$virtio/driver")")" virtio-pci "which still holds it"
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
bench -o /tmp
refused 3 '/tmp' "a folder as a file"
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
refused 3 'standard output' "standard output is full"
run sh -c 'iommubench map-unmap -n 10 --warmup 0ms --format json | true; echo done'
is "$stdout" "done" "standard output is closed"
nothing_left "after refusals"

# --- two at once ---

start iommubench map-unmap -T 60s -q -o /out/first.json 2>/tmp/first &
pid=$!
wait_for '[ "$(workers)" -gt 0 ]'
bench
refused 3 "in use by .*process $pid" "two runs on one device"
run rmmod kmod_iommu_test
[ "$status" != 0 ] && [ "$(workers)" -gt 0 ]
ok $? "the module cannot be removed under a run"
kill -INT $pid
wait $pid
is $? 4 "the first of two is not disturbed"
nothing_left "after two at once"

# --- Ctrl-C, kill -9 and unbinding at each stage ---

# stage NAME: a run that is in that stage for long.
stage()
{
	case $1 in
	preparing) echo '--api iommu --prefill 500k -s 4K -T 60s' ;;
	warm-up) echo '--warmup 60s -T 60s' ;;
	running) echo '-T 60s -t 3' ;;
	count) echo '-n 1000000000' ;;
	own-domain) echo '-T 60s --api iommu-fast --iova random --window 100' ;;
	hold) echo '--hold 60s -T 60s' ;;
	rate) echo '--rate 0.01/s -T 60s -t 2' ;;
	verify) echo '--verify -T 60s' ;;
	repeat) echo '--repeat 1000 -n 100' ;;
	switched) echo '--domain-type identity -T 60s' ;;
	esac
}
stages='preparing warm-up running count own-domain hold rate verify repeat switched'

# begin STAGE TRANSPORT: leaves its process in $pid.
begin()
{
	rm -f "/out/$3.json"
	# shellcheck disable=SC2046 # options
	start iommubench map-unmap --transport "$2" $(stage "$1") -q -o "/out/$3.json" 2>/tmp/err &
	pid=$!
	wait_for '[ "$(workers)" -gt 0 ]'
	usleep 100000
}

# ended STATUS WORDS NAME
ended()
{
	wait_for "! kill -0 $pid 2>/dev/null"
	ok $? "it ends: $3" || kill -9 $pid
	status=0
	wait $pid || status=$?
	stderr=$(cat /tmp/err)
	cp /tmp/err /tmp/run.stderr
	refused "$1" "$2" "one line and exit status $1: $3"
}

for transport in ioctl uring; do
	for stage in $stages; do
		begin $stage $transport int.$transport.$stage
		kill -INT $pid
		ended 4 'interrupted' "Ctrl-C, $stage, $transport"
		nothing_left "Ctrl-C, $stage, $transport"
	done
	begin running $transport term.$transport
	kill -TERM $pid
	ended 4 'interrupted' "SIGTERM, $transport"
	begin hold $transport twice.$transport
	kill -INT $pid
	kill -INT $pid
	ended 4 'interrupted' "Ctrl-C twice, $transport"

	for stage in preparing running own-domain hold rate verify; do
		begin $stage $transport kill.$transport.$stage
		kill -9 $pid
		wait $pid 2>/dev/null
		nothing_left "kill -9, $stage, $transport"
		[ ! -e /out/kill.$transport.$stage.json ]
		ok $? "no half-written result: kill -9, $stage, $transport"
	done
	usable "kill -9, $transport"

	for stage in preparing running own-domain hold rate verify; do
		begin $stage $transport unbind.$transport.$stage
		echo "$device" >"$driver/unbind"
		ok $? "unbinding under a run: $stage, $transport"
		ended 3 "device $device went away" "unbound, $stage, $transport"
		[ ! -e "$node" ]
		ok $? "its node is gone: $stage, $transport"
		nothing_left "unbound, $stage, $transport"
		bench
		refused 3 'no device is bound' "the next run says what is missing: $stage, $transport"
		echo "$device" >"$driver/bind"
		usable "bound again, $stage, $transport"
	done

	begin running $transport remove.$transport
	echo 1 >"$pci/devices/$device/remove"
	ended 3 "device $device went away" "removed, $transport"
	nothing_left "removed, $transport"
	echo 1 >/sys/bus/pci/rescan
	run iommubench-bind "$device"
	is "$status" 0 "found again and bound: $transport" || note "$stderr"
	usable "found again, $transport"
done

# --- bound, but not so ---

run iommubench-unbind "$device"
is "$status" 0 "iommubench-unbind" || note "$stderr"
bench -d "$device"
refused 3 "$device is not bound to kmod_iommu_test" "a device that is not bound"
bench
refused 3 'no device is bound' "no device is bound"
rmmod kmod_iommu_test
bench
refused 3 'kmod_iommu_test is not loaded' "the module is not loaded"
bench -d "$device"
refused 3 'kmod_iommu_test is not loaded' "nor with a device"
run iommubench-bind "$device"
is "$status" 3 "iommubench-bind without the module" || note "$stderr"
run modprobe kmod_iommu_test edu_dma_bits=12
run iommubench-bind "$device"
[ "$status" = 3 ] && [ ! -e "$node" ]
ok $? "absurd parameters of the module" || note "$stderr"
no_kernel_warning "after absurd parameters"
rmmod kmod_iommu_test
modprobe kmod_iommu_test edu_dma_bits=28
iommubench-bind "$device"
bench --api iommu --iova fresh --iova-span 1G -q
refused 3 'no room for .* 28 address bits' "a span beyond 28 address bits"
bench --api iommu --iova random -q
done_well "a span that fits by default"
rmmod kmod_iommu_test 2>/dev/null
iommubench-unbind "$device"
rmmod kmod_iommu_test
modprobe kmod_iommu_test edu_dma_bits=48
iommubench-bind "$device"

run iommubench-other-abi map-unmap -n 10
refused 3 'ABI 1 .*ABI 2.* same version' "a tool of another ABI"

usable "in the end"
nothing_left "in the end"
done_testing
