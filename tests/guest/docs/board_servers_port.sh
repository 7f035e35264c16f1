# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# What docs/servers.md says of a network port, which in the end is one of its driver's again.
# board: smmuv3-igb --kernel 6.12
# lab: --copy docs/servers.md:/tests/servers.md
. ./tap.sh
. ./page.sh

as_on_a_host
modprobe igb
wait_for '[ -e /sys/class/net/eth1 ]'
before=$(cat /sys/class/net/eth1/address)
ip link set eth1 up
page_typed servers.md smmuv3-igb
wait_for '[ -e /sys/class/net/eth1 ]'
is "$(cat /sys/class/net/eth1/address)" "$before" "the port is back at its driver, with its address"
no_kernel_warning "in the end"
done_testing
