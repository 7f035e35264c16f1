# SPDX-License-Identifier: GPL-2.0-only
#
# Operations per second by number of threads: a panel for each size.
#
# The tool sets, before it loads this: what common.gp asks for, columns, rows,
# x_max, the tics of x, the number of panels with heading[], y_max[] and y_tics[],
# and $rates with one block for each series of each panel: place of the number
# of threads on the x axis, operations per second.

load common

set xrange [0.5:x_max]
set multiplot layout rows, columns \
	margins screen from_left(92), 1 - from_left(40), from_bottom(58 + 20 * (key_rows + note_rows)), from_top(108) \
	spacing screen from_left(70), from_bottom(84)

do for [p = 1:panels] {
	set title heading[p] offset 0, -0.4
	set ylabel (p % columns == 1 || columns == 1) ? 'operations per second' : '' offset 0.4
	set xlabel 'threads' offset 0, 0.3
	set yrange [0:y_max[p]]
	eval y_tics[p]
	plot for [s = 1:series] '$rates' index (p - 1) * series + s - 1 \
		with linespoints ls style[s]
	unset label
	unset arrow
}
unset multiplot
