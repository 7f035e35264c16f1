# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# What each option does, seen in counts; test_options.py looks at the results.
# kernel: any
# boot: shared loads
. ./tap.sh

bench -q -o /out/plain.json
done_well "plain"
bench --transport ioctl -q -o /out/ioctl.json
done_well "commands by ioctl"
bench --transport uring -q -o /out/uring.json
done_well "commands by io_uring"

# A folder for one result, made or there already.
bench -q -o /out/folder/
done_well "a result in a folder"
is "$(ls /out/folder)" map-unmap.json "... is called after the subcommand"
bench -q -o /out/folder
done_well "a result in a folder that is there"
is "$(ls /out/folder)" map-unmap.json "... has the same name"
rm -r /out/folder

# Counts.
bench -n 1001 -t 3 -q -o /out/count.json
done_well "a count that does not divide by the threads"
bench -n 1 -t 4 -q -o /out/one.json
done_well "fewer operations than threads"
bench -n 1000 --batch 16 -t 2 -q -o /out/batch.json
done_well "batches, the last of which are cut short"
bench -t 7 -n 700 -q -o /out/threads.json
done_well "more threads than CPUs"
bench --cpus 1 -q -o /out/cpus.json
done_well "one CPU of two"
bench --cpus 1,0 -t 2 -q -o /out/cpus2.json
done_well "two CPUs in the other order"
bench --numa-node 0 -q -o /out/numa.json
done_well "the only node"
bench --repeat 3 -q -o /out/repeat.json
done_well "three runs in one"
run timeout 300 iommubench map-unmap -e none -n 100 --warmup 50ms -q -o /out/warmup.json
done_well "warm-up"
run timeout 300 iommubench map-unmap -e none -T 300ms --warmup 0ms -t 2 -q -o /out/time.json
done_well "a duration"
run timeout 300 iommubench map-unmap -e none -T 60s -n 100 --warmup 0ms -q -o /out/both.json
done_well "a count ends a run before its duration"

# What is mapped at once.
bench --api iommu --window 64 -q -o /out/window.json
done_well "a window of 64"
run timeout 120 iommubench map-unmap -e none --api iommu --window 64 -T 100ms --warmup 0ms -q -o /out/window_time.json
is "$status" 0 "a window of 64, ended by time" || note "$stderr"
bench --api iommu --window 60 --batch 16 -q -o /out/window_rounded.json
done_well "a window of 60 in batches of 16"
bench --api iommu --iova stride -s 64K --stride 260K --iova-span 101M -t 2 -q -o /out/rounded.json
done_well "a stride and a span that are rounded"
bench --api iommu --iova fresh -q -o /out/span.json
done_well "the module's own span"
bench --api iommu --prefill 2999 -t 2 -q -o /out/prefill.json
done_well "3000 mappings before the start"
bench --prefill 1000 -q -o /out/prefill_dma.json
done_well "the same with a DMA API"
bench --hold 2ms -n 20 --batch 1 -q -o /out/hold.json
done_well "mappings held for 2 ms"
bench --hold 2ms -n 20 --batch 1 --window 10 -q -o /out/hold_window.json
done_well "ten of them at once"

# Open loop. No machine keeps up with 100M/s, and any with 100/s.
bench --rate 100M/s --batch 1 -n 3000 -q -o /out/overload.json
done_well "a rate that cannot be held"
bench --rate 200/s --batch 1 -n 20 -t 2 -q -o /out/rate.json
done_well "a rate that can be held"
bench --rate 1k --hold 1ms -n 20 -q -o /out/rate_hold.json
done_well "a rate and a hold time"
# Batches: each operation of one has waited for all of it.
bench --rate 4k/s --batch 8 -n 800 -q -o /out/rate_batch.json
done_well "a rate in batches"
run timeout 120 iommubench map-unmap -e none --rate 0.1/s -T 300ms --warmup 100ms -q -o /out/rate_warm.json
is "$status" 0 "a rate slower than the warm-up is long" || note "$stderr"
# Nothing but the hog runs on that CPU from well before the end until after it.
run timeout 120 iommubench map-unmap -e none --rate 100M/s --batch 1 -T 50ms --warmup 0ms -q -o /out/overrun.json
is "$status" 0 "more than can be begun in time" || note "$stderr"
run timeout 120 iommubench map-unmap -e none --rate 100M/s --batch 8 -T 50ms --warmup 0ms -t 2 -q -o /out/overrun_batch.json
is "$status" 0 "the same in batches" || note "$stderr"
timeout 120 iommubench map-unmap -e none --rate 100/s --batch 1 -T 3s --warmup 0ms --cpus 1 -q -o /out/stall.json &
pid=$!
wait_for 'grep -q "^iommubench/0" /proc/[0-9]*/comm'
sleep 2.2
hog 1 900
ok $? "a thread stands still"
wait $pid
ok $? "at the end of its run"

# However long the next operation is away, time ends the run.
run timeout 120 iommubench map-unmap -e none --rate 0.01/s -T 500ms --warmup 0ms -q -o /out/slow_rate.json
is "$status" 0 "a rate below one operation in the run's time" || note "$stderr"
run timeout 120 iommubench map-unmap -e none --hold 100s -T 500ms --warmup 0ms -q -o /out/long_hold.json
is "$status" 0 "a hold time beyond the run's time" || note "$stderr"
nothing_left "after slow runs"

# Seeds: the same gives the same places, so the counts of the page-table pages are the same; another
# seed is only known to be taken.
bench --api iommu --iova random --seed 7 -q -o /out/seed7.json
done_well "a seed"
bench --api iommu --iova random --seed 9223372036854775807 -q -o /out/seedmax.json
done_well "the largest seed"
bench --api iommu --iova stride --stride 2M --iova-span 1G -q -o /out/stride.json
done_well "a stride of 2M"
bench --api iommu --iova random --iova-span 64K -n 1000 --window 16 -q -o /out/full.json
done_well "random places, all of which are in use"

# Output.
bench --format json
done_well "JSON on standard output"
cp /tmp/run.stdout /out/stdout.json
bench --format csv
done_well "CSV on standard output"
like "$stdout" '^[a-z_]+(,[a-z0-9_]+)+$' "with a line of names"
is "$(printf '%s\n' "$stdout" | grep -c '^.*,\(map\|unmap\),\|^\(map\|unmap\),')" 2 "and a line for each phase" ||
	note "$stdout"
bench
done_well "a summary"
for word in map unmap p99 'ops|operations' virtual; do
	like "$stdout" "$word" "which has '$word'"
done
is "$(printf '%s' "$stdout" | tr -d '\n' | grep -c "$(printf '\033')")" 0 "no colour outside a terminal"
bench -q
is "$stdout" "" "-q prints nothing"
bench -v
is "$status" 0 "-v succeeds"
like "$stderr" 'iommubench: ' "and tells what it does"

nothing_left "after all options"
done_testing
