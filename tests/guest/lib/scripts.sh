# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# scripts.sh NAME[:shared]...: run these test scripts in the guest, one after the other, for tests/guest/boot.
#
# What one says is between "@begin NAME" and "@end STATUS". Each has a folder /out/NAME of its own as its /out,
# and an empty /tmp. After one that is shared the guest must be as it was in the beginning: otherwise lines
# "@left WHAT" tell the difference, and the next one is not begun.

cd /tests || exit 125
tracing=/sys/kernel/debug/tracing
# A group that is formed when a driver first asks for a device stays, so only these are looked at.
groups=$(echo /sys/kernel/iommu_groups/*)

# members SESSION: names of its processes.
members()
{
	for file in /proc/[0-9]*/stat; do
		# It may be gone by now.
		{ read -r line <"$file"; } 2>/dev/null || continue
		comm=${line#*(}
		# shellcheck disable=SC2086 # words: state, parent, process group, session
		set -- "$1" ${line##*) }
		[ "$5" != "$1" ] || [ "$2" = Z ] || echo "process ${comm%)*}"
	done
}

# state: what a script could leave behind. Of tracing, that it is mounted is no matter.
# shellcheck disable=SC2046,SC2086 # lists of files
state()
{
	find /dev /run/iommubench/* $tracing/instances /sys/bus/pci/drivers /sys/bus/platform/drivers $groups \
		2>/dev/null | sort
	grep -s '' $(printf '%s/type ' $groups) /sys/bus/*/devices/*/driver_override \
		/sys/module/kmod_iommu_test*/refcnt /sys/module/kmod_iommu_test*/parameters/* \
		/sys/module/iommufd/parameters/* /sys/module/arm_smmu_v3/parameters/* \
		$tracing/kprobe_events /sys/devices/system/cpu/online
	grep -v ' tracefs ' /proc/mounts
	grep kmod_iommu_test /proc/vmallocinfo
	grep -hs '^iommubench/' /proc/[0-9]*/comm
	[ ! -e /run/session ] || members "$(cat /run/session)"
}

# settled: within some seconds, as a thing may be let go a while after the program that held it has ended.
settled()
{
	for pause in 0 0.1 0.5 1 2 2; do
		sleep $pause
		state >/run/state.after
		! cmp -s /run/state.before /run/state.after || return 0
	done
	return 1
}

case " $*" in
*:shared*) state >/run/state.before ;;
esac
for word; do
	name=${word%:shared}
	mkdir -p "/out/$name"
	mount -o bind "/out/$name" /out || exit 125
	# The console has it as well, so that it is known whose warnings are whose.
	echo "<4>scripts.sh: $name begins" >/dev/kmsg
	echo "@begin $name"
	echo "@begin $name" >&2
	# shellcheck disable=SC2016 # for that shell
	setsid sh -c 'echo $$ >/run/session; exec sh "$0.sh"' "$name"
	echo "@end $?"
	umount -l /out
	if [ "$word" != "$name" ]; then
		settled || {
			echo '@left what was so before (-), and is so now (+):'
			diff /run/state.before /run/state.after | sed -n 's/^\([-+][^-+].*\)/@left \1/p'
			exit 1
		}
	fi
	rm -rf /tmp/*
done
