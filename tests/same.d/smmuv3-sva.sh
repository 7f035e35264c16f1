# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# board: smmuv3-sva --smp 1
#
# What is kept of smmuv3-sva: faults, PASIDs, exposure, and several devices at once.
. ./run.sh

run events iommubench list-events -o r.json
run topo iommubench topo -o r.json

all_formats map iommubench map-unmap --warmup 1ms -n 500 -t 2 --verify
run map-lazy iommubench map-unmap --domain-type lazy --warmup 1ms -n 500 -o r.json
run map-iommu iommubench map-unmap --api iommu --warmup 0s -n 200 -e default,commands -o r.json

all_formats flush iommubench tlb-flush --strategy gather --range 16K --warmup 0s -n 32 --exposure 5ms \
	--device-latency 5ms
run flush-sweep iommubench tlb-flush --sweep range=4K,64K --warmup 0s -n 16 --exposure 2ms --device-latency 2ms \
	-e none -o points/
run flush-threads iommubench tlb-flush --strategy range --sweep threads=1,2 --sweep domains=shared,per-thread \
	--warmup 0s -n 16 --exposure 2ms --no-device-latency -e none -o points/

run flush-stale iommubench tlb-flush --strategy gather --range 16K --check-stale --warmup 0s -T 20ms --no-exposure \
	--no-device-latency --no-commands -e none -o r.json

all_formats iopf iommubench iopf -n 50
run iopf-kinds iommubench iopf --fault zero,cow,file-warm,huge,mprotect,unmapped -n 20 -e none -o points/
run iopf-load iommubench iopf --outstanding 1,4 --spaces 2 -t 2 -n 40 -e none -o points/
run iopf-floor iommubench iopf --lock -n 20 --no-stages --no-cpu -e none -o r.json
run iopf-ended iommubench iopf --fault exit,killed,inflight -n 10 -e none -o points/

all_formats pasid iommubench pasid --warmup 1ms -n 50 --exposure 5ms -e none
run pasid-shared iommubench pasid --processes 2 -t 2 --bind shared --warmup 0s -n 40 --exposure 5ms -o r.json
run pasid-domain iommubench pasid --kind domain --reuse-distance 10 --use live --warmup 0s -n 20 --exposure 5ms -e none \
	-o r.json
run pasid-live iommubench pasid --kind domain --live 0,1..8 --warmup 0s -n 20 --exposure 0s -e none -o points/
run pasid-lifecycle iommubench pasid --lifecycle killed-before,killed-after,exit,exec,fork,device-unbind -o r.json
run pasid-interrupted timeout -s INT 1 iommubench pasid --use none -T 60s -e none -o r.json

run all-of-one iommubench map-unmap -d all --warmup 0s -n 100 -e none -o r.json
bind_all
run refused-which iommubench map-unmap -n 10
all_formats all-map iommubench map-unmap -d all --alone --warmup 0s -n 100 -e none
run all-flush iommubench tlb-flush -d all --strategy gather,full --warmup 0s -n 16 --exposure 2ms --no-device-latency \
	-e none -o points/
run all-iopf iommubench iopf -d all -n 20 -e none -o points/
run pci-iopf iommubench iopf -d "$(basename "$(find /dev/iommubench -name '0000:*')")" \
	--group 4 -n 40 -e none -o r.json
run refused-iommufd iommubench iopf --mode iommufd -d "$device" -n 10
module_said
