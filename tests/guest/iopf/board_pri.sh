# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2046
#
# Faults of a PCI device that asks for pages, with the kernel that answers it.
# board: smmuv3-sva --kernel lab-6.12-pri
# boot: shared requests
. ./tap.sh

# The other engine of the board.
pci_engine()
{
	for path in /sys/bus/pci/devices/*; do
		[ "$(cat "$path/vendor"):$(cat "$path/device")" != 0x1234:0x10b7 ] || echo "${path##*/}"
	done
}

pci=$(pci_engine)
run iommubench-bind "$pci"
done_well "the PCI engine is taken"

iopf()
{
	run timeout 300 iommubench iopf -d "$pci" --fault-timeout 60s -q $(uncounted "$@") "$@"
}

for kind in zero anon cow file-warm huge mprotect unmapped inflight exit; do
	iopf --fault $kind -n 50 -o /out/kind.$kind.json
	done_well "$kind"
done
iopf --outstanding 32 -n 200 -o /out/many.json
done_well "many at once"
iopf -t 2 --outstanding 8 --spaces 3 -s 256K -n 300 -o /out/spaces.json
done_well "3 address spaces"
for group in 2 8; do
	iopf --group $group -n 50 -o /out/group.$group.json
	done_well "groups of $group pages"
done
iopf --mode stall -n 10
refused 3 'asks for pages instead' "a PCI device does not stall"
nothing_left "after all of them"
iommubench-unbind "$pci"
done_testing
