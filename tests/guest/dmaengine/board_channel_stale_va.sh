# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154
#
# The model withholds invalidations by address: the channel catches who relies on them, as dmatest does.
# board: smmuv3-pl330 --kernel 6.12 --set iob-smmuv3.drop-tlbi=va
. ./tap.sh
. ./flush.sh

modprobe pl330
use_channel dma0chan0
caught strict
nothing_left "after stale translations"
done_testing
