# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2046,SC2086,SC2154
# lab: --append swiotlb=force
#
# Where nothing translates and all is bounced, the device has a copy of what is mapped: data arrive all the same, and
# nothing else is written to.
. ./tap.sh

for api in dma-single dma-sg; do
	run timeout 120 bystanders /tmp/bystanders iommubench map-unmap -e none --domain-type identity --api $api -s 64K \
		$([ $api = dma-single ] || echo --buffer scattered) -T 3s --warmup 0s --verify -q -o /out/bounced.$api.json
	done_well "$api is verified where all is bounced"
	is "$(cat /tmp/bystanders)" "0 changed" "and the memory around is as it was"
done
nothing_left "after bounced transfers"
done_testing
