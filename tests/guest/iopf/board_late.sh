# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Answers that take for ever.
# board: smmuv3-sva --set iob-smmuv3.lat-resume-ns=20000000000
. ./tap.sh

run timeout 100 iommubench iopf -e none --fault-timeout 500ms -n 10 -q -o /out/late.json
is "$status" 1 "an access that is never answered fails a check"
like "$stderr" 'not answered in 500 ms: the engine was reset' "which is said"
like "$(cat /out/late.json)" '"complete": *false' "the run is marked as not complete"
nothing_left "after the engine was reset"
usable "after its reset"
done_testing
