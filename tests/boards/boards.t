#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# The lab's own boards: Linux' own drivers take our models for the hardware, translate where they do so
# on silicon and refuse where they refuse there; and with instruction-counted time a run can be repeated.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tree qw(contents);

my $dir = tempdir(CLEANUP => 1);

# start(NAME, ARGUMENT...): lab/run, whose streams go to files of that name.
sub start
{
	my ($name, @arguments) = @_;

	my $pid = fork() // die "fork: $!";
	return $pid if $pid;
	open(STDIN, '<', '/dev/null') and open(STDOUT, '>', "$dir/$name.stdout") and
		open(STDERR, '>', "$dir/$name.stderr") and exec('lab/run', '--timeout', 300, @arguments);
	exit(255);
}

# end(NAME, PID): status, stdout, stderr of that.
sub end
{
	my ($name, $pid) = @_;

	waitpid($pid, 0);
	return ($? >> 8, contents("$dir/$name.stdout"), contents("$dir/$name.stderr"));
}

# Addresses of the SoCs' IPMMUs that devices can be behind.
my @h3 = qw(e6570000 e6740000 e7740000 ec670000 fd800000 fd950000 fd960000 fd970000 fe6b0000 fe6f0000 fe980000 fe990000
	febd0000 febe0000 ff8b0000 ffc80000);
my @m3 = qw(e6570000 e6740000 e7740000 ec670000 fd800000 fd950000 fe6b0000 febd0000 ff8b0000 ffc80000);

my %board = (
	'smmuv3-sva' => { driver => 'arm-smmu-v3', iommus => qr/^smmu3\.0x[0-9a-f]+$/, pmus => 2 },
	'r8a7795-es3' => { driver => 'ipmmu-vmsa', iommus => \@h3, soc => 'R-Car Gen3 r8a7795 ES3.0' },
	'r8a7795-es2' => { refused => 1, iommus => \@h3, soc => 'R-Car Gen3 r8a7795 ES2.0' },
	'r8a77961' => { driver => 'ipmmu-vmsa', iommus => \@m3, soc => 'R-Car Gen3 r8a77961 ES3.0' },
	'r8a7796' => { refused => 1, iommus => \@m3, soc => 'R-Car Gen3 r8a7796 ES1.1' },
);

my $look = <<'EOT';
echo "soc $(echo $(cat /sys/devices/soc0/family /sys/devices/soc0/soc_id /sys/devices/soc0/revision 2>/dev/null))"
for i in /sys/class/iommu/*; do echo "iommu ${i##*/}"; done
for p in /sys/bus/event_source/devices/smmuv3_pmcg_*; do [ ! -e $p ] || echo "pmu ${p##*/}"; done
echo "group $(readlink /sys/bus/platform/devices/$IOMMUBENCH_DEVICE/iommu_group)"
# Kernels say this about every virtual machine, about every module that is not theirs, and when this machine is busy.
dmesg -r | sed -n 's/^<[0-4]>\[[^]]*\] //p' |
	grep -v -e 'cacheinfo: Unable to detect' -e 'taints kernel' -e 'hrtimer: interrupt took' |
	sed 's/^/warning /'
iommubench map-unmap -n 1000 --warmup 0s -q -o /out/result.json
EOT

# lines(TEXT, WORD): what stands behind WORD, sorted.
sub lines
{
	return [sort($_[0] =~ /^$_[1] (.*)$/mg)];
}

for my $name (sort keys %board) {
	my $board = $board{$name};

	my ($status, $stdout, $stderr) = end($name, start($name, '--board', $name, '--out', "$dir/$name", 'sh', '-c', $look));
	if (ref($board->{iommus}) eq 'ARRAY') {
		is_deeply(lines($stdout, 'iommu'), [map { "$_.iommu" } @{$board->{iommus}}], "$name: IPMMUs");
	} else {
		like(join(' ', @{lines($stdout, 'iommu')}), $board->{iommus}, "$name: IOMMU");
	}
	is_deeply(lines($stdout, 'soc'), [$board->{soc} // ''], '... SoC') or diag($stdout, $stderr);
	is(scalar(@{lines($stdout, 'pmu')}), $board->{pmus} // 0, '... counters');
	is_deeply(lines($stdout, 'warning'), [], '... nothing that the kernel warns of');
	if ($board->{refused}) {
		is_deeply(lines($stdout, 'group'), [''], '... the device is behind no IOMMU');
		is($status, 3, '... so the tool cannot work');
		like($stderr, qr/\Aiommubench: .*\n\z/, '... and says so in a line');
		ok(!-e "$dir/$name/result.json", '... no result');
	} else {
		like($stdout, qr{^group \S+/iommu_groups/\d+$}m, '... the device is behind it');
		is_deeply([$status, $stderr], [0, ''], '... the tool works');
		like(contents("$dir/$name/result.json"), qr/"\Q$board->{driver}\E".*"complete": true|"complete": true.*"\Q$board->{driver}\E"/s,
			'... with that driver');
	}
}

# The same command gives the same result, to the last sample, though both want this machine's processors.
for my $name (qw(smmuv3-sva r8a7795-es3)) {
	my @runs = map { "icount-$_" } 1, 2;
	my %pid = map { $_ => start($_, '--board', $name, '--icount', '--out', "$dir/$_", 'iommubench', 'map-unmap',
		'-n', 2000, '-q', '-o', '/out/result.json') } @runs;
	my @result;
	for my $run (@runs) {
		my ($status, undef, $stderr) = end($run, $pid{$run});
		is_deeply([$status, $stderr], [0, ''], "$name --icount");
		push @result, contents("$dir/$run/result.json");
	}
	is($result[1], $result[0], '... the same result again') if $result[0] ne '';
}

done_testing();
