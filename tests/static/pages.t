#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# The pages in docs/: links lead somewhere, and commands that are to be typed are typed by a test. A block of commands
# begins with "# lab: BOARD...", and for each of these boards a script in tests/guest/docs/ types that page.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tree;

my @files = tree_files();
my %typed;
for my $script (grep { m{^tests/guest/docs/board_.*\.sh$} } @files) {
	my $text = read_file($script);
	my ($page) = $text =~ /^page_typed (\S+) /m;

	$typed{$page}{$_} = 1 for defined $page ? $text =~ /^# board: (\S+)/mg : ();
}
ok(%typed > 0, 'pages are typed');

sub heading_anchors
{
	return map { lc(s/[^\w -]//gr) =~ s/ /-/gr } read_file($_[0]) =~ /^#+ (.*)/mg;
}

for my $page (grep { m{^(?:docs/)?\w+\.md$} } @files) {
	my $text = read_file($page);
	my ($folder) = $page =~ m{^(.*/)?};
	my ($name) = $page =~ m{([^/]+)$};
	my @bad;

	for ($text =~ /\]\(([^)\s]+)\)/g) {
		my ($file, $anchor) = /^([^#]*)(?:#(.*))?$/;
		my $path = $file eq '' ? $page : ($folder // '') . $file;
		push @bad, "no $_" unless -e $path;
		push @bad, "no heading $_"
			if -e $path && defined $anchor && !grep { $_ eq $anchor } heading_anchors($path);
	}
	for ($text =~ /^```sh\n(.*?)^```$/msg) {
		my ($first, $rest) = /\A([^\n]*)\n(.*)/s;
		my ($boards) = $first =~ /^# lab: (\S.*)$/;
		unless ($boards) {
			push @bad, "a block names no board: $first";
			next;
		}
		push @bad, "no test types it on $_: $rest"
			for grep { !$typed{$name}{$_} } split / /, $boards;
		push @bad, "no blank line or comment in a block: $_" for $rest =~ /^(|#(?!> ).*)$/mg;
	}
	ok(!@bad, "$page: links and commands") or diag(join "\n", @bad);
}
done_testing();
