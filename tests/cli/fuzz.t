#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# Arbitrary results and command lines, from fixed seeds: whatever comes, the tool ends by itself, with a
# status that means something, and without touching memory it should not.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More tests => 10;
use Tool;

my $good = do { open my $in, '<:raw', "$FindBin::Bin/result.json" or die; local $/; <$in> };
my @tokens = ('-1', '0', '1e999', '18446744073709551616', '9223372036854775807', '-9223372036854775808', 'null',
	      'true', '""', '[]', '{}', '[[1,2]]', '1.5', '"\u0000"', "\"\xff\"", '"' . 'x' x 5000 . '"');

sub one_of { return $_[int rand @_] }

# Values replaced by others, lines lost or doubled, bytes changed.
sub mutant
{
	my $text = $good;
	for (0 .. int rand 4) {
		my $kind = int rand 5;
		if ($kind == 0) {
			my @at;
			push @at, [ $-[1], $+[1] - $-[1] ] while $text =~ /: ?(-?\d[\d.e+-]*|"[^"]*"|true|false|null)/g;
			substr($text, $_->[0], $_->[1]) = one_of(@tokens) for @at ? one_of(@at) : ();
		} elsif ($kind == 1) {
			my @lines = split /\n/, $text;
			splice @lines, int rand @lines, 1 + int rand 3;
			$text = join "\n", @lines;
		} elsif ($kind == 2) {
			substr($text, int rand length $text, 1) = chr int rand 256;
		} elsif ($kind == 3) {
			my @at;
			push @at, [ $-[0], $+[0] - $-[0] ] while $text =~ /\[\s*\d+,\s*\d+\s*\]/g;
			substr($text, $_->[0], $_->[1]) = '[' . one_of(@tokens) . ', ' . one_of(@tokens) . ']'
				for @at ? one_of(@at) : ();
		} else {
			$text = substr($text, 0, int rand length $text);
		}
	}
	return $text;
}

srand(1);
diag('seeds 1 and 2') if $ENV{HARNESS_VERBOSE};
my (%statuses, @bad);
my $dir = tempdir(CLEANUP => 1);
# Several at a time, because most of it is starting the program.
for my $round (1 .. 60) {
	my @made;
	for my $n (0 .. 9) {
		open my $out, '>:raw', "$dir/$n.json" or die;
		push @made, mutant();
		print $out $made[-1];
		close $out;
	}
	my ($status, $out, $err) = run($tool, 'report', '--no-pictures', $dir);
	$statuses{$status}++;
	push @bad, "round $round: status $status\n$err" unless sound($status, $err) && $status =~ /^[03]$/;
}
ok(!@bad, '600 spoiled results') or diag(@bad[0 .. ($#bad < 2 ? $#bad : 2)]);
ok(($statuses{0} // 0) > 10, 'some of which were still results') or diag(join(' ', %statuses));

srand(2);
# Looking for leaks takes as long as all else of such a short life, and is what other tests do.
$ENV{ASAN_OPTIONS} =~ s/detect_leaks=1/detect_leaks=0/ or die;
my @values = ('', '0', '1', '-1', '4K', '1G', '0.5s', '5', '0,1', 'lazy', 'iommu', 'dma-sg', 'random', 'x' x 5000,
	      '%s%n', "\xff\xfe", '../..', '1' . '0' x 400, '0.' . '0' x 400 . '1', 'json', '--', '-', '=',
	      'full', 'strict,lazy', 'range=4K..1G', 'threads=1..8x3', 'size=,', 'domains=shared,per-thread', '4K..');
for my $subcommand ('map-unmap', 'tlb-flush', 'iopf', 'pasid') {
	my ($help) = (run($tool, $subcommand, '-h'))[1];
	my @options = $help =~ /(--[a-z-]+)/g;

	(@bad, %statuses) = ();
	for my $round (1 .. 200) {
		my @line = map { rand() < 0.5 ? one_of(@options) . '=' . one_of(@values) :
						(one_of(@options), one_of(@values)) } 0 .. int rand 3;
		# The folder is there, so that an output that is asked for goes nowhere else.
		my ($status, $out, $err) = run('sh', '-c', 'cd "$0" && exec "$@"', $dir, $tool, $subcommand, @line);
		$statuses{$status}++;
		push @bad, "@line: status $status\n$err"
			unless sound($status, $err) && $status =~ /^[023]$/ &&
			       ($status == 0 || $err =~ /\A[^\n]+\n\z/);
	}
	ok(!@bad, "200 arbitrary command lines of $subcommand") or diag(@bad[0 .. ($#bad < 4 ? $#bad : 4)]);
	ok(($statuses{2} // 0) > 10 && ($statuses{3} // 0) > 5, 'some of which could have been right')
		or diag(join(' ', %statuses));
}
