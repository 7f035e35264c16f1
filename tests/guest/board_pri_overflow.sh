# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# More page requests than the SMMU's queue holds: those that are lost come again, beginnings of groups whose
# end was lost harm no later group.
# lab: --copy tests/guest/pri.sh
# board: smmuv3-sva --kernel lab-6.12-pri --set iob-smmuv3.priq-log2=3 --append arm_smmu_v3.pri_requests=256
. ./tap.sh
. ./pri.sh

for group in 1 3 8; do
	iopf --outstanding=128 --group=$group --fault-timeout=60s
	done_well "a queue of 8, 128 accesses at once, groups of $group"
	is "$(pri_state)" "off, stopped" "groups of $group: all answers fitted"
done
# Whether the kernel is quick enough to keep a queue from that is a matter of chance.
for _ in 1 2 3 4 5 6 7 8 9; do
	! dmesg | grep -q 'PRIQ overflow' || break
	iopf --outstanding=128 --group=1 --fault-timeout=60s
done
dmesg | grep -q 'PRIQ overflow'
ok $? "the queue did overflow"
nothing_left "after overflows"
done_testing
