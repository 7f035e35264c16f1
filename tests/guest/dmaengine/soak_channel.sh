# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# A thousand runs with a channel of a controller behind an IOMMU that withholds nothing: none may see an access that
# should not have been.
# board: smmuv3-pl330 --kernel 6.12
# lab: --timeout 0
. ./tap.sh
. ./flush.sh

modprobe pl330
use_channel dma0chan0
no_alarm 1000 'strict stale' 'strict exposure'
run iommubench-unbind dmaengine:dma0chan0
done_well "the channel is given back"
done_testing
