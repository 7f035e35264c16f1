# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# TAP for the test scripts in the guest. Sourced first; the last line of a script is "done_testing".
#
# run COMMAND... leaves $status, $stdout and $stderr, which the checks after it look at.

tap_count=0
tap_failed=0
status=0
stdout=
stderr=
# What the machinery uses is not named by any test.
device=${IOMMUBENCH_DEVICE-}
bus=/sys/bus/pci
[ ! -e "/sys/bus/platform/devices/$device" ] || bus=/sys/bus/platform
driver=$bus/drivers/kmod_iommu_test
node=/dev/iommubench/$device

note()
{
	printf '%s\n' "$*" | sed 's/^/#   /'
}

# ok CONDITION-STATUS NAME
ok()
{
	tap_count=$((tap_count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tap_count - $2"
		return 0
	fi
	tap_failed=$((tap_failed + 1))
	echo "not ok $tap_count - $2"
	return 1
}

# is GOT WANTED NAME
is()
{
	[ "$1" = "$2" ]
	ok $? "$3" || note "got '$1', expected '$2'"
}

# relay PREFIX PROGRAM [ARGUMENT]...: what a program says of its own checks, as checks of this script with PREFIX before
# their names; it has to end without a fault and to say nothing else.
relay()
{
	prefix=$1
	shift
	"$@" >/tmp/relayed 2>&1
	is $? 0 "$prefix$1 ran to its end" || note "$(tail -n 1 /tmp/relayed)"
	while read -r line; do
		case $line in
		"ok - "*) ok 0 "$prefix${line#ok - }" ;;
		"not ok - "*) ok 1 "$prefix${line#not ok - }" ;;
		*) ok 1 "${prefix}unexpected: $line" ;;
		esac
	done </tmp/relayed
}

# like TEXT REGULAR-EXPRESSION NAME
like()
{
	grep -Eq -e "$2" <<-EOF
		$1
	EOF
	ok $? "$3" || note "'$1' does not match '$2'"
}

# run COMMAND... A process takes the guest as long as a hundred mappings, so none is begun for nothing.
run()
{
	status=0
	"$@" >/tmp/run.stdout 2>/tmp/run.stderr </dev/null || status=$?
	stdout=
	stderr=
	[ ! -s /tmp/run.stdout ] || stdout=$(cat /tmp/run.stdout)
	[ ! -s /tmp/run.stderr ] || stderr=$(cat /tmp/run.stderr)
}

# uncounted OPTION...: an option for no counters, unless OPTIONs ask for some. Most tests do not look at
# them, and what is counted by default takes longer to set up and to explain than a short run itself.
uncounted()
{
	case " $* " in
	*' -e '*) ;;
	*) echo '-e none' ;;
	esac
}

# bench OPTION...: the shortest run that does something.
bench()
{
	run timeout 300 iommubench map-unmap --warmup 0ms -n 200 $(uncounted "$@") "$@"
}

# done_well NAME: the last run had nothing to complain about.
done_well()
{
	[ "$status" = 0 ] && [ -z "$stderr" ]
	ok $? "$1" || note "status $status: $stderr"
}

# refused STATUS REGULAR-EXPRESSION NAME: one clear line, and the right exit status.
refused()
{
	[ "$status" = "$1" ] && [ "$(wc -l </tmp/run.stderr)" = 1 ] &&
		printf '%s\n' "$stderr" | grep -Eq -e "^iommubench[a-z -]*: .*($2)"
	ok $? "$3" || note "status $status, expected $1 and one line with '$2': $stderr"
}

# put TEXT FILE: leaves $status.
put()
{
	status=0
	echo "$1" 2>/dev/null >"$2" || status=1
}

# wait_for CONDITION: up to a minute; a hang fails the test that follows, not the time.
wait_for()
{
	tries=0
	until eval "$1"; do
		tries=$((tries + 1))
		[ $tries -lt 1200 ] || return 1
		usleep 50000
	done
}

# Workers of a run that is under way.
workers()
{
	count=0
	for comm in /proc/[0-9]*/comm; do
		# It may be gone by now.
		{ read -r comm <"$comm"; } 2>/dev/null || continue
		case $comm in
		iommubench/*) count=$((count + 1)) ;;
		esac
	done
	echo $count
}

group_of()
{
	basename "$(readlink "$bus/devices/$1/iommu_group")"
}

domain_type()
{
	cat "/sys/kernel/iommu_groups/$(group_of "$device")/type"
}

# The kernel's log since the last look. What was said before the script began is the lab's.
dmesg -c >/dev/null
no_kernel_warning()
{
	# A want of memory of kmemleak's own costs it time and no more.
	dmesg -c | grep -v 'kmemleak: Cannot allocate a scan area' >/tmp/dmesg.new
	! grep -E 'WARNING:|BUG|Oops|Call trace|refcount_t|use-after-free|corrupt|leak|INFO: task|lockup|list_(add|del)|CMD_SYNC timeout' \
		/tmp/dmesg.new >/tmp/dmesg.bad
	ok $? "no kernel warning: $1" || note "$(cat /tmp/dmesg.bad)"
}

# load_modules [PARAMETER=VALUE...]: both, with parameters of the lab's engines.
load_modules()
{
	modprobe kmod_iommu_test_lab "$@"
}

# unload_modules: both; the lab's is in use while a device is bound that has an engine of it.
unload_modules()
{
	rmmod kmod_iommu_test_lab && rmmod kmod_iommu_test
}

# module_users: who refers to the module, without those modules that need it.
module_users()
{
	read -r users </sys/module/kmod_iommu_test/refcnt
	for holder in /sys/module/kmod_iommu_test/holders/*; do
		[ ! -e "$holder" ] || users=$((users - 1))
	done
	echo "$users"
}

# nothing_left NAME: no thread, no reference, no memory of the module's is held by a run.
nothing_left()
{
	wait_for '[ "$(workers)" = 0 ]'
	is "$(workers)" 0 "no worker is left: $1"
	wait_for '[ "$(module_users)" = 0 ]'
	is "$(module_users)" 0 "nothing refers to the module: $1"
	wait_for '! grep -q kmod_iommu_test /proc/vmallocinfo'
	is "$(grep -c kmod_iommu_test /proc/vmallocinfo)" 0 "no memory of a run is left: $1"
	no_kernel_warning "$1"
}

# usable NAME: the device works as before.
usable()
{
	bench -n 50
	done_well "the device is usable again: $1"
}

done_testing()
{
	echo "1..$tap_count"
	[ "$tap_failed" = 0 ]
	exit
}
