# SPDX-License-Identifier: GPL-2.0-only
#
# How many rounds are still exposed, by time since unmap returned: a panel for each round.
#
# The tool sets, before it loads this: what common.gp asks for, columns, rows, x_min,
# x_band, x_max, y_min, the tics, error_x (NaN when it is not known), the number of panels
# with heading[], and $shares with a block for each series of each panel: logarithm of
# nanoseconds, share of rounds in percent. What happens at once lies in the band from x_min
# to x_band.

load common

set logscale y
set xrange [x_min:x_max]
# The lowest tic is not lost to rounding.
set yrange [y_min * 0.99:150]
set multiplot layout rows, columns \
	margins screen from_left(92), 1 - from_left(40), \
		from_bottom(58 + 20 * (key_rows + note_rows)), from_top(108) \
	spacing screen from_left(gap_x), from_bottom(gap_y)

do for [p = 1:panels] {
	set title heading[p] offset 0, -0.4
	set ylabel (p % columns == 1 || columns == 1) ? 'rounds that are still exposed' : '' offset 0.4
	set xlabel 'time since unmap has returned' offset 0, 0.3
	set object 1 rectangle from x_min, graph 0 to x_band, graph 1 behind \
		fillcolor rgb '#ececec' fillstyle solid noborder
	if (error_x == error_x) {
		set arrow 90 from error_x, graph 0 to error_x, graph 1 nohead back \
			linecolor rgb '#666666' dashtype (2,4)
	}
	plot for [s = 1:series] '$shares' index (p - 1) * series + s - 1 with lines ls style[s], \
		for [s = 1:series] '$shares' index (p - 1) * series + s - 1 every ::1::1 \
			with points ls style[s]
	unset label
	unset arrow
}
unset multiplot
