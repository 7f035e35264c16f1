#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# Options of iopf that cannot be, by what stderr must say about them.
use strict;
use warnings;
no warnings 'qw'; # lists of values have commas
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tool;

my @wrong = (
	[ [qw(-d a,b --mode iommufd)], qr/--mode: .*one device/ ],
	[ [qw(-d a,b --memory stack)], qr/--memory: .*one device/ ],
	[ [qw(-d a,b,a)], qr/--device: a is given twice/ ],
	[ [qw(-d a --alone)], qr/--alone: .*several devices/ ],
	[ [qw(-d all --placement-matrix)], qr/--placement-matrix: .*one device/ ],
	[ [qw(--fault nothing)], qr/--fault: 'nothing' is not one of zero, anon/ ],
	[ [qw(--fault zero,)], qr/--fault/ ],
	[ ['--fault', ''], qr/--fault/ ],
	[ [qw(--fault zero --access write)], qr/--access: .*zero is about reads/ ],
	[ [qw(--fault cow --access read)], qr/--access: .*cow is about writes/ ],
	[ [qw(--access both)], qr/--access: 'both' is not one of read, write/ ],
	[ [qw(--memory disk)], qr/--memory: 'disk'/ ],
	[ [qw(--memory stack --fault huge)], qr/--memory: .*memory of its own/ ],
	[ [qw(--memory stack -s 1G)], qr/--memory: the stack has room for/ ],
	[ [qw(--lock --fault unmapped)], qr/--lock: .*not there/ ],
	[ [qw(--prefault 10 --fault inflight)], qr/--prefault: .*not there/ ],
	[ [qw(--prefault 101)], qr/--prefault: '101'/ ],
	[ [qw(--stride 1K)], qr/--stride: expected whole pages/ ],
	[ [qw(--stride 64K --fault huge)], qr/--stride: .*multiple of 2M/ ],
	[ [qw(--stride 8K --group 4)], qr/--stride: .*--group/ ],
	[ [qw(-s 5000)], qr/--size: expected whole pages/ ],
	[ [qw(-s 4K --stride 64K)], qr/--size: expected at least one/ ],
	[ [qw(-s 64G)], qr/--size: .*at most 1048576/ ],
	[ [qw(-s 1G --spaces 5)], qr/--size: .*at most 1048576/ ],
	[ [qw(--outstanding 0)], qr/--outstanding: '0'/ ],
	[ [qw(--outstanding 129)], qr/--outstanding: '129'/ ],
	[ [qw(--outstanding 1,x)], qr/--outstanding: 'x'/ ],
	[ [qw(--outstanding 64 -t 3)], qr/--outstanding: .*3 threads.*at most 128/ ],
	[ [qw(--spaces 0)], qr/--spaces: '0'/ ],
	[ [qw(--spaces 2 --fault inflight)], qr/--spaces: .*one address space/ ],
	[ [qw(--group 33)], qr/--group: '33'/ ],
	[ [qw(--mode wait)], qr/--mode: 'wait' is not one of auto, stall, pri, iommufd/ ],
	[ [qw(--mode iommufd --fault exit)], qr/--mode: .*nobody left/ ],
	[ [qw(--mode iommufd --spaces 2)], qr/--spaces: .*one address space/ ],
	[ [qw(--mode iommufd --domain-type lazy)], qr/--domain-type: .*user space's/ ],
	[ [qw(--mode iommufd --pagers 0)], qr/--pagers: '0'/ ],
	[ [qw(--mode iommufd --pagers 65)], qr/--pagers: '65'/ ],
	[ [qw(--mode iommufd --pager-delay 1)], qr/--pager-delay: '1'/ ],
	[ [qw(--pagers 2)], qr/--pagers: only with --mode iommufd/ ],
	[ [qw(--mode stall --pager-delay 1ms)], qr/--pager-delay: only with --mode iommufd/ ],
	[ [qw(--mode pri --no-kernel)], qr/--no-kernel: only with --mode iommufd/ ],
	[ [qw(--think 1ms --rate 5k/s)], qr/--think: .*--rate/ ],
	[ [qw(--fault-timeout 0s)], qr/--fault-timeout/ ],
	[ [qw(--fault-timeout 1)], qr/--fault-timeout: '1'/ ],
	[ [qw(--engine none)], qr/--engine/ ],
	[ [qw(more)], qr/unexpected argument 'more'/ ],
);
refused(2, $_->[1], "iopf @{$_->[0]}", $tool, 'iopf', @{$_->[0]}) for @wrong;
done_testing();
