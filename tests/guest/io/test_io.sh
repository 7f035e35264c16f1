# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
# kernel: any
# lab: --disk 64M
#
# The tool's io on an NVMe disk behind the SMMU: domain types and how the disk comes out of them, writes,
# what is refused, and ends before the end; test_io.py looks at the results.
. ./tap.sh

disk=nvme0n1
wait_for '[ -b /dev/$disk ]'
slot=$(basename "$(readlink -f /sys/block/$disk/device/device)")
group=/sys/kernel/iommu_groups/$(group_of "$slot")
type=$(cat "$group/type")

# io OPTION...: the shortest run that counts something.
io()
{
	run timeout 300 iommubench io --warmup 0ms -n 100 $(uncounted "$@") "$@"
}

# as_before NAME: the disk is there, in its old domain type, with nothing left to be repaired.
as_before()
{
	is "$(cat "$group/type")" "$type" "the domain type is as before: $1"
	[ -b /dev/$disk ] && [ -e /sys/bus/pci/drivers/nvme/$slot ]
	ok $? "the disk is there: $1"
	[ ! -e "/run/iommubench/$slot.restore" ]
	ok $? "nothing is to be restored: $1"
}

# running: process $pid has its threads, and requests are under way; for wait_for. Before it has them, it reads the
# disk's signatures.
# shellcheck disable=SC2317
running()
{
	[ "$(ls "/proc/$pid/task" 2>/dev/null | wc -l)" -gt 1 ] && [ "$(awk '{ print $1 + $2 }' /sys/block/$disk/inflight 2>/dev/null || echo 0)" -gt 0 ]
}

# The only disk behind an IOMMU.
io -o /out/one.json
done_well "the disk is found"
like "$stdout" "disk  .*$disk" "and named"
like "$stdout" 'CPU  .*a request' "the summary tells the CPU time"
like "$stdout" 'requests: 100 of 100 passed' "and that all requests were good"
io -d /dev/$disk -t 2 --queue-depth 4 -s 64K --pattern sequential --span 16M --fixed-buffers --polled -q -o /out/polled.json
done_well "polled, with registered buffers, by two threads"
io -t 3 -s 64K --pattern sequential --span 1100K -q -o /out/rounded.json
done_well "a part of the disk that three threads cannot share evenly"
io -t 40 --queue-depth 2 -n 7 -q -o /out/few.json
done_well "fewer requests than threads"
io --repeat 2 -q -o /out/repeat.json
done_well "twice"

io --domain-type strict,lazy,identity --queue-depth 1,8 -o /out/types.json
done_well "all domain types at two depths"
for word in strict lazy identity CPU/IO virtual; do
	like "$stdout" "$word" "the table has '$word'"
done
is "$(ls /out/types-*.json | wc -l)" 7 "6 results and their index"
as_before "all types"
io --queue-depth 1,8 --format csv
done_well "CSV"
is "$(grep -c '^io,' /tmp/run.stdout)" 2 "a line for each point"

# Writing.
is "$(head -c 1048576 /dev/$disk | tr -d '\0' | wc -c)" 0 "the disk is still empty"
io -d $disk --write 100
refused 2 'destroys' "writing takes two words"
io -d $disk --write 100 --overwrite nvme1n1
refused 2 "nvme1n1, but the disk is $disk" "and the right name"
is "$(head -c 1048576 /dev/$disk | tr -d '\0' | wc -c)" 0 "nothing was written"
io -d $disk --write 100 --overwrite $disk --span 1M --pattern sequential -n 256 -q -o /out/write.json
done_well "writing"
is "$(dd if=/dev/$disk bs=4k count=256 2>/dev/null | od -An -v -tx1 -w4096 | grep -cv '[1-9a-f]')" 0 "has written all of it"
io --write 30 --overwrite $disk --span 1M -n 1k -q -o /out/mixed.json
done_well "reading and writing"

# At a rate, in intervals, and counted.
timed()
{
	run timeout 300 iommubench io --warmup 20ms $(uncounted "$@") "$@"
}
timed -T 600ms --rate 500/s -t 2 --interval 50ms -q -o /out/rate.json
done_well "at a rate that can be held"
run timeout 300 iommubench io --warmup 350ms -e none -T 200ms --rate 10/s -q -o /out/slow.json
done_well "at a rate slower than the warm-up is long"
timed -T 300ms --rate 1M/s --queue-depth 1 -o /out/behind.json
done_well "at one that cannot"
like "$stdout" 'samples began after the next one was due' "a warning says so"
# At so low a rate there is seldom a request under way: those that are done tell that it has begun.
reads()
{
	awk '{ print $1 }' /sys/block/$disk/stat
}
before=$(reads)
start iommubench io --warmup 0ms -e none -T 4s --rate 100/s -q -o /out/stall.json &
pid=$!
wait_for '[ "$(reads)" -gt $((before + 50)) ]'
sleep 1
kill -STOP $pid
sleep 4
kill -CONT $pid
wait $pid
ok $? "a run that stands still at its end"
timed -n 100 --rate 1k/s --write 100 --overwrite $disk --span 1M --polled -t 2 -q -o /out/paced.json
done_well "writes at a rate, polled"
timed -T 300ms --interval 20ms --repeat 2 --domain-type lazy -e default,commands -q -o /out/series.json
done_well "two runs in intervals, in a lazy domain, and what a flush queue sends"
as_before "a run that explains"
timed -n 500 -t 2 --domain-type strict -e cycles,context-switches,interrupts,tracepoints,commands -v -o /out/events.json
is "$status" 0 "what can be counted of two threads"
like "$stdout" '^iommu:unmap +[0-9]+ ' "counts are in the summary"
like "$stderr" 'interrupts? of nvme0q.* came to measured' "the disk's own interrupts are a detail"
is "$(grep -c 'warning.*interrupts* of nvme' /tmp/run.stdout)" 0 "and no warning"
timed -n 100 -e none -q -o /out/uncounted.json
done_well "or nothing"
start iommubench io -T 60s --warmup 0ms --rate 100/s --interval 50ms --repeat 3 -q -o /out/cut.json 2>/dev/null &
pid=$!
wait_for running
usleep 400000
kill -INT $pid
status=0
wait $pid || status=$?
is $status 4 "Ctrl-C ends a paced run in intervals"

# As a load beside another benchmark.
run timeout 300 iommubench map-unmap --background io:depth=2,rate=400 -T 300ms --warmup 0ms --cpus 0 --rate 500/s --interval 50ms \
	-q -o /out/calm.json
done_well "as background of a run at a rate, in intervals"
run timeout 300 iommubench map-unmap --background io:depth=4,size=8K -e none -T 300ms --warmup 0ms --cpus 0 -o /out/background.json
done_well "as background of map-unmap"
like "$stdout" "background  io of $disk: .*requests/s" "whose summary tells of it"
run timeout 300 iommubench tlb-flush --background io -e none --strategy gather --sweep range=4K,64K -n 2k --no-commands \
	--cpus 0 -q -o /out/beside/
done_well "and of a sweep"
cp /out/beside/gather-4K-64K-1-shared.json /out/beside.json
run iommubench map-unmap --background io:span=1G -n 10
refused 2 '--background: .*too small' "a span that is too long"
run iommubench map-unmap --background io:device=null -n 10
refused 3 '/dev/null is no block device' "a background on no disk"

# What is in use is left alone.
mkswap /dev/$disk >/dev/null 2>&1
swapon /dev/$disk
io
refused 3 "in use .*$disk is swap space" "a disk in use is not taken by itself"
run iommubench map-unmap --background io -n 10
refused 3 'in use .*swap' "nor for a load in the background"
io -d $disk --domain-type lazy
refused 3 "--domain-type lazy: $slot is in use: $disk is swap space" "nor taken from under its user"
io -d $disk --write 100 --overwrite $disk
refused 3 "never written to: $disk is swap space" "nor written to"
io -d $disk
is "$status" 0 "but it can be read"
like "$stdout" 'warning .*in use' "with a warning"
as_before "refusals"
swapoff /dev/$disk
io --domain-type lazy
refused 3 "in use .*$disk is marked as swap space" "nor what is only marked to be somebody's"
dd if=/dev/zero of=/dev/$disk bs=4k count=1 2>/dev/null
tail -f /dev/null 3</dev/$disk &
pid=$!
io -d $disk --domain-type lazy
refused 3 "$slot is in use: process $pid \(tail\) has it open" "nor is it taken from who has it open"
before=$(sha256sum <"/dev/$disk")
io -d $disk --write 100 --overwrite $disk
refused 3 "never written to: process $pid \(tail\) has it open" "nor written to"
is "$(sha256sum <"/dev/$disk")" "$before" "and nothing was"
io -d $disk -q
is "$status" 0 "but it can be read"
kill $pid
wait $pid 2>/dev/null
io -d $disk --write 100 --overwrite $disk --span 1M -q
is "$status" 0 "once it is closed, it can be written to" || note "$stderr"
as_before "a disk that somebody has open"

io -d nvme9n1
refused 3 'no block device /dev/nvme9n1' "a disk that is not there"
io --span 1G
refused 2 '--span: .*has only 64M' "a span that is too long"
io -s 64M -t 2 --queue-depth 1
refused 2 'do not fit' "requests that are too large"
io --cpus 99
refused 3 'CPU 99' "a CPU that is not there"
as_before "bad input"

# Ctrl-C in the second domain type.
start iommubench io --domain-type strict,lazy,identity -T 2s --warmup 0ms -q -o /out/int.json 2>/tmp/err &
pid=$!
wait_for '[ -e /out/int-strict-4K-qd32.json ] && [ "$(cat $group/type)" = DMA-FQ ]'
wait_for running
kill -INT $pid
status=0
wait $pid || status=$?
cp /tmp/err /tmp/run.stderr
stderr=$(cat /tmp/err)
refused 4 'interrupted: 1 of 3 points' "Ctrl-C ends it"
[ -e /out/int-lazy-4K-qd32.json ] && [ ! -e /out/int-identity-4K-qd32.json ]
ok $? "the point under way is written, the next one was not begun"
as_before "Ctrl-C"

# A tool that is killed leaves the type; the next one puts it back.
start iommubench io --domain-type identity -T 60s -q &
pid=$!
wait_for '[ "$(cat $group/type)" = identity ]'
wait_for running
kill -9 $pid
wait $pid 2>/dev/null
run iommubench io -h
is "$(cat $group/type)" identity "help changes nothing"
run iommubench io -d $disk -n 10 -q -e none
like "$stderr" "put IOMMU group [0-9]+ of $slot back from identity to $type" "kill -9 is repaired by the next start"
wait_for '[ -b /dev/$disk ]'
as_before "kill -9"

# The disk goes away. The nvme driver of 6.1 crashes when a file of such a disk is closed.
case $(uname -r) in
6.1.*) ;;
*)
	start iommubench io -T 60s -q -o /out/gone.json 2>/tmp/err &
	pid=$!
	wait_for running
	echo 1 >"/sys/bus/pci/devices/$slot/remove"
	status=0
	wait $pid || status=$?
	cp /tmp/err /tmp/run.stderr
	stderr=$(cat /tmp/err)
	refused 3 'went away' "removal ends it"
	io
	refused 3 'no block device behind an IOMMU' "no disk"
	echo 1 >/sys/bus/pci/rescan
	wait_for '[ -b /dev/$disk ]'
	;;
esac
# Not while its disk is looked through for partitions.
wait_for 'modprobe -r nvme 2>/dev/null'
modprobe nvme poll_queues=0
wait_for '[ -b /dev/$disk ]'
io --polled
refused 3 '--polled: .*no queues to poll' "no queues for polling"
no_kernel_warning "after all"
done_testing
