# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2154
#
# PASIDs of processes and domains: what is measured, what is refused afterwards, what they survive. With few
# PASIDs, so that each of them can be counted.
# board: smmuv3-sva --set iob-smmuv3.ssid-bits=6
# lab: --timeout 400
# cpus: at once
. ./tap.sh

relay "" pasid_check "$node"
nothing_left "after all commands"

# churn NAME OPTION...
churn()
{
	name=$1
	shift
	run timeout 120 iommubench pasid -q --warmup 10ms --exposure 100ms -n 60 -e none -o "/out/$name.json" "$@"
	done_well "$name: iommubench pasid $*"
}

churn fresh
churn unused --use none
churn live --use live
churn shared --bind shared
churn threads -t 3
churn processes --processes 3
churn many --processes 2 -t 2 --bind shared
churn domain --kind domain
churn domain-shared --kind domain --bind shared -t 3
churn reuse --kind domain --reuse-distance 7
churn killed --processes 3 --kill-rate 20/s -T 3s -n 1M
run timeout 120 iommubench pasid --kind domain --warmup 0s --exposure 50ms -e none -n 20 --live 0,1..all -o /out/live/
done_well "live PASIDs from none to all"
like "$stdout" '^ +live +bind p50 ' "they end with a table"
# Flat, where results are looked for.
for file in /out/live/*.json; do
	mv "$file" "/out/live.${file##*-}"
done
rmdir /out/live
run timeout 120 iommubench pasid -q --warmup 0s --exposure 50ms -e none -n 20 -o /out/one/
done_well "a folder for one result"
is "$(ls /out/one)" sva-fresh-live0.json "... gets it"
run timeout 120 iommubench pasid -q --lifecycle exit -o /out/one
done_well "a folder that is there for a lifecycle"
is "$(ls /out/one | tr '\n' ' ')" "pasid.json sva-fresh-live0.json " "... gets it"
rm -r /out/one
nothing_left "after all churn"

run timeout 300 iommubench pasid --lifecycle all -o /out/lifecycle.json
done_well "all cases of --lifecycle"
for case in killed-at-bind killed-before killed-during killed-after exit exec fork munmap mprotect dontneed spaces \
	device-unbind module-removal pasids-exhausted; do
	like "$stdout" "^passed +$case " "$case"
done
like "$stdout" "^skipped +asids-exhausted +the PASIDs ran out first" "asids-exhausted"
like "$stdout" "pasids-exhausted +63 PASIDs twice.*; as many processes" "all PASIDs were had by processes, too"
nothing_left "after all cases"

# The same with a device that keeps translations itself.
for path in /sys/bus/pci/devices/*; do
	[ "$(cat "$path/vendor"):$(cat "$path/device")" != 0x1234:0x10b7 ] || pci=${path##*/}
done
run iommubench-bind "$pci"
done_well "the PCI engine is taken"
run timeout 300 iommubench pasid -d "$pci" --lifecycle munmap,mprotect,dontneed,spaces,exit,exec
done_well "cases of memory that changes, with ATS"
is "$(echo "$stdout" | grep -c '^passed')" 6 "all of them passed"
nothing_left "after cases with ATS"
iommubench-unbind "$pci"

# Interrupted, it ends all of its processes and gives its result.
iommubench pasid --processes 3 -T 60s -q -o /out/stopped.json 2>/tmp/stopped &
pid=$!
wait_for '[ "$(pidof iommubench | wc -w)" = 4 ]'
kill -INT $pid
wait $pid
is $? 4 "an interrupted churn says so"
is "$(pidof iommubench)" "" "none of its processes is left"
iommubench pasid --processes 3 -T 60s -q 2>/tmp/stopped &
pid=$!
wait_for '[ "$(pidof iommubench | wc -w)" = 4 ]'
kill -KILL $pid
wait $pid
wait_for '[ -z "$(pidof iommubench)" ]'
is "$(pidof iommubench)" "" "nor when it is killed"
nothing_left "after that"

# While it works, the device is taken away.
iommubench pasid --processes 2 -t 2 -T 60s -q 2>/tmp/stopped &
pid=$!
wait_for '[ "$(pidof iommubench | wc -w)" = 3 ]'
sleep 1
iommubench-unbind "$device"
wait $pid
is $? 3 "a churn whose device goes away ends"
like "$(cat /tmp/stopped)" "device $device went away during the run" "and says why"
run iommubench-bind "$device"
done_well "the device is taken again"
usable "after that"
nothing_left "after that"

# Each of thirty wants the device to read for 10 s, one after the other.
held()
{
	pasid_check "$node" hold 30 >/tmp/held 2>&1 &
	pid=$!
	wait_for '[ -s /tmp/held ]'
	usleep 300000
}

held
kill -KILL $pid
wait_for '! kill -0 $pid 2>/dev/null'
ok $? "who waits for the engine can be killed"
nothing_left "after that"
held
run timeout -s KILL 60 iommubench-unbind "$device"
done_well "the device is given back although many wait for its engine"
wait $pid
is $? 0 "and they learn of it"
run iommubench-bind "$device"
done_well "the device is taken once more"
usable "after that"
nothing_left "after that"

run iommubench pasid --live 100
refused 3 "has 64 PASIDs, 100 to be live" "more PASIDs than there are"
run iommubench pasid --reuse-distance 2
refused 2 "--reuse-distance: .*--kind domain" "a reuse distance for processes"
run iommubench pasid --use live -t 2
refused 2 "--use: live: .*bound more than once" "exposure of what stays bound"
run iommubench pasid --engine edu
refused 3 "has the engine dmatest, expected edu" "another engine"
done_testing
