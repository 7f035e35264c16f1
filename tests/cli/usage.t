#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# Help, versions, and wrong use of the tool and its subcommands: each mistake is one line that says what
# was wrong, what was expected, and exit status 2.
use strict;
use warnings;
no warnings 'qw'; # lists of values have commas
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tool;

# Where a file may be left that is named like an option.
chdir(tempdir(CLEANUP => 1)) or die;

# --- help teaches ---

my $help = done_well('-h', $tool, '-h');
is(done_well('--help', $tool, '--help'), $help, '--help is the same');
my ($list) = $help =~ /^Subcommands:\n(.*?)\n\n/ms;
my @subcommands = $list =~ /^  ([a-z-]+) /mg;
cmp_ok(scalar @subcommands, '>=', 2, 'help lists the subcommands');
like($help, qr/Exit status/, 'help tells the exit statuses');
like(done_well('-V', $tool, '-V'), qr/\Aiommubench \d+\.\d+\.\d+\n\z/, '-V tells the version');
for my $name (@subcommands) {
	my $text = done_well("$name -h", $tool, $name, '-h');
	like($text, qr/\AUsage: iommubench $name /, "$name -h shows how to call it");
	like($text, qr/default/, "$name -h tells defaults");
	like($text, qr/Example.*iommubench $name/s, "$name -h has an example");
	like($text, qr/Exit status/, "$name -h tells the exit statuses");
	is(done_well("$name --help", $tool, $name, '--help'), $text, "$name --help is the same");
	is(scalar(grep { length > 80 } split /\n/, $text), 0, "$name -h fits a terminal");
	done_well("$name -V", $tool, $name, '-V');

	# Every option it lists is one it knows: with a value it wants, or without.
	for my $option ($text =~ /^ {2,6}(?:-\w, )?--([a-z-]+)/mg) {
		my ($status, $out, $err) = run($tool, $name, "--$option", '--nonsense-after', '--nonsense-too');
		unlike($err, qr/unrecognized option '--$option'/, "$name knows --$option");
	}
}

# --- wrong use ---

refused(2, qr/subcommand.*--help/, 'no subcommand', $tool);
refused(2, qr/'frobnicate'.*--help/, 'unknown subcommand', $tool, 'frobnicate');
refused(2, qr/''/, 'empty subcommand', $tool, '');
refused(2, qr/'--nonsense'/, 'unknown option instead of a subcommand', $tool, '--nonsense');
refused(2, qr/'map'/, 'a prefix is no subcommand', $tool, 'map');
for my $name (@subcommands) {
	refused(2, qr/--nonsense/, "$name: unknown option", $tool, $name, '--nonsense');
	refused(2, qr/z/, "$name: unknown letter", $tool, $name, '-z');
	refused(2, qr/requires an argument/, "$name: -o without a file", $tool, $name, '-o');
	refused(2, qr/'yaml' is not one of human.*json/, "$name: unknown format", $tool, $name, '--format',
		'yaml', 'x');
}

# --- slips ---

refused(2, qr/unknown subcommand 'mapunmap', perhaps map-unmap: /, 'a subcommand mistyped', $tool, 'mapunmap');
for my $name (@subcommands) {
	my $text = done_well("$name -h", $tool, $name, '-h');
	my @options = $text =~ /^ {2,6}(?:-\w, )?--([a-z-]{5,})/mg;
	for my $option (@options) {
		# The second letter and the third change places, or one too many is there.
		(my $typed = $option) =~ s/^(.)(.)(.)/$1$3$2/;
		$typed = "${option}x" if $typed eq $option || grep { /^\Q$typed/ } @options;
		refused(2, qr/\Q'--$typed', did you mean --$option?\E\n\z/, "$name: --$typed", $tool, $name, "--$typed");
	}
}
# Values are no options, and what is after -- is none either.
refused(2, qr/unexpected argument 'lazy'/, 'a file called as an option', $tool, 'map-unmap', '-qo', '--domain-tpe', 'lazy');
refused(2, qr/--size: '--domain-tpe'/, 'a value like an option', $tool, 'map-unmap', '--size', '--domain-tpe');
refused(2, qr/unexpected argument/, 'no options after --', $tool, 'map-unmap', '--', '--domain-tpe');
unlike((run($tool, 'map-unmap', '--ver', '-h'))[2], qr/did you mean/, 'a beginning is for getopt to judge');
unlike((run($tool, 'map-unmap', '--nonsense'))[2], qr/did you mean/, 'what is like nothing has no suggestion');
unlike((run($tool, 'map-unmap', '--' . 'x' x 5000))[2], qr/did you mean/, 'nor has what is too long');

# Options that cannot be, by what stderr must say about them.
my @wrong = (
	[ [qw(-n 0)], qr/--count: .*at least 1/ ],
	[ [qw(-n -1)], qr/--count: '-1'/ ],
	[ [qw(-n 1.5)], qr/--count: '1\.5'/ ],
	[ [qw(-n 10x)], qr/--count: '10x' is not a whole number/ ],
	[ [qw(-n 99999999999999999999)], qr/--count: .*(large|digits)/ ],
	[ [ '-n', '' ], qr/--count: ''/ ],
	[ [ '-n', ' 5' ], qr/--count: ' 5'/ ],
	[ [qw(-T 0s)], qr/--duration: .*more than 0/ ],
	[ [qw(-T 5)], qr/--duration: '5' is not a time with its unit/ ],
	[ [qw(-T 1000h)], qr/--duration: .*at most 168h/ ],
	[ [qw(-T 1e3s)], qr/--duration: '1e3s'/ ],
	[ [qw(-T 0.1ns)], qr/--duration: .*finer/ ],
	[ [qw(--warmup forever)], qr/--warmup: 'forever'/ ],
	[ [qw(--interval 100)], qr/--interval: '100' is not a time with its unit/ ],
	[ [qw(--interval 0s)], qr/--interval: .*more than 0/ ],
	[ [qw(--interval 999us)], qr/--interval: '999us' is too short, expected at least 1ms/ ],
	[ [qw(--interval 1000h)], qr/--interval: .*at most 168h/ ],
	[ [qw(-s 0)], qr/--size: 0 .*multiple/ ],
	[ [qw(-s 4x)], qr/--size: '4x' is not a size such as/ ],
	[ [qw(-s 4KB)], qr/--size: '4KB'/ ],
	[ [qw(-s -4K)], qr/--size: '-4K'/ ],
	[ [qw(-s 0x1000)], qr/--size: '0x1000'/ ],
	[ [qw(-s 1000)], qr/--size: .*multiple of/ ],
	[ [qw(-s 2G)], qr/--size: .*at most 1G/ ],
	[ [qw(-s 99999999T)], qr/--size: .*too large/ ],
	[ [qw(-s nan)], qr/--size: 'nan'/ ],
	[ [qw(-t 0)], qr/--threads: '0' is not a number from 1 to 1024/ ],
	[ [qw(-t 1025)], qr/--threads: '1025'/ ],
	[ [qw(-t 1k)], qr/--threads: '1k'/ ],
	[ [qw(-t 18446744073709551617)], qr/--threads: / ],
	[ [ "--cpus", "" ], qr/--cpus: ''/ ],
	[ [ "--cpus", "0," ], qr/--cpus: '0,'/ ],
	[ [qw(--cpus 3-1)], qr/--cpus: '3-1'/ ],
	[ [ "--cpus", "0,0" ], qr/--cpus: .*twice/ ],
	[ [qw(--cpus 0-99999999999)], qr/--cpus: / ],
	[ [qw(--cpus 0 --numa-node 0)], qr/--cpus and --numa-node/ ],
	[ [qw(--cpus near)], qr/--cpus: 'near' is no choice of CPUs, expected near-device, far/ ],
	[ [qw(--cpus far,0)], qr/--cpus: 'far,0'/ ],
	[ [qw(--cpus node:)], qr/--cpus: 'node:'/ ],
	[ [qw(--cpus core:3-1)], qr/--cpus: 'core:3-1'/ ],
	[ [qw(--cpus node:0,node:0-2)], qr/--cpus: .*names a node twice/ ],
	[ [qw(--placement-matrix --mem local)], qr/--placement-matrix: .*leave --cpus, --numa-node and --mem out/ ],
	[ [qw(--placement-matrix --numa-node 0)], qr/--placement-matrix: / ],
	[ [qw(--mem here)], qr/--mem: 'here' is not one of local, node:N .*, interleave/ ],
	[ [qw(--mem node:)], qr/--mem: 'node:'/ ],
	[ [qw(--mem node:1024)], qr/--mem: 'node:1024'/ ],
	[ [qw(--mem node:0,1)], qr/--mem: 'node:0,1'/ ],
	[ [qw(--numa-node -1)], qr/--numa-node: '-1'/ ],
	[ [qw(--rate 0)], qr/--rate: .*more than 0/ ],
	[ [qw(--rate 5/h)], qr/--rate: '5\/h'/ ],
	[ [qw(--rate 99999999999G)], qr/--rate: / ],
	[ [qw(--repeat 0)], qr/--repeat: '0'/ ],
	[ [qw(--seed -1)], qr/--seed: '-1'/ ],
	[ [qw(--seed 9223372036854775808)], qr/--seed: / ],
	[ [qw(--engine warp)], qr/--engine: 'warp' is not one of/ ],
	[ [qw(--engine dmaengine:dma0chan0 --device 0000:00:02.0)], qr/--engine: dmaengine:dma0chan0 .* leave --device out/ ],
	[ [qw(--engine dmaengine:dma0chan0 --device all)], qr/--engine: .* leave --device out/ ],
	[ [qw(--domain-type blocked)], qr/--domain-type: 'blocked' is not one of strict, lazy, identity/ ],
	[ [qw(--transport pigeon)], qr/--transport: 'pigeon' is not one of/ ],
	[ [qw(-d ../../etc/passwd)], qr/--device: .*not a device name/ ],
	[ [ "-d", "" ], qr/--device: ''/ ],
	[ [qw(-d a,b,a)], qr/--device: a is given twice/ ],
	[ [qw(-d a,)], qr/--device: '' is not a device name/ ],
	[ [qw(-d a,b --placement-matrix)], qr/--placement-matrix: .*one device/ ],
	[ [qw(-d a,b --background io)], qr/--background: .*one device/ ],
	[ [qw(-d a -d b -d a)], qr/--device: a is given twice/ ],
	[ [qw(-d all -d all)], qr/--device: all is given twice/ ],
	[ [qw(-d a -d all)], qr/--device: 'all' is all there are/ ],
	[ [qw(-d all -d a)], qr/--device: 'all' is all there are/ ],
	[ [qw(-d a --alone)], qr/--alone: .*several devices.*-d all/ ],
	[ [qw(--run-timeout 5s)], qr/--run-timeout: .*several devices/ ],
	[ [qw(-d all -e cycles,,x)], qr/--events: / ],
	[ [qw(-d all --placement-matrix)], qr/--placement-matrix: .*one device/ ],
	[ [qw(-d all --run-timeout 0s)], qr/--run-timeout: .*more than 0/ ],
	[ [qw(-d all --run-timeout 5)], qr/--run-timeout: '5' is not a time with its unit/ ],
	[ [qw(-q -v)], qr/--quiet and --verbose/ ],
	[ [qw(-o -)], qr/--output: '-'/ ],
	[ [ "-o", "" ], qr/--output: / ],
	[ [qw(--api malloc)], qr/--api: 'malloc' is not one of/ ],
	[ [qw(--buffer huge)], qr/--buffer: 'huge'/ ],
	[ [qw(--direction up)], qr/--direction: 'up'/ ],
	[ [qw(--sync maybe)], qr/--sync: 'maybe' is not one of/ ],
	[ [qw(--api iommu --sync no)], qr/--sync: with iommu .*--api dma-single/ ],
	[ [qw(--api iommu-fast --sync no)], qr/--sync: with iommu-fast / ],
	[ [qw(--iova fresh)], qr/--iova: .*--api iommu/ ],
	[ [qw(--api iommu --iova stride)], qr/--iova stride needs a distance|--stride/ ],
	[ [qw(--api iommu --iova stride --stride 1K)], qr/--stride: / ],
	[ [qw(--api iommu --stride 1M)], qr/--stride: / ],
	[ [qw(--api iommu --iova-span 1M)], qr/--iova-span: / ],
	[ [qw(--api iommu --iova random --iova-span 0)], qr/--iova-span: .*more than 0/ ],
	[ [qw(--window 0)], qr/--window: '0'/ ],
	[ [qw(--window 65537)], qr/--window: '65537' is not a number from 1 to 65536/ ],
	[ [qw(--prefill -5)], qr/--prefill: '-5'/ ],
	[ [qw(--prefill 99999999999999G)], qr/--prefill: / ],
	[ [qw(--hold 1)], qr/--hold: '1'/ ],
	[ [qw(--hold 200h)], qr/--hold: .*at most 168h/ ],
	[ [qw(--batch 0)], qr/--batch: '0'/ ],
	[ [qw(--batch 4097)], qr/--batch: '4097'/ ],
	[ [qw(--sg-entries 0)], qr/--sg-entries: '0'/ ],
	[ [qw(--sg-entries 4)], qr/--sg-entries: .*--api dma-sg/ ],
	[ [qw(--api dma-sg -s 64K --sg-entries 5)], qr/--sg-entries: .*5 pieces/ ],
	[ [qw(--api dma-sg --buffer contig --sg-entries 1)], qr/--sg-entries: / ],
	[ [qw(--buffer scattered -s 64K)], qr/--buffer: .*--api dma-sg/ ],
	[ [qw(--verify --engine none)], qr/--verify: / ],
	[ [qw(extra)], qr/'extra'/ ],
	[ [ '-n', "1\n2" ], qr/--count: / ],
);
for (@wrong) {
	my ($options, $words) = @$_;
	my $name = join(' ', map { s/\n/\\n/r } map { $_ eq '' ? "''" : $_ } @$options);
	refused(2, $words, "map-unmap $name", $tool, 'map-unmap', @$options);
}

# Whatever takes a number, as its help tells, has an upper end and takes none below zero. A size alone may be both a list
# and a number.
my %too_much = (N => '99999999999999999999', TIME => '169h', RATE => '1.1G/s', SIZE => '1048577T', PERCENT => '101');
for my $name (qw(map-unmap tlb-flush io iopf pasid)) {
	my %takes = `$tool $name --help` =~ /--([a-z-]+)=(N|TIME|RATE|SIZE|PERCENT)\b/g;
	cmp_ok(keys %takes, '>=', 8, "$name has options with numbers");
	$takes{$_} = 'N' for $name eq 'io' ? 'queue-depth' : $name eq 'pasid' ? 'live' : ();
	for my $option (sort keys %takes) {
		refused(2, qr/--$option: '\Q$_\E' /, "$name --$option '$_'", $tool, $name, "--$option=$_")
			for '-1', 'x', '', '1e3', $too_much{$takes{$option}};
	}
}
refused(2, qr/--background: '$_'/, "a background at '$_'", $tool, 'map-unmap', "--background=io:rate=$_")
	for '-1', '1.1G/s';
refused(2, qr/--count: '1000001G' is too large/, 'a count without end', $tool, 'io', '-n', '1000001G');

for my $options ([qw(-d a -d b)], [qw(-d a,b)], [qw(-d all)]) {
	refused(2, qr/--device: .*one device.*map-unmap, tlb-flush and iopf take several/, "pasid @$options", $tool,
		'pasid', @$options);
}

my @wrong_flush = (
	[ [qw(--strategy fast)], qr/--strategy: 'fast' is not one of strict, lazy, gather/ ],
	[ [ '--strategy', '' ], qr/--strategy: ''/ ],
	[ [qw(--strategy strict,)], qr/--strategy: ''/ ],
	[ [qw(--alone)], qr/--alone: .*several devices.*-d all/ ],
	[ [qw(-d a --run-timeout 1s)], qr/--run-timeout: .*several devices/ ],
	[ [qw(-d a,a)], qr/--device: a is given twice/ ],
	[ [qw(-d all --placement-matrix)], qr/--placement-matrix: .*one device/ ],
	[ [qw(--strategy strict,all)], qr/--strategy: 'all'/ ],
	[ [qw(--strategy full,full)], qr/--strategy: .*twice/ ],
	[ [qw(--range 0)], qr/--range: 0 .*multiple/ ],
	[ [qw(--range 2G)], qr/--range: .*at most 1G/ ],
	[ [qw(--range 6000)], qr/--range: .*multiple of/ ],
	[ [qw(--range big)], qr/--range: 'big' is not a size/ ],
	[ [qw(--range 4K,8K)], qr/--range: .*several.*--sweep range=4K,8K/ ],
	[ [qw(--strategy full --range 64K -s 2M)], qr/64K is no whole number of mappings of 2M/ ],
	[ [qw(--strategy full --range 96K -s 64K)], qr/96K is no whole number of mappings of 64K/ ],
	[ [qw(-s 0)], qr/--size: 0 .*multiple/ ],
	[ [qw(-s 2G)], qr/--size: .*at most 1G/ ],
	[ [qw(-t 0)], qr/--threads: '0'/ ],
	[ [qw(--domains own)], qr/--domains: 'own' is not one of shared, per-thread/ ],
	[ [qw(--domains shared,per-thread)], qr/--domains: .*--sweep domains=/ ],
	[ [qw(--strategy strict --domains per-thread)], qr/strict works in the device's default domain/ ],
	[ [qw(--sweep range)], qr/--sweep: 'range' .*KEY=LIST/ ],
	[ [ '--sweep', '' ], qr/--sweep: '' .*KEY=LIST/ ],
	[ [qw(--sweep =4K)], qr/--sweep: '' is not one of strategy, size, range/ ],
	[ [qw(--sweep speed=1)], qr/--sweep: 'speed' is not one of/ ],
	[ [qw(--sweep range=)], qr/--sweep: '' has an empty place/ ],
	[ [qw(--sweep range=4K..)], qr/--sweep: ''/ ],
	[ [qw(--sweep range=8K..4K)], qr/--sweep: .*does not go up/ ],
	[ [qw(--sweep range=0..4K)], qr/--sweep: .*does not go up/ ],
	[ [qw(--sweep range=4K..1Mx1)], qr/--sweep: '1' is not a number/ ],
	[ [qw(--sweep range=4K,4K)], qr/--sweep: .*twice/ ],
	[ [qw(--sweep range=1..1M)], qr/--sweep range: 1 is not a whole number of pages/ ],
	[ [qw(--sweep range=4K..2G)], qr/--sweep range: .*at most 1G/ ],
	[ [qw(--sweep threads=0..4)], qr/--sweep: '0' is not a number from 1 to 1024/ ],
	[ [qw(--sweep threads=1..2048)], qr/--sweep: '2048'/ ],
	[ [qw(--sweep size=4K --sweep size=8K)], qr/--sweep: size is swept twice/ ],
	[ [qw(--sweep size=4K -s 4K)], qr/--size: --sweep has a list/ ],
	[ [qw(-t 2 --sweep threads=1,2)], qr/--threads: --sweep has a list/ ],
	[ [qw(--sweep range=4K,8K --range 4K)], qr/--range: --sweep has a list/ ],
	[ [qw(--range 4K --sweep range=4K,8K)], qr/--sweep: range is given by --range already/ ],
	[ [qw(--strategy all --sweep strategy=full)], qr/--sweep: strategy is given by --strategy already/ ],
	[ [qw(--sweep strategy=none --strategy full)], qr/--strategy: --sweep has a list/ ],
	[ [qw(--sweep threads=1..1000x2 --sweep range=4K..1G --sweep size=4K..1G)], qr/--sweep: more than 10000 points/ ],
	[ [qw(--exposure 0s)], qr/--exposure: .*more than 0/ ],
	[ [qw(--exposure 5)], qr/--exposure: '5' is not a time/ ],
	[ [qw(--exposure 200h)], qr/--exposure: .*at most 168h/ ],
	[ [qw(--watch-interval 0)], qr/--watch-interval: .*more than 0/ ],
	[ [qw(--watch-interval 5s)], qr/--watch-interval: .*at most 4s/ ],
	[ [qw(--device-latency never)], qr/--device-latency: 'never'/ ],
	[ [qw(--check-stale --engine none)], qr/--check-stale: needs a DMA engine/ ],
	[ [qw(--check-stale=1)], qr/doesn't allow an argument|--check-stale/ ],
	[ [qw(--rate 5)], qr/--rate/ ],
	[ [qw(--domain-type lazy)], qr/--domain-type/ ],
	[ [qw(--engine warp)], qr/--engine: 'warp'/ ],
	[ [qw(-n 0)], qr/--count: .*at least 1/ ],
	[ [ '-o', '' ], qr/--output: / ],
	[ [qw(-o /nowhere/x.json)], qr/--output: cannot write .*folder/ ],
	[ [qw(-o /nowhere/x/)], qr/--output: cannot make .*folder/ ],
	[ [qw(extra)], qr/'extra'/ ],
);
for (@wrong_flush) {
	my ($options, $words) = @$_;
	my $name = join(' ', map { $_ eq '' ? "''" : $_ } @$options);
	# A file that cannot be written is no wrong use.
	my $status = "@$options" =~ m{/nowhere/} ? 3 : 2;
	refused($status, $words, "tlb-flush $name", $tool, 'tlb-flush', @$options);
}
for my $options ([], [qw(--strategy all)], [qw(--strategy none)], [qw(--sweep range=4K..1G)], [qw(--range 1G)],
		 [qw(--sweep range=4K..1Mx4 --sweep threads=1..6)], [qw(--domains per-thread)], [qw(-s 1G -n 1)],
		 [qw(--sweep domains=shared,per-thread --strategy gather)], [qw(--exposure 1ns --watch-interval 1ns)],
		 [qw(--sweep strategy=lazy,strict --no-exposure --no-device-latency --no-commands)],
		 [qw(--sweep size=4K,2M --range 2M --check-stale)]) {
	my ($status, $out, $err) = run($tool, 'tlb-flush', @$options);
	ok($status == 3 && $err =~ /module kmod_iommu_test is not loaded/, "tlb-flush @$options is accepted")
		or diag("status $status: $err");
}

# Values at the edges of what is right get as far as the missing module.
for my $options ([qw(-n 1)], [qw(-T 1ns)], [qw(-T 168h)], [qw(-s 1G)], [qw(-s 1.5M)], [qw(-t 1024)],
		 [qw(--seed 9223372036854775807)], [qw(--rate 0.001)], [qw(--rate 1.5k/s)],
		 [qw(--repeat 10000)], [qw(--window 65536)], [qw(--hold 0s)], [qw(--prefill 0)]) {
	my ($status, $out, $err) = run($tool, 'map-unmap', @$options);
	ok($status == 3 && $err =~ /module kmod_iommu_test is not loaded/, "map-unmap @$options is accepted")
		or diag("status $status: $err");
}

done_testing();
