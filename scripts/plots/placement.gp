# SPDX-License-Identifier: GPL-2.0-only
#
# Latency by placement: a heat map of CPU node and memory node, a column for each phase, p50 and p99
# below each other.
#
# The tool sets, before it loads this: what common.gp asks for, columns, rows, x_max, y_max and the
# tics of both, heading[] of the panels, and $cells with a block for each panel: memory node, CPU
# node, how dark from 0 to 1 (NaN where nothing was measured), and the figure.

load common

set xrange [-0.5:x_max]
set yrange [y_max:-0.5]
unset grid
set tics scale 0
set palette defined (0 '#f4f9fd', 0.5 '#9dc6e5', 1 '#4a97cd')
set cbrange [0:1]
unset colorbox
set style fill solid 1.0 border lc rgb '#ffffff'
set multiplot layout rows, columns \
	margins screen from_left(118), 1 - from_left(40), \
		from_bottom(58 + 20 * (key_rows + note_rows)), from_top(108) \
	spacing screen from_left(gap_x), from_bottom(gap_y)

do for [p = 1:rows * columns] {
	set title heading[p] offset 0, -0.4
	set ylabel (p % columns == 1 || columns == 1) ? 'node of the CPUs' : '' offset 0.4
	set xlabel 'node of the memory' offset 0, 0.3
	plot '$cells' index p - 1 using 1:2:($1 - 0.5):($1 + 0.5):($2 - 0.5):($2 + 0.5):3 \
			with boxxyerror lc palette, \
		'$cells' index p - 1 using 1:2:4 with labels textcolor rgb '#111111'
	unset label
	unset arrow
}
unset multiplot
