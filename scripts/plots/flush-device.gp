# SPDX-License-Identifier: GPL-2.0-only
#
# What a device pays: latencies of its accesses by strategy, a panel for each round.
#
# The tool sets, before it loads this: what common.gp asks for, columns, rows,
# x_max and the tics of x, y_min, y_max, the tics of y, the number of panels with heading[],
# and $accesses with a block for each series of each panel: place of the strategy on the
# x axis, p50, smallest and p99 in nanoseconds.

load common

set logscale y
set xrange [0.5:x_max]
set yrange [y_min:y_max]
set grid noxtics
set multiplot layout rows, columns \
	margins screen from_left(92), 1 - from_left(40), \
		from_bottom(58 + 20 * (key_rows + note_rows)), from_top(108) \
	spacing screen from_left(gap_x), from_bottom(gap_y)

aside(s) = (s - (series + 1) / 2.0) * 0.5 / series

do for [p = 1:panels] {
	set title heading[p] offset 0, -0.4
	set ylabel 'latency of one access' offset 0.4
	set xlabel (p == panels) ? 'strategy of the flush' : '' offset 0, 0.3
	plot for [s = 1:series] '$accesses' index (p - 1) * series + s - 1 \
		using ($1 + aside(s)):2:3:4 with yerrorbars ls style[s] dt 1
	unset label
	unset arrow
}
unset multiplot
