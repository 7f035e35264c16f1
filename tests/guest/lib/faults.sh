# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2086,SC2154
#
# What the tests on the kernel share whose lines can be made wrong (lab/kernel/patches/README.md). Sourced after tap.sh.

faults=/sys/kernel/debug/iommu_faults
mountpoint -q /sys/kernel/debug || mount -t debugfs debugfs /sys/kernel/debug

# fault_on NAME
fault_on()
{
	echo 0 >$faults/$1/hits
	echo Y >$faults/$1/on
}

# fault_off NAME: and what it has left in the caches goes.
fault_off()
{
	echo N >$faults/$1/on
	run iommubench map-unmap -d "$device" -e none --warmup 0s --domain-type lazy -n 1 -q
}

# fault_seen NAME CHECK OPTION...: a verified run with that fault fails that check.
fault_seen()
{
	fault=$1
	check=$2
	shift 2
	fault_on $fault
	rm -f /tmp/seen.json
	run timeout 120 iommubench map-unmap -d "$device" -e none -T 1s --warmup 0s --verify -q -o /tmp/seen.json "$@"
	like "$status $stderr" "^1 .*[0-9]+ checks? failed: .*(device|mapping|words) " "$fault is seen: $*"
	[ "$(cat $faults/$fault/hits)" -gt 0 ]
	ok $? "$fault was there to be seen"
	grep -A 2 "\"name\": \"$check\"" /tmp/seen.json >/tmp/seen.check
	grep -q '"failures": [1-9]' /tmp/seen.check
	ok $? "$fault is seen by $check" || note "$(cat /tmp/seen.check)" "$stderr"
	fault_off $fault
	dmesg -c >/dev/null
}
