# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2015,SC2016,SC2034,SC2046,SC2086,SC2154
#
# Faults of several devices at once, which share the IOMMU's event queue and who answers;
# board_devices.py looks at the results.
# board: smmuv3-sva
# boot: shared faults
. ./tap.sh

for path in /sys/bus/platform/devices/*.dma; do
	[ "${path##*/}" = "$device" ] || [ -e "$path/driver" ] || iommubench-bind "${path##*/}"
done
set -- /dev/iommubench/*
a=${1##*/} b=${2##*/}
is $# 2 "two devices are bound that can stall"

# fault OPTION...: few of them.
fault()
{
	run timeout 300 iommubench iopf -n 256 -s 512K $(uncounted "$@") "$@"
}

fault -d all -e default -q -o /out/all.json
done_well "faults of both"
is "$(ls /out/all-*.json | wc -l)" 2 "each has a result"
fault -d "$a,$b" --alone --outstanding 4
done_well "each alone first"
like "$stdout" "^device +operations/s +alone +kept" "the table compares"
like "$stdout" "^$b +[0-9.]+ ?[kM]? +[0-9.]+ ?[kM]? +[0-9.]+ %" "it has a row for a device"
fault -d "$a,$b" --fault cow,zero --outstanding 1,8 -t 2 -q -o /out/load/
done_well "kinds and loads"
is "$(ls /out/load | wc -l)" 8 "a result of each device at each point"
for name in "$a" "$b"; do
	mv "/out/load/iopf-cow-o8-$name.json" "/out/load-$name.json"
done
fault -d "$a,$b" --spaces 2 --repeat 2 --interval 5ms -e default -q -o /out/spaces.json
done_well "address spaces of others, two runs, intervals"
fault -d "$a,$b" --transport ioctl -e default -q -o /out/ioctl.json
done_well "looked after in turn"

fault -d "$a,$b" --fault unmapped -q -o /out/refused.json
done_well "what must be refused is"

# --- what ends them ---

# together OPTION...: leaves $pid when both are under way.
together()
{
	start iommubench iopf -d "$a,$b" -T 60s -s 4M --no-cpu "$@" >/dev/null 2>/tmp/together.stderr &
	pid=$!
	wait_for '[ "$(workers)" = 2 ]'
	usleep 300000
}

together -q -o /out/stopped.json
kill -INT $pid
wait $pid
is $? 4 "Ctrl-C ends both"
is "$(wc -l </tmp/together.stderr)" 1 "one line says so"
is "$(ls /out/stopped-*.json | wc -l)" 2 "each has a result"
nothing_left "Ctrl-C"

together -q -o /out/gone.json
echo "$b" >"$driver/unbind"
usleep 500000
kill -INT $pid
wait $pid
is $? 4 "one goes away, the other goes on until it is told"
like "$(cat /tmp/together.stderr)" "device $b went away during the run" "and is named"
is "$(ls /out/gone-*.json | wc -l)" 2 "each has a result"
echo "$b" >"$driver/bind"
nothing_left "a device goes away"

together -q -o /out/killed.json
kill -KILL $pid
wait $pid
is $? 137 "killed"
nothing_left "killed"
fault -d all -q
done_well "both again"
nothing_left "after all"
for name in "$a" "$b"; do
	[ "$name" = "$device" ] || iommubench-unbind "$name"
done
done_testing
