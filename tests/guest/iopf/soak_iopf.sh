# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2016,SC2154
#
# Faults by stall, by page request, and answered by user space, on the kernel that answers page requests, with
# lockdep, KASAN and kmemleak.
# board: smmuv3-sva --kernel lab-6.12-debug-pri
# lab: --timeout 0 --mem 3G
. ./tap.sh
. ./leaks.sh

# faults NAME OPTION...
faults()
{
	name=$1
	shift
	run iommubench iopf -q -d "$device" -n 1000 --fault-timeout 60s -e none -o "/out/$name.json" "$@"
	done_well "$name: iommubench iopf $*"
	nothing_left "after $name"
	no_leak "after $name"
}

leaks_begin
faults stall --mode stall --outstanding 16 -t 2
echo 1 >/sys/module/iommufd/parameters/allow_unsafe_interrupts
faults iommufd --mode iommufd --outstanding 8 -t 2 --pagers 2
faults iommufd-cow --mode iommufd --fault cow
run timeout 600 iommubench iopf -q --mode iommufd --pager-delay 20s --fault-timeout 200ms --no-kernel -n 10 \
	-e none -o /out/late.json
is "$status" 1 "an access that user space does not answer in time fails a check"
nothing_left "after it"
no_leak "after it"
. ./pri.sh
faults pri --mode pri --outstanding 16 -t 2
faults pri-groups --mode pri --group 8
done_testing
