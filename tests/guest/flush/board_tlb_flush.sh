# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# The tool's tlb-flush with an engine that sees refused accesses: exposure, the device's latencies, stale
# accesses, commands; board_tlb_flush.py looks at the results.
# board: smmuv3-sva
# board: r8a7795-es3
# cpus: at once
# boot: shared races
. ./tap.sh

# flush OPTION...: the shortest sweep that counts something.
flush()
{
	run timeout 300 iommubench tlb-flush --warmup 0ms -n 64 --exposure 50ms --device-latency 20ms $(uncounted "$@") "$@"
}

flush --sweep range=4K,64K -o /out/all.json
done_well "all strategies at two ranges"
like "$stdout" '^lazy .* ms ' "the flush queue's window is in the table"
like "$stdout" '^strict .* 0 ns +0 ns +0 ' "and that strict has none"
like "$stdout" '^none .* not measured' "and that there is none without translation"
flush --strategy strict --check-stale -n 2000 -q -o /out/stale.json
done_well "each of 2000 unmaps is probed"
flush --strategy lazy --check-stale -q -o /out/lazy.json
done_well "lazy has no stale accesses by its nature"
flush --strategy gather --watch-interval 1us -t 2 -q -o /out/interval.json
done_well "an interval"
flush --strategy gather --sweep threads=1,2 --domains per-thread -o /out/domains.json
if [ -e "$bus/devices/$device/of_node/pasid-num-bits" ]; then
	done_well "a domain for each thread"
	like "$stdout" 'domains per-thread' "is told"
else
	refused 3 PASID "no domain for each thread without PASIDs"
fi
nothing_left "after all sweeps"
done_testing
