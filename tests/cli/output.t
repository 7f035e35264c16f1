#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# Where results go: each subcommand refuses what it cannot write to before it does anything else, and says nothing of
# what it can. What a subcommand that measures says next is that there is no module; with one, see
# tests/guest/map_unmap/test_options.sh and tests/guest/pasid/board_pasid.sh.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tool;

plan skip_all => 'the module is loaded here, so something would be measured'
	if -d '/sys/module/kmod_iommu_test';

my $dir = tempdir(CLEANUP => 1);
sub names
{
	my ($folder) = @_;
	opendir my $d, $folder or die "$folder: $!";
	return join(' ', sort grep { !/^\.\.?$/ } readdir $d);
}

my $long = 'x' x 250;
mkdir("$dir/$_") or die for qw(there closed);
open(my $file, '>', "$dir/file") or die;
close($file);
symlink("$dir/nowhere/at/all", "$dir/dangling") or die;
symlink("$dir/loop", "$dir/loop") or die;
my @bad = (
	[ '', qr/--output: the name is empty/, 2 ],
	[ "$dir/nowhere/r.json", qr/cannot write \S+: No such file.*make the folder first/ ],
	[ "$dir/nowhere/deep/", qr/cannot (make|write) \S+: (No such file|Is a directory).*(folder that you may write to|name of a file)/ ],
	[ "$dir/file/r.json", qr/Not a directory/ ],
	[ "$dir/file/", qr/Not a directory|Is a directory/ ],
	[ "$dir/$long", qr/File name too long.*shorter/ ],
	[ "$dir/loop", qr/[Ss]ymbolic links/ ],
	[ '/dev/full/r.json', qr/Not a directory/ ],
	[ '/proc/r.json', qr/cannot write/ ],
);
my @folders = map { [ $_, undef ] } "$dir/there", "$dir/there/", "$dir/there/.";
# What writes one file has no use for a folder.
my @no_folder = map { [ $_->[0], qr/Is a directory; give the name of a file/, 3 ] } @folders, [ "$dir/new/" ];

my %points = ('map-unmap' => [], 'tlb-flush' => [], 'iopf' => [], 'pasid' => []);
for my $name (sort keys %points) {
	for my $case (@bad, @folders, [ "$dir/there/../$name/", undef ]) {
		my ($path, $words, $status) = @$case;
		# Names of points begin with that one, and are no links.
		next if $name eq 'tlb-flush' && $path eq "$dir/loop";
		refused($status // 3, $words // qr/not loaded/, "$name -o '" . substr($path, 0, 60) . "'", $tool, $name, '-o', $path);
	}
	ok(-d "$dir/$name", "$name: a folder with a slash at its end is made");
	is(names("$dir/there") . names("$dir/$name"), '', "$name: nothing is left in folders");
}
# Several points, with names that do not fit.
refused(3, qr/File name too long/, 'names of points get too long', $tool, 'tlb-flush', '-o', "$dir/" . 'x' x 200);
for my $command ([qw(topo --root), $dir], ['list-events']) {
	for my $case (@bad, @no_folder) {
		my ($path, $words, $status) = @$case;
		refused($status // 3, $words, "$command->[0] -o '" . substr($path, 0, 60) . "'", $tool, @$command, '-o', $path);
	}
}
for my $case (@bad[1 .. $#bad], @no_folder) {
	my ($path, $words, $status) = @$case;
	refused($status // 3, $words, "topo --svg '" . substr($path, 0, 60) . "'", $tool, 'topo', '--svg', $path);
}
refused(2, qr/--svg: .* is that of --output/, 'topo: both in one file', $tool, 'topo', '-o', "$dir/both", '--svg', "$dir/both");
ok(!-e "$dir/both", '... of which there is none');

# A report draws for long, so this comes first; and its folder is made.
system('cp', "$top/tests/cli/result.json", "$dir/there") == 0 or die;
for my $case (["$dir/nowhere/deep", qr/cannot make folder .*make the one that it is in first/], ["$dir/file", qr/Not a directory/],
	      ["$dir/file/deep", qr/Not a directory/], ['/proc', qr/cannot write/], ["$dir/loop", qr/[Ss]ymbolic links/]) {
	my ($path, $words) = @$case;
	my ($status, $out, $err) = run($tool, 'report', '-q', '-o', $path, "$dir/there");
	ok($status == 3 && $err =~ $words && $err =~ tr/\n// == 1, "report -o $path") or diag("status $status\n$err");
}
is(names("$dir/there"), 'result.json', 'nothing is left beside the results');

is(names($dir), 'closed dangling file iopf loop map-unmap pasid there tlb-flush', 'nothing is left anywhere');

done_testing();
