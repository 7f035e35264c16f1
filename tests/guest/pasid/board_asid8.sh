# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2016,SC2154
#
# An SMMU with fewer address space identifiers than the CPUs shares no page tables with them, but takes domains.
# board: smmuv3-sva --set iob-smmuv3.asid16=off
. ./tap.sh

run iommubench pasid
refused 3 "--kind sva: the IOMMU of device $device shares no address spaces" "processes cannot be bound"
run iommubench pasid --kind domain -n 100 -q
done_well "domains can"
run pasid_check "$node" limits
is "$stdout" "ok - there is a limit to domains
ok - a closed file gives all back" "but no more of them than an IOMMU has identifiers for"
for path in /sys/bus/pci/devices/*; do
	[ "$(cat "$path/vendor"):$(cat "$path/device")" != 0x1234:0x10b7 ] || pci=${path##*/}
done
run iommubench-bind "$pci"
done_well "the PCI engine is taken"
relay "" pasid_check "$node" limits "/dev/iommubench/$pci"
iommubench-unbind "$pci"
run iommubench pasid --lifecycle exit,asids-exhausted
refused 3 "no case can be done here: .*shares no address spaces" "without processes there is no case"
nothing_left "after that"
done_testing
