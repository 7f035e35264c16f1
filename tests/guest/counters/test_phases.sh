# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# Counters of phases: each is done for itself, and what is counted is exact; test_phases.py looks at the
# results. A run that stands between two phases ends however it is ended.
# boot: shared counters
. ./tap.sh

# flush STRATEGY: rounds of 16 mappings in two threads.
flush()
{
	run timeout 300 iommubench tlb-flush --strategy $1 --range 64K -t 2 -n 64 --warmup 0ms --no-exposure \
		--no-device-latency -e commands,context-switches,iommu:map,iommu:unmap -q -o /out/flush-$1.json
	done_well "tlb-flush --strategy $1"
}

events=commands,iommu:map,iommu:unmap,context-switches,task-clock
bench --api iommu -t 2 -e $events -q -o /out/strict.json
done_well "single unmaps"
bench --api iommu-fast --batch 16 -n 160 -e $events -q -o /out/gather.json
done_well "gathered ones"
bench --api iommu --iova random --iova-span 4M --prefill 10 --window 200 -e $events -q -o /out/random.json
done_well "random addresses in a window of their own"
bench --api iommu -s 2M -e $events -q -o /out/large.json
done_well "large mappings"
bench --api dma-sg -s 64K --sg-entries 4 --hold 1ms -e $events -q -o /out/sg.json
done_well "scatter lists"
bench --domain-type lazy -e commands -q -o /out/lazy.json
done_well "a flush queue"
bench --domain-type identity -e commands,context-switches -q -o /out/identity.json
done_well "no translation"
for strategy in strict gather range full per-page per-map-full; do
	flush $strategy
done
bench -e none -q -o /out/none.json
done_well "nothing counted"

bench --api iommu -e commands,context-switches
like "$stdout" '^counted by phase, per operation +map +unmap$' "the table for people has phases as columns"
like "$stdout" '^commands +0 +2$' "and counters as rows"
bench --api iommu -e commands --format csv
like "$stdout" 'unmap:commands=2' "phases are in the table for programs"
bench -T 2s --repeat 2 -v -e context-switches
like "$stderr" 'by phase on .*: 4 rounds of 128 operations' "what is done is told"
mkdir -p /tmp/report
cp /out/strict.json /out/gather.json /tmp/report
run iommubench report /tmp/report
like "$(cat /tmp/report/index.html)" '<h2 id="counters">' "the page has a section for it"
nothing_left "after counting phases"

# At a gate with nothing mapped, between phases and before the next round.
for gate in 1 2 3 5; do
	rm -f /tmp/stands
	phase_stand $gate /tmp/stands &
	pid=$!
	wait_for '[ -e /tmp/stands ]'
	kill -KILL $pid
	wait $pid
	nothing_left "killed at gate $gate"
	rm -f /tmp/stands
	phase_stand $gate /tmp/stands &
	pid=$!
	wait_for '[ -e /tmp/stands ]'
	iommubench-unbind "$device"
	wait $pid
	is $? 0 "the device's removal ends what stands at gate $gate"
	iommubench-bind "$device"
	nothing_left "device removed at gate $gate"
done
usable "after all of it"
done_testing
