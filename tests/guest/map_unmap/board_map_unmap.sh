# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Stock drivers on our device models: every API and domain type, with what the device sees verified. The
# counterpart of board_stale.sh, where invalidations are withheld.
# board: smmuv3-sva
# board: r8a7795-es3
# board: r8a77961
# boot: shared board
. ./tap.sh

for api in dma-single dma-sg iommu iommu-fast; do
	run timeout 60 iommubench map-unmap --api $api -s 64K -T 500ms --warmup 0s --verify -q -o /out/verify.$api.json
	done_well "$api is verified"
done
for type in strict lazy identity; do
	run timeout 60 iommubench map-unmap -e none --domain-type $type -t 2 -T 500ms --warmup 0s --verify -q \
		-o /out/type.$type.json
	done_well "dma-single in a domain of type $type is verified"
done
for size in 4K 2M; do
	run timeout 60 iommubench map-unmap -e none --api iommu -s $size --iova random -T 500ms --warmup 0s --verify -q \
		-o /out/size.$size.json
	done_well "$size at random addresses is verified"
done
# Long enough for each look to have its turn.
for api in dma-single dma-sg iommu iommu-fast; do
	run timeout 120 iommubench map-unmap -e none --api $api -s 64K -T 3s --warmup 0s --verify -q -o /out/looks.$api.json
	done_well "$api is looked at in all ways"
done
# Pieces that lie anywhere, among memory of others.
for type in strict identity; do
	run timeout 120 bystanders /tmp/bystanders iommubench map-unmap -e none --domain-type $type --api dma-sg -s 1M \
		--buffer scattered -T 2s --warmup 0s --verify -q -o /out/pieces.$type.json
	done_well "1M of single pages in a domain of type $type are verified"
	is "$(cat /tmp/bystanders)" "0 changed" "and the memory between them is as it was"
done
run iommubench-unbind "$device"
done_well "the device is given back"
run iommubench-bind "$device"
done_well "and taken again"
usable "after that"
nothing_left "after all of them"
done_testing
