# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# --interval: what the intervals say is in sum what the whole result says, whatever ends the run.
# kernel: any
# boot: shared loads
. ./tap.sh

series()
{
	run timeout 300 iommubench map-unmap --warmup 20ms "$@"
}

series -T 600ms --interval 50ms -q -o /out/time.json
done_well "a series of a run"
series -T 600ms --interval 50ms --transport ioctl -q -o /out/ioctl.json
done_well "the same by ioctl"
series -T 300ms --interval 20ms --repeat 3 -t 3 -q -o /out/repeat.json
done_well "of three runs of three threads"
series -n 2 --interval 1s -q -o /out/short.json
done_well "of a run that is over before the first look"
series -T 1500ms --interval 1ms -q -o /out/many.json
done_well "of more intervals than there may be"
series -T 400ms --interval 50ms --rate 1k/s -q -o /out/rate.json
done_well "at a rate"
series -T 200ms --interval 50ms
done_well "for people"
like "$stdout" 'series +[0-9]+ intervals of 50.*ms: .* operations/s' "the intervals are told"

start iommubench map-unmap -T 60s --interval 50ms -q -o /out/stopped.json 2>/dev/null &
pid=$!
wait_for '[ "$(workers)" -gt 0 ]'
usleep 400000
kill -INT $pid
wait $pid
is $? 4 "a run with a series can be interrupted"

run timeout 300 iommubench tlb-flush --strategy gather --range 64K -T 400ms --interval 50ms \
	--repeat 2 -q -o /out/flush.json
done_well "a series of tlb-flush"
nothing_left "series"
done_testing
