# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# Mappings from 4 KiB to 1 GiB where they fit, and one clear line where they do not.
# lab: --mem 3G
. ./tap.sh

for api in dma-single dma-sg iommu iommu-fast; do
	for size in 4K 12K 64K 1M 2M 4M; do
		bench --api $api -s $size --batch 1 -n 8 -q -o /out/size.$api.$size.json
		done_well "$api of $size"
	done
	[ $api != dma-single ] || continue
	# Clearing 1 GiB takes a while in the lab; both of these cut it into pieces alike.
	sizes="6M 32M 1G"
	[ $api != iommu-fast ] || sizes="6M 32M"
	for size in $sizes; do
		bench --api $api -s $size --batch 1 -n 2 -q -o /out/size.$api.$size.json
		done_well "$api of $size"
	done
done
nothing_left "after all sizes"

bench -s 8M
refused 3 '8M does not fit into one contiguous piece.*4M.*dma-sg' "dma-single of 8M"
bench --api iommu -s 8M --buffer contig
refused 3 '8M does not fit into one contiguous piece' "a contiguous buffer of 8M"
bench --api iommu -s 1G --window 8
refused 3 'do not fit in the .* MiB that are free' "8 times 1G"
bench --api iommu -s 2M --prefill 100k
refused 3 'do not fit' "100000 times 2M"
bench --api iommu -s 2G
refused 2 '2G does not fit, expected at most 1G' "2G"
bench -s 6000
refused 2 'not a whole number of pages.*4K' "a size that is not whole pages"
bench --api dma-sg -s 64K --sg-entries 3
refused 2 'cannot be cut into 3 pieces' "3 pieces of 64K"
bench --api iommu --iova fresh --iova-span 1024T
refused 3 'no room for .* 48 address bits' "more IOVA space than the device reaches"
bench --api dma-sg -s 64K --sg-entries 4 -q -o /out/pieces.json
done_well "4 pieces of 64K"
nothing_left "after the refusals"

# A device with few address bits: 256 MiB, of which a lazy domain gives nothing back for a while.
run iommubench-unbind "$device"
unload_modules
load_modules edu_dma_bits=28
run iommubench-bind "$device"
done_well "a device with 28 address bits"
run timeout 300 iommubench map-unmap -n 200 -s 4M -q
done_well "a mapping at a time fits"
for batch in "" "--batch 1"; do
	run timeout 300 iommubench map-unmap -n 200 -s 4M --domain-type lazy -q -e none $batch
	refused 3 'mapping (of )?4194304 bytes failed.*out of IOVA space \(the device drives 28 address bits; lazy keeps what was unmapped' "lazy $batch keeps them all"
done
run timeout 300 iommubench map-unmap -n 1000 --prefill 66000 -q -e none
refused 3 'with 6[0-9]{4} of its mappings alive: error.*drives 28 address bits\)' "a prefill that does not fit says how far it came"
nothing_left "after all addresses were taken"
done_testing
