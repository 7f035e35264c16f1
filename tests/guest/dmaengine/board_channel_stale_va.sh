# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154
#
# The model withholds invalidations by address: the channel catches who relies on them, as dmatest does.
# board: smmuv3-pl330 --kernel 6.12 --set iob-smmuv3.drop-tlbi=va
. ./tap.sh
. ./flush.sh

told_by_data
modprobe pl330
device=dmaengine:dma0chan0
IOMMUBENCH_DEVICE=$device
export IOMMUBENCH_DEVICE
run iommubench-bind $device
is "$status" 0 "the channel is taken" || note "$stderr"
caught strict
nothing_left "after stale translations"
done_testing
