# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The PCI engine has its own translation cache (ATS): no strategy leaves anything in it.
# board: smmuv3-sva
# boot: shared faults
. ./tap.sh
. ./flush.sh

use_pci_engine
clean strict gather range per-page full per-map-full
nothing_left "after all strategies"
iommubench-unbind "$device"
done_testing
