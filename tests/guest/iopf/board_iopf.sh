# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2046
#
# Faults of a device that stalls, under the stock driver of our SMMUv3 model: all kinds, all memory, load, and
# whatever ends a run early. Those of a device that asks for pages: board_pri.sh. With counted time, so
# that a busy host does not keep faults waiting; on several CPUs in board_smp.sh.
# board: smmuv3-sva
# lab: --icount --smp 1
. ./tap.sh

iopf()
{
	run timeout 300 iommubench iopf -q $(uncounted "$@") "$@"
}

for kind in zero anon cow file-warm huge mprotect unmapped inflight exit; do
	iopf --fault $kind -n 100 -o /out/kind.$kind.json
	done_well "$kind"
done
# So many that the kill comes when some have been there and some have not.
iopf --fault killed -n 4000 -o /out/kind.killed.json
done_well "killed"
for kind in unmapped exit; do
	iopf --fault $kind --access read -n 20 -o /out/read.$kind.json
	done_well "$kind, read"
done
for memory in malloc stack file; do
	iopf --fault cow --memory $memory --lock -s 256K -n 64 -o /out/locked.$memory.json
	done_well "locked memory by $memory"
done
iopf --fault file-cold --file /tmp -n 20
refused 3 '--file names a folder' "a file that is nowhere but in memory cannot be cold"
for memory in malloc stack file; do
	iopf --fault cow --memory $memory -s 1M -n 100 -o /out/memory.$memory.json
	done_well "cow, memory by $memory"
done
iopf --lock -n 100 -o /out/locked.json
done_well "locked memory"

iopf -t 2 --outstanding 8 --spaces 3 -s 256K -n 300 -o /out/load.spaces.json
done_well "two threads, 8 accesses each, 3 address spaces"
iopf --prefault 50 -n 200 -o /out/load.prefault.json
done_well "every second page is there"
iopf --rate 200 -n 50 -o /out/load.rate.json
done_well "open loop"
iopf --think 1ms -n 50 -o /out/load.think.json
done_well "pauses"
iopf --no-stages --no-cpu -n 50 -o /out/plain.json
done_well "neither stages nor CPU"
iopf --fault zero,anon --outstanding 1..4 -n 40 -o /out/sweep/
done_well "a sweep"
is "$(echo /out/sweep/*)" "/out/sweep/iopf-anon-o1.json /out/sweep/iopf-anon-o2.json /out/sweep/iopf-anon-o4.json /out/sweep/iopf-zero-o1.json /out/sweep/iopf-zero-o2.json /out/sweep/iopf-zero-o4.json" \
	"a result for each point"
mv /out/sweep/iopf-anon-o4.json /out/sweep.json
rm -r /out/sweep

iopf --mode pri -n 10
refused 3 'only PCI devices' "a platform device asks for no pages"
iopf --group 2 -n 10
refused 3 'only PCI page requests come in groups' "nor for groups of them"
nothing_left "after all of them"

# in_background OPTION...: leaves $tool, when faults are under way.
in_background()
{
	iommubench iopf -q "$@" >/tmp/tool.stdout 2>/tmp/tool.stderr </dev/null &
	tool=$!
	# shellcheck disable=SC2016 # wait_for evaluates it
	wait_for '[ "$(workers)" != 0 ]'
}

for signal in KILL INT; do
	in_background --outstanding 4 -T 100s -o "/out/signal.$signal.json"
	kill -$signal "$tool"
	status=0
	wait "$tool" || status=$?
	[ $signal = KILL ] && wanted=137 || wanted=4
	is "$status" "$wanted" "SIG$signal ends it"
	nothing_left "after SIG$signal"
done
in_background -T 100s -o /out/removed.json
iommubench-unbind "$device"
status=0
wait "$tool" || status=$?
is "$status" 3 "so does the device's removal"
nothing_left "after removal"
run iommubench-bind "$device"
done_well "the device is taken again"
usable "after all of them"
done_testing
