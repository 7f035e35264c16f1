# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What the lab's scripts share: the cache, packages of any Debian suite, and how they call make.
# Sourced, with the working directory at the top of the tree.

. scripts/lib.sh

cache=${IOMMUBENCH_CACHE:-${XDG_CACHE_HOME:-${HOME-}/.cache}/iommubench}
case $cache in
/.cache/*) die 2 "HOME is not set. Set IOMMUBENCH_CACHE to the folder for downloads" ;;
/*) ;;
*) cache=$PWD/$cache ;;
esac
case $cache in
*[!A-Za-z0-9/._+@~-]*)
	die 2 "kbuild cannot work in a folder called \"$cache\". Set IOMMUBENCH_CACHE to one with plain letters"
	;;
esac

# The cache.
#
# An entry is a folder NAME-KEY, where the key is a hash of what it is made from. It is built under
# another name and renamed when whole, so an entry that is there was finished. Its listing (.whole)
# is compared at each use: an entry that was cut short later is built anew.

# listing DIR: a sum over the names and sizes of everything in it.
listing()
{
	(cd "$1" && find . ! -name .whole ! -type d -printf '%p %s %l\n' | LC_ALL=C sort | sha256sum)
}

whole()
{
	[ -f "$1/.whole" ] && [ "$(listing "$1")" = "$(cat "$1/.whole")" ]
}

# need_room MEGABYTES
need_room()
{
	free=$(($(stat -f -c '%a * %S / 1048576' "$cache")))
	[ "$free" -ge "$1" ] ||
		die 3 "not enough room in $cache: $1 MB needed, $free MB free." \
			"Make room, or set IOMMUBENCH_CACHE to a folder that has it"
}

# cached NAME MEGABYTES BUILD KEY...: print the entry's path. When it is not there, build it first:
# the function BUILD is called with an empty folder to fill. KEY is all that the content depends on.
cached()
{
	name=$1
	room=$2
	build=$3
	shift 3
	entry=$cache/$name-$(printf '%s\n' "$@" | sha256sum | cut -c 1-12)

	if ! whole "$entry"; then
		mkdir -p "$cache/locks" 2>/dev/null || die 3 "cannot write to the cache folder $cache." \
			"Set IOMMUBENCH_CACHE to a folder that can be written"
		# Who needs another entry does not wait for this one.
		exec 9>>"$cache/locks/$name" || exit 3
		wait_for 9 "$name"
		# Another one may have built it while we waited. No "||" here: the shell would go on
		# after errors in what stands behind it.
		if ! whole "$entry"; then
			new_entry "$build"
		fi
		exec 9>&-
	fi
	printf '%s\n' "$entry"
}

# wait_for FD NAME: have the lock on FD, though another one may be building NAME.
wait_for()
{
	! flock -n "$1" || return 0
	progress "Waiting for another build of $2"
	[ -t 2 ] && hidden=${QUIET-} || hidden=1
	since=$(date +%s)
	until flock -w 2 "$1"; do
		[ -n "$hidden" ] || printf '\r%d s ' "$(($(date +%s) - since))" >&2
	done
	[ -n "$hidden" ] || printf '\r\033[K' >&2
}

# What is being made in the cache, and another folder that a build may need besides.
new=
scratch=

remove_unfinished_on_exit()
{
	trap 'rm -rf ${new:+"$new"} ${scratch:+"$scratch"}' EXIT
	trap 'exit 4' HUP INT TERM
}

# Under the lock, so what is there by that name was left by one that was killed.
new_entry()
{
	new=$cache/new-$name
	rm -rf "$new" "$entry"
	remove_unfinished_on_exit
	mkdir "$new"
	need_room "$room"
	"$1" "$new"
	listing "$new" >"$new/.whole"
	sync -f "$new/.whole"
	mv "$new" "$entry"
	new=
}

# make_locked TARGET...: make it, quietly, by one make at a time in this tree; and apart from a make that
# we may be called from.
make_locked()
{
	mkdir -p build/lab
	(
		unset MAKEFLAGS MAKELEVEL MFLAGS MAKEOVERRIDES
		flock 9
		# Not the last command: the shell would become it, and the closed file unlock.
		make -s "$@" >&2 9>&- || exit 3
	) 9>>build/lab/lock
}

# Packages, of another suite and architecture than the machine's own, with the machine's archive,
# proxies and trusted keys but apart from its package lists.

# targets [OPTION]: addresses of Debian archives among apt's sources, the likeliest first.
targets()
{
	# shellcheck disable=SC2016 # the names are apt's
	apt-get indextargets "$@" --format '$(REPO_URI)|$(RELEASE)|$(CODENAME)|$(COMPONENT)|$(ORIGIN)' \
		'Identifier: Packages' | awk -F'|' '
		$4 != "main" || $1 ~ /^cdrom:/ || $2 ~ /-(security|updates|backports)$/ { next }
		$5 != "Debian" && $5 != "$(ORIGIN)" { next }
		{ print ($2 == "bookworm" || $3 == "bookworm" ? 0 : 1), $1 }' |
		sort -s -k 1,1 | awk '!seen[$2]++ { print $2 }'
}

# archives: what to try in turn. Before the first apt-get update, apt cannot tell whose they are.
archives()
{
	if [ -n "${IOMMUBENCH_ARCHIVE-}" ]; then
		printf '%s\n' "$IOMMUBENCH_ARCHIVE"
		return
	fi
	known=$(targets)
	printf '%s\n' "${known:-$(targets --no-release-info)}"
}

# suite NAME: make its packages known; apt_suite then calls apt for it.
suite()
{
	need apt-get apt
	suite_dir=$cache/apt/$1
	suite_conf=$suite_dir/apt.conf
	mkdir -p "$cache/apt" "$cache/locks"
	# Two builds may want it at the same time.
	exec 8>>"$cache/locks/apt-$1" || exit 3
	flock 8
	# The lists are good for an hour: one set-up asks several times.
	[ -n "$(find "$suite_dir/fresh" -mmin -60 2>/dev/null)" ] || read_lists "$1"
	exec 8>&-
}

# read_lists SUITE
read_lists()
{
	host=$(dpkg --print-architecture)
	rm -rf "$suite_dir"
	mkdir -p "$suite_dir/state/lists" "$suite_dir/cache/archives/partial"
	cat >"$suite_conf" <<-EOF
		#clear APT::Architectures;
		#clear APT::Update::Pre-Invoke;
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
		APT::Architecture "arm64";
		APT::Architectures { "arm64"; "$host"; };
		APT::Sandbox::User "root";
		Acquire::Languages "none";
		Acquire::Retries "3";
		Acquire::GzipIndexes "true";
		Acquire::CompressionTypes::Order { "gz"; };
		Dir::Etc::sourcelist "$suite_dir/sources.list";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::preferences "/dev/null";
		Dir::Etc::preferencesparts "/dev/null";
		Dir::State "$suite_dir/state";
		Dir::State::lists "$suite_dir/state/lists";
		Dir::State::status "/dev/null";
		Dir::Cache "$suite_dir/cache";
		Dir::Cache::archives "$suite_dir/cache/archives";
		Dir::Cache::srcpkgcache "";
	EOF

	keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	[ -f "$keyring" ] && signed="signed-by=$keyring" || signed=
	for archive in $(archives); do
		echo "deb [target=Packages $signed] $archive $1 main" >"$suite_dir/sources.list"
		progress "Reading the package lists of $1"
		if apt_suite apt-get -qq --error-on=any update >"$suite_dir/log" 2>&1 </dev/null; then
			: >"$suite_dir/fresh"
			return 0
		fi
	done
	[ -f "$suite_dir/log" ] ||
		die 3 "none of apt's sources here is a Debian archive." \
			"Set IOMMUBENCH_ARCHIVE to the address of one"
	die 3 "cannot read the package lists of Debian $1: $(apt_error)"
}

# apt_suite TOOL ARGUMENT...
apt_suite()
{
	tool=$1
	shift
	LC_ALL=C "$tool" -c "$suite_conf" "$@"
}

# apt_error: the first thing that apt complained of.
apt_error()
{
	sed -n '/^[EW]: */{s///p;q}' "$suite_dir/log"
}

# depends PACKAGE PATTERN: the one dependency whose name matches.
depends()
{
	apt_suite apt-cache --no-all-versions show "$1" | sed -n 's/^Depends: //p' | tr ',|' '\n' |
		sed 's/^ *//; s/ .*//' | grep -m 1 -x -- "$2" ||
		die 3 "Debian's package $1 has no dependency $2 in $suite_dir"
}

# download DIR PACKAGE...
download()
{
	download_dir=$1
	shift
	mkdir -p "$download_dir"
	progress "Downloading $*"
	if ! (cd "$download_dir" && apt_suite apt-get -qq download "$@") >"$suite_dir/log" 2>&1 </dev/null
	then
		# It may be the lists that are out of date.
		rm -f "$suite_dir/fresh"
		die 3 "cannot download from Debian: $(apt_error)"
	fi
}

# unpack DEB DIR [TAR-OPTION...]: and remove the package.
unpack()
{
	deb=$1
	dir=$2
	shift 2
	# By way of a variable: the disk may be full.
	error=$({ dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$dir" "$@"; } 2>&1) || :
	[ -z "$error" ] ||
		die 3 "cannot unpack ${deb##*/} into $cache: $(printf '%s\n' "$error" | head -n 1)"
	rm "$deb"
}
