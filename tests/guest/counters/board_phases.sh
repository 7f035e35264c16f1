# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# Counters of the phases of PASIDs, and of faults; board_phases.py looks at the results.
# board: smmuv3-sva
# boot: shared faults
. ./tap.sh

# churn NAME OPTION...
churn()
{
	name=$1
	shift
	run timeout 300 iommubench pasid -q --warmup 0s --exposure 0s -n 20 -e default,commands,task-clock \
		-o "/out/$name.json" "$@"
	done_well "$name: iommubench pasid $*"
}

churn fresh
churn shared --bind shared
churn domain --kind domain
churn domain-shared --kind domain --bind shared --processes 2
churn unused --use none
# All but a few PASIDs are taken.
churn full --kind domain --live all
run timeout 300 iommubench iopf -n 20 -q -e default,task-clock -o /out/iopf.json
done_well "faults"
run iommubench pasid --warmup 0s --exposure 0s -n 20 -e commands
like "$stdout" '^counted by phase, per operation +bind +first_use +unbind$' "the table has phases as columns"
nothing_left "after counting phases"
done_testing
