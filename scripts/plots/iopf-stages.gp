# SPDX-License-Identifier: GPL-2.0-only
#
# Where the time of a fault goes: a stacked bar for each kind, a panel for each percentile.
#
# The tool sets, before it loads this: what common.gp asks for, columns, rows, left (pixels for the
# names of the bars), y_max and the tics of y, the number of pieces, of which the key has one series
# each and a last one for the totals, the number of panels with heading[], x_min[], x_max[] and
# x_tics[], $pieces with a block for each piece of each panel: from, to, bottom and top; and $totals
# with a block for each panel: whole access, place of the bar, place of the text and the text.

load common

# Bars have no dash and no point, totals nothing else.
do for [s = 1:series] {
	y = from_bottom(14 + 20 * (key_rows - 1 - key_row[s]))
	unset label 100 + s
	unset arrow s
	if (s <= pieces) {
		set arrow s from screen from_left(key_x[s] + 8), screen y \
			to screen from_left(key_x[s] + 36), screen y nohead front ls style[s] lw 11 dt 1
	} else {
		set label 100 + s '' at screen from_left(key_x[s] + 28), screen y \
			point pt 12 ps 1.3 lw 1.6 lc rgb '#000000' front
	}
}

set style fill solid 1.0 border lc rgb '#ffffff'
set yrange [0.4:y_max]
set grid noytics
set ytics scale 0
set multiplot layout rows, columns \
	margins screen from_left(left), 1 - from_left(40), \
		from_bottom(58 + 20 * (key_rows + note_rows)), from_top(108) \
	spacing screen from_left(gap_x), from_bottom(gap_y)

do for [p = 1:panels] {
	set title heading[p] offset 0, -0.4
	set xlabel 'time since the access began' offset 0, 0.3
	set xrange [0:x_max[p]]
	eval x_tics[p]
	if (p > 1) { unset ytics }
	plot for [s = 1:pieces] '$pieces' index (p - 1) * pieces + s - 1 \
			using 1:3:1:2:3:4 with boxxyerror fs solid 1.0 border lc rgb '#ffffff' \
			ls style[s] dt 1 lw 1, \
		'$totals' index p - 1 using 1:2 with points pt 13 ps 1.3 lc rgb '#ffffff', \
		'$totals' index p - 1 using 1:2 with points pt 12 ps 1.3 lw 1.6 lc rgb '#000000', \
		'$totals' index p - 1 using 3:2:4 with labels left textcolor rgb '#222222'
	unset label
	unset arrow
}
unset multiplot
