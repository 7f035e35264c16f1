# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2016,SC2034,SC2086,SC2119,SC2154
#
# A channel of a PL330, which stays with the stock driver: what is measured and verified through it, what is
# refused, and that controller and channel are as before, whatever ends a run.
# board: smmuv3-pl330 --kernel 6.12
# board: r8a7795-es3-pl330
. ./tap.sh

# The kernels of our own have it built in.
modprobe pl330 2>/dev/null
channel=dma0chan0
name=dmaengine:$channel
class=/sys/class/dma/$channel
control=/sys/bus/iommubench/drivers/kmod_iommu_test
controller=$(basename "$(readlink "$class/device")")
amba=/sys/bus/amba/drivers/dma-pl330
dmatest=/sys/module/dmatest/parameters

in_use()
{
	cat "$class/in_use"
}

# free NAME: nobody has the channel, and the controller is where it was.
free()
{
	[ ! -e "/dev/iommubench/$name" ] && [ "$(in_use)" = 0 ] && [ -e "$amba/$controller" ]
	ok $? "the channel is free: $1" || note "in use: $(in_use)"
	nothing_left "$1"
}

# copies NAME: the kernel's own test of the channel, which has it meanwhile, finds nothing wrong. Debian's kernels
# do not have it.
copies()
{
	[ -e $dmatest ] || return 0
	dmesg -c >/dev/null
	echo 20 >$dmatest/iterations
	put $channel $dmatest/channel
	echo 1 >$dmatest/run
	wait_for 'dmesg | grep -q "dmatest: .*summary"'
	dmesg | grep "dmatest: .*summary" | grep -q "summary 20 tests, 0 failures"
	ok $? "the controller copies for the kernel's own test: $1" || note "$(dmesg | tail -n 5)"
	echo 0 >$dmatest/run
}

# long_run NAME: one that others end.
long_run()
{
	start iommubench map-unmap -e none --engine $name -T 60s --warmup 0s --verify -q -o "/out/$1.json" 2>/tmp/long.stderr &
	pid=$!
	wait_for '[ "$(workers)" -gt 0 ]'
	sleep 0.3
}

iommubench-unbind "$device"
copies "before"

# --- not taken ---

bench --engine $name
refused 3 "dmaengine:dma0chan0 of $controller is not taken .*iommubench-bind dmaengine:dma0chan0" "a channel that is not taken"
bench --engine dmaengine:dma9chan9
refused 3 'no channel dmaengine:dma9chan9' "a channel that is not there"
run iommubench-bind dmaengine:dma9chan9
is "$status" 3 "iommubench-bind of a channel that is not there" || note "$stderr"
put dma9chan9 $control/new_channel
is $status 1 "nor is it had from the module"
put ../../x $control/new_channel
is $status 1 "nor a path"
put '' $control/new_channel
is $status 1 "nor nothing"
bench --engine dmaengine:
refused 3 'no channel dmaengine:' "a channel without a name"
bench --engine $name -d other
refused 2 '--engine: .*leave --device out' "a channel and another device"
run iommubench-bind --list
like "$stdout" "^$name  channel of $controller" "iommubench-bind lists it"
run iommubench topo
like "$stdout" "$name" "topo lists it"
put $channel $control/delete_channel
is $status 1 "what is not taken cannot be given back"
run iommubench-unbind $name
is "$status" 3 "by iommubench-unbind neither" || note "$stderr"
free "after refusals"

# --- somebody else has it ---

if [ -e $dmatest ]; then
	put $channel $dmatest/channel
	is "$(in_use)" 1 "the kernel's own test has the channel"
	run iommubench-bind $name
	is "$status" 3 "iommubench-bind of a channel that somebody has"
	like "$stderr" "channel $channel is in use by" "and says so"
	bench --engine $name
	refused 3 "channel $name of $controller is in use by" "so does the tool"
	put $channel $control/new_channel
	is $status 1 "the module does not get it"
	echo 0 >$dmatest/run
	free "after somebody else"
fi

# --- taken ---

run iommubench-bind $name
is "$status" 0 "iommubench-bind takes the channel" || note "$stderr"
is "$(in_use)" 1 "which is in use then"
[ -e "$amba/$controller" ]
ok $? "its controller stays with its driver"
run iommubench-bind $name
is "$status" 0 "iommubench-bind of a channel that is ours" || note "$stderr"
put $channel $control/new_channel
is $status 1 "it is not taken twice"
if [ -e $dmatest ]; then
	put $channel $dmatest/channel
	is $status 1 "nor by somebody else"
fi
dmesg -c >/dev/null
for api in dma-single dma-sg; do
	run timeout 60 iommubench map-unmap -e none --engine $name --api $api -s 64K -t 2 -T 1s --warmup 0s --verify -q \
		-o /out/verify.$api.json
	done_well "$api is verified"
done
run timeout 60 iommubench map-unmap -e none -d $name --engine dmaengine -T 500ms --warmup 0s --verify -q -o /out/verify.device.json
done_well "the channel as a device"

# --- what needs another domain ---

bench --engine $name --api iommu
refused 3 "no run with an own domain for $controller: it stays with its driver dma-pl330" "a domain of our own"
bench --engine $name --domain-type lazy
refused 3 "--domain-type lazy: $controller .*stays with its driver dma-pl330" "another type of domain"
run iommubench pasid -d $name -T 100ms
[ "$status" = 3 ] && [ "$(wc -l </tmp/run.stderr)" = 1 ]
ok $? "PASIDs" || note "$status $stderr"
run iommubench iopf -d $name -n 10
[ "$status" = 3 ] && [ "$(wc -l </tmp/run.stderr)" = 1 ]
ok $? "page faults" || note "$status $stderr"
run timeout 60 iommubench tlb-flush -e none --engine $name -T 200ms --warmup 0s -q -o /tmp/flush/
is "$status" 0 "tlb-flush measures what it can" || note "$stderr"
is "$(grep -c "skipped .*stays with its driver dma-pl330" /tmp/run.stderr)" "$(wc -l </tmp/run.stderr)" \
	"and says why it skips the rest" || note "$stderr"
is "$(grep -l '"schema": *"iommubench-result/1"' /tmp/flush/*.json | sed "s/.*\///; s/-.*//" | sort -u)" strict "what it measures is the domain that is there"
is "$(cat /sys/bus/amba/devices/"$controller"/iommu_group/type)" DMA "the domain is as before"
bench --engine $name -q
done_well "the channel is usable after that"

# --- stale accesses and exposure ---

run timeout 300 iommubench tlb-flush --warmup 0ms -e none -d $name --strategy strict --check-stale -n 1000 --exposure 300ms -q \
	-o /out/flush.json
done_well "no access gets through after unmap"

# --- ends of a run ---

long_run killed
kill -9 $pid
wait $pid 2>/dev/null
nothing_left "kill -9"
bench --engine $name --verify -q
done_well "the channel is usable after that"

long_run given-back
run iommubench-unbind $name
is "$status" 0 "iommubench-unbind under a run" || note "$stderr"
wait $pid
is $? 3 "the run ends" || note "$(cat /tmp/long.stderr)"
free "given back under a run"

iommubench-bind $name
long_run unbound
put "$controller" $amba/unbind
is $status 0 "the controller is unbound under a run"
wait $pid
is $? 3 "the run ends" || note "$(cat /tmp/long.stderr)"
[ ! -e "/dev/iommubench/$name" ] && [ ! -e $class ]
ok $? "the channel is gone"
nothing_left "the controller was unbound"
bench --engine $name
refused 3 "no channel $name" "a channel that has gone"
put "$controller" $amba/bind
is $status 0 "the controller is bound again"
run iommubench-bind $name
is "$status" 0 "and its channel taken again" || note "$stderr"
bench --engine $name --verify -q
done_well "which is usable again"

unload_modules
is $? 0 "the module is removed while it has the channel"
is "$(in_use)" 0 "which is free then"
load_modules
run iommubench-bind $name
is "$status" 0 "and can be had from a new one" || note "$stderr"
bench --engine $name -q
done_well "and used"
run iommubench-unbind $name
free "in the end"
copies "in the end"
iommubench-bind "$device"
usable "in the end"
done_testing
