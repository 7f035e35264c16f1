# SPDX-License-Identifier: GPL-2.0-only
#
# What all pictures share: colours that colour-blind readers tell apart
# (Okabe and Ito), each with a dash and a point of its own, frame and heading.
#
# The caller has set title_font, title, subtitle, stamp, pixels_x, pixels_y, gap_x, gap_y, the
# number of series with name[] and style[], the place of each in the key in key_rows,
# key_x[] and key_row[], and note_rows lines of text in note[].

set encoding utf8
set style line 1 lc rgb '#0072b2' lw 2.2 dt 1 pt 7 ps 0.8
set style line 2 lc rgb '#d55e00' lw 2.2 dt (12,4) pt 9 ps 1.0
set style line 3 lc rgb '#009e73' lw 2.2 dt (4,3) pt 5 ps 0.8
set style line 4 lc rgb '#000000' lw 2.2 dt (2,3) pt 11 ps 1.0
set style line 5 lc rgb '#cc79a7' lw 2.2 dt (12,4,2,4) pt 13 ps 1.0
set style line 6 lc rgb '#e69f00' lw 2.2 dt (8,3,2,3,2,3) pt 4 ps 0.9
set style line 7 lc rgb '#56b4e9' lw 2.2 dt (16,4) pt 6 ps 0.9
set style line 8 lc rgb '#7f7f7f' lw 2.2 dt (6,3) pt 8 ps 1.0
set style line 9 lc rgb '#f0e442' lw 2.2 dt (3,3,9,3) pt 12 ps 1.0
set style line 20 lc rgb '#666666' lw 1
set style line 21 lc rgb '#dddddd' lw 0.6
set style line 22 lc rgb '#eeeeee' lw 0.5

set border 3 ls 20
set tics nomirror scale 0.5
set tics textcolor rgb '#222222'
set grid xtics ytics ls 21

# Margins in pixels, so that pictures of any size look alike.
from_top(y) = 1 - y / real(pixels_y)
set label 1 title at screen 0.012, screen from_top(22) front font title_font
set label 2 subtitle at screen 0.012, screen from_top(44) front textcolor rgb '#444444'
set label 3 stamp at screen 0.012, screen from_top(64) front textcolor rgb '#a03000'

# The key: the caller chose where each line's entry begins.
unset key
from_bottom(y) = y / real(pixels_y)
from_left(x) = x / real(pixels_x)
do for [s = 1:series] {
	y = from_bottom(14 + 20 * (key_rows - 1 - key_row[s]))
	set arrow s from screen from_left(key_x[s]), screen y \
		to screen from_left(key_x[s] + 36), screen y nohead front ls style[s]
	set label 100 + s '' at screen from_left(key_x[s] + 18), screen y \
		point ls style[s] front
	set label 200 + s name[s] at screen from_left(key_x[s] + 42), screen y front \
		textcolor rgb '#222222'
}

# Notes, between panels and key.
do for [n = 1:note_rows] {
	set label 300 + n note[n] at screen from_left(12), \
		screen from_bottom(14 + 20 * (key_rows + note_rows - n)) front textcolor rgb '#222222'
}
