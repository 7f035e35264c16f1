# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154
#
# topo with Debian's kernels: a device that is bound, one that could be, two that share a group.
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
# Bound, the two functions share a group, which is then known.
iommubench-bind 0000:00:08.0 2>/dev/null
is $? 3 "iommubench-bind refuses what topo says it would"
run iommubench topo -o /out/after.json
done_well "topo afterwards"
no_kernel_warning "topo"
done_testing
