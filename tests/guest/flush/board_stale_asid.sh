# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The model withholds invalidations of whole address spaces: who flushes all is caught, and nobody else.
# board: smmuv3-sva --set iob-smmuv3.drop-tlbi=asid
. ./tap.sh
. ./flush.sh

caught full per-map-full
clean strict gather range per-page
nothing_left "after stale translations"
done_testing
