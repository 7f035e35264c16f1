# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# All pairs of uses of one device as board_ownership.sh, with lockdep, KASAN and kmemleak.
# board: smmuv3-sva --kernel lab-6.12-debug
# lab: --timeout 0 --mem 3G
. ./tap.sh
. ./leaks.sh
. ./ownership.sh

leaks_begin
. ./uses.sh
no_leak "all pairs"
done_testing
