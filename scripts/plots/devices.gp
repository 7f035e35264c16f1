# SPDX-License-Identifier: GPL-2.0-only
#
# Throughput of devices that worked at the same time: a cluster of bars for what they did together.
#
# The tool sets, before it loads this: what common.gp asks for, x_max and the tics of x, y_max and
# the tics of y, and $bars with a block for each series: place of the cluster on the x axis,
# operations per second, the same of the device alone, and the share as a text.

load common

set xrange [0.5:x_max]
set yrange [0:y_max]
set grid noxtics
set lmargin at screen from_left(92)
set rmargin at screen 1 - from_left(40)
set bmargin at screen from_bottom(58 + 20 * (key_rows + note_rows))
set tmargin at screen from_top(92)
set ylabel 'operations per second' offset 0.4
wide = 0.72 / series
aside(s) = (s - (series + 1) / 2.0) * wide
set style fill solid 0.85 noborder
set boxwidth wide * 0.8

plot for [s = 1:series] '$bars' index s - 1 using ($1 + aside(s)):2 with boxes ls style[s], \
	for [s = 1:series] '$bars' index s - 1 using ($1 + aside(s)):3 \
		with points pt 12 ps 1.4 lw 1.6 lc rgb '#222222', \
	for [s = 1:series] '$bars' index s - 1 using ($1 + aside(s)):2:4 \
		with labels offset 0, 0.7 textcolor rgb '#222222'
