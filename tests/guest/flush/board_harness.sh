# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# What is the harness's own: reads of the clock are told as its cost, as many as a strategy takes; and what others do
# on the CPU in between is in no sample. Time counts instructions here, so that both are the same each time.
# board: smmuv3-sva
# lab: --icount --smp 1
. ./tap.sh
. ./flush.sh

# of NAME: that line of the last flush_run.
of()
{
	awk -v name="$1" '$1 == name { print $2 }' /tmp/run.stdout
}

run flush_run gather cost 4096 64 1 20
gather=$(of overhead)
run flush_run per-page cost 4096 64 1 20
per_page=$(of overhead)
ok $((per_page <= gather)) "two more reads an unmap are part of what the harness costs: $per_page ticks, not $gather"
run flush_run range cost 4096 64 1 20
range=$(of overhead)
ok $((range >= gather)) "one unmap for all costs fewer calls: $range ticks"

# A round of so many mappings lets others have the CPU four times.
run flush_run gather cost 4096 16384 1 10
unmap=$(figure unmap 5)
sh -c 'while :; do :; done' &
hog=$!
run flush_run gather cost 4096 16384 1 10
kill $hog
ok $(($(figure unmap 5) > unmap * 3 / 2)) "what else runs is in no unmap: $(figure unmap 5) ns, and $unmap ns without"
nothing_left "after the harness"
done_testing
