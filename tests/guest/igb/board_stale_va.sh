# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# The model withholds invalidations by address: a network port catches who relies on them, and nobody
# else, as dmatest does.
# board: smmuv3-igb --set iob-smmuv3.drop-tlbi=va
. ./tap.sh
. ./flush.sh

told_by_data
# Before there are stale translations that somebody may run into.
clean full per-map-full
caught strict gather range per-page
nothing_left "after stale translations"
done_testing
