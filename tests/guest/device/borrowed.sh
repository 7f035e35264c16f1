# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2016,SC2034,SC2154
#
# What tests of devices that are given back share: what a device has, as far as it can be seen. Sourced after tap.sh.

tracing=/sys/kernel/debug/tracing
# The masks and limits that are taken down at a bind, in the order of struct bench_borrowed, are told when they are
# given back: no file says what they are.
echo 'p:borrowed kmod_iommu_test:bench_give_back dma=+8(%x0):x64 coherent=+16(%x0):x64 segment=+24(%x0):u32 align=+28(%x0):x32 boundary=+32(%x0):x64' \
	>$tracing/kprobe_events
echo 1 >$tracing/events/kprobes/borrowed/enable

# told: masks and limits of the last bind that has ended, and forgets them.
told()
{
	sed -n 's/.* dma=/dma=/p' $tracing/trace | tail -n 1
	echo >$tracing/trace
}

# told_no_more
told_no_more()
{
	echo 0 >$tracing/events/kprobes/borrowed/enable
	echo >$tracing/kprobe_events
}

# has DEVICE: what can be seen of it. The kernel calls the power state of a device unknown that was on when its driver
# went, and writes the number of its interrupt into its configuration space before the first driver has it.
has()
{
	path=$bus/devices/$1
	for name in dma_mask_bits consistent_dma_mask_bits power_state enable msi_irqs driver_override \
		power/runtime_usage power/control; do
		if [ -d "$path/$name" ]; then
			echo "$name:" "$path/$name"/*
		elif [ -e "$path/$name" ]; then
			echo "$name: $(sed 's/unknown/D0/' "$path/$name")"
		fi
	done
	[ ! -e "$path/config" ] || od -A x -t x4 -v "$path/config" | sed '/^000030 /s/..$/??/'
}

# has_again DEVICE FILE NAME: what it has is what FILE says.
has_again()
{
	has "$1" >/tmp/has.now
	cmp -s "$2" /tmp/has.now
	ok $? "$3: it has what it had" || note "$(diff "$2" /tmp/has.now)"
}

# given_back LIMITS: a device that had what /tmp/has.new says, and is bound now, has it again after a run, and bound once
# more, after the tool was killed in one. LIMITS are what told() has to say of both binds.
given_back()
{
	bench --verify -q
	done_well "a run"
	iommubench-unbind "$device"
	has_again "$device" /tmp/has.new "after a run"
	is "$(told)" "$1" "masks and limits at the first bind"

	iommubench-bind "$device"
	start iommubench map-unmap -T 60s --verify -q 2>/dev/null &
	wait_for '[ "$(workers)" -gt 0 ]'
	kill -9 $!
	wait $! 2>/dev/null
	nothing_left "after kill -9"
	iommubench-unbind "$device"
	has_again "$device" /tmp/has.new "after kill -9"
	is "$(told)" "$1" "masks and limits at the second bind"
}

# put_word DEVICE OFFSET VALUE: 32 bits of its configuration space.
put_word()
{
	word=$(printf '%08x' $(($3 & 0xffffffff)) | sed 's/\(..\)\(..\)\(..\)\(..\)/\\x\4\\x\3\\x\2\\x\1/')
	# shellcheck disable=SC2059 # the bytes are the format
	printf "$word" | dd of="$bus/devices/$1/config" bs=4 seek=$(($2 / 4)) conv=notrunc 2>/dev/null
}

# word DEVICE OFFSET: 32 bits of it.
word()
{
	echo $((0x$(od -A n -t x4 -j "$2" -N 4 "$bus/devices/$1/config" | tr -d ' ')))
}

# capability DEVICE ID: where it is in configuration space, 0 when it is not there.
capability()
{
	at=$(($(word "$1" 52) & 0xfc))
	while [ $at != 0 ] && [ $(($(word "$1" $at) & 0xff)) != $(($2)) ]; do
		at=$(($(word "$1" $at) >> 8 & 0xfc))
	done
	echo $at
}
