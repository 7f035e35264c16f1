# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The model withholds every invalidation: no strategy goes uncaught. The device only reads, so that a stale
# translation does no harm.
# lab: --copy tests/guest/flush.sh
# board: smmuv3-sva --set iob-smmuv3.drop-tlbi=all
# board: r8a7795-es3 --set iob-ipmmu.drop-flush=on
. ./tap.sh
. ./flush.sh

caught strict gather range per-page full per-map-full
nothing_left "after stale translations"
done_testing
