# SPDX-License-Identifier: GPL-2.0-only
#
# What the same fault costs device and CPU, by its kind.
#
# The tool sets, before it loads this: what common.gp asks for, columns, rows, x_max and the tics of
# x, y_min[1], y_band[1], y_max[1] and y_tics[1], $marks with a block for each series: place of the
# kind on the x axis, p50, smallest and p99 in nanoseconds; and $ratios: place and text. No time at
# all lies in the band from y_min to y_band.

load common

set logscale y
set xrange [0.5:x_max]
set yrange [y_min[1]:y_max[1]]
eval y_tics[1]
set grid noxtics
set lmargin at screen from_left(92)
set rmargin at screen 1 - from_left(40)
set bmargin at screen from_bottom(58 + 20 * (key_rows + note_rows))
set tmargin at screen from_top(92)
set ylabel 'time of one access' offset 0.4
set xlabel 'kind of fault' offset 0, 0.3
if (y_band[1] > y_min[1]) {
	set object 1 rectangle from graph 0, first y_min[1] to graph 1, first y_band[1] behind \
		fillcolor rgb '#ececec' fillstyle solid noborder
}
aside(s) = (s - (series + 1) / 2.0) * 0.5 / series
top = exp(log(y_max[1]) - 0.06 * log(y_max[1] / y_min[1]))

plot for [s = 1:series] '$marks' index s - 1 using ($1 + aside(s)):2:3:4 \
		with yerrorbars ls style[s] dt 1, \
	'$ratios' using 1:(top):2 with labels textcolor rgb '#222222'
