# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2016,SC2034,SC2154
#
# doctor on a board that can be measured: what is taken away is told, and what it says to type brings it back.
# board: smmuv3-sva
. ./tap.sh

# line NAME: the check's line, and what follows it up to the next.
line()
{
	printf '%s\n' "$stdout" | sed -n "/^[A-Za-z]* *$1 /,/^[a-zA-Z]/{/^[A-Za-z]* *$1 /p;/^ /p}"
}

# typed NAME: does what it says to type about a check.
typed()
{
	line "$1" | sed -n 's/^ *\$ //p' >/tmp/typed
	sh -e /tmp/typed >/tmp/typed.log 2>&1
	is $? 0 "what is to be typed about $1 can be: $(tr '\n' ';' </tmp/typed)" || note "$(cat /tmp/typed.log)"
}

run iommubench doctor -o /out/sound.json
done_well "a board that can be measured"
like "$stdout" "^ok    iommu       1, Arm SMMUv3, with " "its IOMMU"
like "$stdout" "^ok    module      kmod_iommu_test is loaded and speaks ABI [0-9]+, as" "the module was asked"
like "$stdout" "^ok    device      $device is bound, with the engine dmatest" "its device and engine"
like "$stdout" "^measuring can begin: " "measuring can begin"
is "$(printf '%s\n' "$stdout" | grep -c '.\{81\}')" 0 "no line is wider than 80 columns"
printf '%s\n' "$stdout" >/out/sound.txt
first=$(printf '%s\n' "$stdout" | tail -n 1 | sed -n 's/^ *\$ //p')
run timeout 300 sh -c "$first -n 200 -e none -q -o /out/first.json"
done_well "what it says to begin with can be measured: $first"

# A run that is going on is neither in the way nor disturbed.
iommubench map-unmap -T 3s -e none -q -o /out/beside.json 2>/tmp/beside.err &
wait_for '[ "$(workers)" != 0 ]'
run iommubench doctor
done_well "a device in use is no failure"
like "$(line module)" "^ok .*speaks ABI" "and the module can be asked"
wait $!
is "$? $(cat /tmp/beside.err)" "0 " "the run beside it is done well"

# Without files of its own, the module cannot be asked.
mkdir /tmp/empty
mount --bind /tmp/empty /dev/iommubench
run iommubench doctor
is "$status" 3 "a device without a file"
like "$(line module)" "^FAIL .*cannot be asked" "cannot be measured with"
umount /dev/iommubench

iommubench-unbind "$device"
run iommubench doctor -o /out/unbound.json
is "$status $stderr" "3 " "no device is bound"
like "$(line device)" "^FAIL .*none is bound; $device \(" "the device is offered"
typed device
run iommubench doctor
done_well "then it is bound"
like "$(line device)" "^ok .* $device is bound, with the engine dmatest" "that one, with its engine"

iommubench-unbind "$device"
unload_modules
is $? 0 "the module is unloaded"
run iommubench doctor
is "$status $stderr" "3 " "the module is not loaded"
like "$(line module)" "^FAIL .*is installed, but not loaded" "which is told"
typed module
run iommubench doctor
like "$(line module)" "^ok .*is loaded; a bound device tells" "then it is loaded"
typed device
run iommubench doctor -q
done_well "and all is well again"

huge=/sys/kernel/mm/transparent_hugepage/enabled
if [ -e $huge ]; then
	before=$(sed 's/.*\[\(.*\)\].*/\1/' $huge)
	echo never >$huge
	run iommubench doctor
	is "$status" 0 "without huge pages measuring can begin"
	like "$(line hugepages)" "^warn .*iopf --fault huge" "but that is told"
	typed hugepages
	run iommubench doctor
	like "$(line hugepages)" "^ok" "then there are huge pages"
	echo "$before" >$huge
fi
disabled=/proc/sys/kernel/io_uring_disabled
if [ -e $disabled ]; then
	echo 2 >$disabled
	run iommubench doctor
	like "$(line io_uring)" "^warn .*kernel.io_uring_disabled is 2" "io_uring is switched off"
	typed io_uring
	is "$(cat $disabled)" 0 "then it is not"
fi
usable "as doctor has changed nothing"
nothing_left "doctor"
done_testing
