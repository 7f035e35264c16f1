# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# 200 times load, bind, run, unbind, unload: nothing is left behind. Memory is counted after some
# cycles, in which caches fill, and again after most of the others; whoever loses a page a cycle is
# found out.
# kernel: any
# lab: --append slab_nomerge
# boot: first
. ./tap.sh

cycles=200
first=40

# Of counters the kernel keeps up to some MiB for a while after they are closed, which would hide what a cycle
# loses: they are taken in the cycles before memory is first counted.
cycle()
{
	events=none
	[ "$1" -gt $first ] || events=default
	case $(($1 % 4)) in
	0) set -- --api dma-single --transport uring -e $events ;;
	1) set -- --api dma-sg -s 64K --buffer scattered --transport ioctl -e none ;;
	2) set -- --api iommu --iova random --prefill 100 -t 2 -e none ;;
	3) set -- --api iommu-fast --window 64 --domain-type lazy -e none ;;
	esac
	load_modules edu_dma_bits=48 &&
		iommubench-bind "$device" &&
		iommubench map-unmap --warmup 0ms -n 100 -q "$@" &&
		iommubench-unbind "$device" &&
		unload_modules
}

# count NAME: what the kernel has in use now.
count()
{
	# Lazily freed memory: RCU, the flush queue's timer, per-CPU lists.
	sleep 1
	sync
	echo 3 >/proc/sys/vm/drop_caches
	echo 1 >/proc/sys/vm/compact_memory
	# Otherwise objects that are free, but in the list of some CPU, count as used.
	for cache in kernfs_node_cache task_struct dentry iommu_iova; do
		echo 1 >/sys/kernel/slab/$cache/shrink
	done
	{
		awk '/^(MemFree|Slab|VmallocUsed|KernelStack|PageTables|Percpu|AnonPages|Cached):/ { sub(":", "", $1); print $1, $2 }' \
			/proc/meminfo
		awk '/^nr_iommu_pages / { print $1, $2 * 4 }' /proc/vmstat
		awk '$1 ~ /^iommu_iova|^iova_magazine|^kernfs_node_cache|^task_struct|^dentry$/ { print "slab." $1, $2 }' \
			/proc/slabinfo
		# Free pages that wait in lists of single CPUs are free all the same.
		awk '$1 == "count:" { pages += $2 } END { print "pcp", pages * 4 }' /proc/zoneinfo
		echo "vmalloc $(wc -l </proc/vmallocinfo)"
		echo "threads $(ls -d /proc/[0-9]* | wc -l)"
		echo "groups $(ls /sys/kernel/iommu_groups | wc -l)"
		echo "minors $(wc -l </proc/misc)"
		echo "files $(cut -f 1 /proc/sys/fs/file-nr)"
	} >"/out/count.$1"
}
value()
{
	awk -v name="$2" '$1 == name { print $2 }' "/out/count.$1"
}

iommubench-unbind "$device"
unload_modules
ls /dev /run /sys/kernel/debug /sys/bus/pci/drivers /sys/bus/platform/drivers /sys/class >/tmp/tree.before
group_before=$(group_of "$device"):$(domain_type)

failed=0
for n in $(seq $cycles); do
	cycle "$n" 2>/tmp/err || {
		failed=$((failed + 1))
		note "cycle $n: $(cat /tmp/err)"
	}
	case $n in
	"$first") count before ;;
	160 | 180) count $n ;;
	esac
done
count after
is "$failed" 0 "$cycles cycles of load, bind, run, unbind, unload"

is "$(group_of "$device"):$(domain_type)" "$group_before" "the group is as it was"
ls /dev /run /sys/kernel/debug /sys/bus/pci/drivers /sys/bus/platform/drivers /sys/class >/tmp/tree.after
# The tool keeps a folder for what it may have to repair; it is empty.
is "$(diff /tmp/tree.before /tmp/tree.after | grep '^[<>]' | grep -v '^> iommubench$')" "" \
	"no node, driver or class is left"
is "$(ls /run/iommubench 2>/dev/null)" "" "nothing is left to be repaired"
is "$(grep -c iommubench /proc/misc)" 0 "no minor number is left"
is "$(cat /proc/[0-9]*/comm | grep -c iommubench)" 0 "no thread is left"

# rise FROM TO NAME: how much more of it TO has. Free memory is used memory with the sign turned round.
rise()
{
	if [ "$3" = memory ]; then
		echo $(($(value "$1" MemFree) + $(value "$1" pcp) - $(value "$2" MemFree) - $(value "$2" pcp)))
	else
		echo $(($(value "$2" "$3") - $(value "$1" "$3")))
	fi
}

# does_not_grow NAME LIMIT CYCLES UNIT: less than LIMIT in CYCLES cycles. Something of the kernel's own now
# and then holds some 400 KiB for a while, so the least of three counts is taken, the first of them after 120
# cycles. What is lost by a cycle is also lost in each further 60 of them, which a while is not.
does_not_grow()
{
	more=
	for when in 160 180 after; do
		rose=$(rise before $when "$1")
		[ -n "$more" ] && [ "$more" -le "$rose" ] || more=$rose
	done
	in=120
	last=after
	for period in again once-more at-last; do
		[ "$more" -ge $((in * $2 / $3)) ] || break
		note "$1: $more$4 more until $last: looking $period"
		[ -e "/out/count.$period" ] || further "$period"
		more=$(rise $last $period "$1")
		in=60
		last=$period
	done
	[ "$more" -lt $((in * $2 / $3)) ]
	ok $? "$1 does not grow ($more$4 in $in cycles)" || note "$(diff /out/count.before /out/count.after)"
}

further()
{
	for n in $(seq $((cycles + 1)) $((cycles + 60))); do
		cycle "$n" 2>/tmp/err || note "cycle $n, $1: $(cat /tmp/err)"
	done
	count "$1"
}

# A page a cycle is 4 KiB.
for what in memory Slab VmallocUsed KernelStack PageTables Percpu; do
	does_not_grow $what 3 1 " KiB"
done
# One object a cycle is too much, and less than half an object is a chance.
for what in slab.task_struct slab.kernfs_node_cache vmalloc threads groups minors files; do
	does_not_grow $what 1 2 ""
done
grep slab.iommu_iova /out/count.before >/dev/null
ok $? "IOVAs can be counted"
does_not_grow slab.iommu_iova 1 2 ""
if grep -q nr_iommu_pages /out/count.before; then
	is "$(value after nr_iommu_pages)" "$(value before nr_iommu_pages)" "page tables of the IOMMU: exactly as many as before"
fi
no_kernel_warning "after all cycles"
done_testing
