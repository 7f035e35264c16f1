# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Silicon whose IOMMU the stock driver refuses to every device: what needs it says so, with SoC, revision and
# what is known of them.
# board: r8a7795-es2
# board: r8a7796
# boot: shared board
. ./tap.sh

soc=/sys/bus/soc/devices/soc0
known="$(cat $soc/soc_id)\) $(cat $soc/revision), .*ipmmu-vmsa refuses them all"
case $(cat $soc/soc_id):$(cat $soc/revision) in
r8a7795:ES2.*) known="this SoC is R-Car H3 \($known; ES3\.0 and later" ;;
r8a7796:ES*) known="this SoC is R-Car M3-W \($known; no revision of it is fine, but R-Car M3-W\+" ;;
*) known="a SoC that this test knows" ;;
esac
[ "$(echo /sys/bus/platform/drivers/ipmmu-vmsa/*.iommu)" != '/sys/bus/platform/drivers/ipmmu-vmsa/*.iommu' ]
ok $? "the stock driver holds the IPMMUs"
[ ! -e "$bus/devices/$device/iommu_group" ]
ok $? "but the device is behind none"

run iommubench map-unmap -d "$device"
refused 3 "$device is behind no IOMMU: $known" "map-unmap of the device explains"
run iommubench map-unmap
refused 3 "no device is bound.*$known" "map-unmap of any device explains"
run iommubench-bind "$device"
is "$status" 3 "iommubench-bind refuses the device"
is "$(wc -l </tmp/run.stderr)" 1 "in one line"
like "$stderr" "$device is behind no IOMMU.*driver refused the device.*map-unmap -d $device" "that says who knows more"

# By force.
echo kmod_iommu_test >"$bus/devices/$device/driver_override"
echo "$device" >"$driver/bind"
bench --api iommu
refused 3 "no IOMMU translates device $device: $known" "an own domain is explained"
bench --domain-type strict
refused 3 "$device is behind no IOMMU.*$known" "a domain type is explained"
run timeout 60 iommubench map-unmap -e none -T 500ms --verify -q -o /out/without.json
done_well "dma-single works without an IOMMU"
echo "$device" >"$driver/unbind"
echo >"$bus/devices/$device/driver_override"
nothing_left "after unbinding"
done_testing
