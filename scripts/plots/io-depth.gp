# SPDX-License-Identifier: GPL-2.0-only
#
# I/O by queue depth: a column for each kind of request, below each other requests per second, p99 and
# CPU time of a request.
#
# The tool sets, before it loads this: what common.gp asks for, columns, rows, heading[] of the
# columns, quantity[] of the rows, x_min[1], x_max[1] and x_tics[1], y_min[], y_max[] and y_tics[] of
# the rows, and $io with a block for each series of each column: queue depth and a figure of each row.

load common

set logscale xy
set xrange [x_min[1]:x_max[1]]
eval x_tics[1]
set multiplot layout rows, columns \
	margins screen from_left(92), 1 - from_left(40), \
		from_bottom(58 + 20 * (key_rows + note_rows)), from_top(108) \
	spacing screen from_left(gap_x), from_bottom(gap_y)

do for [row = 1:rows] {
	set yrange [y_min[row]:y_max[row]]
	eval y_tics[row]
	do for [c = 1:columns] {
		set title (row == 1) ? heading[c] : '' offset 0, -0.4
		set ylabel (c == 1) ? quantity[row] : '' offset 0.4
		set xlabel (row == rows) ? 'queue depth of each thread' : '' offset 0, 0.3
		plot for [s = 1:series] '$io' index (c - 1) * series + s - 1 \
			using 1:(column(1 + row)) with linespoints ls style[s]
		unset label
		unset arrow
	}
}
unset multiplot
