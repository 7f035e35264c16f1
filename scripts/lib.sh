# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# This file has what the scripts share. They source it, and it needs a POSIX shell only.

# Every script exits with status 0 when all is done, 1 when a check failed, 2 after wrong use, 3
# when the machine cannot do this, 4 when it was interrupted.

# depmod is in a folder that the paths of users lack.
PATH=$PATH:/usr/sbin:/sbin

# The script's own name begins each of its messages.
self=${0##*/}

# die STATUS MESSAGE: say it in one line on stderr, and exit with that status.
die()
{
	die_status=$1
	shift
	printf '%s: %s\n' "$self" "$*" >&2
	exit "$die_status"
}

# progress MESSAGE: say on stderr what takes a while now, unless QUIET is set.
progress()
{
	[ -n "${QUIET-}" ] || printf '%s\n' "$*" >&2
}

# takes_none ARGUMENT...: refuse what a script that has no other option than -h is given.
takes_none()
{
	[ $# -eq 0 ] || die 2 "unknown argument '$1': expected none, or -h, which tells what this does"
}

# need TOOL PACKAGE: exit with status 3 when a tool is not there, and name the Debian package that
# has it.
need()
{
	command -v "$1" >/dev/null || die 3 "$1 is missing, it is in the Debian package $2"
}

# need_all TOOL:PACKAGE...: the same for several, which are named at once.
need_all()
{
	lacking=
	lacking_packages=
	for wanted in "$@"; do
		command -v "${wanted%:*}" >/dev/null && continue
		lacking="$lacking ${wanted%:*}"
		case " $lacking_packages " in
		*" ${wanted#*:} "*) ;;
		*) lacking_packages="$lacking_packages ${wanted#*:}" ;;
		esac
	done
	[ -z "$lacking" ] || die 3 "missing:$lacking. Expected what these Debian packages have:$lacking_packages"
}

# These Debian packages are what the tool, the pictures and the lab need, where the lab's own
# kernel and QEMU are built as well ...
packages_demo="
	make gcc libc6-dev binutils util-linux
	libjansson-dev libnuma-dev libhwloc-dev liburing-dev libpfm4-dev libmount-dev
	libblkid-dev
	$(case $(uname -m) in aarch64) ;; *) echo gcc-aarch64-linux-gnu libc6-dev-arm64-cross ;; esac)
	qemu-system-arm kmod cpio xz-utils gnuplot-nox
	ccache flex bison bc perl python3 python3-venv dpkg-dev ninja-build pkgconf
	libglib2.0-dev libpixman-1-dev libfdt-dev libattr1-dev zlib1g-dev"

# ... and these are what the tests need besides.
# shellcheck disable=SC2034 # read by need_packages
packages_check="$packages_demo
	python3-jsonschema git libcmocka-dev sparse cppcheck shellcheck mandoc device-tree-compiler
	zsh"

# find_missing demo|check: sets $missing to those of that list that are not installed, and $packages to the whole
# list. Return: whether this is a machine with Debian packages at all.
find_missing()
{
	packages=
	eval "packages=\$packages_$1"
	missing=
	command -v dpkg-query >/dev/null && command -v apt-get >/dev/null || return 1

	# dpkg-query fails when it does not know one of the names, but still lists the others.
	# shellcheck disable=SC2086 # a list of words
	have=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $packages 2>/dev/null || :)
	for package in $packages; do
		case "
$have
" in
		*"
$package installed
"*) ;;
		*) missing="$missing $package" ;;
		esac
	done
}

# tell_missing demo|check: name all that is missing of that list at once, in a line. It is no failure, as somebody may
# have these tools without Debian's packages.
tell_missing()
{
	find_missing "$1" && [ -n "$missing" ] || return 0
	printf '%s\n' "Not installed, which scripts/$1 does by itself: apt install$missing" >&2
}

# need_packages demo|check: install what is missing of that list, as root or by sudo.
need_packages()
{
	# shellcheck disable=SC2086,SC2116 # one line, whatever the list is written in
	find_missing "$1" ||
		die 3 "there is no apt here. Install what these Debian packages hold, then call" \
			"\"make ${0##*/}\": $(echo $packages)"
	[ -n "$missing" ] || return 0

	as_root=
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null ||
			die 3 "these Debian packages are missing, install them as root:$missing"
		as_root=sudo
	fi
	progress "Installing packages:$missing"
	mkdir -p build
	log=build/packages.log
	# shellcheck disable=SC2086 # lists of words
	{
		$as_root apt-get -q update &&
		$as_root env DEBIAN_FRONTEND=noninteractive \
			apt-get -q -y --no-install-recommends install $missing
	} </dev/null >$log 2>&1 ||
		die 3 "apt could not install$missing: $(grep -m 1 '^E:' $log || :) (all of it is in $log)"
}

# with_proc COMMAND...: run it where there is /proc, which a bare chroot lacks and sanitizers, placement
# and process tests look into. What was mounted for that is taken away again.
with_proc()
{
	if [ -e /proc/self ]; then
		exec "$@"
	fi
	mount -t proc proc /proc 2>/dev/null ||
		die 3 "there is no /proc here and it cannot be mounted. As root: mount -t proc proc /proc"
	trap 'umount -l /proc' EXIT
	trap 'exit 4' HUP INT TERM
	"$@"
}
