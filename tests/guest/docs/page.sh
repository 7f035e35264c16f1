# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154
#
# What the tests of pages in docs/ share: they type what a page says, and look at what it promises.
# Sourced after tap.sh.
#
# A block of a page is for the boards that its first line names, "# lab: BOARD...". All blocks for a
# board are typed in one shell, one after the other. A line "#> TEXT" is to be found in the output
# of the command above it: blanks as many as there are, other figures for the page's own but for 0,
# and anything for "...".

# as_on_a_host: neither module is loaded, and the board's test device has the driver that the kernel
# gave it.
as_on_a_host()
{
	[ ! -e "$driver/$device" ] || iommubench-unbind "$device"
	unload_modules && [ ! -d /dev/iommubench ]
	ok $? "nothing of ours is loaded" || note "$(lsmod)" "$(ls /dev/iommubench)"
}

# pattern TEXT: a regular expression for what a page promises.
pattern()
{
	printf '%s\n' "$1" | sed -e 's/[].*^$+?(){}|\\[]/\\&/g' -e 's/\\\.\\\.\\\./.*/g' \
		-e 's/  */ +/g' -e 's/[1-9][0-9]*/[1-9][0-9]*/g'
}

# typed COMMAND: leaves $status and /tmp/typed. What it sets stays, as it would in a shell.
typed()
{
	command=$1
	case $command in
	"lab/run --board $board -- "*)
		load_modules
		iommubench-bind "$device"
		command=${command#*" -- "}
		;;
	lab/run*)
		# That of another board, which is typed there.
		command=
		return
		;;
	esac
	eval "$command" >/tmp/typed 2>/tmp/typed.stderr </dev/null 3<&-
	status=$?
	is "$status" 0 "$1" || note "$(cat /tmp/typed /tmp/typed.stderr)"
	commands=$((commands + 1))
}

# promised TEXT: of the last command.
promised()
{
	[ -n "$command" ] || return
	grep -Eq -e "$(pattern "$1")" /tmp/typed
	ok $? "... $1" || note "$(cat /tmp/typed)"
	promises=$((promises + 1))
}

# page_typed PAGE BOARD
page_typed()
{
	board=$2
	commands=0
	promises=0
	awk -v board="$board" '
		/^```/ { inside = 0 }
		inside { print }
		/^```sh$/ { getline; inside = / lab: / && index($0 " ", " " board " ") }
	' "$1" >/tmp/page
	while IFS= read -r line <&3; do
		case $line in
		'#> '*) promised "${line#"#> "}" ;;
		*) typed "$line" ;;
		esac
	done 3</tmp/page
	[ "$commands" -gt 0 ] && [ "$promises" -gt 0 ]
	ok $? "$1 has commands for $board" || note "$commands commands, $promises promises"
	note "$commands commands, $promises promises"
}
