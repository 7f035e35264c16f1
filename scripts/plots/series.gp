# SPDX-License-Identifier: GPL-2.0-only
#
# Latency over time: a heat map for each phase, below them the operations per second, and below
# those what was counted.
#
# The tool sets, before it loads this: what common.gp asks for, columns, rows, the number of phases,
# quantity[] of the rows, x_max[1] and x_tics[1], y_min[], y_band[], y_max[] and y_tics[] of the
# rows, for phase N $cellsN: from, to, bottom, top and share of an interval's samples in percent,
# and $linesN: time, p50, p99; $rates: time and operations per second; for each of the number of
# counts, whose styles follow the two of the percentiles, $countsN: time and counts per second;
# and bound[], the moments when one repeat ends, and how many bounds there are.

load common

set logscale y
set xrange [0:x_max[1]]
eval x_tics[1]
set palette defined (0 '#edf4fb', 1 '#bfd8ee', 2 '#7fb5de', 3 '#3f8fc9')
set logscale cb
set cbrange [0.1:100]
set cbtics ("0.1 %%" 0.1, "1 %%" 1, "10 %%" 10, "100 %%" 100) scale 0
set cblabel 'share of an interval' offset 1.6
set colorbox vertical user origin screen 1 - from_left(118), screen from_top(108 + 130) \
	size screen from_left(14), screen from_bottom(130)
set style fill solid 1.0 noborder
if (bounds > 0) {
	do for [b = 1:bounds] {
		set arrow 400 + b from first bound[b], graph 0 \
			to first bound[b], graph 1 nohead back lc rgb '#444444' dt (3,3)
	}
}
set multiplot layout rows, columns \
	margins screen from_left(92), 1 - from_left(140), \
		from_bottom(58 + 20 * (key_rows + note_rows)), from_top(108) \
	spacing screen from_left(gap_x), from_bottom(gap_y)

do for [row = 1:rows] {
	set yrange [y_min[row]:y_max[row]]
	eval y_tics[row]
	set ylabel quantity[row] offset 0.4
	set xlabel (row == rows) ? 'time since the run began' : '' offset 0, 0.3
	if (y_band[row] > y_min[row]) {
		set object 1 rectangle from graph 0, first y_min[row] to graph 1, first y_band[row] \
			behind fillcolor rgb '#ececec' fillstyle solid noborder
	} else {
		unset object
	}
	if (row <= phases) {
		plot sprintf('$cells%d', row) using (($1 + $2) / 2):(($3 + $4) / 2):1:2:3:4:5 \
				with boxxyerror lc palette, \
			sprintf('$lines%d', row) using 1:2 with linespoints ls style[1] ps 0.5 lw 1.4, \
			sprintf('$lines%d', row) using 1:3 with linespoints ls style[2] ps 0.6 lw 1.4
	}
	if (row == phases + 1) {
		plot '$rates' with lines lc rgb '#0072b2' lw 2 dt 1
	}
	if (row == phases + 2) {
		plot for [c = 1:counts] sprintf('$counts%d', c) using 1:2 \
			with linespoints ls style[2 + c] ps 0.6 lw 1.4
	}
	unset colorbox
	do for [n = 1:3] { unset label n }
	do for [n = 1:note_rows] { unset label 300 + n }
	do for [s = 1:series] { unset arrow s; unset label 100 + s; unset label 200 + s }
}
unset multiplot
