#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# Options of pasid that cannot be, by what stderr must say about them.
use strict;
use warnings;
no warnings 'qw'; # lists of values have commas
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tool;

my @wrong = (
	[ [qw(--kind pci)], qr/--kind: 'pci' is not one of sva, domain/ ],
	[ [qw(--bind twice)], qr/--bind: 'twice' is not one of fresh, shared/ ],
	[ [qw(--use write)], qr/--use: 'write' is not one of none, read, live/ ],
	[ [qw(--use live -t 2)], qr/--use: live: .*bound more than once/ ],
	[ [qw(--use live --bind shared)], qr/--use: live: .*bound more than once/ ],
	[ [qw(--use read --engine none)], qr/--use: needs a DMA engine/ ],
	[ [qw(--processes 0)], qr/--processes: '0'/ ],
	[ [qw(--processes 4097)], qr/--processes: '4097' is not a number from 1 to 4096/ ],
	[ [qw(--processes 1025 -t 4)], qr/--processes: 1025 with 4 threads each are more than 4096/ ],
	[ [qw(--live -1)], qr/--live: '-1'/ ],
	[ [ '--live', '' ], qr/--live: / ],
	[ [qw(--live 1048576)], qr/--live: .*too many.*or all/ ],
	[ [qw(--live 1,1)], qr/--live: .*twice/ ],
	[ [qw(--live many)], qr/--live: 'many'/ ],
	[ [qw(--reuse-distance 0 --kind domain)], qr/--reuse-distance: '0'/ ],
	[ [qw(--reuse-distance 4)], qr/--reuse-distance: a process has the same PASID/ ],
	[ [qw(--kill-rate 0)], qr/--kill-rate: '0' makes no sense/ ],
	[ [qw(--kill-rate 1M)], qr/--kill-rate: '1M' makes no sense/ ],
	[ [qw(--exposure 5)], qr/--exposure: '5' is not a time/ ],
	[ [qw(--lifecycle), ''], qr/--lifecycle: there is no case ''/ ],
	[ [qw(--lifecycle exit,die)], qr/--lifecycle: there is no case 'die'/ ],
	[ [qw(--transport uring)], qr/--transport: uring: each process binds by ioctl/ ],
	[ [qw(--repeat 2)], qr/--repeat: .*once/ ],
	[ [qw(--rate 5)], qr/--rate/ ],
	[ [qw(extra)], qr/'extra'/ ],
);
for (@wrong) {
	my ($options, $words) = @$_;

	refused(2, $words, "pasid @$options", $tool, 'pasid', @$options);
}

# Values at the edges of what is right get as far as the missing module.
for my $options ([], [qw(--processes 4096)], [qw(--live 0,1..all)], [qw(--live all)], [qw(--live 1..1kx10)],
		 [qw(--kind domain --reuse-distance 1048575)], [qw(--kill-rate 0.001)], [qw(--kill-rate 1k/s)],
		 [qw(--exposure 0s)], [qw(--lifecycle all)], [qw(--lifecycle exec,fork,exec)],
		 [qw(--use live --processes 8)], [qw(--engine none --use none)]) {
	my ($status, $out, $err) = run($tool, 'pasid', @$options);

	ok($status == 3 && $err =~ /module kmod_iommu_test is not loaded/, "pasid @$options is accepted")
		or diag("status $status: $err");
}
done_testing();
