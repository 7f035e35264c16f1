# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# The model withholds invalidations, and a network port sees it.
# In a domain of its own a stale write is to memory of this run.
# board: smmuv3-igb --set iob-smmuv3.drop-tlbi=all
. ./tap.sh
. ./flush.sh

told_by_data
caught gather strict full

run timeout 60 iommubench map-unmap -e none --engine igb --api iommu -s 64K -T 500ms --warmup 0s --verify -q -o /out/stale.json
is "$status" 1 "a failed check is exit status 1" || note "$stderr"
nothing_left "after stale translations"
done_testing
