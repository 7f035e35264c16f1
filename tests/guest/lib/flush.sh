# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# What the tests of flush strategies share. Sourced after tap.sh.

# figure PHASE COLUMN: of the last flush_run.
figure()
{
	awk -v phase="$1" -v column="$2" '$1 == "phase" && $2 == phase { print $column }' /tmp/run.stdout
}

# set_type TYPE: of the default domain, as the kernel names it.
set_type()
{
	iommubench-unbind "$device"
	put "$1" "$(readlink -f "$(echo /sys/bus/*/devices/$device)/iommu_group")/type"
	ok $status "the default domain becomes $1"
	iommubench-bind "$device"
}

# use_pci_engine: in place of the board's test device.
use_pci_engine()
{
	for at in /sys/bus/pci/devices/*; do
		[ "$(cat "$at/vendor") $(cat "$at/device")" != "0x1234 0x10b7" ] || device=${at##*/}
	done
	run iommubench-bind "$device"
	is "$status" 0 "the PCI engine can be had" || note "$stderr"
	IOMMUBENCH_DEVICE=$device
	export IOMMUBENCH_DEVICE
}

# use_channel CHANNEL: of dmaengine, in place of the board's test device; it tells by data.
use_channel()
{
	told_by_data
	device=dmaengine:$1
	run iommubench-bind "$device"
	is "$status" 0 "the channel is taken" || note "$stderr"
	IOMMUBENCH_DEVICE=$device
	export IOMMUBENCH_DEVICE
}

# told_by_data: of the engine under test. Zeros in the memory of an earlier run look like a refusal to it.
seen_zeros=
told_by_data()
{
	seen_zeros='device was refused at mapped IOVA 0x[0-9a-f]+, or read zeros'
}

# seen STRATEGY: what is told of an access after unmap. One by a translation from an earlier run goes to that
# run's memory, which may or may not be this one's.
seen()
{
	echo "device still read IOVA 0x[0-9a-f]+ [0-9]+ ns after strategy $1|$(seen_other $1)${seen_zeros:+|$seen_zeros}"
}

seen_other()
{
	echo "device read other memory than what strategy $1 has mapped at IOVA 0x[0-9a-f]+"
}

# caught STRATEGY...: accesses after unmap are a failure, seen by probing and by watching.
caught()
{
	for strategy in "$@"; do
		run flush_run $strategy stale 4096 16 1 20
		is "$status" 1 "$strategy: stale accesses are a failure" || note "$stdout"
		like "$stdout" "$(seen $strategy)" "$strategy: IOVA, age and strategy are told"
		run flush_run $strategy exposure 4096 16 1 1
		is "$status" 1 "$strategy: watching catches it as well" || note "$stdout"
		like "$stdout" "^check (stale-access${seen_zeros:+|transfer}) 1 1$" "$strategy: as a stale access"
		run timeout 120 iommubench tlb-flush -e none --strategy $strategy -d "$device" --range 64K -n 160 \
			--warmup 0s --no-commands --no-device-latency --exposure 50ms -q
		refused 1 "checks? failed: ($(seen $strategy))" "$strategy: the tool says so"
	done
}

# clean STRATEGY...: no such failure.
clean()
{
	for strategy in "$@"; do
		run flush_run $strategy stale 4096 16 1 100
		is "$status" 0 "$strategy: no stale access" || note "$stdout"
		run flush_run $strategy exposure 4096 16 1 5
		is "$status $(figure exposure 7)" "0 0" "$strategy: no exposure" || note "$stdout"
	done
}

# no_alarm RUNS WHAT...: of that many runs, each WHAT in turn, a strategy and a mode, none sees an access that should not
# have been.
no_alarm()
{
	wanted=$1
	shift
	runs=0
	alarms=0
	while [ $runs -lt "$wanted" ]; do
		for what in "$@"; do
			run flush_run $what 4096 4 2 4
			[ "$status" = 0 ] || {
				alarms=$((alarms + 1))
				note "$what: $stdout"
			}
			runs=$((runs + 1))
		done
	done
	is $alarms 0 "no alarm in $runs runs"
	nothing_left "after all of them"
}

# start_flush WORDS...: a flush_run that goes on, in the background; leaves $!.
start_flush()
{
	flush_run "$@" >/tmp/background.stdout 2>&1 &
	wait_for '[ "$(workers)" -ge 1 ]'
	usleep 200000
}

# ends_well MODE: a killed tool and an unbound device end a run of that mode, and nothing is left.
ends_well()
{
	start_flush gather $1 4096 16 2 100000000
	kill -KILL $!
	wait $! 2>/dev/null
	nothing_left "$1: the tool was killed"
	start_flush gather $1 4096 16 2 100000000
	iommubench-unbind "$device"
	wait $! 2>/dev/null
	is $? 1 "$1: the tool comes back when the device is unbound"
	nothing_left "$1: the device was unbound"
	iommubench-bind "$device"
	run flush_run gather $1 4096 16 2 20
	is "$status" 0 "$1: works again" || note "$stdout"
}
