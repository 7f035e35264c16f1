# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2016
#
# A network port that is looped back as DMA engine: it reads and writes what it should, is refused what it
# should be, never raises a false alarm, and whatever ends a run leaves it usable.
# board: smmuv3-igb
. ./tap.sh
. ./flush.sh
. ./igb.sh

for api in dma-single dma-sg iommu iommu-fast; do
	verified "api.$api" --api $api -s 64K -T 500ms
done
for type in strict lazy identity; do
	verified "type.$type" --domain-type $type -t 2 -T 500ms
done
verified size.2M -s 2M -T 500ms
verified repeated -n 10 --repeat 200
run iommubench map-unmap -e none --engine dmatest -n 10
refused 3 'igb' "another engine is not there"
clean strict gather full

for api in dma-single iommu; do
	iommubench map-unmap -e none --api $api -T 60s --verify -q >/dev/null 2>&1 &
	wait_for '[ "$(workers)" -gt 0 ]'
	usleep 300000
	kill -KILL $!
	wait $! 2>/dev/null
	nothing_left "$api: the tool was killed"
	verified killed.$api --api $api -n 50
	iommubench map-unmap -e none --api $api -T 60s --verify -q >/dev/null 2>&1 &
	wait_for '[ "$(workers)" -gt 0 ]'
	usleep 300000
	run iommubench-unbind "$device"
	done_well "$api: the device is unbound during a run"
	wait $! 2>/dev/null
	nothing_left "$api: the device was unbound"
	run iommubench-bind "$device"
	done_well "$api: and bound again"
	verified unbound.$api --api $api -n 50
done
nothing_left "in the end"
done_testing
