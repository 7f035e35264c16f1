# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154
#
# The model withholds invalidations of whole address spaces: a strict DMA API, the one strategy that a channel can be
# measured with, needs none of these, and nothing is noticed, as with dmatest.
# board: smmuv3-pl330 --kernel 6.12 --set iob-smmuv3.drop-tlbi=asid
. ./tap.sh
. ./flush.sh

modprobe pl330
use_channel dma0chan0
clean strict
nothing_left "after that"
done_testing
