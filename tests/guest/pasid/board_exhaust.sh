# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2016,SC2154
#
# As many PASIDs and address space identifiers as 16 bits have: all of them in use, twice.
# board: smmuv3-sva
# lab: --timeout 500 --mem 2G
# boot: first
. ./tap.sh

run timeout 400 iommubench pasid --lifecycle pasids-exhausted,asids-exhausted
done_well "PASIDs and identifiers run out, and come back"
like "$stdout" "^passed +pasids-exhausted +65535 PASIDs twice" "all PASIDs"
like "$stdout" "^passed +asids-exhausted +655[0-9]+ domains twice" "all identifiers but those in use"
run timeout 100 iommubench pasid -e none --live all --kind domain -n 50 --exposure 0s -q
done_well "churn with nearly all PASIDs bound"
nothing_left "after that"
done_testing
