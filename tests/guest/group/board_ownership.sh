# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# All pairs of uses of one device that exclude each other or do not: runs over the DMA API and with an own domain, PASIDs
# of domains and of processes, an iommufd; whichever way the first one ends.
# board: smmuv3-sva
# lab: --timeout 900
. ./tap.sh
. ./ownership.sh
. ./uses.sh
done_testing
