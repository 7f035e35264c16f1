# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154
#
# Sourced in a guest by the list of its board. What a command prints, its exit status and the files that it
# writes come to a folder of its name.

device=$IOMMUBENCH_DEVICE

# run NAME COMMAND...: in a folder of its own, where it leaves its files. What the one before left to do in
# the background is over by then.
run()
{
	name=$1
	shift
	mkdir -p "/out/$name/files"
	printf '%s\n' "$*" >"/out/$name/command"
	sleep 1
	(cd "/out/$name/files" && "$@" >../stdout 2>../stderr </dev/null)
	echo $? >"/out/$name/status"
}

# all_formats NAME COMMAND...: as people, programs and tables have it.
all_formats()
{
	each=$1
	shift
	run "$each" "$@" -o r.json
	run "$each-json" "$@" --format json
	run "$each-csv" "$@" --format csv
}

# bind_all: the board's other DMA engines.
bind_all()
{
	for path in /sys/bus/platform/devices/*.dma /sys/bus/platform/devices/*.mmc /sys/bus/pci/devices/*; do
		case $path in
		*/pci/*) [ "$(cat "$path/vendor")" = 0x1234 ] || continue ;;
		*) [ -e "$path" ] || continue ;;
		esac
		[ -e "$path/driver" ] || run "bind-${path##*/}" iommubench-bind "${path##*/}"
	done
}

# module_said: what the module told the kernel's log; times are those of this boot.
module_said()
{
	mkdir -p /out/module/files
	echo "dmesg | grep kmod_iommu_test" >/out/module/command
	dmesg | sed -n 's/^\[[^]]*\] *\(.*kmod_iommu_test.*\)/\1/p' >/out/module/stdout
	: >/out/module/stderr
	echo 0 >/out/module/status
}
