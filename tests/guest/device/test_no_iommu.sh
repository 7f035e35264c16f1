# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# A machine without an IOMMU: what needs one says so, what does not works.
# lab: --board virt-noiommu
. ./tap.sh

run iommubench topo
done_well "topo works without an IOMMU"
like "$stdout" "^No IOMMU" "and says so"
like "$stdout" "it is behind no IOMMU; this machine has none" "of the devices as well"

run iommubench-bind "$device"
is "$status" 3 "iommubench-bind refuses a device behind no IOMMU"
like "$stderr" "$device is behind no IOMMU" "and says so"

echo kmod_iommu_test >"$bus/devices/$device/driver_override"
echo "$device" >"$driver/bind"
bench -q -o /out/single.json
done_well "dma-single works without"
bench --api dma-sg -s 1M -q -o /out/sg.json
done_well "dma-sg works without"
run iommubench map-unmap -T 1s --verify -q -o /out/verify.json
done_well "transfers can be verified without"
for api in iommu iommu-fast; do
	bench --api $api
	refused 3 "no IOMMU translates device $device.*dma-single" "$api needs one"
done
for type in strict lazy identity; do
	bench --domain-type $type
	refused 3 "$device is behind no IOMMU" "--domain-type $type needs one"
done
nothing_left "without an IOMMU"
echo "$device" >"$driver/unbind"
nothing_left "after unbinding"
done_testing
