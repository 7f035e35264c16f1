# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154
#
# doctor on a machine with nothing to measure, as it has no IOMMU.
# kernel: any
# lab: --board virt-noiommu
. ./tap.sh

run iommubench doctor -o /out/doctor.json
is "$status $stderr" "3 " "nothing can be measured"
like "$stdout" "^FAIL  iommu       this virtual machine has none" "there is no IOMMU"
like "$stdout" "^      \\\$ lab/run --board virt-smmuv3 " "and where there is one"
like "$stdout" "^FAIL  device      none is bound and none can be spared" "nor a device"
like "$stdout" "^ok    module      kmod_iommu_test is loaded; a bound device tells" "the module is there"
like "$stdout" "^nothing can be measured with the module yet: 2 failures" "that is all that is missing"
is "$(printf '%s\n' "$stdout" | grep -c '.\{81\}')" 0 "no line is wider than 80 columns"
printf '%s\n' "$stdout" >/out/doctor.txt

# A device that is bound by hand can be measured with, only that nothing translates.
echo kmod_iommu_test >"$bus/devices/$device/driver_override"
echo "$device" >"$driver/bind"
run iommubench doctor
done_well "a device that is bound all the same"
like "$stdout" "^warn  iommu " "there is still no IOMMU"
like "$stdout" "^warn  device      $device is bound, but it is behind no IOMMU" "which is told of the device"
bench -q
done_well "and it can be measured with"
echo "$device" >"$driver/unbind"
echo >"$bus/devices/$device/driver_override"
nothing_left "doctor"
done_testing
