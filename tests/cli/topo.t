#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# iommubench topo on this machine, whatever it has: every format, with and without rights, and a saved tree.
use strict;
use warnings;
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use FindBin;
use JSON::PP;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tool;
use Tree qw(contents);

my $dir = tempdir(CLEANUP => 1);
chmod 0755, $dir;

# XML that is well-formed, and of which the root is called this.
sub well_formed
{
	my ($path, $root, $name) = @_;
	my ($status, $out) = run('python3', '-c',
		'import sys, xml.dom.minidom as m; print(m.parse(sys.argv[1]).documentElement.tagName)', $path);
	is("$status $out", "0 $root\n", $name);
}

# JSON that fits its schema.
sub sound_json
{
	my ($path, $name) = @_;
	my ($status, $out, $err) = run('python3', '-c',
		'import sys, json, jsonschema; jsonschema.validate(*(json.load(open(p)) for p in sys.argv[1:]))',
		$path, "$top/results/schema/iommubench-topo-1.schema.json");
	ok($status == 0, $name) or diag($err);
	return JSON::PP->new->utf8->decode(contents($path));
}

# --- this machine ---

my @iommus = map { s{.*/}{}r } glob('/sys/class/iommu/*');
my @pci = map { s{.*/}{}r } glob('/sys/bus/pci/devices/*');
my $text = done_well('a tree', $tool, 'topo');
if (@iommus) {
	like($text, qr/^\d+ IOMMUs?, /m, 'it counts the IOMMUs');
} else {
	like($text, qr/^No IOMMU: /m, 'it says that there is none');
}
like($text, qr/\Q$_\E /, "it tells of $_") for @iommus, @pci;
like($text, qr/^NUMA node 0, CPUs 0/m, 'and of the CPUs');

is(done_well('everything at once', $tool, 'topo', '-o', "$dir/a.json", '--svg', "$dir/a.svg"), '',
	'files only');
my $topo = sound_json("$dir/a.json", 'JSON fits the schema');
is_deeply([sort map { $_->{name} } @{$topo->{iommus}}], [sort @iommus], 'all IOMMUs are in it');
is_deeply([sort map { $_->{name} } grep { $_->{bus} eq 'pci' } @{$topo->{devices}}], [sort @pci],
	'all PCI devices are in it');
my ($root) = map { (split)[2] } grep { (split)[4] eq '/' } split /\n/, contents('/proc/self/mountinfo');
my $disk = readlink("/sys/dev/block/$root") // '';
for my $device (@{$topo->{devices}}) {
	next unless $disk =~ m{/\Q$device->{name}\E/} && $device->{verdict} ne 'ready';
	is($device->{verdict}, 'needed', "$device->{name} is needed: the root file system is on it");
}
well_formed("$dir/a.svg", 'svg', 'the picture is well-formed');
is(done_well('a picture by -o', $tool, 'topo', '-o', "$dir/b.svg"), '', 'nothing is printed');
is(contents("$dir/b.svg"), contents("$dir/a.svg"), 'it is the same picture');
done_well('XML', $tool, 'topo', '-o', "$dir/a.xml");
well_formed("$dir/a.xml", 'topology', 'the XML is well-formed');
like(contents("$dir/a.xml"), qr/name="IOMMUSummary"/, 'IOMMUs are told of in it');
like(done_well('JSON on standard output', $tool, 'topo', '--format', 'json'), qr/\A\{\n/, 'it is JSON');
done_well('a tree in a file', $tool, 'topo', '-o', "$dir/a.txt", '-q');
is(contents("$dir/a.txt"), $text, 'it is the same tree');
is(done_well('quiet', $tool, 'topo', '-q'), '', 'says nothing');

# Without rights, what cannot be read is unknown.
if ($> == 0) {
	my ($status, $out, $err) = run('setpriv', '--reuid=65534', '--regid=65534', '--clear-groups',
		private_copy(), 'topo', '--format', 'json');
	ok($status == 0 && $err eq '', 'without rights') or diag("status $status: $err");
	my $less = eval { decode_json($out) } // {};
	is(scalar @{$less->{devices}}, scalar @{$topo->{devices}}, 'all devices are told');
	my @guessed = grep { my $d = $_; $d->{bus} eq 'pci' && $d->{ats}{state} ne 'unknown' &&
		(-s "/sys/bus/pci/devices/$d->{name}/config") != 256 } @{$less->{devices}};
	is(scalar @guessed, 0, 'nothing is said of capabilities that cannot be read');
}

# --- the judgement of one device ---

for my $device (grep { $_->{uses}->@* } @{$topo->{devices}}) {
	my ($status, $out, $err) = run($tool, 'topo', '--judge', $device->{name});
	is("$status $err", '1 ', "$device->{name} is in use");
	like($out, qr/\A\Q$device->{name}\E is in use: [^\n]+\n\z/, 'which is told in one line');
	($status, $out, $err) = run($tool, 'topo', '--judge', $device->{name}, '-q');
	is("$status $out$err", '1 ', 'or by the exit status alone');
}
refused(3, qr/--judge: there is no device 0000:ff:1f\.7/, 'a device that is not there', $tool, 'topo', '--judge',
	'0000:ff:1f.7');
refused(3, qr/--judge: there is no device/, 'a path', $tool, 'topo', '--judge', '../../pci');
refused(2, qr/--judge: the name is empty/, 'no name of a device', $tool, 'topo', '--judge', '');
refused(2, qr/--judge: it prints one line/, 'a judgement and a picture', $tool, 'topo', '--judge', 'a', '--svg', 'a.svg');
refused(2, qr/--judge: it prints one line/, 'a judgement of another machine', $tool, 'topo', '--judge', 'a', '--root', '/');

# --- a saved tree: one device, alone in its group, and names to stumble over ---

my $tree = "$dir/tree";
make_path("$tree/sys/bus/pci/devices", "$tree/sys/devices/0000:01:00.0", "$tree/sys/class/iommu",
	"$tree/sys/devices/virtual/iommu/dmar0", "$tree/sys/kernel/iommu_groups/4/devices");
sub put
{
	open my $out, '>', "$tree/$_[0]" or die "$_[0]: $!";
	print $out "$_[1]\n";
}
put('sys/devices/0000:01:00.0/vendor', '0x8086');
put('sys/devices/0000:01:00.0/device', '0x1533');
put('sys/devices/0000:01:00.0/class', '0x020000');
put('sys/kernel/iommu_groups/4/type', 'DMA');
symlink($_->[0], $_->[1]) or die for
	['../../../devices/0000:01:00.0', "$tree/sys/bus/pci/devices/0000:01:00.0"],
	['../../devices/virtual/iommu/dmar0', "$tree/sys/class/iommu/dmar0"],
	['../../kernel/iommu_groups/4', "$tree/sys/devices/0000:01:00.0/iommu_group"],
	['../virtual/iommu/dmar0', "$tree/sys/devices/0000:01:00.0/iommu"],
	['../../../../devices/0000:01:00.0', "$tree/sys/kernel/iommu_groups/4/devices/0000:01:00.0"],
	# Out of the tree, into a circle, to nowhere.
	['/etc', "$tree/sys/bus/pci/devices/0000:02:00.0"],
	['0000:03:00.0', "$tree/sys/bus/pci/devices/0000:03:00.0"],
	['../../gone', "$tree/sys/class/iommu/dmar1"];
$text = done_well('a saved tree', $tool, 'topo', '--root', $tree);
like($text, qr/2 IOMMUs, 1 group with 1 device, 1 that can be spared/, 'one device');
like($text, qr/dmar0  Intel VT-d\n.*group 4, strict\n.*0000:01:00\.0  Ethernet controller, 8086:1533, no driver/s,
	'it is where it should be');
like($text, qr/\$ iommubench-bind 0000:01:00\.0\n/, 'the command is told');
like($text, qr/measures map-unmap, map-unmap --api iommu, tlb-flush --strategy full, tlb-flush\n/, 'and what it is good for');
like($text, qr/not map-unmap --verify: takes an engine that moves data: nvme or dmaengine or igb or edu \(module kmod_iommu_test_lab\) or dmatest/, 'and what the rest would take');
like($text, qr/\$ iommubench map-unmap -d 0000:01:00\.0\n/, 'and what to type then');
unlike($text, qr/0000:0[23]:/, 'what leads out of the tree is not followed');
like($text, qr/^warning CPUs and NUMA nodes are unknown/m, 'what is missing is told');
done_well('as JSON', $tool, 'topo', '--root', $tree, '-o', "$dir/t.json");
ok(sound_json("$dir/t.json", '... that fits')->{machine}{saved}, '... and says that it was saved');
done_well('as a picture', $tool, 'topo', '--root', $tree, '-o', "$dir/t.svg");
well_formed("$dir/t.svg", 'svg', '... that is well-formed');
refused(3, qr/hwloc.*json/, 'XML needs CPUs', $tool, 'topo', '--root', $tree, '--format', 'xml');

# --- wrong use ---

refused(2, qr/--root: cannot open \/nowhere/, 'a tree that is not there', $tool, 'topo', '--root', '/nowhere');
refused(3, qr/there is no .*sys\/bus/, 'a folder that is no tree', $tool, 'topo', '--root', "$tree/sys");
refused(2, qr/--root: the name is empty/, 'no name of a tree', $tool, 'topo', '--root', '');
refused(2, qr/'csv' is not one of human, json, xml, svg/, 'an unknown format', $tool, 'topo', '--format', 'csv');
refused(2, qr/'dmar0' is one word too many/, 'a word too many', $tool, 'topo', 'dmar0');
refused(2, qr/--output: the name is empty/, 'no name', $tool, 'topo', '-o', '');
refused(2, qr/--svg: '-' is no file/, 'a picture on standard output', $tool, 'topo', '--svg', '-');
refused(3, qr{/nowhere/a\.svg: No such file}, 'no place for the picture', $tool, 'topo', '--svg', '/nowhere/a.svg');
refused(3, qr{/nowhere/a\.json: No such file}, 'nor for the rest', $tool, 'topo', '-o', '/nowhere/a.json');
is_deeply([grep { /^\./ && !/^\.\.?$/ } do { opendir(my $d, $dir) or die; readdir($d) }], [], 'nothing is left behind');
done_testing();
