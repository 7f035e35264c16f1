# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
# kernel: any
# lab: --smp 4 --numa 4:2 --disk 64M
#
# Four NUMA nodes with a CPU each. What each thread works with is on the thread's node, or where
# --mem says: by the physical addresses of what threads are seen to use while they run, and not by
# what was asked for (see where.c).
. ./tap.sh

trace=/sys/kernel/tracing
[ -e $trace/kprobe_events ] || mount -t tracefs none $trace

# probe NAME FUNCTION VARIABLE=PLACE...: the addresses that a function is called with.
probe()
{
	status=0
	echo "p:$*" >>$trace/kprobe_events || status=1
	is "$status" 0 "$2 can be probed"
}

# used: a line for each thing that the module's threads were seen to use, "NAME CPU>NODE...", with
# the CPU of the thread.
used()
{
	awk '$1 ~ /^iommubench\/[0-9]+-[0-9]+$/ {
		cpu = substr($2, 2, 3) + 0
		for (i = 5; i <= NF; i++)
			if (split($i, part, "=") == 2)
				print part[1] ":" cpu, part[2]
	}' $trace/trace | where | sort -u | awk -F '[: ]' '
		$1 != name { if (NR > 1) print line; name = $1; line = name }
		{ line = line " " $2 ">" $3 }
		END { print line }'
}

# module NAME WHERE THINGS COMMAND...: THINGS are what threads of the module used, each WHERE.
module()
{
	name=$1
	want=$(for thing in $3; do echo "$thing $2"; done)
	shift 3
	echo >$trace/trace
	echo 1 >$trace/events/kprobes/enable
	run timeout 300 iommubench "$@" --warmup 0ms -e none -q -o /out/$name.json
	echo 0 >$trace/events/kprobes/enable
	done_well "$name: a run"
	is "$(used)" "$want" "$name: all that threads use is there"
}

own='0>0 1>1 2>2 3>3'
each='-t 4 --cpus 3,0,2,1'
far='0>3 1>3'
two='-t 2 --cpus 0,1 --mem node:3'

# An argument of each function, or what the struct that it points to begins with.
probe dma dma_sg_map mt=%x0:x64 slot=%x1:x64 buffer='+0(%x1):x64'
probe table dma_map_sgtable table='+0(%x1):x64'
things='buffer mt slot table'
maps='map-unmap --api dma-sg --window 8 -n 200'
module dma-sg "$own" "$things" $maps $each
module dma-sg-node "$far" "$things" $maps $two
put '' $trace/kprobe_events

probe own domain_map mt=%x0:x64 slot=%x1:x64 buffer='+0(%x1):x64'
probe memory iommu_map memory=%x2:x64
things='buffer memory mt slot'
maps='map-unmap --api iommu --prefill 20 -n 200'
module iommu "$own" "$things" $maps $each
module iommu-node "$far" "$things" $maps $two
put '' $trace/kprobe_events

# Memory of several pieces, in more than one mapping.
things='iova table tt'
flush='tlb-flush --strategy gather --no-exposure --no-device-latency --no-commands'
flush="$flush -s 32M --range 64M -n 100"
probe round own_map tt=%x0:x64 iova=%x1:x64
probe pieces iommu_map_sg table=%x2:x64
module flush "$own" "$things" $flush $each
module flush-node "$far" "$things" $flush $two
put '' $trace/kprobe_events

# begin COMMAND...: a run in the background, process $tool.
begin()
{
	iommubench "$@" --warmup 0ms -e none -T 300s -q -o /out/$name.json 2>/tmp/stderr.log &
	tool=$!
}

end()
{
	kill -INT $tool
	status=0
	wait $tool || status=$?
	is "$status" 4 "$name: a run that was stopped" || note "$(cat /tmp/stderr.log)"
}

# nodes FIRST END: those of the tool's pages there.
nodes()
{
	where $tool $1 $2 | cut -d ' ' -f 1 | sort -u | tr '\n' ' '
}

# shares N ALIGNMENT FIRST END: nodes of each of N equal parts of that range, which begin at the
# first multiple of ALIGNMENT; that much was taken for it in addition.
shares()
{
	bytes=$(((0x$4 - 0x$3 - $2 + 1) / $1))
	first=$(((0x$3 + $2 - 1) / $2 * $2))
	i=0
	while [ $i -lt $1 ]; do
		nodes $(printf '%x %x' $((first + i * bytes)) $((first + (i + 1) * bytes)))
		i=$((i + 1))
	done
}

# anonymous PATTERN: from where to where the tool has memory of its own with such flags, in lines.
anonymous()
{
	awk -v flags="$1" '
		$1 ~ /^[0-9a-f]+-[0-9a-f]+$/ {
			range = $1
			sub("-", " ", range)
			own = $2 == "rw-p" && NF == 5
		}
		$1 == "VmFlags:" && own && $0 " " ~ flags { print range }' /proc/$tool/smaps
}

# What threads of the module count in, which the tool has mapped.
for memory in local node:3; do
	name=counts-${memory%:*}
	begin map-unmap --rate 100/s $each --mem $memory
	wait_for '[ "$(workers)" = 4 ]'
	[ $memory = local ] && want='3 0 2 1 ' || want='3 3 3 3 '
	mapped=$(awk -F '[- ]' '/\/dev\/iommubench\// { print $1, $2 }' /proc/$tool/maps)
	is "$(shares 4 1 $mapped)" "$want" "$name: what the module's threads count in is there"
	end
done

# The tool's own threads for io, beside the one that starts them, which leaves their CPUs.
# busy: so many requests are under way that all three have begun, as each has four.
# shellcheck disable=SC2317
busy()
{
	read -r reads writes </sys/block/nvme0n1/inflight
	[ "$(ls /proc/$tool/task | wc -l)" = 4 ] && [ "$reads" -gt 8 ]
}
wait_for '[ -b /dev/nvme0n1 ]'
for memory in local node:2; do
	name=io-${memory%:*}
	begin io -t 3 --cpus 3,0,2 --queue-depth 4 -s 64K --mem $memory
	wait_for busy
	# Forked processes get no copy of it (dc), and there are no huge pages (nh).
	[ $memory = local ] && want='3 0 2 ' || want='2 2 2 '
	area=$(anonymous ' dc .*nh ')
	is "$(shares 3 65536 $area)" "$want" "$name: what the tool's threads write is there"
	# Which of the buffers are whose is open.
	[ $memory = local ] && want='0 256 2 256 3 256 ' || want='2 768 '
	kib=$(anonymous ' dc ([^n]|n[^h])*$' | while read -r range; do where $tool $range; done |
		awk '{ kib[$1] += $2 } END { for (node in kib) print node, kib[node] }' |
		sort | tr '\n' ' ')
	is "$kib" "$want" "$name: and all of their buffers"
	end
done

nothing_left "after all of them"
done_testing
