# SPDX-License-Identifier: GPL-2.0-only
#
# Operations per second by number of threads: a panel for each size.
#
# The tool sets, before it loads this: title, subtitle, stamp, columns, rows,
# pixels_x, pixels_y, x_max, the tics of x, panels, heading[], y_max[] and
# y_tics[] of each panel, the number of series with name[] and style[], and
# $rates with one block for each series of each panel: place of the number of
# threads on the x axis, operations per second.

load common

set xrange [0.5:x_max]
set multiplot layout rows, columns margins screen 78 / real(pixels_x), 1 - 26 / real(pixels_x), \
	88 / real(pixels_y), from_top(108) spacing screen 70 / real(pixels_x), 84 / real(pixels_y)

do for [p = 1:panels] {
	set title heading[p] offset 0, -0.4
	set ylabel (p % columns == 1 || columns == 1) ? 'operations per second' : '' offset -0.4
	set xlabel 'threads' offset 0, 0.3
	set yrange [0:y_max[p]]
	eval y_tics[p]
	plot for [s = 1:series] NaN with linespoints ls style[s] \
			title p == 1 ? name[s] : '', \
		for [s = 1:series] '$rates' index (p - 1) * series + s - 1 \
			with linespoints ls style[s] notitle
	unset label
	unset key
}
unset multiplot
