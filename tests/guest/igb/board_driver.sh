# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2016,SC2086
#
# A port is taken from its own driver in mid-life and given back: frames go through it as before.
# board: smmuv3-igb --kernel 6.12
. ./tap.sh
. ./igb.sh

# port DEVICE: the network interface that its driver has made of it.
port()
{
	wait_for "[ -d $bus/devices/$1/net ]"
	ls "$bus/devices/$1/net"
}

# passes NAME: the port asks for an address, and the other one, on the same wire, has it.
passes()
{
	near=$(port "$device")
	far=$(port "$other")
	ip link set "$near" up
	ip link set "$far" up
	ip address replace 192.0.2.1/24 dev "$far"
	wait_for '[ "$(cat /sys/class/net/$near/carrier /sys/class/net/$far/carrier | tr -d "\n")" = 11 ]'
	run arping -D -c 5 -w 20 -I "$near" 192.0.2.1
	like "$stdout" 'reply from 192.0.2.1' "frames go to and fro: $1" || note "$status $stdout $stderr $(ip link)"
	at=/sys/class/net/$near/statistics
	# rx_errors has one: a short frame that QEMU's model had to pad, and counts as too short.
	is "$(cat $at/tx_errors $at/rx_crc_errors $at/rx_missed_errors | tr -d '\n')" 000 "without errors: $1"
	cat "/sys/class/net/$near/address" >"/tmp/address.$1"
}

other=
for at in "$bus"/devices/*; do
	[ "$(cat "$at/vendor" "$at/device" | tr -d '\n')" != 0x80860x10c9 ] || [ "${at##*/}" = "$device" ] ||
		other=${at##*/}
done
run iommubench-unbind "$device"
done_well "the port is given up"
run modprobe igb
is "$status" 0 "its driver is there" || note "$stderr"
passes before

run iommubench-bind --release igb "$device"
is "$status" 3 "while the network is up, it is not taken"
like "$stderr" 'network .* is up' "and why is said"
ip link set "$near" down
run iommubench-bind --release igb "$device"
done_well "it is taken from its driver"
verified taken -s 64K -T 300ms
run iommubench-unbind "$device"
done_well "and given back"
is "$(basename "$(readlink "$bus/devices/$device/driver")")" igb "to that driver"
passes after
is "$(cat /tmp/address.after)" "$(cat /tmp/address.before)" "it has its own address again"

ip link set "$near" down
run iommubench-bind --release igb "$device"
done_well "and once more"
iommubench map-unmap -e none -T 60s --verify -q >/dev/null 2>&1 &
wait_for '[ "$(workers)" -gt 0 ]'
usleep 300000
run iommubench-unbind "$device"
wait $! 2>/dev/null
passes "unbound during a run"
modprobe -r igb
run iommubench-bind "$device"
done_well "it is taken once more"
nothing_left "in the end"
done_testing
