# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
# cpus: at once
. ./tap.sh

# What is converted was bounded before: on x86, a quotient that does not fit would be a fault of the processor. The
# largest that may be converted is four weeks, for a rate.
tracing=/sys/kernel/tracing
[ -e $tracing/kprobe_events ] || mount -t tracefs none $tracing
echo 'p:scale mul_u64_u64_div_u64 value=%x0:x64' >$tracing/kprobe_events
echo 'value > 0x9000000000000' >$tracing/events/kprobes/scale/filter
echo 1 >$tracing/events/kprobes/scale/enable

for program in abi_check abi_runs; do
	relay "" $program
done
nothing_left "after all commands"

is "$(stat -c '%a %u' "$node")" "600 0" "the node is root's alone"

abi_fuzz 3 4 >/tmp/fuzz 2>&1
is $? 0 "arbitrary commands" || note "$(cat /tmp/fuzz)"
note "$(cat /tmp/fuzz)"
nothing_left "after arbitrary commands"
usable "after arbitrary commands"
echo 0 >$tracing/events/kprobes/scale/enable
grep -q scale: $tracing/kprobe_profile || grep -q scale $tracing/kprobe_profile
ok $? "conversions were looked at"
is "$(grep -c 'scale: ' $tracing/trace)" 0 "nothing is converted that was not bounded" ||
	note "$(grep 'scale: ' $tracing/trace | head)"
echo '-:scale' >$tracing/kprobe_events
done_testing
