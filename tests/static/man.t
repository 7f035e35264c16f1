#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# The manual pages: well-formed, no wider than a terminal, and they know every option that -h knows. Each command that is
# installed has one.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tree;

need_tool('mandoc', 'mandoc');
my @pages = grep { m{^man/.*\.[18]$} } tree_files();
ok(@pages > 0, 'there are manual pages');
my ($commands) = read_file('Makefile') =~ /^COMMANDS := (\S.*)/m;
for my $command (split ' ', $commands) {
	ok((grep { $_ eq "man/$command.8" } @pages), "$command has a manual page");
	my $text = contents("man/$command.8") =~ s/\\-/-/gr;
	for my $status (qx(scripts/$command -h) =~ /Exit status:.*/s ? $& =~ /\b(\d) /g : 'none') {
		like($text, qr/^\.SH EXIT STATUS\n.*\b$status /ms, "... which tells exit status $status");
	}
}
for my $page (@pages) {
	clean_output($page, 'mandoc', '-T', 'lint', '-W', 'warning', $page);
	my @wide = grep { utf8::decode($_); s/.\x08//g; length > 80 } split /\n/, qx(mandoc -T utf8 \Q$page\E);
	ok(!@wide, "$page fits a terminal") or diag("more than 80 columns: $wide[0]");
	next unless $page =~ m{^man/iommubench-([a-z-]+)\.([18])$};
	my $subcommand = $1;
	my $help = $2 eq '8' ? qx(scripts/iommubench-$subcommand -h) : qx("$ENV{BUILD}/iommubench" $subcommand -h);
	ok($? == 0, "$subcommand has help") or next;
	is(scalar(grep { length > 80 } split /\n/, $help), 0, '... that fits a terminal');
	my $text = read_file($page) =~ s/\\-/-/gr;
	# What every page has in common is told by iommubench(1).
	my @missing = grep { !/^--(help|version)$/ && $text !~ /\Q$_\E\b/ } $help =~ /^ {2,6}(?:-\w, )?(--[a-z-]+)/mg;
	ok(!@missing, "$page tells of all options") or diag("missing: @missing");
}
done_testing();
