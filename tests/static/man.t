#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# The manual pages: well-formed, and they know every option that -h knows.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tree;

need_tool('mandoc', 'mandoc');
my @pages = grep { m{^man/.*\.1$} } tree_files();
ok(@pages > 0, 'there are manual pages');
for my $page (@pages) {
	clean_output($page, 'mandoc', '-T', 'lint', '-W', 'warning', $page);
	next unless $page =~ m{^man/iommubench-([a-z-]+)\.1$};
	my $subcommand = $1;
	my $help = qx("$ENV{BUILD}/iommubench" $subcommand -h);
	ok($? == 0, "$subcommand has help") or next;
	my $text = read_file($page) =~ s/\\-/-/gr;
	# What every page has in common is told by iommubench(1).
	my @missing = grep { !/^--(help|version)$/ && $text !~ /\Q$_\E\b/ } $help =~ /^ {2,6}(?:-\w, )?(--[a-z-]+)/mg;
	ok(!@missing, "$page tells of all options") or diag("missing: @missing");
}
done_testing();
