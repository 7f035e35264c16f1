#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# shellcheck over every shell script, one test a file.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tree;

need_tool('shellcheck', 'shellcheck');
my @files = grep { /\.sh$/ || is_script($_, qr/(ba|da)?sh/) } tree_files();
plan tests => scalar @files;
clean_output($_, 'shellcheck', '-x', '-f', 'gcc', '-P', 'SCRIPTDIR', '-P', 'SCRIPTDIR/../lib', '-P', '.', $_) for @files;
