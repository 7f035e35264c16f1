# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# The flush strategies by the module's ABI: each runs, and differs from the others in what it sends to the
# SMMU, counted by a probe on the driver's command submission. Shown as a table.
# boot: shared domains
. ./tap.sh
. ./flush.sh

mappings=64
rounds=50
trace=/sys/kernel/tracing
mount -t tracefs none $trace 2>/dev/null
put 'p:sent arm_smmu_cmdq_issue_cmdlist' $trace/kprobe_events
ok $status "the SMMU's command submission can be probed"
echo 1 >$trace/events/kprobes/sent/enable

sent()
{
	awk '$1 == "sent" { print $2 }' $trace/kprobe_profile
}

# flush STRATEGY LEAST MOST: cost of rounds, and how many command lists each of them sends.
flush()
{
	before=$(sent)
	run flush_run "$1" cost 4096 $mappings 1 $rounds
	lists=$(($(sent) - before))
	is "$status" 0 "$1: runs" || note "$stdout"
	is "$(figure map 3) $(figure unmap 3) $(figure total 3)" "$rounds $rounds $rounds" "$1: a sample a round"
	# What other devices send meanwhile goes into it, too.
	[ $lists -ge $(($2 * rounds)) ] && [ $lists -le $(($3 * rounds + rounds / 2)) ]
	ok $? "$1: $2 to $3 command lists a round of $mappings mappings" || note "$lists in $rounds rounds"
	note "$(printf '%-14s %5d lists, unmap %8.0f ns, flush %8.0f ns, total %8.0f ns' \
		"$1" "$lists" "$(figure unmap 5)" "$(figure flush 5)" "$(figure total 5)")"
}

flush strict $mappings $mappings
is "$(figure flush 3)" '' "strict: the flush is part of the unmap"
run flush_run lazy cost 4096 1 1 1
is "$status" 3 "lazy in a strict domain is refused"
like "$stdout" 'strategy lazy needs a default domain of type lazy, and that of .* is strict: set the type' \
	"it says what to do"
flush gather 1 1
is "$(figure flush 3)" $rounds "gather: the flush is told from the unmap"
flush range 1 1
flush per-page $mappings $mappings
is "$(figure flush 3)" $rounds "per-page: the flush is told from the unmap"
flush full 1 1
flush per-map-full $((2 * mappings)) $((2 * mappings))
[ "$(figure map 5)" -gt "$(figure unmap 5)" ]
ok $? "per-map-full: its maps flush as well"
set_type DMA-FQ
flush lazy 0 2
set_type identity
flush none 0 0
run flush_run strict cost 4096 1 1 1
like "$status $stdout" '^3 .*strategy strict needs a default domain of type strict' "strict in an identity domain is refused"
flush gather 1 1
set_type DMA

# Sizes, threads, and a range of 1 GiB, of which memory is taken once only.
for what in '65536 16' '2097152 4' '4194304 2' '1073741824 1' '12288 7' '4096 262144'; do
	run flush_run range cost $what 1 2
	is "$status" 0 "a round of $what" || note "$stdout"
done
for strategy in strict gather range per-page full per-map-full; do
	run flush_run $strategy cost 4096 16 3 40
	is "$status $(figure total 3)" "0 120" "$strategy: three threads" || note "$stdout"
done

# What this machine lacks.
for mode in exposure stale device; do
	run flush_run gather $mode 4096 1 1 1
	is "$status" 3 "$mode with edu is refused"
	like "$stdout" 'engine edu of .* cannot .*: only costs' "$mode: the reason"
done
run flush_run gather cost 4096 1 2 1 per-thread
like "$status $stdout" '^3 .*(PASIDs, and|kernel that attaches)' "domains for each thread are refused"

echo 0 >$trace/events/kprobes/sent/enable
echo >$trace/kprobe_events

# Ranges of many GiB are unmapped in parts, between which others have the CPU.
# parts GIB COUNTS-AND-BYTES
parts()
{
	echo >$trace/trace
	echo 1 >$trace/events/kprobes/unmapped/enable
	run flush_run range cost 1073741824 "$1" 1 1
	echo 0 >$trace/events/kprobes/unmapped/enable
	is "$status" 0 "a round of $1 GiB" || note "$stdout"
	is "$(sed -n 's/.* unmapped: .* bytes=\([0-9]*\).*/\1/p' $trace/trace | sort -rn | uniq -c | xargs)" "$2" \
		"$1 GiB are unmapped by calls for $2 bytes"
}

put 'p:unmapped iommu_unmap_fast bytes=$arg3:u64' $trace/kprobe_events
ok $status "unmaps can be probed"
parts 8 "1 8589934592"
parts 16 "1 17179869184"
parts 20 "1 17179869184 1 4294967296"
parts 64 "4 17179869184"
echo >$trace/kprobe_events
nothing_left "after all strategies"
ends_well cost
# A round of a second or so, and none of its mappings stays.
start_flush full cost 4096 262144 1 100
kill -KILL $!
wait $! 2>/dev/null
nothing_left "in the middle of a long round"
usable "after all strategies"
done_testing
