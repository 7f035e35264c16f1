# SPDX-License-Identifier: GPL-2.0-only
#
# What all pictures share: colours that colour-blind readers tell apart
# (Okabe and Ito), each with a dash and a point of its own, frame and heading.
# The caller has set title, subtitle, stamp, columns, rows and pixels_y.

set encoding utf8
set style line 1 lc rgb '#0072b2' lw 2.2 dt 1 pt 7 ps 0.8
set style line 2 lc rgb '#d55e00' lw 2.2 dt (12,4) pt 9 ps 1.0
set style line 3 lc rgb '#009e73' lw 2.2 dt (4,3) pt 5 ps 0.8
set style line 4 lc rgb '#000000' lw 2.2 dt (2,3) pt 11 ps 1.0
set style line 5 lc rgb '#cc79a7' lw 2.2 dt (12,4,2,4) pt 13 ps 1.0
set style line 6 lc rgb '#e69f00' lw 2.2 dt (8,3,2,3,2,3) pt 4 ps 0.9
set style line 7 lc rgb '#56b4e9' lw 2.2 dt (16,4) pt 6 ps 0.9
set style line 20 lc rgb '#666666' lw 1
set style line 21 lc rgb '#dddddd' lw 0.6
set style line 22 lc rgb '#eeeeee' lw 0.5

set border 3 ls 20
set tics nomirror scale 0.5
set tics textcolor rgb '#222222'
set grid xtics ytics ls 21

# Margins in pixels, so that pictures of any size look alike.
from_top(y) = 1 - y / real(pixels_y)
set label 1 title at screen 0.012, screen from_top(22) front font ',14'
set label 2 subtitle at screen 0.012, screen from_top(44) front textcolor rgb '#444444'
set label 3 stamp at screen 0.012, screen from_top(64) front textcolor rgb '#a03000'
set key at screen 0.5, screen 12 / real(pixels_y) center bottom horizontal maxrows 1 \
	samplen 4 width 1 textcolor rgb '#222222'
