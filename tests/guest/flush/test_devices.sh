# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2005,SC2012,SC2015,SC2016,SC2034,SC2046,SC2086,SC2154
#
# tlb-flush on several devices at once: each point has a result of each device, whatever happens to the
# others; test_devices.py looks at the results.
# kernel: any
# lab: --board virt-many
. ./tap.sh
. ./three.sh

# flush OPTION...: the shortest sweep that counts something.
flush()
{
	run timeout 300 iommubench tlb-flush --warmup 0ms -n 64 $(uncounted "$@") "$@"
}

# types: the domain types of all groups.
types()
{
	for name in "$a" "$b" "$c"; do
		cat "/sys/kernel/iommu_groups/$(group_of "$name")/type"
	done
}

before=$(types)
flush -d all --strategy strict,none,gather --sweep range=4K,64K -e default -o /out/all.json
done_well "all devices"
is "$(ls /out/all-*.json | wc -l)" 19 "a result for each device at each of six points, and their index"
for words in 'several devices at the same time' "^gather, 64 KiB in 16 mappings" "^  $b +[0-9.]+ ?[kM]? " \
	'^  sum +[0-9.]+ ?[kM]?$' 'slowest/fastest device [01]\.[0-9]+; a round sends [0-9.]+ commands'; do
	like "$stdout" "$words" "the table has '$words'"
done
is "$(printf '%s\n' "$stdout" | awk 'length > 100' | grep -vc '^warning')" 0 "in 100 columns"
is "$(types)" "$before" "the domain types are as before"
flush -d "$c,$a" --alone --strategy gather -q -o /out/two/
done_well "two of them, each alone first"
is "$(echo $(ls /out/two))" "gather-4K-4K-1-shared-$a.json gather-4K-4K-1-shared-$c.json index.json" \
	"each has a file in the folder"
for name in "$a" "$c"; do
	mv "/out/two/gather-4K-4K-1-shared-$name.json" /out/two-gather-4K-4K-1-shared-$name.json
done
flush -d "$a,$b" -t 2 --strategy full -e cycles,commands --repeat 2 --transport ioctl -q -o /out/counted.json
done_well "counters, two threads, two runs, by ioctl"
flush -d "$a,$b" --strategy gather --range 1M -T 1ms -q -o /out/long.json
done_well "rounds that take longer than the run"
flush -d "$a,$b" --strategy gather,full --format json
is "$(printf '%s\n' "$stdout" | grep -c '^{"schema":"iommubench-result/1".*}$')" 4 "JSON has a line for each"

# --- what cannot be ---

flush -d "$a,$b" --sweep domains=shared,per-thread --strategy gather -o /out/skip.json
is "$status" 0 "what can be had is measured"
like "$stdout" "^skipped +gather on $a: .*PASID" "the rest is skipped, by device"
like "$stdout" "^skipped +gather on $b: .*PASID" "with the reason of each"
flush -d "$a,$b" --check-stale --strategy gather
refused 3 '--check-stale: .*edu' "no stale accesses can be seen"
flush -d "$a,nonsense"
refused 3 'no device nonsense on any bus' "an unknown device"

# --- what ends them ---

# together OPTION...: leaves $pid when all three are under way.
together()
{
	start iommubench tlb-flush -d all --warmup 0ms --no-commands "$@" >/tmp/together.stdout \
		2>/tmp/together.stderr &
	pid=$!
	wait_for '[ "$(workers)" = 3 ]'
	usleep 300000
}

together --strategy strict,gather -T 60s -o /out/stopped.json
kill -INT $pid
wait $pid
is $? 4 "Ctrl-C ends all"
is "$(wc -l </tmp/together.stderr)" 1 "one line says so"
is "$(echo $(cd /out && ls stopped-*))" "stopped-index.json $(for name in "$a" "$b" "$c"; do
	echo "stopped-strict-4K-4K-1-shared-$name.json"; done | tr '\n' ' ' | sed 's/ $//')" \
	"each device has a result of the point under way"
like "$(cat /tmp/together.stdout)" "^  $a .*  stopped$" "the table says which point is not whole"
is "$(types)" "$before" "the domain types are put back"
nothing_left "Ctrl-C"

# One device goes away in the first of two points: the others do the second one.
together --strategy gather,full -T 12s -q -o /out/gone.json
echo "$b" >"$driver/unbind"
wait $pid
is $? 3 "a device goes away"
like "$(cat /tmp/together.stderr)" "device $b went away during the run" "and is named"
is "$(ls /out/gone-gather-*.json | wc -l) $(ls /out/gone-full-*.json | wc -l)" "3 2" \
	"its point is kept, and the others do the next one"
echo "$b" >"$driver/bind"

flush -d "$a,$b" --strategy gather -n 1000M -T 60s --run-timeout 400ms -q -o /out/late.json
is "$status" 3 "runs that take too long are cancelled"
like "$stderr" "$a: the run had not ended 0.4 s after its start" "and named"
is "$(types)" "$before" "all domain types are as before"
nothing_left "several devices"
done_testing
