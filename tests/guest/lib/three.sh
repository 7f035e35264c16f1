# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2015,SC2034,SC2154
#
# Part of tests on virt-many, sourced after tap.sh: three devices are bound, $a, $b and $c. Of two that share
# an IOMMU group it is one.

for path in "$bus"/devices/*; do
	[ "$(cat "$path/vendor"):$(cat "$path/device")" = 0x1234:0x11e8 ] || continue
	[ "${path##*/}" != "$device" ] && [ ! -e "$path/driver" ] || continue
	case $path in
	*:08.1) continue ;;
	esac
	iommubench-bind "${path##*/}"
done
set -- /dev/iommubench/*
a=${1##*/} b=${2##*/} c=${3##*/}
is $# 3 "three devices are bound"
