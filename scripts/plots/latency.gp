# SPDX-License-Identifier: GPL-2.0-only
#
# Latency by percentile: a row for each phase, a column for each size.
#
# The tool sets, before it loads this: what common.gp asks for, columns, rows,
# x_max, y_min, y_max, the tics, heading[] of the panels, and two datablocks with
# one block for each series of each panel, row by row: $curves with 1/(1-p) and
# nanoseconds, $marks with the same of the percentiles that have a tic.

load common

set logscale xy
set xrange [1:x_max]
set yrange [y_min:y_max]
set multiplot layout rows, columns \
	margins screen from_left(92), 1 - from_left(40), from_bottom(58 + 20 * (key_rows + note_rows)), from_top(108) \
	spacing screen from_left(60), from_bottom(62)

do for [p = 1:rows * columns] {
	set title heading[p] offset 0, -0.4
	set ylabel (p % columns == 1 || columns == 1) ? 'latency of one operation' : '' offset 0.4
	set xlabel (p > (rows - 1) * columns) ? 'percentile' : '' offset 0, 0.3
	plot for [s = 1:series] '$curves' index (p - 1) * series + s - 1 with lines ls style[s], \
		for [s = 1:series] '$marks' index (p - 1) * series + s - 1 with points ls style[s]
	unset label
	unset arrow
}
unset multiplot
