# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2016,SC2034,SC2046,SC2154
#
# Arbitrary commands by users that are killed, on two devices that are unbound and bound meanwhile, with CPUs that go and
# come and allocations that fail, on the kernel with lockdep, KASAN and kmemleak. IOMMUBENCH_SOAK_SECONDS is how
# long, IOMMUBENCH_SOAK_SEED what it begins with: by the same seed the same is done, if not at the same moments. With
# IOMMUBENCH_SOAK_FAIL=no all allocations do well.
# board: smmuv3-sva --kernel lab-6.12-debug
# lab: --timeout 0 --mem 3G
# cpus: at once
. ./tap.sh
. ./leaks.sh

seconds=${IOMMUBENCH_SOAK_SECONDS:-3600}
seed=${IOMMUBENCH_SOAK_SEED:-$(date +%s)}
part=600

for path in /sys/bus/pci/devices/*; do
	[ "$(cat "$path/vendor"):$(cat "$path/device")" != 0x1234:0x10b7 ] || pci=${path##*/}
done
run iommubench-bind "$pci"
done_well "the PCI engine is taken"
export IOMMUBENCH_DEVICES="$device $pci"
echo 1 >/sys/module/iommufd/parameters/allow_unsafe_interrupts
# Allocations of the kernel's that may wait can fail, too; each without a word.
fail=/sys/kernel/debug/failslab
[ ! -d $fail ] || [ "${IOMMUBENCH_SOAK_FAIL-yes}" = no ] || {
	echo N >$fail/ignore-gfp-wait
	echo 0 >$fail/verbose
}
leaks_begin
left=$seconds
while [ "$left" -gt 0 ]; do
	[ "$left" -gt "$part" ] || part=$left
	left=$((left - part))
	echo "# IOMMUBENCH_SOAK_SEED=$seed, $part s, $left s to come"
	echo "<4>soak_fuzz.sh: IOMMUBENCH_SOAK_SEED=$seed" >/dev/kmsg
	abi_storm "$part" "$seed" "platform/$device" "pci/$pci" >/tmp/storm 2>&1 &
	storm=$!
	# What it does is to be seen while it does it, and what it did last above all.
	tail -f /tmp/storm &
	tail=$!
	wait $storm
	status=$?
	sleep 1
	kill $tail
	cp /tmp/storm "/out/storm.$seed"
	is $status 0 "$part s with the seed $seed" || break
	nothing_left "after the seed $seed"
	no_leak "after the seed $seed"
	[ "$tap_failed" = 0 ] || break
	seed=$(sed -n 's/.*the next seed would be //p' /tmp/storm)
done
[ ! -d $fail ] || echo Y >$fail/ignore-gfp-wait
echo N >/sys/module/iommufd/parameters/allow_unsafe_interrupts
iommubench-unbind "$pci"
usable "after all"
done_testing
