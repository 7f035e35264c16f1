# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# What docs/servers.md says of a channel of a DMA controller, which nobody has in the end.
# board: smmuv3-pl330 --kernel 6.12
# lab: --copy docs/servers.md:/tests/servers.md
. ./tap.sh
. ./page.sh

as_on_a_host
modprobe pl330
wait_for '[ -e /sys/class/dma/dma0chan0 ]'
page_typed servers.md smmuv3-pl330
is "$(cat /sys/class/dma/dma0chan0/in_use)" 0 "the channel is free"
no_kernel_warning "in the end"
done_testing
