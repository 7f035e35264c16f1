# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Page requests of a PCI device under the stock driver, which denies them all.
# board: smmuv3-sva
# boot: shared faults
. ./tap.sh

for path in /sys/bus/pci/devices/*; do
	[ "$(cat "$path/vendor"):$(cat "$path/device")" != 0x1234:0x10b7 ] || pci=${path##*/}
done
run iommubench-bind "$pci"
done_well "the PCI engine is taken"
run timeout 300 iommubench iopf -e none -d "$pci" --fault-timeout 60s -n 50 -q -o /out/denied.json
done_well "a denial is no failure"
like "$(cat /out/denied.json)" 'denies them all' "but said in plain words"
nothing_left "after denials"
iommubench-unbind "$pci"
done_testing
