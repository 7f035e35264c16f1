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
# One of the two functions in a slot can be had, but not the other as well.
run iommubench-bind 0000:00:08.0
done_well "iommubench-bind takes one of two in a slot"
run iommubench topo -o /out/after.json
done_well "topo afterwards"
run iommubench-bind 0000:00:08.1
is "$status" 3 "iommubench-bind refuses the other one"
iommubench-unbind 0000:00:08.0
is $? 0 "and gives the first one back"
no_kernel_warning "topo"
done_testing
