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
done_testing
