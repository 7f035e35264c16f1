# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2016,SC2154
#
# Part of tests of all pairs of uses of a device that has PASIDs, sourced after tap.sh and ownership.sh.

ends=undo,close,kill,unbind
pairs "the DMA API's driver" $ends "$node" "$node" dma own pasid sva
nothing_left "the DMA API's driver"
usable "the DMA API's driver"

# The driver that leaves the DMA to user space has no runs that map.
echo 1 >/sys/module/iommufd/parameters/allow_unsafe_interrupts
iommubench-unbind "$device"
echo kmod_iommu_test_iommufd >"$bus/devices/$device/driver_override"
echo "$device" >"$bus/drivers_probe"
wait_for '[ -c "$node" ]'
pairs "the driver for user space" $ends "$node" "$node" iommufd pasid sva
nothing_left "the driver for user space"
echo "$device" >"$bus/devices/$device/driver/unbind"
run iommubench-bind "$device"
done_well "the device is with its first driver again"
usable "the driver for user space"
echo N >/sys/module/iommufd/parameters/allow_unsafe_interrupts
