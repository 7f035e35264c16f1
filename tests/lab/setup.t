#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# Setting up: what is missing is named, and the cache only gives out what is whole.
use strict;
use warnings;
use File::Temp qw(tempdir);
use Test::More;

my $dir = tempdir(CLEANUP => 1);

# run(COMMAND...): status and stderr, and stdout in $stdout.
my $stdout;
sub run
{
	my $pid = fork() // die "fork: $!";
	if (!$pid) {
		open(STDIN, '<', '/dev/null') and open(STDOUT, '>', "$dir/stdout") and
			open(STDERR, '>', "$dir/stderr") and exec(@_);
		exit(255);
	}
	waitpid($pid, 0);
	my $status = $? >> 8;
	my %text;
	for my $stream (qw(stdout stderr)) {
		open(my $file, '<', "$dir/$stream") or die "$stream: $!";
		local $/;
		$text{$stream} = <$file> // '';
	}
	$stdout = $text{stdout};
	return ($status, $text{stderr});
}

my ($status, $stderr);

# A machine without apt: a path with just what the scripts call before they look for it.
mkdir("$dir/bin");
for my $tool (qw(sh dirname uname)) {
	my ($path) = grep { -x } map { "$_/$tool" } qw(/usr/bin /bin);
	symlink($path, "$dir/bin/$tool") or die "$tool: $!";
}
mkdir("$dir/scripts");
system('cp', 'scripts/demo', 'scripts/check', 'scripts/lib.sh', "$dir/scripts") == 0 or die;
system('cp', '--parents', 'lab/demo', glob('lab/boards/*'), $dir) == 0 or die;
system('sed', '-i', 's|^PATH=.*|PATH=$PATH|', "$dir/scripts/lib.sh") == 0 or die;
my %named;
for my $script (qw(demo check)) {
	($status, $stderr) = run('env', "PATH=$dir/bin", "$dir/scripts/$script");
	is($status, 3, "$script without apt");
	like($stderr, qr/\A$script: there is no apt here\..*"make $script": make gcc .*qemu-system-arm .*\n\z/,
		'... names the packages in a line');
	$named{$script} = { map { $_ => 1 } split(' ', $stderr =~ s/.*": //r) };
}
is_deeply([grep { !$named{check}{$_} } keys %{$named{demo}}], [], 'the demo needs nothing that the tests do not');

# The cache. There is no archive at this address.
chomp(my $whole = qx(lab/fetch-sysroot));
ok(-x "$whole/bin/busybox", 'a sysroot');
$ENV{IOMMUBENCH_ARCHIVE} = "file:$dir/nowhere";
my $cache = $ENV{IOMMUBENCH_CACHE} = "$dir/cache";
mkdir($cache);
system('cp', '-a', $whole, $cache) == 0 or die;
my $entry = $cache . $whole =~ s{.*(?=/)}{}r;

($status, $stderr) = run('lab/fetch-sysroot');
is_deeply([$status, $stdout, $stderr], [0, "$entry\n", ''], 'what is whole needs no network');

truncate("$entry/bin/busybox", 1000);
mkdir("$cache/new-sysroot");
($status, $stderr) = run('lab/fetch-sysroot');
is($status, 3, 'a file that was cut short');
is($stdout, '', '... is not given out');
like($stderr, qr/^fetch-sysroot: cannot read the package lists of Debian bookworm: .*\n\z/m, '... without a network, that is said');
is_deeply([glob("$cache/new-* $cache/sysroot-*")], [], '... nothing half-made stays');

($status, $stderr) = run('env', "IOMMUBENCH_CACHE=$dir/no such", 'lab/fetch-sysroot');
is($status, 2, 'a folder that kbuild cannot work in');
like($stderr, qr/\Afetch-sysroot: .*Set IOMMUBENCH_CACHE.*\n\z/, '... said in a line');
($status, $stderr) = run('env', 'IOMMUBENCH_CACHE=/proc/nowhere', 'lab/fetch-sysroot');
is($status, 3, 'a folder that cannot be written');
like($stderr, qr/\Afetch-sysroot: .*Set IOMMUBENCH_CACHE.*\n\z/, '... said in a line');
($status, $stderr) = run('env', '-u', 'HOME', '-u', 'XDG_CACHE_HOME', '-u', 'IOMMUBENCH_CACHE', 'lab/fetch-sysroot');
is($status, 2, 'no home');
like($stderr, qr/\Afetch-sysroot: HOME is not set\. Set IOMMUBENCH_CACHE.*\n\z/, '... said in a line');
($status, $stderr) = run('lab/fetch-kernel', '5.10');
is($status, 2, 'unknown kernel');
like($stderr, qr/\Afetch-kernel: which kernel\? There are 6\.1, 6\.12 and 6\.12-16k\n\z/, '... said in a line');

done_testing();
