# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# A function that wants no PASID in answers to its page requests, and SMMUs that answer overflows as it does.
# board: smmuv3-sva --kernel lab-6.12-pri --set iob-dmatest-pci.prg-pasid=off --set iob-smmuv3.priq-log2=3 --append arm_smmu_v3.pri_requests=256
. ./tap.sh
. ./pri.sh

for outstanding in 1 64; do
	iopf --outstanding=$outstanding --group=2 --fault-timeout=60s
	done_well "$outstanding accesses at once, answers without PASID"
	is "$(pri_state)" "off, stopped" "$outstanding at once: all answers fitted"
done
nothing_left "after page requests"
done_testing
