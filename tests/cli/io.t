#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# Options of io that cannot be, by what stderr must say about them.
use strict;
use warnings;
no warnings 'qw'; # lists of values have commas
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tool;

my @wrong = (
	[ [qw(-s 0)], qr/--size: '0' is not a multiple of 512/ ],
	[ [qw(-s 4000)], qr/--size: '4000' is not a multiple of 512/ ],
	[ [qw(-s 65M)], qr/--size: '65M' is too large, expected at most 64M/ ],
	[ [qw(-s 4K,4K)], qr/--size: .*twice/ ],
	[ [ '-s', '4K,' ], qr/--size: .*empty place/ ],
	[ [qw(--queue-depth 0)], qr/--queue-depth: '0' is not a number from 1 to 4096/ ],
	[ [qw(--queue-depth 4097)], qr/--queue-depth: '4097'/ ],
	[ [qw(--queue-depth 8..1)], qr/--queue-depth: .*does not go up/ ],
	[ [qw(--queue-depth 4096 -s 1M)], qr/more than 1G/ ],
	[ [qw(-t 300 -s 1M --queue-depth 4)], qr/more than 1G/ ],
	[ [qw(-t 0)], qr/--threads: '0'/ ],
	[ [qw(--domain-type strict,eager)], qr/--domain-type: 'eager' is not one of strict, lazy, identity/ ],
	[ [qw(--domain-type lazy,lazy)], qr/--domain-type: .*twice/ ],
	[ [qw(--pattern zigzag)], qr/--pattern: 'zigzag' is not one of random, sequential/ ],
	[ [qw(--span 0)], qr/--span: '0' is too small/ ],
	[ [qw(--write 101 --overwrite x)], qr/--write: '101' is not a number from 0 to 100/ ],
	[ [qw(--write 10)], qr/--write: .*destroys.*--overwrite/ ],
	[ [qw(--overwrite nvme0n1)], qr/--overwrite: nothing is written without --write/ ],
	[ [qw(--write 0 --overwrite nvme0n1)], qr/--overwrite: nothing is written/ ],
	[ [ '-d', '' ], qr/--device: the name is empty/ ],
	[ [qw(-n 0)], qr/--count: '0' is too small, expected at least 1/ ],
	[ [qw(--rate 0)], qr/--rate: '0' would never do anything/ ],
	[ [qw(--rate fast)], qr/--rate: 'fast'/ ],
	[ [qw(--rate 10/m)], qr{--rate: '10/m'} ],
	[ [qw(--interval 1us)], qr/--interval: '1us' is too short, expected at least 1ms/ ],
	[ [qw(--interval 100)], qr/--interval: '100'/ ],
	[ [qw(-e none,cycles)], qr/--events: 'none' cannot be counted/ ],
	[ [ '-e', 'cycles,' ], qr/--events: .*empty name/ ],
	[ [qw(--engine edu)], qr/--engine/ ],
	[ [qw(--transport ioctl)], qr/--transport/ ],
	[ [qw(extra)], qr/'extra'/ ],
);
for (@wrong) {
	my ($options, $words) = @$_;

	refused(2, $words, "io @$options", $tool, 'io', @$options);
}

refused(3, qr{/dev/null is no block device}, 'a file that is no disk', $tool, qw(io -d /dev/null));
refused(2, qr/--device: io works with one disk/, "io @$_", $tool, 'io', @$_)
	for [qw(-d a,b)], [qw(-d a -d b)], [qw(-d all)];
refused(3, qr{there is no block device /dev/nowhere}, 'a name that is none', $tool, qw(io -d nowhere));
refused(3, qr{there is no block device /nowhere/x}, 'a path that is none', $tool, qw(io -d /nowhere/x));
refused(3, qr{--output}, 'an output that cannot be written', $tool, qw(io -d /dev/null -o /nowhere/x.json));

# Values at the edges of what is right get as far as the disk.
for my $options ([], [qw(-s 512)], [qw(-s 64M --queue-depth 1)], [qw(-s 512..64Mx4 --queue-depth 1,4..16)],
		 [qw(--queue-depth 4096)], [qw(--domain-type identity,strict,lazy)], [qw(--pattern sequential)],
		 [qw(--write 100 --overwrite null)], [qw(--write 0)], [qw(--fixed-buffers --polled -t 4)],
		 [qw(--span 1M --repeat 3 --seed 7 --numa-node 0)],
		 [qw(--rate 2.5k/s --interval 1ms -e none)], [qw(--rate 1M -t 4 -e default,commands -e cycles)]) {
	my ($status, $out, $err) = run($tool, 'io', '-d', '/dev/null', @$options);

	ok($status == 3 && $err =~ /is no block device/, "io @$options is accepted")
		or diag("status $status: $err");
}
# The same as a load beside others.
@wrong = (
	[ 'disk', qr/'disk' is no kind of load/ ],
	[ '', qr/no kind of load/ ],
	[ 'io:', qr/'' has no value/ ],
	[ 'io:depth', qr/'depth' has no value/ ],
	[ 'io:depth=0', qr/'0' is not a number from 1 to 4096/ ],
	[ 'io:speed=1', qr/'speed' is not one of device, size/ ],
	[ 'io:size=1000', qr/size=1000 is not a multiple of 512/ ],
	[ 'io:size=4K,,depth=1', qr/'' has no value/ ],
	[ 'io:device=', qr/device= is not the name/ ],
	[ 'io:pattern=none', qr/'none' is not one of random, sequential/ ],
	[ 'io:span=0', qr/span=0 is too small/ ],
	[ 'io:rate=0', qr/rate=0 would never do anything/ ],
	[ 'io:rate=often', qr/'often'/ ],
	[ 'io:size=64M,depth=4096', qr/more than 1G/ ],
);
for (@wrong) {
	my ($load, $words) = @$_;

	refused(2, qr/--background: .*$words/, "--background '$load'", $tool, 'map-unmap', '--background', $load);
}
done_testing();
