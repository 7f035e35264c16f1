# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# Arbitrary commands where faults, PASIDs and watches are not refused for want of an engine.
# board: smmuv3-sva
# cpus: at once
# boot: shared races
. ./tap.sh

abi_fuzz 3 5 >/tmp/fuzz 2>&1
is $? 0 "arbitrary commands" || note "$(cat /tmp/fuzz)"
note "$(cat /tmp/fuzz)"
nothing_left "after arbitrary commands"
usable "after arbitrary commands"
run iommubench pasid -n 20 -q
done_well "all PASIDs came back, and can be bound"
run iommubench iopf -n 20 -q
done_well "faults are answered"
nothing_left "after all of it"
done_testing
