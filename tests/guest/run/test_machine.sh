# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# What the machine does under a run: a CPU goes, all is suspended, the tool is frozen. The run ends, it is said why, and what was
# measured until then is a result.
# kernel: any
. ./tap.sh

# begin NAME OPTION...: a run that is under way, with its process in $tool.
begin()
{
	name=$1
	shift
	iommubench map-unmap -e none --warmup 0ms -q -o "/out/$name.json" "$@" >/tmp/stdout 2>/tmp/stderr </dev/null &
	tool=$!
	wait_for '[ "$(workers)" != 0 ]'
	usleep 100000
}

# ended NAME WORDS WHAT
ended()
{
	status=0
	wait "$tool" || status=$?
	is "$status" 3 "$3: it ends" || note "$(cat /tmp/stderr)"
	like "$(cat /tmp/stderr)" "$2" "$3: it is said why"
	like "$(cat "/out/$1.json")" '"complete": *false' "$3: there is a partial result"
	nothing_left "$3"
}

online=/sys/devices/system/cpu/cpu1/online
for transport in ioctl uring; do
	begin cpu.$transport --transport $transport --cpus 1 -T 60s
	put 0 $online
	is "$status" 0 "a CPU that a run is on can be taken offline"
	ended cpu.$transport 'CPU 1, which thread 0 is pinned to, was taken offline' "a CPU goes, $transport"
	put 1 $online
done
begin cpus --cpus 0,1 -t 4 -T 60s
put 0 $online
ended cpus 'CPU 1, which thread [13] is pinned to, was taken offline' "one CPU of two goes"
bench --cpus 1 -q
refused 3 'CPU 1 is not' "a CPU that is offline"
put 1 $online
begin other --cpus 0 -n 20000
put 0 $online
put 1 $online
wait "$tool"
is $? 0 "a CPU that a run is not on does not matter" || note "$(cat /tmp/stderr)"
nothing_left "after a CPU that it is not on"

if [ -e /sys/power/pm_test ]; then
	echo freezer >/sys/power/pm_test
	begin suspend -t 2 -T 60s
	put freeze /sys/power/state
	is "$status" 0 "the machine can be suspended"
	ended suspend 'the machine is being suspended' "suspend"
	echo none >/sys/power/pm_test
	usable "after a suspend"
else
	note "this kernel cannot be suspended"
fi

mkdir -p /tmp/cgroup
if mount -t cgroup2 none /tmp/cgroup 2>/dev/null; then
	mkdir -p /tmp/cgroup/tool
	for transport in ioctl uring; do
		begin frozen.$transport --transport $transport -T 60s
		echo "$tool" >/tmp/cgroup/tool/cgroup.procs
		echo 1 >/tmp/cgroup/tool/cgroup.freeze
		wait_for '[ "$(workers)" = 0 ]'
		is "$(workers)" 0 "nobody works for a frozen tool, $transport"
		echo 0 >/tmp/cgroup/tool/cgroup.freeze
		ended frozen.$transport 'the process that waits for the run was frozen' "freezer, $transport"
	done
	rmdir /tmp/cgroup/tool
	umount /tmp/cgroup
else
	note "this kernel has no control groups"
fi
usable "in the end"
done_testing
