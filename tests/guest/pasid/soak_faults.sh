# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2016,SC2086,SC2154
#
# Lines of the IOMMU's drivers made wrong, one after the other: each has to fail a check that looks for such
# faults, and to have been passed. lab/kernel/patches/README.md says what they are.
# board: smmuv3-sva --kernel lab-6.12-faults
# lab: --timeout 0
. ./tap.sh

faults=/sys/kernel/debug/iommu_faults
for path in /sys/bus/pci/devices/*; do
	[ "$(cat "$path/vendor"):$(cat "$path/device")" != 0x1234:0x10b7 ] || pci=${path##*/}
done
run iommubench-bind "$pci"
done_well "the PCI engine is taken"

# sees FAULT COMMAND...: the command without the fault, and with it.
sees()
{
	fault=$1
	shift
	run timeout 300 "$@"
	[ "$status" = 0 ]
	ok $? "without $fault: $*" || note "status $status: $stderr"
	echo 0 >"$faults/$fault/hits"
	echo 1 >"$faults/$fault/on"
	run timeout 300 "$@"
	echo 0 >"$faults/$fault/on"
	read -r hits <"$faults/$fault/hits"
	[ "$status" = 1 ] && [ "$hits" != 0 ]
	ok $? "$fault fails a check" || note "status $status, $hits hits: $stdout $stderr"
	[ -z "$stderr" ] || note "$fault: $stderr"
	# What it has left in the caches goes with a domain.
	iommubench map-unmap -q -d "$device,$pci" --domain-type lazy -n 1 -e none >/dev/null 2>&1
	iommubench map-unmap -q -d "$device,$pci" --domain-type strict -n 1 -e none >/dev/null 2>&1
}

# Which address space it is, at equal addresses; a detach, before the unmap.
churn='iommubench pasid -q -e none --warmup 0s --exposure 0s -n 60'
cases='iommubench pasid -q --lifecycle'
sees cd_left $churn --kind domain -d "$device"
sees cd_no_invalidation $churn --kind domain -d "$device"
sees atc_none_detach $churn --kind domain -d "$pci"
sees asid_reused $churn --kind domain -d "$device"
sees cd_shared_asid $cases spaces -d "$device"
sees cd_wrong_pasid $cases spaces -d "$device"
sees asid_reused_sva $cases spaces -d "$device"
# What the device knew before it changed.
sees sva_none $cases dontneed -d "$device"
sees sva_none_munmap $cases munmap -d "$device"
sees sva_none_mprotect $cases mprotect -d "$device"
sees sva_none_madvise $cases dontneed -d "$device"
sees sva_without_last $cases munmap -d "$device"
sees sva_first_only $cases mprotect -d "$device"
sees sva_wrong_asid $cases munmap -d "$device"
sees sva_tlbi_none $cases dontneed -d "$device"
sees sva_atc_none $cases munmap -d "$pci"
sees atc_none_pasid $cases mprotect -d "$pci"
sees atc_wrong_pasid $cases dontneed -d "$pci"
sees sva_exit_no_invalidation $cases fork -d "$device"
# Not sva_exit_cd_left: the tables that stay in use are empty, and kept until the PASID is unbound, so nothing is to be seen.
# Faults that are answered, of several address spaces.
iopf="iommubench iopf -q -e none --no-cpu -s 256K -n 200 --fault-timeout 2s -d $device"
sees event_wrong_pasid $iopf --spaces 3 --outstanding 4
sees cd_shared_asid $iopf --spaces 3 --outstanding 4
sees fault_any_access $iopf --fault mprotect
sees fault_not_handled $iopf --outstanding 4
sees resume_abort $iopf --outstanding 4
sees resume_lost $iopf --outstanding 4
done_testing
