# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# An SMMUv3 that cannot stall: which part lacks it is said.
# board: smmuv3-sva --set iob-smmuv3.stall-model=1
. ./tap.sh

run timeout 60 iommubench iopf -e none -n 10 -q
refused 3 'IOMMU of device .* cannot stall|cannot wait for a page' "an IOMMU that cannot stall"
usable "after the refusal"
nothing_left "after the refusal"
done_testing
