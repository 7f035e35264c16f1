# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# Counters beside runs, on a machine whose SMMU has none of its own; test_counters.py looks at the results.
# boot: shared counters
. ./tap.sh

bench -e none -q -o /out/none.json
done_well "nothing counted"
bench -e default -q -o /out/default.json
done_well "the default set"
bench -t 2 --repeat 2 -e cycles,context-switches,task-clock -q -o /out/threads.json
done_well "events of two threads in two runs"
run timeout 300 iommubench map-unmap -T 300ms --warmup 20ms --interval 50ms -q -o /out/time.json
done_well "a duration, with intervals"
bench --api iommu -e tracepoints,commands -q -o /out/strict.json
done_well "commands of single unmaps"
bench --api iommu-fast --batch 16 -n 1600 -e commands -q -o /out/gather.json
done_well "commands of gathered ones"
bench --domain-type lazy -e commands -q -o /out/lazy.json
done_well "commands of a flush queue"
bench -e cycels,nothing/x/,iommu:mop,INST_RETIRED:x -q -o /out/unknown.json
done_well "names that mean nothing are no failure"
bench -e context-switches --format csv
like "$stdout" 'context-switches=' "counts are in the table for programs"
bench -e context-switches,nothing
like "$stdout" '^context-switches +[0-9]+ ' "and in that for people"
like "$stdout" '^warning +-e nothing: ' "which warns of what is not counted"

# Interrupted at whatever it does: the result is there, and nothing stays.
iommubench map-unmap -T 60s --warmup 0ms -e default,commands -q -o /out/stopped.json 2>/dev/null &
pid=$!
wait_for '[ "$(workers)" -gt 0 ]'
usleep 300000
kill -INT $pid
status=0
wait $pid || status=$?
is $status 4 "interrupted"
# And with its device taken away while the threads stand or work.
iommubench map-unmap -T 60s --warmup 0ms -q -o /out/removed.json 2>/dev/null &
pid=$!
wait_for '[ "$(workers)" -gt 0 ]'
iommubench-unbind "$device"
status=0
wait $pid || status=$?
is $status 3 "the device went away"
iommubench-bind "$device"

run iommubench list-events
done_well "list-events"
like "$stdout" 'CYCLES\*' "the default set is marked"
nothing_left "after counting"
usable "after counting"
done_testing
