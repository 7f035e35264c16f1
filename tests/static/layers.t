#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# Arrows point one way: in the tool, the module and the device models a file uses only what stands before it. The
# file LAYERS of each tree names its folders from the ground up, each with the folders that it may use. An arrow is
# an #include, or the name of a function or variable that another file defines. No source of the whole tree is too
# long, and no folder too full.
#
# With --arrows it prints what each folder uses of the others instead.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use List::Util qw(uniq);
use Test::More;
use Tree;

# Where a LAYERS names files of the top folder, they are a folder of their own by that name.
my %room;

# The tree, how its includes are written from there, and the folder of its top files' own names.
my @trees = (
	{ top => 'src', include => '' },
	{ top => 'drivers/kmod_iommu_test', include => '' },
	{ top => 'lab/qemu/hw', include => 'hw/iommubench/' },
);
my $max_files = 20;
my $max_lines = 700;

my @all = tree_files();

sub folder
{
	my ($file) = @_;
	return $file =~ m{^(.*)/} ? $1 : $room{unit($file)} // '.';
}

# A header and what implements it are one; what a header of one folder only declares is nobody's.
sub unit
{
	my ($file) = @_;
	return $file =~ s/\.[ch]$//r;
}

# read_layers TREE: { folder => { allowed folder => 1 } }, in order, and what is wrong with the list.
sub read_layers
{
	my ($top) = @_;
	my (@order, %may, @wrong, %place);

	for my $line (split /\n/, read_file("$top/LAYERS")) {
		next if $line =~ /^\s*(#|$)/;
		my ($name, $units, $list) = $line =~ /^([\w.\/]+)(?:\s+\(([^)]*)\))?:\s*(.*)$/;
		if (!defined $name || $may{$name}) {
			push @wrong, "'$line' is not 'FOLDER [(FILES)]: FOLDER...', or there twice";
			next;
		}
		my @list;
		for my $word (split ' ', $list) {
			my ($least) = $word =~ /^<=(.*)/;
			push @list, $word unless defined $least;
			push @list, grep { !defined $least || !$may{$least} ? 0 : $place{$_} <= $place{$least} } @order
				if defined $least;
		}
		$room{$_} = $name for split ' ', $units // '';
		$place{$name} = @order;
		push @wrong, map { "$name may use $_, which does not stand before it" }
			grep { !$may{$_} } @list;
		$may{$name} = { map { $_ => 1 } @list };
		push @order, $name;
	}
	return (\@order, \%may, \@wrong);
}

# The text without comments, strings and what is inside of them, lines kept.
sub bare
{
	my ($text) = @_;
	$text =~ s{(/\*.*?\*/)|("(?:[^"\\\n]|\\.)*")|('(?:[^'\\\n]|\\.)+')|//[^\n]*}
		{ defined $1 ? ($1 =~ s/[^\n]//gr) : defined $2 ? '""' : defined $3 ? '0' : '' }gse;
	return $text;
}

# What a .c file defines for others: functions and variables that begin in the first column.
sub defined_names
{
	my ($bare) = @_;
	my @names;

	$bare =~ s/^#(?:[^\n]*\\\n)*[^\n]*//mg;
	while ($bare =~ /^(?!static\b|typedef\b|extern\b|union\b[^=;()]*\{|enum\b[^=;()]*\{|struct\s+\w*\s*\{)([a-z_][^;{}=]*?)(?:\{|=|;)/mg) {
		my ($head, $end) = ($1, substr($bare, $+[0] - 1, 1));
		if ($head =~ /\(/) {
			# A prototype ends in a semicolon and defines nothing, and so does a call behind a label.
			next if $end eq ';';
			push @names, $1 if $head =~ /^[^()]*?\W(\w+)\s*\(/;
		} else {
			push @names, $1 if $head =~ /\s.*?\b(\w+)\s*(?:\[[^\]]*\]\s*)*$/s;
		}
	}
	return @names;
}

# look TREE: { file => { used file => why } } of its files, all named from the top of the tree.
sub look
{
	my ($tree) = @_;
	my $top = $tree->{top};
	my @files = map { m{^\Q$top\E/(.*\.[ch])$} } @all;
	my %have = map { $_ => 1 } @files;
	my (%uses, %owner, %words, @stray);

	for my $file (@files) {
		my $text = read_file("$top/$file");
		$uses{$file} = {};
		while ($text =~ /^#include "([^"]+)"/mg) {
			my $name = $1 =~ s/^\Q$tree->{include}\E//r;
			my $folder = folder($file);
			my ($to) = grep { $have{$_} }
				($folder eq '.' || $tree->{include} eq '' ? () : "$folder/$name"), $name;
			# In the tool and the module includes are written from the top.
			push @stray, "$file: $name" if !$to && $have{"$folder/$name"};
			$uses{$file}{$to} = 'include' if $to;
		}
		next unless $file =~ /\.c$/;
		my $bare = bare($text);
		$owner{$_}{$file} = 1 for defined_names($bare);
		# Neither tags nor members, nor what the file has by the same name itself.
		my %own = map { $_ => 1 } $bare =~ /^static\b[^;{}=()]*?\b(\w+)\s*[\[(=;]/mg;
		$words{$file} = { map { $own{$_} ? () : ($_ => 1) }
			$bare =~ /(?<!->)(?<![.\w])(?<!struct )(?<!enum )(?<!union )([a-z_]\w{3,})\b/g };
	}
	for my $name (keys %owner) {
		my @owners = keys %{$owner{$name}};
		next if @owners > 1;
		for my $file (keys %words) {
			$uses{$file}{$owners[0]} //= $name
				if $file ne $owners[0] && $words{$file}{$name};
		}
	}
	return (\@files, \%uses, \@stray);
}

# circles UNITS: strongly connected sets of more than one, as lines.
sub circles
{
	my ($arrows) = @_;
	my (%index, %low, %on, @stack, @found);
	my $next = 0;
	my $visit;
	no warnings 'recursion';

	$visit = sub {
		my ($v) = @_;
		$index{$v} = $low{$v} = ++$next;
		push @stack, $v;
		$on{$v} = 1;
		for my $w (sort keys %{$arrows->{$v}}) {
			if (!$index{$w}) {
				$visit->($w);
				$low{$v} = $low{$w} if $low{$w} < $low{$v};
			} elsif ($on{$w} && $index{$w} < $low{$v}) {
				$low{$v} = $index{$w};
			}
		}
		return if $low{$v} != $index{$v};
		my @set;
		while (1) {
			my $w = pop @stack;
			delete $on{$w};
			push @set, $w;
			last if $w eq $v;
		}
		push @found, [sort @set] if @set > 1;
	};
	$index{$_} or $visit->($_) for sort keys %$arrows;
	return @found;
}

my $print = grep { $_ eq '--arrows' } @ARGV;
my %bad;

# fault KIND WHERE WHAT
sub fault
{
	my ($kind, $where, $what) = @_;
	push @{$bad{$kind}}, "$where: $what";
}

for my $tree (@trees) {
	my $top = $tree->{top};
	%room = ();
	my ($order, $may, $wrong) = read_layers($top);
	my ($files, $uses, $stray) = look($tree);
	my (%between, %count, %units);

	fault('list', $top, $_) for @$wrong;
	fault('include', "$top/$_", 'includes are written from the top of the tree') for @$stray;
	for my $file (@$files) {
		my $folder = folder($file);
		my $text = read_file("$top/$file");
		$count{$folder}++;
		fault('list', "$top/$file", "its folder is not in $top/LAYERS") unless $may->{$folder};
		for my $to (sort keys %{$uses->{$file}}) {
			my $there = folder($to);
			my $why = $uses->{$file}{$to};
			# An internal.h is what the files of a folder share, and stands on their headers; who calls
			# whom is told by names.
			$units{unit($file)}{unit($to)} = 1
				unless unit($file) eq unit($to) || ($folder eq $there && $file =~ m{/internal\.h$});
			fault('internal', "$top/$file", "includes $to of another folder")
				if $to =~ m{(^|/)internal\.h$} && $folder ne $there;
			next if $folder eq $there;
			push @{$between{$folder}{$there}}, "$file -> $to ($why)";
			fault('order', "$top/$file", "uses $to ($why), but $folder may not use $there")
				unless $may->{$folder}{$there};
		}
		if ($top eq 'src' && $file =~ m{/} && $file =~ /^(.*)\.h$/ && $file !~ m{/internal\.h$}) {
			my $name = $1;
			my $inline = $text =~ /^static inline\b/m || $text !~ /^[a-z][^;{}()=]*\([^;{}]*\);/m;
			fault('name', "$top/$file", "no $name.c implements it")
				unless $inline || grep { $_ eq "$name.c" } @$files;
		}
		if ($top eq 'src' && $file =~ /\.h$/) {
			my $guard = 'IOMMUBENCH_' . uc(unit($file) =~ s{\W}{_}gr) . '_H';
			fault('guard', "$top/$file", "its guard is not $guard") unless $text =~ /^#ifndef $guard$/m;
		}
	}
	fault('list', $top, "there is no folder $_") for grep { !$count{$_} } @$order;
	for my $set (circles(\%units)) {
		my %in = map { $_ => 1 } @$set;
		my @why = map { my $u = $_; grep { $_ }
			map { my $f = $_; map { $in{unit($_)} && unit($_) ne $u ? "  $f -> $_ ($uses->{$f}{$_})" : '' }
				sort keys %{$uses->{$f}} } grep { unit($_) eq $u } @$files } @$set;
		fault('circle', "$top/$set->[0]", join("\n", "a circle of @$set", @why));
	}
	next unless $print;
	for my $folder (@$order) {
		print "$folder: ", join(' ', map { "$_(" . @{$between{$folder}{$_}} . ')' } sort keys %{$between{$folder}}), "\n";
	}
}
exit 0 if $print;

my %sources;
for my $file (grep { m{^(?:drivers|include|lab|scripts|src|tests)/} } @all) {
	next unless $file =~ /\.(?:[ch]|pm|py|sh|t)$/ || is_script($file, '\w+');
	my $lines = read_file($file) =~ tr/\n//;
	fault('lines', $file, "$lines lines, $max_lines at most") if $lines > $max_lines;
	$sources{$file =~ s{/[^/]*$}{}r}++;
}
fault('files', $_, "$sources{$_} files, $max_files at most")
	for grep { $sources{$_} > $max_files } sort keys %sources;

my @tests = (
	[ list => 'LAYERS names each folder once, after what it uses' ],
	[ order => 'a folder uses only what it may' ],
	[ include => 'includes are written from the top' ],
	[ internal => 'what is internal to a folder is used there only' ],
	[ name => 'a header is named after what implements it' ],
	[ guard => 'guards are named after the header' ],
	[ circle => 'no circle of files' ],
	[ files => "no folder with more than $max_files files" ],
	[ lines => "no file beyond $max_lines lines" ],
);
plan tests => scalar @tests;
for (@tests) {
	my ($kind, $name) = @$_;
	ok(!$bad{$kind}, $name) or diag(join("\n", @{$bad{$kind}}));
}
