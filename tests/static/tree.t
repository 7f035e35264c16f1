#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# What every file of the tree has to keep to: a licence line, nothing that works on one machine only,
# no address of a package archive. Documents that list files or folders list those that are there.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tree;

# Formats without comments, and the licence itself.
my $no_licence_line = qr{(^LICENSE|\.(json|png|gitignore))$};
my $binary = qr{\.png$};
# Identifiers that look like addresses. Nothing is ever fetched from them.
my @url_hosts = qw(json-schema.org www.w3.org 127.0.0.1);

my $licence = qr{SPDX-License-Identifier: GPL-2\.0-only( WITH Linux-syscall-note)?\s*(\*/|-->)?$}m;
my $home = qr{(?<![\w.\$\}~*-])/(?:home|work|mnt|opt|Users)/};
# In the lab, that is a folder of the guest.
my $root_home = qr{(?<![\w.\$\}~*-])/(?:root)/};
my $archive = qr{\b(?:deb|ftp|archive|security|snapshot|mirrors?|cdn)\.[a-z][a-z0-9-]*\.(?:org|net|com|io)\b}i;

my @files = tree_files();
my %bad;

for my $file (@files) {
	my $text = read_file($file);

	push @{$bad{licence}}, $file
		if $file !~ $no_licence_line && substr($text, 0, 400) !~ $licence;
	next if $file =~ $binary;
	push @{$bad{end}}, $file if $text ne '' && $text !~ /[^\n]\n\z/;

	my $n = 0;
	for my $line (split /\n/, $text) {
		my $where = "$file:" . ++$n . ": $line";
		push @{$bad{path}}, $where if $line =~ ($file =~ m{^lab/} ? $home : qr{$home|$root_home});
		push @{$bad{host}}, $where if $line =~ $archive;
		while ($line =~ m{\bhttps?://([^/\s:"'<>]+)}g) {
			my $host = $1;
			push @{$bad{host}}, $where unless grep { $_ eq $host } @url_hosts;
		}
		push @{$bad{space}}, $where if $line =~ /[ \t\r]$/ && $file ne 'LICENSE';
		push @{$bad{later}}, $where if $line =~ /\b(?:TO[D]O|FIX[M]E|X[X]X)\b/;
	}
	push @{$bad{text}}, $file if !utf8::decode($text) || $text =~ /[\x00-\x08\x0b-\x1f\x7f]/;
	push @{$bad{mode}}, $file if (-x $file) != ($text =~ /\A#!/);
}

my ($listed) = read_file('docs/module.md') =~ /^## Files\n(.*?)^## /ms;
my %listed = map { $_ => 1 } ($listed // '') =~ /`([\w\/]+\.c)`/g;
for my $name (map { m{^drivers/kmod_iommu_test/([\w/]+\.c)$} } @files) {
	push @{$bad{listed}}, "$name is not listed" unless delete $listed{$name};
}
push @{$bad{listed}}, "$_ is listed, but not there" for sort keys %listed;

# The rooms of each tree, in their order; and what is to be changed for what.
my $guide = read_file('docs/architecture.md');
for my $top (map { m{^(.*)/LAYERS$} } @files) {
	my ($described) = $guide =~ m{^### `\Q$top\E/`\n(.*?)(?=^##|\z)}ms;
	my @described = ($described // '') =~ m{^\| `([\w/]+)/` \| \S}mg;
	my @rooms = read_file("$top/LAYERS") =~ m{^(\w[\w/]*):}mg;
	push @{$bad{rooms}}, "$top/ has @rooms", "described is @described" if "@rooms" ne "@described";
}
for my $path ($guide =~ m{`((?:docs|drivers|include|lab|man|results|scripts|src|tests)/[^`\s]*)`}g) {
	push @{$bad{named}}, "$path is not there" unless $path =~ /NAME/ || -e $path;
}

plan tests => 11;
my @tests = (
	[ licence => 'every file names its licence' ],
	[ path => 'no path of somebody\'s machine' ],
	[ host => 'no address of an archive or a web site' ],
	[ space => 'no blanks at the ends of lines' ],
	[ end => 'files end with one newline' ],
	[ text => 'text is UTF-8 without control characters' ],
	[ later => 'nothing left for later' ],
	[ mode => 'executable exactly when it is a script' ],
	[ listed => 'docs/module.md lists the files of the module' ],
	[ rooms => 'docs/architecture.md describes the folders of each LAYERS in its order' ],
	[ named => 'docs/architecture.md names files that are there' ],
);
for (@tests) {
	my ($key, $name) = @$_;
	ok(!$bad{$key}, $name) or diag(join("\n", @{$bad{$key}}));
}
