# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# What a flush costs the device: the model's walks take 1 us a level and its hits 100 ns, on the device's own
# clock. A flush of everything costs other mappings their translations, invalidations by address do not.
# board: smmuv3-sva --set iob-smmuv3.lat-walk-level-ns=1000 --set iob-smmuv3.lat-tlb-hit-ns=100
. ./tap.sh
. ./flush.sh

# device STRATEGY BYSTANDER-NS
device()
{
	run flush_run $1 device 4096 16 1 20
	is "$status $(figure cold 5) $(figure warm 5) $(figure bystander 5)" "0 4000 100 $2" \
		"$1: a miss walks four levels, a hit none; another mapping takes $2 ns after it" || note "$stdout"
}

for strategy in strict gather range per-page; do
	device $strategy 100
done
for strategy in full per-map-full; do
	device $strategy 4000
done
nothing_left "after timing the device"
done_testing
