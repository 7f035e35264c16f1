# SPDX-License-Identifier: GPL-2.0-only
#
# Latency by number of live PASIDs: a column for each way to bind, below each other p50 and p99.
#
# The tool sets, before it loads this: what common.gp asks for, columns, rows, heading[] of the
# columns, quantity[] of the rows, x_min[1], x_band[1], x_max[1], x_tics[1], the same of y, and $live
# with a block for each series of each column: live PASIDs and a figure of each row in nanoseconds.
# What is 0 lies in the bands from x_min to x_band and from y_min to y_band.

load common

set logscale xy
set xrange [x_min[1]:x_max[1]]
set yrange [y_min[1]:y_max[1]]
eval x_tics[1]
eval y_tics[1]
if (x_band[1] > x_min[1]) {
	set object 1 rectangle from first x_min[1], graph 0 to first x_band[1], graph 1 behind \
		fillcolor rgb '#ececec' fillstyle solid noborder
}
if (y_band[1] > y_min[1]) {
	set object 2 rectangle from graph 0, first y_min[1] to graph 1, first y_band[1] behind \
		fillcolor rgb '#ececec' fillstyle solid noborder
}
set multiplot layout rows, columns \
	margins screen from_left(92), 1 - from_left(40), \
		from_bottom(58 + 20 * (key_rows + note_rows)), from_top(108) \
	spacing screen from_left(gap_x), from_bottom(gap_y)

do for [row = 1:rows] {
	do for [c = 1:columns] {
		set title (row == 1) ? heading[c] : '' offset 0, -0.4
		set ylabel (c == 1) ? quantity[row] : '' offset 0.4
		set xlabel (row == rows) ? 'other PASIDs that are live' : '' offset 0, 0.3
		plot for [s = 1:series] '$live' index (c - 1) * series + s - 1 \
			using 1:(column(1 + row)) with linespoints ls style[s]
		unset label
		unset arrow
	}
}
unset multiplot
