# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2046,SC2154
#
# What the tests of PCI page requests share: the PCI engine, and what its capability says. Sourced after tap.sh.

bus=/sys/bus/pci
driver=$bus/drivers/kmod_iommu_test
for node in "$bus"/devices/*; do
	[ "$(cat "$node/vendor"):$(cat "$node/device")" != 0x1234:0x10b7 ] || device=${node##*/}
done
node=/dev/iommubench/$device
run iommubench-bind "$device"
done_well "the PCI engine can be bound"

# iopf OPTION...: faults by page requests.
iopf()
{
	run timeout 300 iommubench iopf -d "$device" --mode pri --warmup 0s -n 200 --fault-timeout=30s -q $(uncounted "$@") "$@"
}

# config OFFSET: 32 bits of the engine's configuration space.
config()
{
	od -A n -t x4 -j "$1" -N 4 "$bus/devices/$device/config" | tr -d ' '
}

# The page request capability is where the list of capabilities has it.
pri_at=256
while [ $((0x$(config $pri_at) & 0xffff)) != $((0x13)) ] && [ $pri_at != 0 ]; do
	pri_at=$((0x$(config $pri_at) >> 20))
done

# pri_state: on or off, and what else control and status say.
pri_state()
{
	word=0x$(config $((pri_at + 4)))
	[ $((word & 1)) = 0 ] && state=off || state=on
	[ $((word & 0x10000)) = 0 ] || state="$state, response failure"
	[ $((word & 0x20000)) = 0 ] || state="$state, unexpected answer"
	[ $((word & 0x1000000)) = 0 ] || state="$state, stopped"
	echo "$state"
}

# pri_allowed: requests that may be outstanding.
pri_allowed()
{
	echo $((0x$(config $((pri_at + 12)))))
}
