# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# As on silicon, the port does not come to an end with a read that is refused: it is reset each time, and works on.
# QEMU's model gets there when it has no buffer for what it cannot have in place.
# board: smmuv3-igb --set igb.x-max-bounce-buffer-size=0
. ./tap.sh
. ./igb.sh

verified hangs -n 500
verified hangs.again --api dma-sg -s 64K -n 500
like "$(dmesg | grep -c 'the port is reset')" '^[2-9]$|^[1-9][0-9]' "the port did not come to an end, and was reset"
usable "after resets"
nothing_left "after resets"
done_testing
