# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# Ways out of runs with an own domain while memory is short, on the kernel with KASAN, which can make allocations fail.
# board: smmuv3-sva --kernel lab-6.12-debug
# lab: --timeout 1200 --mem 2G
# cpus: at once
. ./tap.sh
. ./leaks.sh

fail=/sys/kernel/debug/failslab
echo N >$fail/ignore-gfp-wait
echo 0 >$fail/verbose
leaks_begin

relay "" detach_check
nothing_left "after single allocations failed"
no_leak "after single allocations failed"

# Of whoever it is, in the caches that the SMMU's driver takes from to attach a device: then the worker's fail, too. The kernel says
# so with a warning, which is none here.
warned='WARNING: .*iommu_group_set'
fail_all()
{
	echo $1 >/sys/kernel/slab/kmalloc-32/failslab
	echo $1 >/sys/kernel/slab/kmalloc-64/failslab
}
echo 1 >$fail/cache-filter 2>/dev/null
read -r level _ </proc/sys/kernel/printk
dmesg -n 1
for times in 1 3 40; do
	tries=0
	found=no
	while [ $found = no ] && [ $tries -lt 20 ]; do
		tries=$((tries + 1))
		iommubench map-unmap -e none --api iommu --warmup 0ms -T 3s -q >/tmp/stdout 2>/tmp/stderr </dev/null &
		tool=$!
		wait_for '[ "$(workers)" != 0 ]'
		echo 0 >$fail/times
		fail_all 1
		echo 1 >$fail/interval
		echo 100 >$fail/probability
		# All that is needed for the rest has been started.
		( usleep 2800000; echo $times >$fail/times; usleep 1500000; echo 0 >$fail/probability ) &
		wait
		fail_all 0
		dmesg -c >/tmp/dmesg.failed
		! grep -Eq "$warned" /tmp/dmesg.failed || found=yes
		! grep -E 'KASAN|BUG|Oops|use-after-free' /tmp/dmesg.failed >/tmp/bad || break
	done
	is $found yes "the driver failed to attach the default domain, $times failures, after $tries tries"
	is "$(cat /tmp/bad)" "" "nothing was used after it was freed, $times failures"
	sleep 2
	bench --api iommu -q
	done_well "own domains work again, $times failures"
	bench -q
	done_well "the default domain as well, $times failures"
	dmesg -c >/dev/null
done
dmesg -n "$level"
echo 0 >$fail/cache-filter 2>/dev/null
echo Y >$fail/ignore-gfp-wait
nothing_left "after failing detaches"
usable "in the end"
done_testing
