# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# Runs that are cut short in each of their stages: by Ctrl-C, kill -9, unbinding and removing the device.
# Each time one clear line, the right exit status, and nothing left. The kernel checks its slabs and
# freed pages meanwhile.
# lab: --append "slub_debug=FZP page_poison=1"
# boot: first
. ./tap.sh

# stage NAME: a run that is in that stage for long.
stage()
{
	case $1 in
	preparing) echo '--api iommu --prefill 120k -s 4K -T 60s' ;;
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
cut_stages='preparing running own-domain hold rate verify'

# begin STAGE TRANSPORT: leaves its process in $pid.
begin()
{
	rm -f "/out/$3.json"
	start iommubench map-unmap --transport "$2" $(stage "$1") $events -q -o "/out/$3.json" 2>/tmp/err &
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
	events=
	# The stages are the module's own: the second transport and the older kernel only show that they take part.
	case $transport:$(uname -r) in
	uring:* | *:6.1.*)
		stages='running hold verify'
		cut_stages='running hold'
		;;
	esac
	[ $transport = ioctl ] || events='-e none'
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

	for stage in $cut_stages; do
		begin $stage $transport kill.$transport.$stage
		kill -9 $pid
		wait $pid 2>/dev/null
		nothing_left "kill -9, $stage, $transport"
		[ ! -e /out/kill.$transport.$stage.json ]
		ok $? "no half-written result: kill -9, $stage, $transport"
	done
	usable "kill -9, $transport"

	for stage in $cut_stages; do
		begin $stage $transport unbind.$transport.$stage
		put "$device" "$driver/unbind"
		ok $status "unbinding under a run: $stage, $transport"
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
	echo 1 >"$bus/devices/$device/remove"
	ended 3 "device $device went away" "removed, $transport"
	nothing_left "removed, $transport"
	echo 1 >/sys/bus/pci/rescan
	run iommubench-bind "$device"
	is "$status" 0 "found again and bound: $transport" || note "$stderr"
	usable "found again, $transport"
done

nothing_left "in the end"
done_testing
