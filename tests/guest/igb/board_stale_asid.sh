# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# The model withholds invalidations of whole address spaces: a network port catches who flushes all, and nobody
# else, as dmatest does.
# board: smmuv3-igb --set iob-smmuv3.drop-tlbi=asid
. ./tap.sh
. ./flush.sh

told_by_data
# Before there are stale translations that somebody may run into.
clean strict gather range per-page
caught full per-map-full
nothing_left "after stale translations"
done_testing
