# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2016,SC2154
#
# What PASIDs survive, and all 16 bits of PASIDs and of address space identifiers in use, twice, on the
# kernel with lockdep, KASAN and kmemleak.
# board: smmuv3-sva --kernel lab-6.12-debug
# lab: --timeout 0 --mem 8G
. ./tap.sh
. ./leaks.sh

leaks_begin
run iommubench pasid -q -o /out/lifecycle.json --lifecycle \
	killed-at-bind,killed-before,killed-during,killed-after,exit,exec,fork,munmap,mprotect,dontneed,spaces,device-unbind,module-removal
done_well "all that processes, devices and modules do"
nothing_left "after all that"
no_leak "after all that"
run iommubench pasid -q -o /out/exhausted.json --lifecycle pasids-exhausted,asids-exhausted
done_well "PASIDs and identifiers run out, and come back"
nothing_left "after that"
no_leak "after that"
done_testing
