# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# What the tests of the engine igb share. Sourced after tap.sh.

# verified NAME OPTION...: a short run with checks goes well; its result is /out/NAME.json.
verified()
{
	name=$1
	shift
	run timeout 120 iommubench map-unmap -e none --engine igb --warmup 0s --verify -q -o "/out/$name.json" "$@"
	done_well "verified: $name"
}
