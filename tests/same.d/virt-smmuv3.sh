# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# board: virt-smmuv3 --numa 2
#
# What is kept of virt-smmuv3: mappings by every API, over NUMA nodes, and what this board must refuse.
. ./run.sh

run events iommubench list-events -o r.json
run topo iommubench topo -o r.json
run topo-text iommubench topo
run topo-xml iommubench topo --format xml

all_formats map iommubench map-unmap --warmup 1ms -n 500
all_formats map-several iommubench map-unmap --warmup 1ms -n 400 -t 2 --repeat 2 -e none
run map-lazy iommubench map-unmap --domain-type lazy --warmup 1ms -n 500 -e none -o r.json
run map-identity iommubench map-unmap --domain-type identity --warmup 1ms -n 500 -e none -o r.json
run map-sg iommubench map-unmap --api dma-sg -s 64K --sg-entries 4 --warmup 1ms -n 200 -e none -o r.json
run map-iommu iommubench map-unmap --api iommu --iova random --iova-span 4M --prefill 10 --window 20 --warmup 0s \
	-n 200 -e commands,iommu:map,iommu:unmap -v -o r.json
run map-fast iommubench map-unmap --api iommu-fast --batch 16 -s 2M --warmup 0s -n 160 -e none -q -o r.json
run map-verify iommubench map-unmap --api iommu --verify --warmup 0s -n 100 -e none -o r.json
run map-rate iommubench map-unmap --rate 10k/s -T 50ms --interval 10ms --warmup 0s -o r.json
run map-hold iommubench map-unmap --hold 1ms -n 20 --warmup 0s -e none --transport ioctl -o r.json
run map-matrix iommubench map-unmap --placement-matrix --warmup 0s -n 100 -e none -o points/
run map-far iommubench map-unmap --cpus far --mem interleave --warmup 0s -n 100 -e none -o r.json
run map-interrupted timeout -s INT 1 iommubench map-unmap -T 60s --rate 1k/s -e none -o r.json

run flush iommubench tlb-flush --strategy strict,full --sweep range=4K,16K --warmup 0s -n 32 --exposure 5ms \
	--device-latency 5ms -e none -o points/

run refused-iopf iommubench iopf -n 10 -o r.json
run refused-pasid iommubench pasid -n 10 -o r.json
run refused-lifecycle iommubench pasid --lifecycle all -o r.json
run refused-device iommubench map-unmap -d 0000:ff:1f.7 -n 10
run refused-disk iommubench io -n 10
run refused-engine iommubench map-unmap --engine dmatest -n 10
run refused-cpu iommubench map-unmap --cpus 7 -n 10
run refused-node iommubench map-unmap --mem node:3 -n 10
run unknown-event iommubench map-unmap -e no-such-event --warmup 0s -n 100
run refused-prefill iommubench map-unmap --api iommu --prefill 100M -n 10
run refused-stale iommubench tlb-flush --strategy gather --check-stale -n 10
run bind-again iommubench-bind "$device"
run unbind iommubench-unbind "$device"
run refused-unbound iommubench map-unmap -n 10
run bind iommubench-bind "$device"
module_said
