#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# Kernel coding style, one test a file: of those that are named, or of all. IOMMUBENCH_CHECKPATCH is the path of the
# kernel's checkpatch.pl.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tree;

my $checkpatch = $ENV{IOMMUBENCH_CHECKPATCH} // '';
if (!-r $checkpatch) {
	plan tests => 1;
	fail('checkpatch.pl is there');
	diag("IOMMUBENCH_CHECKPATCH='$checkpatch' cannot be read: run this through 'tests/run static'");
	exit 1;
}

my @ignored;
for (split /\n/, read_file('tests/static/checkpatch.ignore')) {
	next if /^\s*(#|$)/;
	my ($type, $prefix) = split;
	push @ignored, { type => $type, prefix => $prefix eq '-' ? '' : $prefix, used => 0, line => $_ };
}

sub is_ignored
{
	my ($file, $type) = @_;
	my @which = grep { $_->{type} eq $type && index($file, $_->{prefix}) == 0 } @ignored;
	$_->{used} = 1 for @which;
	return @which > 0;
}

my %said;
my @files = @ARGV ? @ARGV : grep { m{^(drivers|include|src|tests)/.*\.[ch]$} } tree_files();
# In a git tree it leaves a file behind, so it is called elsewhere.
my $elsewhere = tempdir(CLEANUP => 1);
symlink "$top/$_", "$elsewhere/$_" or die "symlink: $!" for qw(drivers include src tests);
chdir $elsewhere or die "chdir: $!";
open my $said_before, '>&', \*STDERR or die;
# It looks for a kernel around it and grumbles that there is none.
open STDERR, '>', '/dev/null' or die;
open my $pipe, '-|', $^X, $checkpatch, '--strict', '--no-tree', '--no-summary', '--show-types',
	'--terse', '--max-line-length=100', '-f', @files or die "checkpatch: $!";
open STDERR, '>&', $said_before or die;
chdir $top or die "$top: $!";
while (<$pipe>) {
	if (/^(\S+?):\d+: (?:ERROR|WARNING|CHECK):(\w+): /) {
		push @{$said{$1}}, $_ unless is_ignored($1, $2);
	} else {
		push @{$said{''}}, $_;
	}
}
close $pipe;
push @{$said{''}}, "exit status $?" if $? != 0 && $? != 256;

plan tests => @files + (@ARGV ? 1 : 2);
for my $file (@files) {
	ok(!$said{$file}, $file) or diag(@{$said{$file}});
}
ok(!$said{''}, 'checkpatch.pl understood every file') or diag(@{$said{''}});

exit 0 if @ARGV;
my @unused = map { $_->{line} } grep { !$_->{used} } @ignored;
ok(!@unused, 'all of checkpatch.ignore is needed') or diag(join("\n", @unused));
