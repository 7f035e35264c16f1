# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# PCI page requests on the lab's pri kernel: each is answered once and in a form that the function accepts, PRI
# is on only as long as faults are served, and the function keeps to what it may have outstanding.
# board: smmuv3-sva --kernel lab-6.12-pri
# boot: shared requests
. ./tap.sh
. ./pri.sh

like "$(uname -r)" '-pri$' "the kernel says that it is not mainline's"
is "$(pri_state)" "off, stopped" "PRI is off at first"

for fault in zero anon cow mprotect huge unmapped exit inflight killed; do
	iopf --fault=$fault
	done_well "fault $fault"
	is "$(pri_state)" "off, stopped" "fault $fault: PRI is off and stopped, all answers fitted"
done
iopf --group=8
done_well "groups of 8 pages"
is "$(pri_state)" "off, stopped" "groups: one answer each"
iopf --spaces=4 --outstanding=8
done_well "4 address spaces"
is "$(pri_state)" "off, stopped" "4 address spaces: answers with the right PASID"
iopf --domain-type=identity
done_well "while the device's other accesses bypass the IOMMU"
is "$(pri_state)" "off, stopped" "identity: PRI is off"

iopf --outstanding=64
done_well "64 accesses at once"
is "$(pri_allowed)" 32 "32 requests may be outstanding"
echo 4 >/sys/module/arm_smmu_v3/parameters/pri_requests
iopf --outstanding=64 --group=8
done_well "64 accesses at once, fewer requests than a group has pages"
is "$(pri_allowed)" 4 "4 requests may be outstanding"

! dmesg | grep 'PRI request'
ok $? "none was denied"
nothing_left "after page requests"
echo 32 >/sys/module/arm_smmu_v3/parameters/pri_requests
iommubench-unbind "$device"
done_testing
