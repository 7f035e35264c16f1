# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# board: virt-smmuv3 --disk 64M
# time: not exact
#
# What is kept of real I/O. In a boot of its own, because a disk's time is that of QEMU's threads, and no
# count of instructions.
. ./run.sh

run map-background iommubench map-unmap --background io:depth=2,rate=400 -T 50ms --warmup 0s -e none -o r.json
all_formats io iommubench io --warmup 0s -n 100 -e none
run io-types iommubench io --domain-type strict,lazy,identity --queue-depth 1,4 --warmup 0s -n 60 -e none -o points/
run io-write iommubench io --write 50 --overwrite nvme0n1 --fixed-buffers --pattern sequential -s 16K -t 2 \
	--warmup 0s -n 60 -o r.json
run io-polled iommubench io --polled --span 1M --warmup 0s -n 60 -e none -o r.json
run io-interrupted timeout -s INT 1 iommubench io -T 60s --rate 100/s -e none -q
run refused-overwrite iommubench io --write 10 --overwrite sda -n 10
run refused-background iommubench map-unmap --background io:span=1G -n 10
module_said
