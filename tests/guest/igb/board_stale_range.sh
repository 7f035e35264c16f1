# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# The model withholds invalidations of more than one page: a network port catches who gathers, and nobody
# else, as dmatest does.
# board: smmuv3-igb --set iob-smmuv3.drop-tlbi=range
. ./tap.sh
. ./flush.sh

told_by_data
# Before there are stale translations that somebody may run into.
clean strict per-page full per-map-full
caught gather range
nothing_left "after stale translations"
done_testing
