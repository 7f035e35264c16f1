# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# A kernel with pages of 16K: what is not said follows from that, and what is said has to fit; soak_pages.py looks at
# the results.
# board: virt-16k --kernel 6.12-16k --qemu build/lab/qemu-system-aarch64 --append mitigations=off --disk 64M
. ./tap.sh

is "$(sed -n 's/^KernelPageSize: *\([0-9]*\) kB$/\1/p' /proc/self/smaps | head -n 1)" 16 "pages of 16K"

for api in dma-single dma-sg iommu iommu-fast; do
	run timeout 300 iommubench map-unmap --api $api -n 1000 --verify -q -o /out/default.$api.json
	done_well "map-unmap --api $api says no size"
done
run timeout 300 iommubench map-unmap --api iommu -s 32M -n 100 --verify -q -o /out/block.json
done_well "a block of that page table"
run timeout 300 iommubench map-unmap --api dma-sg -s 64K --buffer scattered -n 500 --verify -q -o /out/scattered.json
done_well "scattered pages"
run timeout 300 iommubench map-unmap --api iommu --iova random --prefill 500 -n 500 --verify -q -o /out/random.json
done_well "random addresses"
run timeout 300 iommubench map-unmap -s 4K -n 10
refused 2 "--size: 4K is not a whole number of pages, expected a multiple of 16K" "a part of a page"
run timeout 600 iommubench tlb-flush -T 50ms --warmup 20ms --exposure 50ms -q -o /out/
done_well "tlb-flush says no size"
run timeout 600 iommubench tlb-flush --strategy strict,range --sweep range=16K,1M -T 50ms --warmup 20ms -q -o /out/
done_well "ranges of pages"
run timeout 60 iommubench tlb-flush --sweep range=4K,16K -T 50ms
refused 2 "--sweep range: 4K is not a whole number of pages, expected a multiple of 16K" "a range of parts"
rm /out/index.json
run timeout 300 iommubench io --queue-depth 4 -T 200ms --warmup 50ms -q -o /out/io.json
done_well "io says no size"
nothing_left "after all"

done_testing
