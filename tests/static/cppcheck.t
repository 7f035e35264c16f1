#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# cppcheck over the tool and the tests' own C; anything it says is a failure. What does not apply is
# excused in the source, by a cppcheck-suppress comment beside the line.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tree;

need_tool('cppcheck', 'cppcheck');
my @files = grep { m{^(src|tests)/.*\.c$} } tree_files();
plan tests => scalar @files;
my @options = ('--quiet', '--std=c11', '--enable=warning,performance,portability',
	'--inline-suppr', '--error-exitcode=1', '--template=gcc', '--library=posix,gnu',
	'--library=tests/static/cppcheck.cfg',
	'--suppress=missingIncludeSystem',
	# readdir_r() is deprecated, and readdir() is safe on a folder of one's own.
	'--suppress=readdirCalled',
	'-D_GNU_SOURCE', '-DIOMMUBENCH_VERSION="0"', '-DIOMMUBENCH_DATADIR="/"',
	'-Iinclude', '-Iinclude/uapi', '-Isrc');
clean_output($_, 'cppcheck', @options, $_) for @files;
