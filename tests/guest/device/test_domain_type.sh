# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# --domain-type switches the group and puts it back: after a normal end, an error, Ctrl-C, and by the
# next invocation after kill -9.
# boot: shared domains
. ./tap.sh

initial=$(domain_type)
restore=/run/iommubench/$device.restore
like "$initial" '^DMA(-FQ)?$' "the group starts in a type that translates"

restored()
{
	is "$(domain_type)" "$initial" "the type is back: $1"
	is "$(ls "$restore" 2>/dev/null)" "" "nothing is left to be repaired: $1"
	[ -e "$node" ]
	ok $? "the device is bound: $1"
}

for pair in strict:DMA lazy:DMA-FQ identity:identity; do
	type=${pair%:*}
	start iommubench map-unmap --domain-type "$type" -T 60s -q -o "/out/$type.json" 2>/tmp/err &
	pid=$!
	wait_for '[ "$(workers)" -gt 0 ]'
	is "$(domain_type)" "${pair#*:}" "$type: the group is switched during the run"
	kill -INT $pid
	wait $pid
	is $? 4 "$type: Ctrl-C is exit status 4"
	is "$(wc -l </tmp/err)" 1 "$type: and one line" || note "$(cat /tmp/err)"
	restored "after Ctrl-C of a $type run"
	bench --domain-type "$type" -q
	done_well "$type: a run that ends"
	restored "after a $type run"
done

bench --domain-type lazy --cpus 99 -q
refused 3 'CPU 99 is not there' "an error after the switch"
restored "after an error"
bench --domain-type lazy --api iommu -s 1G --window 100
refused 3 'do not fit' "a refusal after the switch"
restored "after a refusal"
bench --domain-type nonsense
refused 2 'nonsense.* is not one of strict, lazy, identity' "an unknown type"
bench --domain-type lazy -o /nowhere/x.json
refused 3 '/nowhere' "an output that cannot be written is found out before the switch"
restored "after that"

# kill -9: nothing of the tool's own can run any more, so the next invocation repairs.
for next in 'map-unmap -n 10 --warmup 0ms -e none -q' 'tlb-flush -n 20 --warmup 0ms -e none --strategy gather --range 64K -q'; do
	for transport in ioctl uring; do
		iommubench map-unmap --domain-type identity -e none -T 60s --transport $transport -q &
		pid=$!
		wait_for '[ "$(workers)" -gt 0 ]'
		kill -9 $pid
		wait $pid 2>/dev/null
		is "$(domain_type)" identity "the type stays after kill -9, $transport"
		[ -e "$restore" ]
		ok $? "and what it was is kept"
		# Who only looks changes nothing.
		for look in topo 'report /nonexistent' list-events -h 'map-unmap -h' 'tlb-flush --help' 'map-unmap --no-such-option' \
			'map-unmap -o /nowhere/x.json' "topo --judge $device"; do
			run iommubench $look
			is "$(domain_type)" identity "iommubench $look leaves it"
			[ -e "$restore" ]
			ok $? "and what it was"
			case $look in
			topo) like "$stdout" "warning.* a run that was killed has left .* of $device changed" "topo tells" ;;
			esac
		done
		run iommubench $next
		like "$stderr" "put IOMMU group [0-9]+ of $device back from identity to $initial" \
			"the next invocation, ${next%% *}, repairs it and says so"
		restored "after the repair by ${next%% *}, $transport"
	done
done

# Killed while it switches, at whichever step that is.
for delay in 0 30000 60000 100000 200000; do
	start iommubench map-unmap --domain-type identity -e none -T 60s -q &
	pid=$!
	usleep $delay
	kill -9 $pid
	wait $pid 2>/dev/null
	run iommubench map-unmap -n 10 --warmup 0ms -e none -q
	is "$status" 0 "usable after kill -9 at $delay us" || note "$stderr"
	restored "after kill -9 at $delay us"
done
for delay in 0 30000 60000 100000 200000; do
	# A signal that comes before it is heard is lost, and the run ends by itself.
	start iommubench map-unmap --domain-type identity -e none -T 2s -q 2>/dev/null &
	pid=$!
	usleep $delay
	kill -INT $pid
	wait $pid
	restored "after Ctrl-C at $delay us"
done

# A foreign or torn note to repair is no reason to touch anything.
mkdir -p /run/iommubench
echo "rubbish" >"$restore"
bench -q
is "$status" 0 "a torn note does no harm" || note "$stderr"
restored "after a torn note"
printf 'group 9999 type identity\n' >"$restore"
bench -q
is "$status" 0 "a note about another group does no harm" || note "$stderr"
restored "after a foreign note"

# The user's own order to the driver core is not ours to change.
is "$(cat "$bus/devices/$device/driver_override")" kmod_iommu_test "driver_override is as it was"

nothing_left "after all types"
done_testing
