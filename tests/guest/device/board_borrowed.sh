# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2015,SC2016,SC2034,SC2119,SC2154,SC2231,SC2317
#
# As test_borrowed.sh, for devices of our own boards: a platform device, and a PCI function whose engine has an
# interrupt and asks for pages.
# board: smmuv3-sva
# board: r8a7795-es3
. ./tap.sh
. ./borrowed.sh

# --- a platform device ---

iommubench-unbind "$device"
told >/dev/null
has "$device" >/tmp/has.new
# The first bind after the one of the lab's start: what that left is what the device had when it was made.
iommubench-bind "$device"
new='dma=0xffffffff coherent=0xffffffff segment=0 align=0x0 boundary=0x0'
given_back "$new"

echo nobody >"$bus/devices/$device/driver_override"
iommubench-bind "$device"
iommubench-unbind "$device"
is "$(cat "$bus/devices/$device/driver_override")" nobody "its driver_override is as it was"
echo >"$bus/devices/$device/driver_override"
is "$(told)" "$new" "masks and limits after kill -9"
platform=$device

# --- a PCI function ---

bus=/sys/bus/pci
for path in $bus/devices/*; do
	[ "$(cat "$path/vendor"):$(cat "$path/device")" != 0x1234:0x10b7 ] || device=${path##*/}
done
driver=$bus/drivers/kmod_iommu_test
node=/dev/iommubench/$device
# When a driver first has it, the IOMMU's own driver switches PASIDs and ATS on, which stay.
iommubench-bind "$device" && iommubench-unbind "$device"
is "$(told)" 'dma=0xffffffff coherent=0xffffffff segment=65536 align=0x0 boundary=0xffffffff' "masks and limits of a new PCI function"
has "$device" >/tmp/has.new
like "$(cat /tmp/has.new)" '^enable: 0$' "it is not enabled"
is $(($(word "$device" 4) & 6)) 0 "it is no bus master and its memory is switched off"
iommubench-bind "$device"
bench -d "$device" --verify -q
done_well "a run"
# Page requests and the interrupt; where the board has none, the refusal comes with the device as it is.
run timeout 300 iommubench iopf -d "$device" --warmup 0s --fault-timeout 60s -n 20 -q -e none
case $platform in
*.dma) done_well "page requests, which the stock driver denies" ;;
*) is "$status" 3 "no page requests here" || note "$stderr" ;;
esac
iommubench-unbind "$device"
has_again "$device" /tmp/has.new "after runs"
is "$(told)" 'dma=0xffffffff coherent=0xffffffff segment=65536 align=0x0 boundary=0xffffffff' "masks and limits that it had before the second bind"

iommubench-bind "$device"
start iommubench iopf -d "$device" --mode pri -T 60s -q 2>/dev/null &
pid=$!
sleep 1
kill -9 $pid 2>/dev/null
wait $pid 2>/dev/null
nothing_left "after kill -9"
iommubench-unbind "$device"
has_again "$device" /tmp/has.new "after kill -9"

# Its probe fails after it was enabled: nothing answers where its registers are to be.
address=$(word "$device" 16)
put_word "$device" 16 "$address + 0x4000000"
has "$device" >/tmp/has.moved
run iommubench-bind "$device"
[ "$status" = 3 ] && [ ! -e "$node" ]
ok $? "a probe that fails" || note "$stderr"
has_again "$device" /tmp/has.moved "a probe that failed"
put_word "$device" 16 "$address"
iommubench-bind "$device"
bench -d "$device" --verify -q
done_well "it is usable afterwards"
iommubench-unbind "$device"
has_again "$device" /tmp/has.new "in the end"

told_no_more
iommubench-bind "$platform"
nothing_left "in the end"
done_testing
