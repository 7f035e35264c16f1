# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# All commands of docs/rcar.md, as on a board of silicon: without the lab's module, so that SDHIs
# have no engine; with it where the page says that it is the lab. The drive's content and driver are
# as before in the end.
# board: r8a7795-es3 --disk 64M
# board: r8a77961 --disk 64M
# lab: --copy docs/rcar.md:/tests/rcar.md
. ./tap.sh
. ./page.sh

# The page is the same for both: which of them this is, the kernel tells.
case $(cat /sys/firmware/devicetree/base/model) in
*H3*) board=r8a7795-es3 ;;
*) board=r8a77961 ;;
esac
as_on_a_host
dd if=/dev/urandom of=/dev/nvme0n1 bs=64K count=16 conv=fsync 2>/dev/null
before=$(sha256sum </dev/nvme0n1)
page_typed rcar.md "$board"
wait_for '[ -b /dev/nvme0n1 ]'
is "$(sha256sum </dev/nvme0n1)" "$before" "the drive is back at its driver, and has what it had"
is "$(ls /dev/iommubench)" "$device" "nothing else is bound any more"
nothing_left "in the end"
done_testing
