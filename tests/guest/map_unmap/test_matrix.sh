# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2012,SC2016,SC2034,SC2046,SC2086,SC2154
#
# Every API with every IOVA pattern, kind of buffer and direction. The figures are looked at on the
# host, by test_matrix.py.
# kernel: any
# boot: shared loads
. ./tap.sh

for api in dma-single dma-sg iommu iommu-fast; do
	patterns=reuse
	buffers='auto contig scattered'
	case $api in
	dma-single) buffers='auto contig' ;;
	iommu*) patterns='reuse fresh random stride' ;;
	esac
	for pattern in $patterns; do
		stride=
		[ $pattern != stride ] || stride='--stride 256K'
		for buffer in $buffers; do
			for direction in bidirectional to-device from-device; do
				bench --api $api --iova $pattern $stride --buffer $buffer --direction $direction \
					-s 64K -t 2 -q -o "/out/matrix.$api.$pattern.$buffer.$direction.json"
				done_well "$api, $pattern, $buffer, $direction"
			done
		done
	done
done
nothing_left "after all of them"
done_testing
