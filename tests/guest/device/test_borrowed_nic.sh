# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2015,SC2016,SC2034,SC2119,SC2154,SC2231,SC2317
#
# A network card that was taken from its driver passes traffic when it is given back: the other one on the same
# cable answers.
# lab: --board virt-net --qemu qemu-system-aarch64
. ./tap.sh
. ./borrowed.sh

modprobe virtio_net
wait_for '[ -e /sys/class/net/eth1 ]'

# card MAC: its interface.
card()
{
	for path in /sys/class/net/*; do
		[ "$(cat "$path/address")" != "$1" ] || echo "${path##*/}"
	done
}

# traffic NAME: the other card answers three of three questions.
traffic()
{
	wait_for '[ -n "$(card 52:54:00:00:00:01)" ]'
	ours=$(card 52:54:00:00:00:01)
	ip address add 10.0.0.1/24 dev "$ours" 2>/dev/null
	ip link set "$ours" up
	run timeout 60 arping -q -c 3 -w 30 -I "$ours" 10.0.0.2
	is "$status" 0 "the card passes traffic: $1" || note "$stdout $stderr"
	[ "$(cat "/sys/class/net/$ours/statistics/rx_packets")" -ge 3 ]
	ok $? "three answers: $1"
}
# Who asks is on this machine as well.
echo 1 >/proc/sys/net/ipv4/conf/all/accept_local
theirs=$(card 52:54:00:00:00:02)
ip address add 10.0.0.2/24 dev "$theirs"
ip link set "$theirs" up
traffic "before"
slot=$(basename "$(readlink -f "/sys/class/net/$ours/device/..")")
like "$(readlink "$bus/devices/$slot/driver")" 'virtio-pci$' "its driver"
like "$(ls "/sys/kernel/iommu_groups/$(group_of "$slot")/devices")" "$slot" "it is behind the SMMU"

for how in 'a run' 'kill -9'; do
	echo "$slot" >$bus/drivers/virtio-pci/unbind
	has "$slot" >/tmp/has.card
	echo "$slot" >$bus/drivers/virtio-pci/bind
	iommubench-bind --release virtio-pci "$slot"
	if [ "$how" = 'a run' ]; then
		bench -d "$slot" --api iommu -q
		done_well "a run with the card"
	else
		start iommubench map-unmap -d "$slot" -T 60s -q 2>/dev/null &
		wait_for '[ "$(workers)" -gt 0 ]'
		kill -9 $!
		wait $! 2>/dev/null
	fi
	echo "$slot" >"$driver/unbind"
	has "$slot" | grep -v '^driver_override' >/tmp/has.now
	grep -v '^driver_override' /tmp/has.card | cmp -s - /tmp/has.now
	ok $? "it has what its driver left after $how" || note "$(diff /tmp/has.card /tmp/has.now)"
	echo "$slot" >"$driver/bind"
	run iommubench-unbind "$slot"
	is "$status $(basename "$(readlink "$bus/devices/$slot/driver")")" "0 virtio-pci" "it is with its driver again after $how" || note "$stderr"
	traffic "after $how"
done

told_no_more
nothing_left "in the end"
done_testing
