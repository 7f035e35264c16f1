#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# The demo, and all that it builds and boots, in a clone whose folder has an odd name: results of before are kept,
# whatever happens.
use strict;
use warnings;
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tree;

my $dir = tempdir(CLEANUP => 1);
my $clone = "$dir/it's 100% a clone";
delete @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES BUILD DEMO_BOARDS)};

# said(COMMAND...): exit status, stdout and stderr together.
sub said
{
	open my $pipe, '-|', 'sh', '-c', 'exec "$@" </dev/null 2>&1', 'sh', @_ or die;
	local $/;
	my $output = <$pipe>;
	close $pipe;
	return ($? >> 8, $output);
}

# What is built here need not be built there once more.
my ($status, $output) = said('sh', '-c', '. lab/lib.sh; make_locked lab-virt-smmuv3 KERNEL=6.12 tools');
is($status, 0, 'the lab is built') or BAIL_OUT($output);
mkdir($clone) or die;
system('cp', '-p', '--parents', tree_files(), $clone) == 0 or die;
system('cp', '-a', '--parents', qw(build/host build/arm64 build/lab/6.12 build/lab/sysroot), $clone) == 0 or die;
chdir($clone) or die;
END { chdir('/') }

# One measurement instead of all.
open(my $file, '>', 'lab/guest/demo') or die;
print $file "#!/bin/sh\nexec iommubench map-unmap -n 1000 -q -o \"/out/\$1-one.json\"\n";
close($file);
make_path('results/demo');
open($file, '>', 'results/demo/old.json') or die;
close($file);

# kept(NAME): the old results are where they were, and nothing else is.
sub kept
{
	is(join(' ', glob('results/demo*'), glob('results/demo*/*')), 'results/demo results/demo/old.json', shift);
}

for my $boards ('typo', 'virt-smmuv3 typo', '../boards/virt-smmuv3', '.') {
	local $ENV{DEMO_BOARDS} = $boards;
	for my $script ('scripts/demo', 'lab/demo') {
		($status, $output) = said($script);
		is($status, 2, "$script: a board called $boards");
		like($output, qr/\Ademo: DEMO_BOARDS: there is no board \S+\. lab\/run -h lists them\n\z/, '... is said, in a line');
		kept('... and nothing is lost or begun');
	}
}
for my $argument ('x', '--checks') {
	($status, $output) = said('lab/demo', $argument);
	is("$status $output", "2 demo: unknown argument '$argument': expected none, or -h, which tells what this does\n",
		"lab/demo $argument is refused");
	kept('... and nothing is lost or begun');
}
$ENV{DEMO_BOARDS} = 'virt-smmuv3';
{
	local $ENV{IOMMUBENCH_CACHE} = '/proc/nowhere';
	($status, $output) = said('lab/demo');
	isnt($status, 0, 'a board that cannot be built');
	ok(-e 'results/demo/old.json', '... costs no results');
}

# A source is newer than what is here, so that kbuild has something to do in this folder.
system('touch', 'drivers/kmod_iommu_test/core.c') == 0 or die;
($status, $output) = said('lab/demo');
is($status, 0, 'the demo') or diag($output);
ok(-s 'results/demo/virt-smmuv3-one.json' && -s 'results/demo/index.html' && -s 'results/demo/virt-smmuv3.log', '... leaves results and a page');
ok(!-e 'results/demo/old.json' && !-e 'results/demo.new', '... and nothing else there');
my ($old) = glob('results/demo-*');
ok($old && -e "$old/old.json", 'what was there before is beside it');
like($output, qr/^The results of before are in \Q$old\E$/m, '... which is said');

done_testing();
