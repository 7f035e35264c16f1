# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The stock kernel of the boards has iommufd, but no fault queue for a plain domain of an SMMUv3: that is said, and
# the device is as before.
# board: smmuv3-sva
# boot: shared faults
. ./tap.sh

run iommubench iopf --mode iommufd -n 10 -q
refused 3 'allow_unsafe_interrupts' "a platform device's interrupts are a risk that only the user can take"
echo 1 >/sys/module/iommufd/parameters/allow_unsafe_interrupts
run iommubench iopf --mode iommufd -n 10 -q -o /tmp/none.json
refused 3 'no plain domain .*6\.13.*variant pri' "which kernels have what is missing is told"
is "$(ls /tmp/none.json 2>&1)" "ls: /tmp/none.json: No such file or directory" "there is no result"
is "$(basename "$(readlink "$bus/devices/$device/driver")")" kmod_iommu_test "the device is with its first driver"
mv /dev/iommu /dev/iommu.away
run iommubench iopf --mode iommufd -n 10 -q
refused 3 'no /dev/iommu: .*CONFIG_IOMMUFD' "a kernel without iommufd"
mv /dev/iommu.away /dev/iommu
nothing_left "after all of them"
run iommubench iopf -n 20 -q
done_well "the kernel answers faults as before"
usable "after all of them"
echo N >/sys/module/iommufd/parameters/allow_unsafe_interrupts
done_testing
