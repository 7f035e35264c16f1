# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2046,SC2086,SC2154
#
# An SMMU with stage 2 only: its tables can forbid reads, and that is looked at as well. The fault is wrong every
# second time, because where no read is ever refused, it is taken for one that the tables cannot forbid.
# board: smmuv3-sva --kernel lab-6.12-faults --set iob-smmuv3.s1p=off
. ./tap.sh
. ./faults.sh

for api in dma-single iommu; do
	run timeout 120 iommubench map-unmap -e none --api $api -T 3s --warmup 0s --verify -q -o /out/clean.$api.json
	done_well "$api is verified"
done
echo 2 >$faults/perm_readable/every
fault_seen perm_readable read_of_write_only_refused --api iommu -T 3s
nothing_left "after verification"
done_testing
