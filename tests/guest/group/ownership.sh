# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# Part of tests of pairs of uses, sourced after tap.sh.

# ownership_check OPTION...: the program; what it says of refusals that were not as expected goes to /tmp/why.
ownership_check()
{
	timeout 3000 ownership_check "$@" >/tmp/check 2>&1
	ended=$?
	grep '^#' /tmp/check >/tmp/why
	grep -v '^#' /tmp/check
	return $ended
}

# pairs NAME OPTION...: what ownership_check says, as checks of this script.
pairs()
{
	name=$1
	shift
	relay "$name: " ownership_check "$@"
	[ ! -s /tmp/why ] || note "$(cat /tmp/why)"
}
