# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# A distribution's kernel without iommufd: --mode iommufd says what is missing, and leaves the device alone.
# boot: shared domains
. ./tap.sh

run iommubench iopf --mode iommufd -n 10 -q
refused 3 '6\.11 on, built with CONFIG_IOMMUFD' "what the kernel lacks is told"
is "$(basename "$(readlink "$bus/devices/$device/driver")")" kmod_iommu_test "the device stays where it is"
nothing_left "after the refusal"
usable "after the refusal"
done_testing
