# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2015,SC2016,SC2034,SC2119,SC2154,SC2231,SC2317
#
# Engines that only virtual boards have are in a module of their own: what a device is without it, and that it stays
# while a device uses it.
# kernel: any
. ./tap.sh

lab=/sys/module/kmod_iommu_test_lab

# in_use NAME NUMBER: so many devices use the lab's engines.
in_use()
{
	is "$(cat $lab/refcnt)" "$2" "devices that use the lab's engines: $1"
}

in_use "one bound" 1
is "$(ls /sys/module/kmod_iommu_test/holders)" kmod_iommu_test_lab "the engines need the module"
run rmmod kmod_iommu_test
[ "$status" != 0 ] && [ -e "$node" ]
ok $? "which cannot go before them"
run rmmod kmod_iommu_test_lab
[ "$status" != 0 ] && [ -e "$node" ]
ok $? "nor can they under a bound device"
bench --verify --engine edu -o /out/with.json -q
done_well "a run with them"

# A file that is open outlives the device, and so the engine.
exec 5<"$node"
iommubench-unbind "$device"
in_use "none bound" 0
run rmmod kmod_iommu_test_lab
is "$status" 0 "then they can go, under an open file as well" || note "$stderr"
[ -e /sys/module/kmod_iommu_test ] && [ ! -e $lab ]
ok $? "and the module stays"
dmesg -c >/dev/null
run iommubench-bind "$device"
is "$status" 0 "the device can be bound without them" || note "$stderr"
exec 5<&-
like "$(dmesg)" "$device.*without its DMA engine, which is in kmod_iommu_test_lab" "and the kernel's log says where its engine is"
bench -q -o /out/without.json
done_well "a run without them"
bench --engine edu -q
refused 3 'no DMA engine .*modprobe kmod_iommu_test_lab' "an engine that is not loaded"
bench --verify -q
refused 3 'no DMA engine .*modprobe kmod_iommu_test_lab' "verification without it"

run load_modules edu_dma_bits=48
is "$status" 0 "the engines can be loaded under a bound device" || note "$stderr"
in_use "loaded after the bind" 0
bench --verify -q
refused 3 'no DMA engine' "which has none until it is bound again"
iommubench-unbind "$device"
iommubench-bind "$device"
in_use "bound again" 1
bench --verify -q
done_well "then it has"

# Loaded and unloaded beside binds, each of which has the engine or has not.
while :; do
	rmmod kmod_iommu_test_lab 2>/dev/null
	modprobe kmod_iommu_test_lab edu_dma_bits=48
done &
pid=$!
for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	iommubench-unbind "$device" && iommubench-bind "$device" && bench -n 20 -q && [ "$status" = 0 ] || break
done
kill $pid
wait $pid 2>/dev/null
is "$n $status" "20 0" "binds and runs beside its loading and unloading" || note "$stderr"
iommubench-unbind "$device"
rmmod kmod_iommu_test_lab 2>/dev/null
load_modules edu_dma_bits=48
iommubench-bind "$device"
in_use "in the end" 1
usable "in the end"
nothing_left "in the end"
done_testing
