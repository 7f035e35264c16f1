# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2016,SC2154
#
# Accesses that an engine or its data call refused: the IOMMU's driver says so, too, of the device. One line of
# each engine and each driver.
# board: smmuv3-sva
# board: smmuv3-igb
# board: smmuv3-pl330 --kernel 6.12
# board: virt-nvme --kernel 6.12
# board: virt-smmuv3 --kernel 6.1
# board: r8a7795-es3
. ./tap.sh

if modprobe pl330 2>/dev/null && [ -e /sys/class/dma/dma0chan0 ]; then
	run iommubench-bind dmaengine:dma0chan0
	done_well "a channel is taken"
	device=dmaengine:dma0chan0
fi

# The kernel takes ten lines in five seconds, and tests before this one may have had them.
sleep 6
run timeout 120 iommubench map-unmap -d "$device" --verify -n 2000 -e none -o /out/reports.json
done_well "a verified run"
like "$(tr -d '\n' </out/reports.json)" '"fault_reports": \{ *"refused": [1-9][0-9]*, *"of_(device": [1-9]|device": 0, *"of_unknown": [1-9])' \
	"the IOMMU's driver has told of refused accesses" || note "$(grep -A 7 fault_reports /out/reports.json)"
like "$stdout" '^refused +[0-9]+ accesses; the kernel.s log has [1-9]' "which is said"
is "$(echo "$stdout$stderr" | grep "count as refused")" "" "nothing is in doubt"

# A log that says nothing stands for accesses that no IOMMU saw.
mount --bind /dev/null /dev/kmsg
run timeout 120 iommubench map-unmap -d "$device" --verify -n 2000 -e none
umount /dev/kmsg
done_well "a verified run without a witness"
like "$stdout" '^warning +[0-9]+ accesses of .* count as refused, but the IOMMU.s driver reports none of them' \
	"that there is none is said"
[ "$device" = "${device#dmaengine:}" ] || iommubench-unbind "$device"

# A device that asks before it accesses is refused without a fault.
for path in /sys/bus/pci/devices/*; do
	[ "$(cat "$path/vendor"):$(cat "$path/device")" = 0x1234:0x10b7 ] || continue
	run iommubench-bind "${path##*/}"
	done_well "the PCI engine with ATS is taken"
	run timeout 120 iommubench map-unmap -d "${path##*/}" --verify -n 2000 -e none
	done_well "ATS: a verified run"
	is "$(echo "$stdout$stderr" | grep "count as refused")" "" "ATS: nothing is in doubt"
	iommubench-unbind "${path##*/}"
done
done_testing
