# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# Exposure: how long a device still reads what was unmapped. Not at all where the strategy waits for its
# invalidations; with a lazy one until the kernel's flush queue is emptied, by its timer or by its fill level.
# board: smmuv3-sva
# board: r8a7795-es3
# boot: shared board
. ./tap.sh
. ./flush.sh

for strategy in strict gather range per-page full per-map-full; do
	run flush_run $strategy exposure 4096 16 1 30
	is "$status $(figure exposure 7)" "0 0" "$strategy: no access after unmap returned" || note "$stdout"
	like "$stdout" '^check stale-access 30 0$' "$strategy: each round was watched"
	run flush_run $strategy stale 4096 16 2 300
	is "$status" 0 "$strategy: no stale access beside load" || note "$stdout"
	like "$stdout" '^check stale-access 300 0$' "$strategy: one look a round"
	run flush_run $strategy device 4096 16 1 30
	is "$status $(figure cold 3) $(figure warm 3) $(figure bystander 3)" "0 30 30 30" \
		"$strategy: the device's accesses are timed" || note "$stdout"
done

# More threads than CPUs: what one gives back to the DMA API is soon another's, and is then read rightly.
for mode in exposure stale; do
	run flush_run strict $mode 4096 16 4 100
	is "$status" 0 "strict: memory of other threads is none of the watched, $mode" || note "$stdout"
	like "$stdout" '^check stale-access 100 0$' "each round was looked at, $mode"
done

set_type DMA-FQ
run flush_run lazy exposure 4096 1 1 30
is "$status" 0 "lazy: the device loses its access within a second" || note "$stdout"
[ "$(figure exposure 7)" -gt 1000000 ] && [ "$(figure accesses 7)" -ge 1 ]
ok $? "lazy: the flush queue's window is seen" || note "$stdout"
note "$(printf 'lazy: exposure %d ns at the median, %d accesses; at most %d ns' \
	"$(figure exposure 5)" "$(figure accesses 5)" "$(figure exposure 7)")"
run flush_run lazy stale 4096 1 1 1
like "$status $stdout" '^3 .*by design' "lazy: a stale access is no failure, and not looked for"
set_type identity
run flush_run none exposure 4096 1 1 1
like "$status $stdout" '^3 .*no access is ever refused' "none: no exposure where nothing translates"
run flush_run none device 4096 4 1 30
is "$status" 0 "none: the device's accesses are timed" || note "$stdout"
set_type DMA

run flush_run gather cost 4096 16 3 100 per-thread
if [ -e "$bus/devices/$device/of_node/pasid-num-bits" ]; then
	is "$status $(figure total 3)" "0 300" "a domain for each thread" || note "$stdout"
	for strategy in gather range per-page full per-map-full; do
		run flush_run $strategy stale 4096 16 3 100 per-thread
		is "$status" 0 "$strategy: no stale access by PASID, beside other domains" || note "$stdout"
		run flush_run $strategy exposure 4096 16 2 10 per-thread
		is "$status $(figure exposure 7)" "0 0" "$strategy: no exposure by PASID" || note "$stdout"
	done
	run flush_run gather cost 4096 1 1024 1 per-thread
	like "$status $stdout" '^(0|3 .*(no PASID of .* is left|expected at most 128))' "as many domains as there are, or a refusal"
else
	like "$status $stdout" '^3 .*PASIDs, and .* has none' "domains for each thread are refused without PASIDs"
fi
nothing_left "after all strategies"

for mode in exposure stale device; do
	ends_well $mode
done
done_testing
