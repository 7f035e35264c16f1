# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# A thousand runs with a network port behind an IOMMU that withholds nothing: none may see an access that should not
# have been.
# board: smmuv3-igb
# lab: --timeout 0
. ./tap.sh
. ./flush.sh

told_by_data
no_alarm 1000 'strict stale' 'gather stale' 'full stale' 'per-page stale' 'strict exposure' 'gather exposure' \
	'range exposure' 'per-map-full exposure'
done_testing
