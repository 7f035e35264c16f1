# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# The device checks what the measurement relies on: data arrives, and after unmap it does not.
# boot: shared domains
. ./tap.sh

run iommubench map-unmap --api iommu -s 4K -T 2s --verify -o /out/done.json
done_well "the first measurement"
like "$stdout" '[Vv]irtual' "its summary says that the machine is virtual"

for api in dma-single dma-sg iommu iommu-fast; do
	run iommubench map-unmap -e none --api $api -s 64K -T 1s --verify -q -o /out/verify.$api.json
	done_well "$api is verified"
done
for type in strict lazy identity; do
	run iommubench map-unmap -e none --domain-type $type -s 64K -t 2 -T 1s --verify -q -o /out/type.$type.json
	done_well "dma-single in a domain of type $type is verified"
done
run iommubench map-unmap -e none --api iommu -s 2M --iova random -T 1s --verify -q -o /out/large.json
done_well "2M are verified"
run iommubench map-unmap -e none --api iommu --direction to-device -T 1s --verify -q -o /out/direction.json
done_well "a read-only load is verified"
run iommubench map-unmap -e none --verify -n 10 --warmup 0ms -q -o /out/short.json
done_well "a run that is over at once is still verified once"
run iommubench map-unmap --verify --engine none -n 10
refused 2 '--verify: needs a DMA engine' "no engine, no verification"
run iommubench map-unmap -e none --engine edu -n 10 -q
done_well "the engine can be asked for"
nothing_left "after verification"
done_testing
