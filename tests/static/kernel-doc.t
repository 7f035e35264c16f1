#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# The comments on what is public, as the kernel's kernel-doc reads them, one test a file.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tree;

my ($kernel) = split ' ', $ENV{KERNELS} // '';
my $folder = $kernel ? qx(lab/fetch-kernel $kernel) : '';
chomp $folder;
my $script = (glob("$folder/usr/lib/linux-kbuild-*/scripts/kernel-doc"))[0] // '';
if (! -r $script) {
	plan tests => 1;
	fail('kernel-doc is there');
	diag("no kernel-doc under '$folder' (KERNELS='$ENV{KERNELS}'): run this through 'tests/run static'");
	exit 1;
}

my @files = grep { m{^(drivers|include|src)/.*\.[ch]$} && read_file($_) =~ m{^/\*\*$}m } tree_files();
plan tests => @files + 1;
ok(@files > 5, 'there are comments to read');
clean_output($_, $^X, $script, '-none', '-Werror', $_) for @files;
