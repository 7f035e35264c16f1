# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# The model withholds invalidations: the channel gets through to what was unmapped, and that must be noticed. That
# none is noticed when nothing is withheld, board_channel.sh shows with the same commands. There is one run only
# that writes, as a later one could be misled to memory that is no longer ours.
# board: smmuv3-pl330 --kernel 6.12 --set iob-smmuv3.drop-tlbi=all
# board: r8a7795-es3-pl330 --set iob-ipmmu.drop-flush=on
. ./tap.sh
. ./flush.sh

# The kernels of our own have it built in.
modprobe pl330 2>/dev/null
use_channel dma0chan0
run timeout 60 iommubench map-unmap -e none --engine dmaengine:dma0chan0 -s 64K -T 500ms --warmup 0s --verify -q \
	-o /out/stale.json
is "$status" 1 "a failed check is exit status 1" || note "$stderr"
# These only read, so that a stale translation does no harm.
caught strict
run iommubench-unbind dmaengine:dma0chan0
is "$status" 0 "the channel is given back" || note "$stderr"
nothing_left "after stale translations"
done_testing
