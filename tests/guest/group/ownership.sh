# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# Part of tests of pairs of uses, sourced after tap.sh.

# pairs NAME OPTION...: what ownership_check says, as checks of this script.
pairs()
{
	name=$1
	shift
	timeout 3000 ownership_check "$@" >/tmp/check 2>&1
	is $? 0 "$name: ownership_check ran to its end" || note "$(tail -n 1 /tmp/check)"
	while read -r line; do
		case $line in
		"ok - "*) ok 0 "$name: ${line#ok - }" ;;
		"not ok - "*) ok 1 "$name: ${line#not ok - }" ;;
		*) note "$line" ;;
		esac
	done </tmp/check
}
