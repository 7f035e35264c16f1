# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# The tool's tlb-flush, on an engine that cannot tell a refused access: sweeps, where their results go, what
# is left out, and ends before the end; test_tlb_flush.py looks at the results.
# kernel: any
# boot: shared domains
. ./tap.sh

tracing=/sys/kernel/debug/tracing

# flush OPTION...: the shortest sweep that counts something.
flush()
{
	run timeout 300 iommubench tlb-flush --warmup 0ms -n 64 $(uncounted "$@") "$@"
}

# left_alone NAME: neither domain type nor tracing shows that we were there.
left_alone()
{
	is "$(domain_type)" "$type" "the domain type is as before: $1"
	is "$(cat $tracing/kprobe_events)" "" "no probe is left: $1"
	is "$(ls $tracing/instances)" "" "no tracing instance is left: $1"
	[ ! -e "/run/iommubench/$device.restore" ]
	ok $? "nothing is to be restored: $1"
}

type=$(domain_type)
flush --sweep range=4K,64K -o /out/all.json
done_well "all strategies at two ranges"
for word in strict lazy gather range per-page full per-map-full none '64 KiB' crossover commands virtual; do
	like "$stdout" "$word" "the table has '$word'"
done
like "$stdout" '^exposure +not measured: .*engine edu' "and says that the exposure was not measured, and why"
is "$(printf '%s\n' "$stdout" | grep -c '  INCOMPLETE')" 0 "all points are whole"
is "$(ls /out/all-*.json | wc -l)" 17 "16 results and their index"
left_alone "after a sweep"

flush --strategy gather --range 64K -o /out/one.json
done_well "one point"
like "$stdout" 'p99.9' "has a summary of its own"
flush --strategy gather -q --sweep threads=1..3 -o /out/folder/
done_well "a sweep into a folder that is not there yet"
is "$stdout" "" "-q prints nothing"
is "$(ls /out/folder)" "$(printf '%s\n' gather-4K-4K-1-shared.json gather-4K-4K-2-shared.json \
	gather-4K-4K-3-shared.json index.json)" "which has one file for each point"
cp /out/folder/gather-4K-4K-3-shared.json /out/threads3.json
cp /out/folder/index.json /out/folder-index.json
flush --strategy strict -q -o /out/single/
is "$(ls /out/single)" strict-4K-4K-1-shared.json "a single point in a folder has no index"

flush --strategy range --sweep size=4K,2M --range 4M --format json
done_well "JSON"
is "$(wc -l </tmp/run.stdout)" 2 "one object a line"
sed -n 2p /tmp/run.stdout >/out/line.json
flush --strategy range --sweep size=4K,2M --range 4M --format csv
done_well "CSV"
is "$(grep -c '^subcommand,' /tmp/run.stdout)" 1 "one line of names for all points"
is "$(grep -c '^tlb-flush,' /tmp/run.stdout)" 8 "a line for each phase of each point"

flush --strategy full --repeat 3 -q -o /out/repeat.json
done_well "three runs in one"
flush --strategy gather --range 1M -n 1 -t 2 -q -o /out/rounded.json
done_well "a count below a round is rounded up"
flush --strategy gather --no-commands --no-exposure --no-device-latency -q -o /out/bare.json
done_well "nothing but the cost"
flush --strategy gather --engine none -q -o /out/none.json
done_well "no engine wanted"
flush --strategy strict,gather --transport ioctl -q -o /out/ioctl.json
done_well "commands by ioctl"

# What this machine cannot do.
flush --strategy gather --check-stale
refused 3 '--check-stale: .*edu' "no stale accesses can be seen"
flush --strategy gather --domains per-thread
refused 3 PASID "a domain for each thread needs PASIDs"
flush --strategy gather --sweep domains=shared,per-thread -o /out/skip.json
is "$status" 0 "what can be had is measured"
like "$stdout" '^skipped +gather: .*PASID' "and the rest skipped, with the reason"
flush --strategy gather --sweep domains=shared,per-thread --format json
like "$stderr" 'skipped gather: .*PASID' "on standard error beside JSON"
flush --strategy strict,gather --sweep size=4K,1G --sweep range=4K,64K -o /out/sense.json
is "$status" 0 "combinations that make sense are measured"
like "$stdout" '^skipped +strict: a range of 64K is no whole number of mappings of 1G' "and the others named"
left_alone "after what cannot be done"

# Ctrl-C in the second of three points.
rm -f /tmp/err
start iommubench tlb-flush --strategy gather,strict,none -T 2s --warmup 0ms --no-commands -o /out/int.json \
	>/tmp/int.stdout 2>/tmp/err &
pid=$!
wait_for '[ -e /out/int-gather-4K-4K-1-shared.json ]'
wait_for '[ "$(workers)" -gt 0 ]'
usleep 100000
kill -INT $pid
status=0
wait $pid || status=$?
stderr=$(cat /tmp/err)
cp /tmp/err /tmp/run.stderr
refused 4 'interrupted: 1 of 3 points' "Ctrl-C ends a sweep"
like "$(cat /tmp/int.stdout)" 'INCOMPLETE' "its table says which point is not whole"
[ -e /out/int-strict-4K-4K-1-shared.json ] && [ ! -e /out/int-none-4K-4K-1-shared.json ]
ok $? "the point under way is written, the next one was not begun"
nothing_left "Ctrl-C"
left_alone "Ctrl-C"

# A tool that is killed leaves things behind; the next one takes them away.
start iommubench tlb-flush --strategy none,gather -T 20s -q -o /out/killed.json 2>/dev/null &
pid=$!
wait_for '[ "$(workers)" -gt 0 ]'
usleep 100000
kill -9 $pid
wait $pid 2>/dev/null
nothing_left "kill -9"
flush --strategy gather -q
is "$status" 0 "the next sweep works" || note "$stderr"
left_alone "kill -9, and the next sweep"

# The device goes away.
start iommubench tlb-flush --strategy gather,per-page -T 20s --no-commands -q -o /out/gone.json 2>/tmp/err &
pid=$!
wait_for '[ "$(workers)" -gt 0 ]'
usleep 100000
iommubench-unbind "$device"
status=0
wait $pid || status=$?
stderr=$(cat /tmp/err)
cp /tmp/err /tmp/run.stderr
refused 3 'went away' "unbinding ends a sweep"
iommubench-bind "$device"
left_alone "unbinding"
nothing_left "after all"
usable "after all"
done_testing
