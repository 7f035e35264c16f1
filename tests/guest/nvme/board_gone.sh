# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2016,SC2086,SC2154
#
# A drive that stops to answer during a run: as one that was pulled, whose registers read as all ones, or as one that never
# completes a command. Nothing waits for it, and a drive that answers again is given back as it was.
# board: virt-nvme --kernel 6.12
. ./tap.sh
. ./nvme.sh

find_drive
config=/sys/bus/pci/devices/$slot/config
give_drive
before=$(content)
use_drive

# only BYTE: what is left of the command register, in octal. Without bus mastering the drive does no DMA, without memory
# space it has no registers.
only()
{
	printf '%b' "\\0$1\\0000" | dd of=$config bs=1 seek=4 count=2 conv=notrunc 2>/dev/null
}

# pulled, pulled, mute: the command register's low byte comes first.
for sub in '000 map-unmap --verify' '000 tlb-flush --strategy gather --check-stale --exposure 100ms' \
	'002 map-unmap --api iommu --verify'; do
	byte=${sub%% *}
	sub=${sub#* }
	iommubench $sub -e none --engine nvme -T 60s -q -o /out/gone.json 2>/tmp/gone &
	pid=$!
	wait_for '[ "$(workers)" -ge 1 ]'
	usleep 500000
	only $byte
	wait $pid
	is $? 3 "$byte $sub: a drive that is gone ends the run" || note "$(cat /tmp/gone)"
	like "$(cat /tmp/gone)" "the DMA engine did not finish .*; the result holds what was measured until then" \
		"$byte $sub: it is said, and what is lost"
	like "$(tr -d '\n' </out/gone.json)" '"complete": *false' "$byte $sub: the result says so, too"
	nothing_left "$byte $sub: without the drive"
	run timeout 60 iommubench map-unmap --verify --engine nvme -n 10 -e none
	like "$status" '^[13]$' "$byte $sub: no run passes without it" || note "$stdout"
	run timeout 60 iommubench-unbind "$slot"
	done_well "$byte $sub: it can be given back"
	wait_for '[ -b /dev/$disk ]'
	use_drive
done
run timeout 60 iommubench map-unmap --verify --engine nvme -n 1000 -e none -q
done_well "it is an engine again"

# Gone between two runs.
only 000
run timeout 60 iommubench map-unmap --verify --engine nvme -n 1000 -e none -q
like "$status" '^[13]$' "none passes with a drive that is not there" || note "$stdout"
run timeout 60 iommubench-unbind "$slot"
done_well "that one can be given back, too"
wait_for '[ -b /dev/$disk ]'
is "$(content)" "$before" "and has what it had"
nothing_left "after all"
done_testing
