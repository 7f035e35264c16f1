# SPDX-License-Identifier: GPL-2.0-only
#
# Faults under load: a column for each kind of load, below each other p50, p99 and throughput.
#
# The tool sets, before it loads this: what common.gp asks for, columns, rows, heading[], x_name[],
# offered[] (1: by rate), x_min[], x_max[] and x_tics[] of the columns, y_min[], y_band[], y_max[] and
# y_tics[] of the rows, and $load with a block for each series of each column: load, p50 and p99 in
# nanoseconds, accesses a second. What is 0 lies in the band from y_min to y_band.

load common

set logscale xy
set multiplot layout rows, columns \
	margins screen from_left(92), 1 - from_left(40), \
		from_bottom(58 + 20 * (key_rows + note_rows)), from_top(108) \
	spacing screen from_left(gap_x), from_bottom(gap_y)

array quantity[3]
quantity[1] = 'p50 of one access'
quantity[2] = 'p99 of one access'
quantity[3] = 'accesses done each second'

do for [row = 1:rows] {
	set yrange [y_min[row]:y_max[row]]
	eval y_tics[row]
	do for [c = 1:columns] {
		set xrange [x_min[c]:x_max[c]]
		eval x_tics[c]
		set title (row == 1) ? heading[c] : '' offset 0, -0.4
		set ylabel (c == 1) ? quantity[row] : '' offset 0.4
		set xlabel (row == rows) ? x_name[c] : '' offset 0, 0.3
		if (y_band[row] > y_min[row]) {
			set object 1 rectangle from graph 0, first y_min[row] \
				to graph 1, first y_band[row] behind \
				fillcolor rgb '#ececec' fillstyle solid noborder
		} else {
			unset object
		}
		plot (row == rows && offered[c]) ? x : NaN with lines lc rgb '#999999' lw 1.4 dt 1, \
			for [s = 1:series] '$load' index (c - 1) * series + s - 1 \
			using 1:(column(1 + row)) with linespoints ls style[s]
		unset label
		unset arrow
	}
}
unset multiplot
