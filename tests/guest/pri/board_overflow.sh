# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# More page requests than the SMMU's queue holds: those that are lost come again, beginnings of groups whose
# end was lost harm no later group. Whether the queue does run over depends on how quick the kernel is; the
# model's own tests make sure of it.
# board: smmuv3-sva --kernel lab-6.12-pri --set iob-smmuv3.priq-log2=3 --append arm_smmu_v3.pri_requests=256
. ./tap.sh
. ./pri.sh

for group in 1 3 8; do
	iopf --outstanding=128 --group=$group --fault-timeout=60s
	done_well "a queue of 8, 128 accesses at once, groups of $group"
	is "$(pri_state)" "off, stopped" "groups of $group: all answers fitted"
done
note "overflows: $(dmesg | grep -c 'PRIQ overflow')"
nothing_left "after overflows"
done_testing
