# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2016,SC2154
#
# Distribution kernels share no address spaces: which of kernel and device lacks what is said.
# boot: shared counters
. ./tap.sh

run iommubench pasid
refused 3 "--kind sva: .*without CONFIG_IOMMU_SVA.*CONFIG_ARM_SMMU_V3_SVA" "processes cannot be bound"
run iommubench pasid --kind domain
refused 3 "--kind domain: device $device has no PASIDs.*kernel 6\.6.*PCI capability PASID" \
	"domains cannot be attached"
run iommubench pasid --lifecycle all
refused 3 "no case can be done here: .*CONFIG_IOMMU_SVA" "there is no case to be done"
run iommubench pasid --lifecycle killed
refused 2 "--lifecycle: there is no case 'killed'" "an unknown case"
run iommubench pasid --processes 4000 -t 2
refused 2 "--processes: 4000 with 2 threads each are more than 4096" "too many processes"
run iommubench pasid --kill-rate 0
refused 2 "--kill-rate: '0' makes no sense" "a kill rate of 0"
run iommubench pasid --transport uring
refused 2 "--transport: uring: each process binds by ioctl" "another transport"
nothing_left "after all of that"
usable "after all of that"
done_testing
