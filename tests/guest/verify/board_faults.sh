# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2046,SC2086,SC2154
#
# A line of the IOMMU's drivers is made wrong, each time another one: --verify fails the check that looks for it, and
# gives a reason. board_map_unmap.sh has the same looks where nothing is wrong.
# board: smmuv3-sva --kernel lab-6.12-faults
. ./tap.sh
. ./flush.sh
. ./faults.sh

# Permissions.
fault_seen perm_writable write_to_read_only_refused --api iommu -s 64K
fault_seen dma_to_device_writable write_to_read_only_refused --api dma-single
fault_seen dma_to_device_writable write_to_read_only_refused --api dma-sg -s 64K --buffer scattered
fault_seen perm_read_only transfer --api iommu
fault_seen dma_from_device_read_only transfer --api dma-single
# Any page and the last one of a range; whole mappings.
for page in first middle last; do
	fault_seen tlbi_without_$page read_after_unmap_refused --api iommu -s 64K
	fault_seen tlbi_without_$page read_after_unmap_refused --api dma-single -s 64K
done
fault_seen tlbi_first_only read_after_unmap_refused --api iommu -s 64K
for page in second middle last; do
	fault_seen pte_$page transfer --api iommu -s 64K
done
# Several targets that are gathered.
fault_seen gather_without_odd read_after_unmap_refused --api iommu-fast -s 4K
# An address that is used again at once.
fault_seen tlbi_none reused_address --api iommu
fault_seen unmap_no_sync reused_address --api dma-single
# Other memory than the right one.
fault_seen sg_first_only transfer --api dma-sg -s 64K --buffer scattered
# The flush queue.
fault_seen fq_no_flush read_after_unmap_refused --api dma-single --domain-type lazy
# Maps and unmaps that fail, verified or not, also before there is a run.
fault_seen map_fails mapping --api iommu --batch 1
fault_seen unmap_short mapping --api iommu --batch 1
fault_on map_fails
run timeout 60 iommubench map-unmap -e none --api iommu -q
refused 1 "a first mapping of 4096 bytes.* error -[0-9]+" "a first mapping that fails is a failed check as well"
run timeout 60 iommubench map-unmap -e none --api iommu --batch 1 -q
like "$status $stderr" "^1 .*1 check failed: mapping 4096 bytes" "and one in a run that is not verified"
run timeout 60 iommubench tlb-flush -e none --strategy gather -n 10 --no-exposure --no-device-latency --no-commands -q
like "$status $stderr" "^1 .*1 check failed: mapping 4096 bytes" "and one of tlb-flush"
fault_off map_fails

# A device with ATS: what it has cached itself.
use_pci_engine
for api in dma-single iommu iommu-fast; do
	fault_seen atc_none read_after_unmap_refused --api $api
done
fault_seen atc_none write_after_unmap_refused --api iommu
fault_seen atc_half read_after_unmap_refused --api iommu -s 64K
run timeout 60 iommubench map-unmap -d "$device" -e none --api iommu -s 64K -T 2s --verify -q
done_well "and nothing is seen where nothing is wrong"
iommubench-unbind "$device"
nothing_left "after all faults"
done_testing
