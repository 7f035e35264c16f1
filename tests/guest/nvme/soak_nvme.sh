# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2086,SC2154
#
# A thousand runs with an NVMe drive behind an IOMMU that withholds nothing: none may see an access that should not have been.
# board: smmuv3-sva --disk 16M
# lab: --timeout 0
. ./tap.sh
. ./nvme.sh

find_drive
use_drive
runs=0
alarms=0
while [ $runs -lt 1000 ]; do
	for what in 'strict stale' 'gather stale' 'full stale' 'per-page stale' 'strict exposure' 'gather exposure' \
		'range exposure' 'per-map-full exposure'; do
		run flush_run $what 4096 4 2 4
		[ "$status" = 0 ] || {
			alarms=$((alarms + 1))
			note "$what: $stdout"
		}
		runs=$((runs + 1))
	done
done
is $alarms 0 "no alarm in $runs runs"
nothing_left "after all of them"
done_testing
