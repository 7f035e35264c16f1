# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Whose memory a run of faults may be given, and what becomes of accesses that are due at the end of one with a rate.
# board: smmuv3-sva
# boot: shared faults
. ./tap.sh

relay "" access_check
relay "" due_check
nothing_left "after all of them"
usable "after all of them"
done_testing
