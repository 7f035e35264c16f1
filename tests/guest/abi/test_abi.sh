# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
# cpus: at once
. ./tap.sh

for program in abi_check abi_runs; do
	relay "" $program
done
nothing_left "after all commands"

is "$(stat -c '%a %u' "$node")" "600 0" "the node is root's alone"

abi_fuzz 3 4 >/tmp/fuzz 2>&1
is $? 0 "arbitrary commands" || note "$(cat /tmp/fuzz)"
note "$(cat /tmp/fuzz)"
nothing_left "after arbitrary commands"
usable "after arbitrary commands"
done_testing
