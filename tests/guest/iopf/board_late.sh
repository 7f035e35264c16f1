# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2016,SC2154
#
# Answers that take for ever.
# board: smmuv3-sva --set iob-smmuv3.lat-resume-ns=20000000000
. ./tap.sh

# While an access waits for its answer, others use the engine.
start iommubench iopf -e none --fault-timeout 100s -n 1 -q -o /out/room.json >/tmp/room 2>&1 &
pid=$!
wait_for '[ "$(workers)" != 0 ]'
sleep 3
relay "beside a run: " pasid_check "$node" overrun
wait $pid
is $? 0 "the access that waited has its answer, and its data" || note "$(cat /tmp/room)"
nothing_left "after that"

run timeout 100 iommubench iopf -e none --fault-timeout 500ms -n 10 -q -o /out/late.json
is "$status" 1 "an access that is never answered fails a check"
like "$stderr" 'not answered in 500 ms: the engine was reset' "which is said"
like "$(cat /out/late.json)" '"complete": *false' "the run is marked as not complete"
nothing_left "after the engine was reset"
usable "after its reset"

# Whoever is not there any more does not wait for the answer, nor has the device back only then:
# what was under way is lost. What a killed tool counted is lost as well, so the engine's resets
# are looked at.
trace=/sys/kernel/debug/tracing
put 'p:reset dmatest_access_reset' $trace/kprobe_events
ok "$status" "resets of the engine can be watched"
echo 1 >$trace/events/kprobes/reset/enable
resets()
{
	awk '$1 == "reset" { print $2 }' $trace/kprobe_profile
}

for how in INT KILL unbind; do
	iommubench iopf -e none --fault-timeout 100s --outstanding 2 -n 10 -q -o "/out/left.$how.json" \
		>/tmp/tool.stdout 2>/tmp/tool.stderr </dev/null &
	pid=$!
	# shellcheck disable=SC2016 # wait_for evaluates it
	wait_for '[ "$(workers)" != 0 ]'
	sleep 1
	before=$(resets)
	if [ $how = unbind ]; then
		iommubench-unbind "$device"
	else
		kill -$how $pid
	fi
	wait $pid
	nothing_left "$how, with accesses under way"
	is $(($(resets) - before)) 1 "$how: the engine lets go of them"
	[ $how = KILL ] || like "$(cat /out/left.$how.json)" '"operations": *0[,}]|"ops": *0[,}]' \
		"$how: no access was waited for"
done
echo 0 >$trace/events/kprobes/reset/enable
echo >$trace/kprobe_events
iommubench-bind "$device"
usable "after accesses were let go of"
done_testing
