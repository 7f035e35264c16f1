# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Faults with several CPUs, in real time, and of a file that is on a disk: a folder of the host's.
# board: smmuv3-sva
# cpus: at once
# boot: shared races
. ./tap.sh

run timeout 300 iommubench iopf -e none --fault-timeout 60s --fault file-cold --file /out -n 20 -q -o /out/cold.json
done_well "file-cold"
run timeout 300 iommubench iopf -e none --fault-timeout 60s -t 2 --outstanding 16 --spaces 2 -n 200 -q -o /out/many.json
done_well "many at once"
run timeout 300 iommubench iopf -e none --fault-timeout 60s --fault inflight --outstanding 16 -n 200 -q -o /out/inflight.json
done_well "unmapped meanwhile"
nothing_left "after all of them"
done_testing
