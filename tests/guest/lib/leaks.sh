# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# kmemleak, for scripts on a kernel that has it. Sourced after tap.sh.

leaks=
kmemleak=/sys/kernel/debug/kmemleak

# leaks_begin: what the kernel's start has lost is not ours.
leaks_begin()
{
	put scan $kmemleak
	is "$status" 0 "kmemleak is there"
	put clear $kmemleak
}

# no_leak NAME: what was lost a moment ago may still be in a register or on a stack, so two scans; and what is
# younger than five seconds is not looked at. Where kmemleak has given up, a scan is refused.
no_leak()
{
	sleep 6
	echo scan >$kmemleak && sleep 6 && echo scan >$kmemleak && leaks=$(cat $kmemleak) && [ -z "$leaks" ]
	ok $? "kmemleak finds nothing: $1" || note "$(printf '%s\n' "$leaks" | head -n 60)"
}
