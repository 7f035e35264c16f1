# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2016,SC2154
#
# An hour of PASID churn with random kills, on the kernel with lockdep, KASAN and kmemleak.
# board: smmuv3-sva --kernel lab-6.12-debug
# lab: --timeout 0 --mem 3G
. ./tap.sh
. ./leaks.sh

part=20m

# churn NAME OPTION...
churn()
{
	name=$1
	shift
	run iommubench pasid -q -T $part --exposure 1s -e none -o "/out/$name.json" "$@"
	done_well "$part of $name: iommubench pasid $*"
	nothing_left "after $name"
	no_leak "after $name"
}

leaks_begin
churn live --processes 4 --use live --kill-rate 5/s
churn threads --processes 3 -t 2 --kill-rate 5/s
churn domains --kind domain --processes 4 --kill-rate 5/s
run iommubench pasid -q -n 100 -e none --exposure 0s
done_well "and after the hour as in the beginning"
nothing_left "after all"
done_testing
