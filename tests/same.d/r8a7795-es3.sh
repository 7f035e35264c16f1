# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# board: r8a7795-es3
#
# What is kept of r8a7795-es3: an IOMMU that has neither PASIDs nor faults to wait for.
. ./run.sh

run events iommubench list-events -o r.json
run topo iommubench topo -o r.json
run topo-svg iommubench topo --svg r.svg

all_formats map iommubench map-unmap --warmup 1ms -n 500
run map-lazy iommubench map-unmap --domain-type lazy --warmup 1ms -n 500 -e none -o r.json
run map-sg iommubench map-unmap --api dma-sg -s 16K --warmup 0s -n 100 -t 2 -e none -o r.json
run map-verify iommubench map-unmap --api iommu --verify -s 64K --warmup 0s -n 100 -e none -o r.json
run map-interrupted timeout -s INT 1 iommubench map-unmap -T 60s --rate 1k/s -e none -o r.json
run flush iommubench tlb-flush --sweep range=4K,64K --warmup 0s -n 16 --exposure 2ms --device-latency 2ms -e none \
	-o points/
run refused-iopf iommubench iopf -n 10 -o r.json
run refused-pasid iommubench pasid -n 10 -o r.json
run refused-domain iommubench pasid --kind domain -n 10 -o r.json
bind_all
run all-map iommubench map-unmap -d all --warmup 0s -n 100 -e none -o points/
module_said
