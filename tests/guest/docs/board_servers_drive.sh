# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# What docs/servers.md says of an NVMe drive, which in the end has its driver and every byte as it
# was.
# board: virt-nvme --kernel 6.12
# lab: --copy docs/servers.md:/tests/servers.md
. ./tap.sh
. ./page.sh

as_on_a_host
wait_for '[ -b /dev/nvme0n1 ]'
dd if=/dev/urandom of=/dev/nvme0n1 bs=64K count=16 conv=fsync 2>/dev/null
before=$(sha256sum </dev/nvme0n1)
page_typed servers.md virt-nvme
wait_for '[ -b /dev/nvme0n1 ]'
is "$(sha256sum </dev/nvme0n1)" "$before" "the drive is back at its driver, and has what it had"
no_kernel_warning "in the end"
done_testing
