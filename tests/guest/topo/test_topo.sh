# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154
#
# topo with Debian's kernels: a device that is bound, one that could be, two that share a group.
# kernel: any
# lab: --board virt-many
. ./tap.sh

run iommubench topo -o /out/topo.json --svg /out/topo.svg
done_well "topo"
run iommubench topo
done_well "topo as a tree"
like "$stdout" "^1 IOMMU, [0-9]+ groups" "one IOMMU"
like "$stdout" "smmu3.0x0000000009050000  Arm SMMUv3, device 9050000.smmuv3, driver arm-smmu-v3" "its kind"
like "$stdout" "features: .*stage 1" "its features"
like "$stdout" "$device  .*driver kmod_iommu_test" "the test device"
# One of the two functions in a slot, and then the other as well.
run iommubench-bind 0000:00:08.0
done_well "iommubench-bind takes one of two in a slot"
run iommubench topo -o /out/after.json
done_well "topo afterwards"
run iommubench-bind 0000:00:08.1
done_well "and the other one"
run iommubench topo
like "$stdout" "it shares IOMMU group [0-9]+ with 0000:00:08\.0, where no driver is in the way" "topo tells who shares the group"
run iommubench-unbind --group 0000:00:08.0
done_well "both are given back"
is "$(ls /dev/iommubench)" "$device" "and are not bound any more"
no_kernel_warning "topo"
done_testing
