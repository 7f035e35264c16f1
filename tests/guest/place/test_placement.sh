# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
# kernel: any
# lab: --smp 8 --numa 4:2 --append isolcpus=7
#
# Four NUMA nodes in a row with two CPUs each; the device and its SMMU are on node 2, and CPU 7 is isolated.
# The placement options do what they say, seen from outside: by the kernel's own books on the tool's memory and on
# the threads' affinities. test_placement.py looks at what the results say.
. ./tap.sh

# watch OPTION...: what the kernel knows of a run while it goes on: $cpus of the threads, $policies of the
# tool's own memory (each one once).
watch()
{
	iommubench map-unmap --rate 100/s --warmup 0ms -e none -T 300s -q -o /out/$name.json "$@" 2>/tmp/watch.stderr &
	tool=$!
	wait_for '[ "$(workers)" -gt 0 ]'
	cpus=$(grep -l '^iommubench/[0-9]' /proc/[0-9]*/comm 2>/dev/null | while read -r task; do
		sed -n 's/^Name:[^0-9]*//p; s/^Cpus_allowed_list:[^0-9]*//p' ${task%comm}status | tr '\n' ' '
		echo
	done | sort -n | cut -d ' ' -f 2 | tr '\n' ' ')
	policies=$(cut -d ' ' -f 2 /proc/$tool/numa_maps | sort -u | tr '\n' ' ')
	kill -INT $tool
	status=0
	wait $tool || status=$?
}

# placed NAME CPUS OPTION...
placed()
{
	name=$1
	want=$2
	shift 2
	watch "$@"
	is "$status" 4 "$name: a run that was stopped" || note "$(cat /tmp/watch.stderr)"
	is "$cpus" "$want" "$name: threads may run where they should, and nowhere else"
}

# What differs between kernels.
placed default "4 5 " -t 2
placed bind "2 3 " -t 2 --cpus node:1 --mem node:3 --window 64
is "$policies" "bind:3 " "bind: the tool's own memory is bound"
placed interleave "0 1 " -t 2 --cpus node:0 --mem interleave --window 64
is "$policies" "interleave:0-3 " "interleave: the tool's own memory is interleaved"
# Where page tables come from: the node of the SMMU, however far the threads are.
bench --api iommu --prefill 2k -n 100 --cpus node:0 --mem node:1 -q -o /out/tables.json
done_well "tables: a run that needs new tables"
case $(uname -r) in
6.1.*)
	nothing_left "after some placements"
	done_testing
	;;
esac

placed near "4 5 2 " -t 3 --cpus near-device
placed far "0 1 " -t 2 --cpus far
placed spread "4 2 6 0 " -t 4 --cpus spread --window 8
placed pack "4 5 2 " -t 3 --cpus pack
placed node "2 3 " -t 2 --cpus node:1
placed core "7 0 " -t 2 --cpus core:7,core:0
placed list "6 0 1 3 " -t 4 --cpus 6,node:0,3 --mem local
# Only one CPU of the node may be taken: CPU 7 is named by nobody.
placed isolated "6 6 " -t 2 --cpus node:3

run timeout 300 iommubench tlb-flush -e none --strategy gather --range 64K -n 2k --warmup 0ms --no-exposure --no-device-latency \
	--no-commands --cpus node:0 --mem node:3 -q -o /out/flush.json
done_well "flush: a subcommand like the others"

# What keeps the process off CPUs keeps the threads off, too, unless they are named.
run taskset 0x3 iommubench map-unmap --warmup 0ms -n 200 -e none -t 4 -q -o /out/affinity.json
done_well "affinity: a process that has two CPUs"
run taskset 0x3 iommubench map-unmap --warmup 0ms -n 200 -e none --cpus node:2
refused 3 'node 2' "affinity: none of node 2 is left"
# confined OPTION...: a run of a process in that cpuset.
confined()
{
	run sh -c 'echo $$ >/tmp/cgroup/some/cgroup.procs; exec iommubench map-unmap --warmup 0ms -n 200 -e none "$@"' sh "$@"
}

mkdir /tmp/cgroup
if mount -t cgroup2 none /tmp/cgroup && echo +cpuset >/tmp/cgroup/cgroup.subtree_control; then
	mkdir /tmp/cgroup/some
	echo 2-5 >/tmp/cgroup/some/cpuset.cpus
	echo 0-2 >/tmp/cgroup/some/cpuset.mems
	run sh -c 'echo $$ >/tmp/cgroup/some/cgroup.procs
		exec iommubench map-unmap --warmup 0ms -n 200 -e none -t 3 --mem interleave --window 64 -q -o /out/cpuset.json'
	done_well "cpuset: a process that has four CPUs and three nodes"
	run sh -c 'echo $$ >/tmp/cgroup/some/cgroup.procs; exec iommubench map-unmap -n 200 --cpus 0'
	refused 3 'CPU 0 .*cpuset' "cpuset: a CPU outside"
	run sh -c 'echo $$ >/tmp/cgroup/some/cgroup.procs; exec iommubench map-unmap -n 200 --mem node:3'
	refused 3 'node:3.*no memory.*for this process' "cpuset: memory of a node outside"
	# Memory elsewhere: the device's node is there all the same, with CPUs that may be used, or with none of those.
	echo 4-5 >/tmp/cgroup/some/cpuset.cpus
	echo 0 >/tmp/cgroup/some/cpuset.mems
	confined --cpus near-device
	like "$stdout$stderr" 'cpus=4 ' "cpuset: near the device is where it is, whatever memory may be used"
	nowhere='none of the CPUs that are nearest'
	printf '%s\n' "$stdout$stderr" | grep -q "$nowhere"
	is $? 1 "cpuset: and nothing to warn of"
	confined --numa-node 2
	like "$stdout$stderr" 'cpus=4 ' "cpuset: its node is one"
	confined --cpus far
	refused 3 'far: of 4 nodes, none that is farther' "cpuset: near the device alone, nothing is far"
	echo 0-1 >/tmp/cgroup/some/cpuset.cpus
	iommubench topo >/tmp/topo.whole
	run sh -c 'echo $$ >/tmp/cgroup/some/cgroup.procs; exec iommubench topo --svg /tmp/confined.svg'
	is "$stdout" "$(cat /tmp/topo.whole)" "cpuset: topo shows the whole machine"
	like "$stdout" '^NUMA node 2, CPUs 4-5' "cpuset: with the device's node"
	grep -q 'smmu3' /tmp/confined.svg
	ok $? "cpuset: and so does the picture"
	confined
	like "$stdout" 'cpus=0 ' "cpuset: where the device is not, another CPU is taken"
	like "$stdout$stderr" "$nowhere" "cpuset: with a warning"
	confined --cpus far
	like "$stdout$stderr" 'cpus=0 ' "cpuset: far from the device"
	echo 2-5 >/tmp/cgroup/some/cpuset.cpus
	echo 0-2 >/tmp/cgroup/some/cpuset.mems
	# CPUs of two nodes and memory of three.
	run sh -c 'echo $$ >/tmp/cgroup/some/cgroup.procs
		exec iommubench map-unmap -e none --placement-matrix --api iommu --warmup 0ms -n 200 -o /out/matrix/'
	done_well "matrix: each pair of nodes that may be used"
	is "$(printf '%s\n' "$stdout" | grep -c '^CPUs of node   [12]  *[0-9.]* [num]*s  *[0-9.]* [num]*s  *[0-9.]* [num]*s$')" 4 \
		"matrix: a table of three columns and two rows for map and unmap" || note "$stdout"
	like "$stdout" 'is on node 2' "matrix: which says where the device is"
else
	ok 0 "cpuset: # SKIP this kernel has no cpuset controller"
fi
echo 0 >/sys/devices/system/cpu/cpu3/online
bench --cpus 3
refused 3 'CPU 3 is not there, not online' "a CPU that is offline"
bench --cpus node:1 -t 2 -q -o /out/offline.json
done_well "offline: the other one of its node is left"
echo 1 >/sys/devices/system/cpu/cpu3/online

bench --cpus node:4
refused 3 'no node 4, expected one of 0 to 3' "CPUs of a node that is not there"
bench --cpus core:8
refused 3 'no core 8, expected one of 0 to 7' "a core that is not there"
bench --cpus 8
refused 3 'CPU 8 is not there' "a CPU that is not there"
bench --cpus 2,core:2
refused 3 'CPU 2 is named twice' "a CPU in two ways"
bench --placement-matrix --cpus 0
refused 2 'leave --cpus, --numa-node and --mem out' "a matrix with CPUs of one kind"
bench --placement-matrix --engine dmatest -o /out/matrix-refused/
refused 3 'dmatest' "a matrix none of whose cells can be measured"
bench --mem node:4
refused 3 'no such node, expected one of 0 to 3' "memory of a node that is not there"
echo -1 >$bus/devices/$device/numa_node
bench --cpus near-device
refused 3 'firmware does not say which of 4 nodes' "near a device that is nowhere"
bench -q -o /out/nowhere.json
done_well "nowhere: CPUs without regard to a device that is nowhere"
echo 2 >$bus/devices/$device/numa_node

# Warnings: somebody else on a measured CPU, and interrupts of the SMMU there.
taskset 0x10 sh -c 'while :; do :; done' &
busy=$!
run timeout 300 iommubench map-unmap --warmup 0ms -e none -T 1s --cpus 4 -q -o /out/busy.json
done_well "busy: another process on the same CPU"
kill $busy
evtq=$(sed -n 's/^ *\([0-9]*\):.*arm-smmu-v3-evtq$/\1/p' /proc/interrupts)
echo 4 >/proc/irq/$evtq/smp_affinity_list
run timeout 300 iommubench map-unmap --api iommu --verify --warmup 0ms -T 1s --cpus 4 -q -o /out/interrupts.json
done_well "interrupts: the SMMU reports refused accesses to the measured CPU"
echo 0 >/proc/irq/$evtq/smp_affinity_list
run timeout 300 iommubench map-unmap --api iommu --verify --warmup 0ms -T 1s --cpus 4 -q -o /out/elsewhere.json
done_well "elsewhere: it reports them to another one"
bench --cpus 7 -q -o /out/quiet.json
done_well "quiet: the isolated CPU"

nothing_left "after all placements"
done_testing
