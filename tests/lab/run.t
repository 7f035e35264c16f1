#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# lab/run itself: statuses, streams, files and arguments pass; guests that fail end in time.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tree qw(contents);

my @run = qw(lab/run --board virt-smmuv3);
my $dir = tempdir(CLEANUP => 1);
$ENV{TMPDIR} = "$dir/tmp";
mkdir($ENV{TMPDIR});

# lab(ARGUMENT...): status, stdout, stderr.
sub lab
{
	my $pid = fork() // die "fork: $!";
	if (!$pid) {
		open(STDIN, '<', '/dev/null') and open(STDOUT, '>', "$dir/stdout") and
			open(STDERR, '>', "$dir/stderr") and exec(@_);
		exit(255);
	}
	waitpid($pid, 0);
	return ($? >> 8, contents("$dir/stdout"), contents("$dir/stderr"));
}

sub qemu_running
{
	return grep { contents($_) =~ /^qemu-system.*\Q$_[0]\E/s } glob('/proc/[0-9]*/cmdline');
}

my ($status, $stdout, $stderr);

# Wrong use: nothing is booted.
($status, $stdout, $stderr) = lab('lab/run', '-h');
is($status, 0, '-h');
like($stdout, qr/^Usage:.*virt-smmuv3.*--timeout/s, '-h teaches');

for my $case (
	[['--board', 'nowhere', 'true'], qr/no board "nowhere".*virt-smmuv3/s, 'unknown board'],
	[['--board', '../boards/virt-smmuv3', 'true'], qr/no board/, 'path as a board'],
	[['true'], qr/which board.*virt-smmuv3/s, 'no board'],
	[['--colour', 'true'], qr/no option --colour/, 'unknown option'],
	[['--board'], qr/--board wants a value/, 'missing value'],
	[['--board', 'virt-smmuv3', '--kernel', '5.10', 'true'], qr/no kernel "5.10", but 6.1 6.12/, 'unknown kernel'],
	[['--board', 'virt-smmuv3'], qr/which command/, 'no command and no terminal'],
	[['--smp', 'two', 'true'], qr/--smp wants a whole number/, 'words as a number'],
	[['--mem', '1T', 'true'], qr/--mem wants a size/, 'unknown unit'],
	[['--smp', '0', 'true'], qr/--smp wants/, 'no CPU'],
	[['--set', 'edu', 'true'], qr/--set wants DEVICE.PROPERTY=VALUE/, 'no property'],
	[['--qemu', './nosuch', 'true'], qr/--qemu: there is no program .\/nosuch/, 'no QEMU'],
	[['--copy', 'nosuch', 'true'], qr/there is no nosuch/, 'no file to copy'],
) {
	my ($arguments, $expected, $name) = @$case;
	($status, $stdout, $stderr) = lab('lab/run', @$arguments);
	is($status, 2, "$name: wrong use");
	like($stderr, $expected, "$name: said");
}
($status, $stdout, $stderr) = lab(@run, '--out', '/proc/nowhere', 'true');
is($status, 3, 'folder that cannot be written');
like($stderr, qr/cannot write to --out/, '... said in a line');

# One boot with all that passes through.
my $out = "$dir/o u,t";
open(my $file, '>', "$dir/script") or die;
print $file <<'EOF';
echo "arguments:"; for a; do echo "[$a]"; done
echo "to stderr" >&2
echo "reopened" >/dev/stderr
echo "device $IOMMUBENCH_DEVICE, driver $(basename "$(readlink "/sys/bus/pci/devices/$IOMMUBENCH_DEVICE/driver")")"
grep -o 'probe=.*' /proc/cmdline
nproc
command -v iommubench
head -c 1000000 /dev/zero | tr '\0' x
echo data >/out/file
exit 42
EOF
close($file);
my $start = time;
my @odd = ('', 'two words', q(it's "quoted" $HOME \\ `x`), "two\nlines", '*', '-n', '--out');
($status, $stdout, $stderr) = lab(@run, '--smp=1', '--append', 'probe=1 more', '--copy', "$dir/script:/tmp/deep/a script",
	'--out', $out, '--', 'sh', '/tmp/deep/a script', @odd);
$stdout =~ s/(x*)\z//;
my $much = $1;
is($status, 42, 'status of the command');
is($stderr, "to stderr\nreopened\n", 'stderr is that of the command alone');
my $arguments = join('', map { "[$_]\n" } @odd);
like($stdout, qr/^arguments:\n\Q$arguments\Edevice [0-9a-f:.]+, driver kmod_iommu_test\n/, 'arguments arrive as they were; the device is bound');
like($stdout, qr/^probe=1 more$/m, '--append');
like($stdout, qr/^1$/m, '--smp');
like($stdout, qr/^\/usr\/bin\/iommubench$/m, 'the tool is on the PATH');
is(length($much), 1000000, 'a megabyte of output arrives whole');
is(contents("$out/file"), "data\n", 'files come back');
is_deeply([sort(grep { !/^\.\.?$/ } do { opendir(my $folder, $out); readdir($folder) })],
	['console.log', 'file'], '... and nothing else');
like(contents("$out/console.log"), qr/reboot: Power down/, 'console log');

# Failing guests. How long a boot takes depends on what else goes on here.
my $limit = 5 + 3 * (time - $start);
$start = time;
($status, $stdout, $stderr) = lab(@run, '--out', $out, '--timeout', $limit, '--', 'sh', '-c', 'echo begun; sleep 1000');
is($status, 124, 'a hang ends');
cmp_ok(time - $start, '<', $limit + 10, '... in time');
is($stdout, "begun\n", '... and what it had written is there');
like($stderr, qr/stopped after $limit s/, '... said in a line');

($status, $stdout, $stderr) = lab(@run, '--', 'sh', '-c', 'echo c > /proc/sysrq-trigger');
is($status, 125, 'panic');
like($stderr, qr/^lab\/run: the guest stopped: Kernel panic .*sysrq triggered crash\. The end of \S+:\n.*\[/s, '... shown with the end of the console');
my ($log) = $stderr =~ /The end of (\S+):/;
like(contents($log), qr/sysrq: Trigger a crash|Call trace/, '... whose log is kept');
unlink($log);

($status, $stdout, $stderr) = lab(@run, '--set', 'edu.nosuch=1', 'true');
is($status, 125, 'property that the device does not have');
like($stderr, qr/^lab\/run: QEMU failed: .*nosuch.*\n\z/, '... said in a line');

# The words of a warning are in the log from the beginning on, where the kernel's command line is.
($status, $stdout, $stderr) = lab(@run, '--out', "$dir/warned", '--append', 'softlockup_panic=1', '--', 'sh', '-c',
	'echo "WARNING: made up" >/dev/kmsg; echo 512 >/proc/sys/kernel/tainted; exec nosuch');
is($status, 127, 'command that is not there');
like($stderr, qr/^lab\/run: the kernel warned: [^\n]*WARNING: made up; see/m, '... and what the kernel warned of');

# Ctrl-C reaches all of the process group, as a terminal would have it.
my $mark = "$dir/interrupt";
my $pid = fork() // die;
if (!$pid) {
	setpgrp();
	$SIG{INT} = 'DEFAULT';
	open(STDOUT, '>', "$dir/stdout");
	open(STDERR, '>', "$dir/stderr");
	exec(@run, '--out', $mark, '--', 'sh', '-c', 'echo begun; sleep 1000');
}
for (1 .. 200) {
	last if contents("$dir/stdout") eq "begun\n";
	select(undef, undef, undef, 0.1);
}
ok(scalar(qemu_running($mark)), 'a guest runs');
kill('INT', -$pid);
waitpid($pid, 0);
is($? >> 8, 4, 'Ctrl-C');
is(scalar(qemu_running($mark)), 0, '... leaves no guest');
is(contents("$dir/stderr"), "lab/run: interrupted\n", '... said in a line');


# The command has the first one, and its result comes back.
sub interrupted
{
	my ($signals, $after, @arguments) = @_;
	my $out = "$dir/interrupted";
	system('rm', '-rf', $out, "$dir/stdout") == 0 or die;
	my $pid = fork() // die;
	if (!$pid) {
		setpgrp();
		$SIG{INT} = 'DEFAULT';
		open(STDIN, '<', '/dev/null');
		open(STDOUT, '>', "$dir/stdout");
		open(STDERR, '>', "$dir/stderr");
		exec(@run, '--out', $out, @arguments);
	}
	for (1 .. $signals) {
		for (1 .. 600) {
			last if $after->($_);
			select(undef, undef, undef, 0.1);
		}
		kill('INT', -$pid);
		sleep(1) if $signals > 1;
	}
	waitpid($pid, 0);
	is(scalar(qemu_running($out)), 0, 'Ctrl-C leaves no guest');
	return ($? >> 8, contents("$dir/stdout"), contents("$dir/stderr"), $out);
}
# When the tool measures, and not before it looks out for signals.
my $measure = '(until grep -qs ^iommubench/ /proc/[0-9]*/comm; do usleep 100000; done; echo begun) & ' .
	'exec iommubench map-unmap -T 1000s -q -o /out/r.json';
my $begun = sub { contents("$dir/stdout") =~ /^begun$/m };
my $stopped;
($status, $stdout, $stderr, $stopped) = interrupted(1, $begun, '--', 'sh', '-c', $measure);
is($status, 4, 'the tool says that it was interrupted');
like($stderr, qr/\Aiommubench: interrupted: the result holds what was measured until then\n\z/, '... in a line');
like(contents("$stopped/r.json"), qr/"complete": false/, '... and its result is here');
($status, $stdout, $stderr) = interrupted(1, $begun, '--', 'sh', '-c', 'trap "echo trapped; exit 7" INT; echo begun; while :; do sleep 1; done');
is("$status $stdout $stderr", "7 begun\ntrapped\n ", 'a command that takes it ends in its own way');
($status, $stdout, $stderr) = interrupted(2, $begun, '--', 'sh', '-c', 'trap "" INT; echo begun; sleep 1000');
is("$status $stderr", "4 lab/run: interrupted\n", 'one that does not ends with the second');
($status, $stdout, $stderr) = interrupted(1, sub { scalar(qemu_running("$dir/interrupted")) }, '--', 'echo', 'begun');
is("$status $stdout $stderr", "4  lab/run: interrupted\n", 'before the command runs the guest is stopped');
($status, $stdout, $stderr, $stopped) = interrupted(1, $begun, '--icount', '--', 'sh', '-c', $measure);
is($status, 4, 'with instruction-counted time the tool is interrupted, too');
like(contents("$stopped/r.json"), qr/"complete": false/, '... and its result is here');

# Nothing is left behind.
is_deeply([glob("$ENV{TMPDIR}/*")], [], 'no temporary file is left');

done_testing();
