# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The model withholds invalidations of the device's own translation cache (ATS), which every strategy needs.
# board: smmuv3-sva --set iob-smmuv3.drop-tlbi=atc
. ./tap.sh
. ./flush.sh

use_pci_engine
caught strict gather range per-page full per-map-full
nothing_left "after stale translations"
done_testing
