# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The model withholds every invalidation: no strategy goes uncaught. The device only reads, so that a stale
# translation does no harm.
# board: smmuv3-sva --set iob-smmuv3.drop-tlbi=all
# board: r8a7795-es3 --set iob-ipmmu.drop-flush=on
. ./tap.sh
. ./flush.sh

caught strict gather range per-page full per-map-full

# An address that is used again leads to an earlier run's memory, unless that is ours again by chance.
for mode in stale exposure device; do
	for try in 1 2 3 4 5 6 7 8 9 10; do
		dd if=/dev/zero of=/tmp/others.$mode.$try bs=64K count=16 2>/dev/null
		run flush_run strict $mode 4096 16 1 2
		! printf '%s\n' "$stdout" | grep -Eq "$(seen_other strict)" || break
	done
	like "$status $stdout" "$(seen_other strict)" "other memory than what is mapped is told, $mode"
	like "$stdout" '^check stale-access 2 2$' "as a stale access, once a round, $mode"
	rm -f /tmp/others.$mode.*
done
nothing_left "after stale translations"
done_testing
