# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What the scripts share. Sourced, never run. Needs a POSIX shell only.

# Exit status of every script: done 0, a check failed 1, wrong use 2, the machine cannot do this 3,
# interrupted 4.

# Users' paths lack where depmod is.
PATH=$PATH:/usr/sbin:/sbin

# What messages begin with.
self=${0##*/}

# die STATUS MESSAGE: one line to stderr, and out.
die()
{
	die_status=$1
	shift
	printf '%s: %s\n' "$self" "$*" >&2
	exit "$die_status"
}

# progress MESSAGE: what takes a while now. Nothing under -s or in a quiet script.
progress()
{
	[ -n "${QUIET-}" ] || printf '%s\n' "$*" >&2
}

# need TOOL PACKAGE: stop when a tool is not there.
need()
{
	command -v "$1" >/dev/null || die 3 "$1 is missing, it is in the Debian package $2"
}

# The Debian packages that building, the lab and the pictures need, the lab's own kernel and QEMU
# being built as well ...
packages_demo="
	make gcc libc6-dev binutils util-linux
	libjansson-dev libnuma-dev libhwloc-dev liburing-dev libpfm4-dev
	$(case $(uname -m) in aarch64) ;; *) echo gcc-aarch64-linux-gnu libc6-dev-arm64-cross ;; esac)
	qemu-system-arm kmod cpio xz-utils gnuplot-nox
	ccache flex bison bc perl python3 python3-venv dpkg-dev ninja-build pkgconf
	libglib2.0-dev libpixman-1-dev libfdt-dev libattr1-dev zlib1g-dev"

# ... and what the tests need besides.
# shellcheck disable=SC2034 # read by need_packages
packages_check="$packages_demo
	python3-jsonschema git libcmocka-dev sparse cppcheck shellcheck mandoc device-tree-compiler"

# need_packages demo|check: install what is missing of that list.
need_packages()
{
	eval "set -- \$packages_$1"
	if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
		die 3 "there is no apt here. Install what these Debian packages hold, then call" \
			"\"make ${0##*/}\": $*"
	fi

	# Fails, but still lists the others, when one of the names is unknown to dpkg.
	have=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || :)
	missing=
	for package in "$@"; do
		case "
$have
" in
		*"
$package installed
"*) ;;
		*) missing="$missing $package" ;;
		esac
	done
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
