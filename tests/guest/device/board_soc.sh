# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2005,SC2010,SC2012,SC2034,SC2154
#
# IOMMU groups as Linux makes them on this silicon: all masters of a cache IPMMU are in one. That is SDHI0 to SDHI3
# at IPMMU-DS1, and at IPMMU-HC both PCIe controllers with their root ports and what is plugged into them, which is an
# engine and an NVMe drive. What each engine sees is verified: by the DMA API beside a driver in the same group, and in
# an own domain where no driver is in the way.
# board: r8a7795-es3 --disk 64M
# board: r8a77961 --disk 64M
. ./tap.sh

groups=/sys/kernel/iommu_groups

# members DEVICE-FOLDER: of its group, in a line.
members()
{
	# shellcheck disable=SC2046 # a list of names
	echo $(ls "$1/iommu_group/devices" 2>/dev/null)
}

# verified DEVICE API FILE: what the device sees is right.
verified()
{
	run timeout 60 iommubench map-unmap -d "$1" -e none --api "$2" -s 64K -T 300ms --warmup 0s --verify -q \
		-o "/out/$3.json"
	done_well "$1 is verified, by $2"
}

# exposed DEVICE: how long it still reads what was unmapped.
exposed()
{
	run timeout 120 iommubench tlb-flush -d "$1" --strategy strict,lazy -e none --warmup 0ms -n 64 --exposure 500ms
	done_well "exposure of $1"
	like "$stdout" '^strict .* 0 ns +0 ns +0 ' "... none with strict"
}

# --- SDHI0 to SDHI3 ---

platform=/sys/bus/platform/devices
is "$(ls $platform | grep -c '\.mmc$')" 4 "there are four SDHIs"
for name in ee100000 ee120000 ee140000 ee160000; do
	[ "$name.mmc" = "$device" ] || {
		[ ! -e "$platform/$name.mmc/driver" ]
		ok $? "$name.mmc is spare"
		run iommubench-bind "$name.mmc"
		done_well "... and can be bound"
	}
	is "$(basename "$(readlink $platform/$name.mmc/iommu)")" e7740000.iommu "$name.mmc is behind IPMMU-DS1"
done
is "$(members "$platform/$device")" "ee100000.mmc ee120000.mmc ee140000.mmc ee160000.mmc" "they are one group"
for name in ee100000 ee120000 ee140000 ee160000; do
	verified "$name.mmc" dma-single "$name"
done
verified "$device" iommu "${device%.mmc}-own"
for name in ee120000 ee140000 ee160000; do
	run iommubench-unbind "$name.mmc"
	done_well "$name.mmc is given back"
done

# One that stays with a driver of the kernel's, which does DMA.
driver=/sys/bus/platform/drivers/dma_map_benchmark
echo dma_map_benchmark >$platform/ee120000.mmc/driver_override
echo ee120000.mmc >$driver/bind
is "$(basename "$(readlink $platform/ee120000.mmc/driver)")" dma_map_benchmark "SDHI1 has a driver"
verified "$device" dma-single "${device%.mmc}-beside"
exposed "$device"
like "$stdout" '^ *skipped +lazy: .*ee120000.mmc has dma_map_benchmark' "... and no other domain type, as SDHI1 has a driver"
bench --api iommu -q
refused 3 "ee120000.mmc .*dma_map_benchmark" "no own domain beside it, and it is named"
echo ee120000.mmc >$driver/unbind
echo >$platform/ee120000.mmc/driver_override
verified "$device" iommu "${device%.mmc}-own-again"
exposed "$device"
like "$stdout" '^lazy .* ms ' "... and with lazy that of the flush queue"

# --- PCIe ---

pci=/sys/bus/pci/devices
for port in 0000:00:00.0 0001:00:00.0; do
	is "$(cat $pci/$port/class 2>/dev/null)" 0x060400 "$port is a root port"
	is "$(basename "$(readlink $pci/$port/iommu)")" e6570000.iommu "... behind IPMMU-HC"
done
is "$(ls $pci | grep -c '^000[01]:00:')" 2 "there is nothing else on bus 0 of the controllers"
endpoint=0000:01:00.0
drive=0001:01:00.0
is "$(cat $pci/$endpoint/vendor 2>/dev/null)" 0x1234 "an engine is plugged in behind the first"
is "$(cat $pci/$drive/class 2>/dev/null)" 0x010802 "an NVMe drive is behind the second"
run iommubench-bind $endpoint
done_well "the engine can be bound"
is "$(members $pci/$endpoint)" "0000:00:00.0 0000:01:00.0 0001:00:00.0 0001:01:00.0" "they and the root ports are one group"

dd if=/dev/urandom of=/tmp/pattern bs=64K count=16 2>/dev/null
dd if=/tmp/pattern of=/dev/nvme0n1 bs=64K conv=fsync 2>/dev/null
ok $? "the drive is written"
# same_on_drive NAME: it has the pattern, without a look into caches.
same_on_drive()
{
	echo 3 >/proc/sys/vm/drop_caches
	dd if=/dev/nvme0n1 bs=64K count=16 2>/dev/null | cmp - /tmp/pattern
	ok $? "$1"
}
same_on_drive "... and read back"
verified $endpoint dma-single endpoint
exposed $endpoint
like "$stdout" "^ *skipped +lazy: .*$drive has nvme" "... and no other domain type beside the drive's driver, which is named"
bench -d $endpoint --api iommu -q
refused 3 "$drive .*nvme" "no own domain beside the drive's driver, which is named"
same_on_drive "the drive has not noticed"

echo $drive >/sys/bus/pci/drivers/nvme/unbind
verified $endpoint iommu endpoint-own
exposed $endpoint
like "$stdout" '^lazy .* ms ' "... and with lazy that of the flush queue"
echo $drive >/sys/bus/pci/drivers/nvme/bind
wait_for '[ -b /dev/nvme0n1 ]'
same_on_drive "its driver has the drive again"
run iommubench-unbind $endpoint
done_well "the engine is given back"
is "$(for path in "$pci"/0002:*; do [ ! -e "$path/iommu_group" ] || echo "$path"; done)" "" \
	"the lab's own devices are behind no IPMMU"
nothing_left "after all of them"
done_testing
