# SPDX-License-Identifier: GPL-2.0-only
#
# Cost against exposure: a panel for each round, a point for each strategy.
#
# The tool sets, before it loads this: what common.gp asks for, columns, rows,
# x_min, x_band, x_max, y_min, y_max, the tics, error_x (NaN when it is not known),
# the number of panels with heading[], and datablocks. All coordinates are logarithms;
# no exposure at all lies in the band from x_min to x_band. $points has a block for
# each series of each panel: exposure, cost, longest exposure. $labels has two blocks for
# each panel, those right aligned first: place and text. $leaders has a block of lines for
# each panel, from labels that had to give way to their points.

load common

set xrange [x_min:x_max]
set yrange [y_min:y_max]
set multiplot layout rows, columns \
	margins screen from_left(92), 1 - from_left(40), \
		from_bottom(58 + 20 * (key_rows + note_rows)), from_top(108) \
	spacing screen from_left(gap_x), from_bottom(gap_y)

do for [p = 1:panels] {
	set title heading[p] offset 0, -0.4
	set ylabel (p % columns == 1 || columns == 1) ? 'cost of one mapping' : '' offset 0.4
	set xlabel 'exposure after unmap has returned' offset 0, 0.3
	set object 1 rectangle from x_min, graph 0 to x_band, graph 1 behind \
		fillcolor rgb '#ececec' fillstyle solid noborder
	if (error_x == error_x) {
		set arrow 90 from error_x, graph 0 to error_x, graph 1 nohead back \
			linecolor rgb '#666666' dashtype (2,4)
	}
	plot for [s = 1:strategies] '$points' index (p - 1) * strategies + s - 1 \
			using 1:2:1:3 with xerrorbars ls point_style[s] lw 1.4 dt 1 ps 1.2, \
		'$leaders' index p - 1 with lines lc rgb '#999999' lw 0.8, \
		'$labels' index 2 * (p - 1) using 1:2:3 with labels right textcolor rgb '#222222', \
		'$labels' index 2 * (p - 1) + 1 using 1:2:3 with labels left textcolor rgb '#222222'
	unset label
	unset arrow
}
unset multiplot
