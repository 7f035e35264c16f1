#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# What the machine or the user lacks: no module, no rights, no place for the result. One line, exit
# status 3, and no file left behind.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tool;

plan skip_all => 'the module is loaded here, so its absence cannot be tested'
	if -d '/sys/module/kmod_iommu_test';

refused(3, qr/module kmod_iommu_test is not loaded.*iommubench-bind/, 'no module', $tool, 'map-unmap');
refused(3, qr/module kmod_iommu_test is not loaded/, 'no module, but a device', $tool, 'map-unmap',
	'-d', '0000:00:1f.7');
refused(3, qr/module kmod_iommu_test is not loaded/, 'no module, but all devices', $tool, 'map-unmap',
	'-d', 'all');
refused(3, qr/module kmod_iommu_test is not loaded/, 'no module, but two devices', $tool, 'map-unmap',
	'-d', '0000:00:1f.7', '-d', '0000:00:1f.6');
my $dir = tempdir(CLEANUP => 1);
refused(3, qr/not loaded/, 'no module, but an output', $tool, 'map-unmap', '-o', "$dir/r.json");
ok(!-e "$dir/r.json", 'nothing is written before there is a result');
open my $old, '>', "$dir/old.json" or die;
print $old "before\n";
close $old;
refused(3, qr/not loaded/, 'no module, and an older output', $tool, 'map-unmap', '-o', "$dir/old.json");
is(-s "$dir/old.json", 7, 'the older output is as it was');

refused(3, qr{/nowhere/r\.json: No such file}, 'the output\'s folder is not there', $tool, 'map-unmap',
	'-o', '/nowhere/r.json');
refused(3, qr/not loaded/, 'the output is a folder, which gets a file', $tool, 'map-unmap', '-o', $dir);
refused(3, qr{/dev/full|cannot}, 'the output is a device', $tool, 'map-unmap', '-o', '/dev/full/r.json');
opendir my $d, $dir or die;
is(join(' ', sort grep { !/^\.\.?$/ } readdir $d), 'old.json', 'nothing is left beside it');

my @nobody = $> == 0 ? ('setpriv', '--reuid=65534', '--regid=65534', '--clear-groups') : ();
my $copy = private_copy();
refused(3, qr/not loaded|root/, 'not root', @nobody, $copy, 'map-unmap');
mkdir "$dir/closed", 0755;
chmod 0755, $dir;
if (@nobody) {
	refused(3, qr/Permission denied/, 'not root, and an output that may not be written', @nobody, $copy,
		'map-unmap', '-o', "$dir/closed/r.json");
}
for my $script (qw(iommubench-bind iommubench-unbind)) {
	my $path = "$top/scripts/$script";
	like(done_well("$script -h", 'sh', $path, '-h'), qr/\AUsage: $script .*Exit status/s, "$script -h teaches");
	refused(2, qr/device/, "$script without a device", 'sh', $path);
	refused(2, qr/--nonsense/, "$script --nonsense", 'sh', $path, '--nonsense');
	refused(3, qr/0000:ff:1f\.7/, "$script of a device that is not there", 'sh', $path, '0000:ff:1f.7');
	system('cp', $path, "$dir/$script") == 0 or die;
	chmod 0755, "$dir/$script";
	refused(3, qr/root/, "$script, not root", @nobody, 'sh', "$dir/$script", '0000:00:00.0');
}
refused(2, qr/one device/, 'iommubench-bind of two devices', 'sh', "$top/scripts/iommubench-bind", 'a', 'b');

# Names with blanks, in a made-up /sys: a driver whose name has another's in it, and two devices of one group.
SKIP: {
	my $sys = tempdir(CLEANUP => 1);
	my @in_sys = ('unshare', '-m', 'sh', '-c', 'mount --bind "$0" /sys && mount -t tmpfs none /run && exec sh "$@"', $sys,
		      "$top/scripts/iommubench-bind");
	skip 'no root to mount with', 4 if $> != 0 || system('unshare', '-m', 'mount', '--bind', $sys, '/sys');
	my @group = ('odd one.0', 'odd two *.0');
	system('mkdir', '-p', "$sys/g/devices", "$sys/module/kmod_iommu_test", "$sys/bus/platform/drivers/a b c", "$sys/bus/platform/drivers/b",
	       map { "$sys/bus/platform/devices/$_" } @group) == 0 or die;
	for my $name (@group) {
		symlink '../../../../g', "$sys/bus/platform/devices/$name/iommu_group" or die;
		symlink $name =~ /two/ ? '../../drivers/b' : '../../drivers/a b c',
			"$sys/bus/platform/devices/$name/driver" or die;
		symlink "../../bus/platform/devices/$name", "$sys/g/devices/$name" or die;
	}
	local $ENV{PATH} = '/usr/sbin:/usr/bin:/sbin:/bin';
	my ($status, $out, $err) = run(@in_sys, '--list');
	is($out, "odd one.0  a b c  in a group with odd two *.0\nodd two *.0  b  in a group with odd one.0\n",
	   'iommubench-bind --list of names with blanks') or diag("status $status: $err");
	($status, $out, $err) = run(@in_sys, '--release', 'a b c', 'odd two *.0');
	like($err, qr/held by driver b:/, 'a driver is not released by a part of the name of another');
	is($status, 3, 'which is told by the status');
	refused(2, qr/no name of a device/, '.. is no device', @in_sys, '..');
}

for my $full ([ $tool, '-h' ], [ $tool, '-V' ], [ $tool, 'map-unmap', '-V' ]) {
	my ($status, $out, $err) = run('sh', '-c', '"$@" >/dev/full', 'sh', @$full);
	ok($status == 3, "@$full[1 .. $#$full] with a full standard output") or diag("status $status: $err");
}
done_testing();
