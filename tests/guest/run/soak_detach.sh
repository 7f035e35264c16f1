# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# Ways out of runs with an own domain while allocations of the process fail, on the kernel with KASAN, which can make them fail.
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

echo Y >$fail/ignore-gfp-wait
usable "in the end"
done_testing
