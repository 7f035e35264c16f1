# SPDX-License-Identifier: GPL-2.0-only
#
# Contention: a column for each round, below each other throughput, tail and fairness by threads.
#
# The tool sets, before it loads this: what common.gp asks for, columns, rows,
# x_max and the tics of x, heading[] of the columns, for each of the three rows y_min[], y_max[]
# and y_tics[], and $scaling with a block for each series of each column: place of the number
# of threads on the x axis, operations per second, p99.9 in nanoseconds, and of the slowest
# and the fastest thread the operations in percent of the mean.

load common

set xrange [0.5:x_max]
set multiplot layout rows, columns \
	margins screen from_left(92), 1 - from_left(40), \
		from_bottom(58 + 20 * (key_rows + note_rows)), from_top(108) \
	spacing screen from_left(gap_x), from_bottom(gap_y)

array quantity[3]
quantity[1] = 'mappings per second'
quantity[2] = 'p99.9 of one round'
quantity[3] = 'slowest to fastest thread'
# Side by side, so that no bar hides another.
aside(s) = (s - (series + 1) / 2.0) * 0.7 / series

do for [row = 1:3] {
	set yrange [y_min[row]:y_max[row]]
	if (row < 3) { set logscale y } else { unset logscale y }
	eval y_tics[row]
	do for [c = 1:columns] {
		set title (row == 1) ? heading[c] : '' offset 0, -0.4
		set ylabel (c == 1) ? quantity[row] : '' offset 0.4
		set xlabel (row == 3) ? 'threads' : '' offset 0, 0.3
		if (row < 3) {
			plot for [s = 1:series] '$scaling' index (c - 1) * series + s - 1 \
				using 1:(column(1 + row)) with linespoints ls style[s]
		} else {
			plot 100 with lines lc rgb '#999999' lw 1 dt 1, \
				for [s = 1:series] '$scaling' index (c - 1) * series + s - 1 \
				using ($1 + aside(s)):4:(0):($5 - $4) \
				with vectors nohead ls style[s] lw 5 dt 1
		}
		unset label
		unset arrow
	}
}
unset multiplot
