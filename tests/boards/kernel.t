#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# lab/kernel/build: what it is told, what it finds in the cache, and how it ends when it cannot go on.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/../lib";
use POSIX qw(WNOHANG);
use Test::More;
use Time::HiRes qw(sleep time);
use Tree;

# Sources are unpacked three times, which takes most of this test's time on a disk. In memory, where there is plenty.
my ($shm_mb) = qx(df -m --output=avail /dev/shm 2>/dev/null) =~ /(\d+)/;
my ($free_mb) = map { $_ / 1024 } read_file('/proc/meminfo') =~ /^MemAvailable:\s+(\d+)/m;
my $dir = tempdir(CLEANUP => 1, ($shm_mb // 0) > 8192 && $free_mb > 12288 ? (DIR => '/dev/shm') : ());

# What is started has a process group of its own; it must not go on when this test is ended.
my $running;
$SIG{$_} = sub {
	kill('TERM', $running) and waitpid($running, 0) if $running;
	exit(4);
} for qw(HUP INT TERM);

sub start
{
	my $pid = fork() // die "fork: $!";
	if (!$pid) {
		setpgrp(0, 0);
		open(STDIN, '<', '/dev/null') and open(STDOUT, '>', "$dir/stdout") and
			open(STDERR, '>', "$dir/stderr") and exec(@_);
		exit(255);
	}
	$running = $pid;
	return $pid;
}

# end(PID): status, stdout, stderr.
sub end
{
	my ($pid) = @_;

	waitpid($pid, 0);
	my $status = $? >> 8;
	undef $running;
	return ($status, map { read_file("$dir/$_") } qw(stdout stderr));
}

sub run
{
	return end(start(@_));
}

# A tree of its own, to be changed.
my $tree = "$dir/tree";
my $build = "$tree/lab/kernel/build";
mkdir($tree) or die;
system("tar -c lab/lib.sh lab/kernel scripts/lib.sh | tar -x -C $tree") == 0 or die;

my ($status, $stdout, $stderr);

# Wrong use.
($status, $stdout, $stderr) = run($build, '--help');
is($status, 0, '--help');
like($stdout, qr/^Usage: .*--version.*--variant.*--print/s, '... teaches');
for my $case (
	[['--version', 'six'], qr/--version is six, expected a number such as 6\.12, or newest/],
	[['--version', '6.12.3'], qr/--version is 6\.12\.3, expected two numbers/],
	[['--version=6.x'], qr/--version is 6\.x, expected/],
	[['--version'], qr/--version wants a value/],
	[['--variant', 'base'], qr/--variant is base, expected default, debug, pri, debug-pri or faults/],
	[['--version', '6.1', '--variant', 'pri'], qr/--variant pri is for kernel 6\.12 only, not 6\.1/],
	[['lab-six'], qr/--version is six, expected/],
	[['lab-6.12-debug-base'], qr/--variant is debug-base, expected/],
	[['--jobs', '0'], qr/--jobs is 0, expected a number/],
	[['--fast'], qr/unknown option --fast/],
	[['lab-6.12', 'lab-6.12-base'], qr/--variant is base, expected/],
	[['--variant', 'debug', 'lab-6.12'], qr/lab-6\.12 says version and variant: leave --version and --variant out/],
) {
	($status, $stdout, $stderr) = run($build, @{$case->[0]});
	is($status, 2, "@{$case->[0]}");
	like($stderr, qr/\Abuild: $case->[1].*\n\z/, '... said in a line');
}

# The cache. The one that is used elsewhere gives an entry, which is built now if it is not there.
my ($whole, $changed) = split(/\n/, qx(lab/kernel/build lab-6.12 lab-6.12-pri));
is($?, 0, 'two kernels');
like(read_file("$changed/release"), qr/^6\.12\.\S+-pri$/, '... the second of which has its change in its name');
unlike(read_file("$whole/release"), qr/-pri$/, '... but not the first');
ok(-s "$whole/$_", "... with $_") for qw(release vmlinuz System.map build/.config build/Module.symvers
	build/include/generated/autoconf.h bin/dma_map_benchmark);
my $cache = $ENV{IOMMUBENCH_CACHE} = "$dir/cache";
mkdir($cache) or die;

($status, $stdout, $stderr) = run($build, '--print');
is_deeply([$status, $stdout], [3, ''], 'nothing in the cache, and only asked where it is');
like($stderr, qr/\Abuild: kernel 6\.12 \(default\) was not built yet\..*\n\z/, '... said in a line');
($status, $stdout, $stderr) = run($build, '--print', 'lab-6.12-debug-pri');
like($stderr, qr/\Abuild: kernel 6\.12 \(debug-pri\) was not built yet\..*\n\z/, 'named as boards name it');

system('cp', '-a', $whole, $cache) == 0 or die;
my $entry = $cache . $whole =~ s{.*(?=/)}{}r;
{
	local $ENV{IOMMUBENCH_ARCHIVE} = 'http://127.0.0.1:9';
	($status, $stdout, $stderr) = run($build);
	is_deeply([$status, $stdout, $stderr], [0, "$entry\n", ''], 'what is whole needs no network');

	open(my $config, '>>', "$tree/lab/kernel/config/default.config") or die;
	print $config "CONFIG_MEMCG=y\t\@-6.1\n";
	close($config);
	($status, $stdout, $stderr) = run($build, '--print');
	is_deeply([$status, $stdout, $stderr], [0, "$entry\n", ''], 'a symbol for another version changes nothing');

	truncate("$entry/vmlinuz", 1000);
	($status, $stdout, $stderr) = run($build);
	is_deeply([$status, $stdout], [3, ''], 'an image that was cut short is not given out');
	like($stderr, qr/\Abuild: \Q$entry\E is damaged and is not used\n.*cannot read the package lists.*\n\z/s,
		'... which is said, and without a network nothing can be done');
	is_deeply([glob("$cache/new-*")], [], '... nothing half-made stays');
}

# A change of the source that does not fit it: nothing is built.
my $change = "lab/kernel/patches/6.12/pri.diff";
system('sed', '-i', 's/^-\(.*stall_enabled;\)$/-\1 /', "$tree/$change") == 0 or die;
($status, $stdout, $stderr) = run($build, '--variant', 'pri');
is_deeply([$status, $stdout], [1, ''], 'a change that does not fit');
like($stderr, qr/\Abuild: \Q$change\E does not fit Debian's kernel 6\.12\.\S+ line \d+: what it takes out is not there\..*\n\z/,
	'... said in a line');
is_deeply([grep { -d } glob("$cache/new-* $cache/lab-kernel-*-pri-*")], [], '... nothing of that stays');

# patch itself leaves the rest out without a word.
system('sed', '-i', 's/^-\(.*stall_enabled;\) $/-\1/; 0,/^+[^+]/s/^+[^+].*/&\n+/', "$tree/$change") == 0 or die;
($status, $stdout, $stderr) = run($build, '--variant', 'pri');
is_deeply([$status, $stdout], [1, ''], 'a hunk that is longer than it says');
like($stderr, qr/ does not fit .*line \d+: it belongs to no hunk, is the one above longer than it says\?/, '... is named');

# What a configuration lacks is told. All else is as it should be, or it would be told as well.
open(my $config, '>>', "$tree/lab/kernel/config/base.config") or die;
print $config "CONFIG_NO_SUCH_THING=y\t\@-6.1\n# CONFIG_SMP is not set\t\@-6.1\n";
close($config);
($status, $stdout, $stderr) = run($build, '--version', '6.1', '--check-config');
is($status, 1, 'symbols that cannot be had');
like($stderr, qr/\A\ \ CONFIG_SMP=y,\ wanted:\ \#\ CONFIG_SMP\ is\ not\ set\n|
	\A\ \ \#\ CONFIG_NO_SUCH_THING\ is\ not\ set,\ wanted:\ CONFIG_NO_SUCH_THING=y\n/x, '... are listed');
like($stderr, qr/CONFIG_NO_SUCH_THING=y\n(?:.*\n)*build: kernel 6\.1 \(default\) cannot be configured/,
	'... and what that means');
($status, $stdout, $stderr) = run($build, '--version', 'newest', '--variant', 'debug', '--check-config');
is_deeply([$status, $stderr], [0, ''], 'the newest kernel has all of it');
is_deeply([glob("$cache/config-* $cache/new-*")], [], 'nothing of that stays');

($status, $stdout, $stderr) = run($build, '--version', '5.4');
is($status, 3, 'a version that Debian does not have');
like($stderr, qr/\Abuild: Debian's \S+ has no kernel 5\.4, but: [0-9. ]+\n\z/, '... those that there are');

# Interrupted while it compiles, so after it was configured.
my $pid = start($build, '--version', 'newest');
my $until = time + 600;
my $compiling = 0;
while (!$compiling && time < $until && !waitpid($pid, WNOHANG)) {
	$compiling = !system("cat $cache/log/lab-kernel-[7-9]*-default.log 2>/dev/null | grep -q '^  CC '");
	sleep(0.2);
}
ok($compiling, 'it compiles');
kill('TERM', $pid);
($status, $stdout, $stderr) = end($pid);
is_deeply([$status, $stdout], [4, ''], '... and can be interrupted');
is_deeply([glob("$cache/new-* $cache/lab-kernel-[7-9]*")], [], '... nothing half-made stays');
is(kill('TERM', -$pid), 0, '... and nothing runs on');

# No room. A file system of that size wants a right that not everyone has.
my @small = ('unshare', '-rm', 'sh', '-c',
	'mount -t tmpfs -o size=400m none "$IOMMUBENCH_CACHE" && exec "$@"', 'sh');
SKIP: {
	skip('cannot mount a small file system', 2) if system("@small[0..3] '$small[4]' sh true 2>/dev/null");
	($status, $stdout, $stderr) = run(@small, $build);
	is($status, 3, 'no room');
	like($stderr, qr/\Abuild: not enough room in \Q$cache\E: \d+ MB needed, \d+ MB free\..*\n\z/, '... said in a line');
}

done_testing();
