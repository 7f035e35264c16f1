# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The model withholds invalidations of more than one page: who gathers is caught, and nobody else.
# board: smmuv3-sva --set iob-smmuv3.drop-tlbi=range
. ./tap.sh
. ./flush.sh

caught gather range
clean strict per-page full per-map-full
nothing_left "after stale translations"
done_testing
