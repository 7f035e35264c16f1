# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2016,SC2154
#
# An SMMU without substreams.
# board: smmuv3-sva --set iob-smmuv3.ssid-bits=0
. ./tap.sh

run iommubench pasid
refused 3 "--kind sva: the IOMMU of device $device .*lacks substreams" "processes cannot be bound"
run iommubench pasid --kind domain
refused 3 "--kind domain: device $device has no PASIDs.*pasid-num-bits" "domains cannot be attached"
run iommubench pasid --lifecycle all
refused 3 "no case can be done here" "and there is no case to be done"
nothing_left "after that"
done_testing
