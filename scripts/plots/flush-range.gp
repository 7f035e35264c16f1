# SPDX-License-Identifier: GPL-2.0-only
#
# Cost by range size: a panel for each size of a mapping, with the crossover.
#
# The tool sets, before it loads this: what common.gp asks for, columns, rows,
# y_min, y_max, the tics of y, the number of panels with heading[], x_min[], x_max[] and
# x_tics[], for each panel the ranges between which the crossover is in cross_from[] and
# cross_to[] (NaN when there is none) and in words in cross_text[], and $costs with a block for each series of each panel: bytes
# of the range, nanoseconds of a round.

load common

set logscale xy
set yrange [y_min:y_max]
set multiplot layout rows, columns \
	margins screen from_left(92), 1 - from_left(40), \
		from_bottom(58 + 20 * (key_rows + note_rows)), from_top(108) \
	spacing screen from_left(gap_x), from_bottom(gap_y)

do for [p = 1:panels] {
	set title heading[p] offset 0, -0.4
	set ylabel (p % columns == 1 || columns == 1) ? 'unmap and flush of one round' : '' offset 0.4
	set xlabel 'range of one round' offset 0, 0.3
	set xrange [x_min[p]:x_max[p]]
	eval x_tics[p]
	set label 91 cross_text[p] at graph 0.03, graph 0.95 front textcolor rgb '#222222'
	if (cross_from[p] == cross_from[p]) {
		set object 90 rectangle from cross_from[p], graph 0 to cross_to[p], graph 1 behind \
			fillcolor rgb '#e8e8e4' fillstyle solid noborder
	}
	plot for [s = 1:series] '$costs' index (p - 1) * series + s - 1 with linespoints ls style[s]
	unset label
	unset object
}
unset multiplot
