# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The model withholds invalidations by address: who relies on them is caught, and who flushes all is not.
# board: smmuv3-sva --set iob-smmuv3.drop-tlbi=va
. ./tap.sh
. ./flush.sh

caught strict gather range per-page
clean full per-map-full
nothing_left "after stale translations"
done_testing
