# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Queues with room for two records.
# board: smmuv3-sva --kernel lab-6.12-pri --set iob-smmuv3.eventq-log2=1 --set iob-smmuv3.priq-log2=1 --append arm_smmu_v3.pri_requests=256
. ./tap.sh

run timeout 300 iommubench iopf -e none --fault-timeout 60s --outstanding 64 -n 500 -q -o /out/event.json
done_well "stalled accesses wait for room in the event queue"
for path in /sys/bus/pci/devices/*; do
	[ "$(cat "$path/vendor"):$(cat "$path/device")" != 0x1234:0x10b7 ] || pci=${path##*/}
done
run iommubench-bind "$pci"
done_well "the PCI engine is taken"
run timeout 300 iommubench iopf -e none -d "$pci" --outstanding 128 --fault-timeout 60s -n 400 -q -o /out/page-request.json
done_well "page requests that found no room are made again"
# Whether the queue does run over depends on how quick the kernel is.
dmesg | grep -c 'PRIQ overflow' >/out/overflows
done_testing
