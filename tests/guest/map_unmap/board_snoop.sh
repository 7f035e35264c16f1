# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Devices that do not snoop, with the model of the CPUs' caches in front of them: what map and unmap leave out is
# noticed, by what the device reads and by what it wrote. That nothing is noticed where they leave nothing out,
# board_map_unmap.sh shows for each API. The SMMU's board, where all snoops, is for comparison.
# board: r8a7795-es3
# board: smmuv3-sva
# boot: shared board
. ./tap.sh

run iommubench topo -o /out/topo.json
done_well "topo"
for api in dma-single dma-sg; do
	run timeout 60 iommubench map-unmap -e none --api $api -s 64K -T 500ms --warmup 0s --verify -q \
		-o /out/sync.$api.json
	done_well "$api is verified"
	run timeout 60 iommubench map-unmap -e none --api $api --sync no -s 64K -T 500ms --warmup 0s --verify -q \
		-o /out/left_out.$api.json
	case $device in
	*.mmc) is "$status" 1 "$api without cache maintenance fails a check" ;;
	*) done_well "$api without cache maintenance is verified where the device snoops" ;;
	esac
done
nothing_left "after all of them"
done_testing
