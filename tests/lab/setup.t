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

# What the scripts say of themselves needs a shell only, and nothing is done besides.
for my $script (qw(demo check)) {
	my $help;
	for my $option ('-h', '--help') {
		($status, $stderr) = run('env', "PATH=$dir/bin", "$dir/scripts/$script", $option);
		is_deeply([$status, $stderr], [0, ''], "$script $option");
		is($stdout, $help //= $stdout, '... is the same');
	}
	like($help, qr/\AUsage: scripts\/$script .*Where things go:.*Environment:.*IOMMUBENCH_CACHE.*Exit status:/s, '... tells all of it');
	is(scalar(grep { length > 80 } split(/\n/, $help)), 0, '... and fits a terminal');
	for my $wrong (['x'], ['--nonsense'], [''], ['-j4', '-h']) {
		($status, $stderr) = run('env', "PATH=$dir/bin", "$dir/scripts/$script", @$wrong);
		is($status, 2, "$script '@$wrong'");
		like($stderr, qr/\A$script: unknown argument '\Q$wrong->[0]\E': expected [^\n]* -h[^\n]*\n\z/, '... is refused in a line');
		is($stdout, '', '... and nothing else is said');
	}
}
($status, $stderr) = run('env', "PATH=$dir/bin", 'DEMO_BOARDS=typo', "$dir/scripts/demo", '-h');
like($stdout, qr/DEMO_BOARDS .*default: virt-smmuv3 /s, 'the help of the demo tells its boards, whatever was asked for');
is_deeply([grep { !m{/(scripts|lab|bin|std\w+)$} } glob("$dir/*")], [], 'nothing was made');

# All that is missing is named at once.
($status, $stderr) = run('sh', '-c', '. scripts/lib.sh; need_all sh:dash no-such:p1 nor-that:p2 nor-this:p1');
is($status, 3, 'tools that are missing');
is($stderr, "sh: missing: no-such nor-that nor-this. Expected what these Debian packages have: p1 p2\n", '... are named in a line');
($status, $stderr) = run('sh', '-c', '. scripts/lib.sh; packages_demo="make no-such nor-that"; tell_missing demo');
is_deeply([$status, $stderr], [0, "Not installed, which scripts/demo does by itself: apt install no-such nor-that\n"],
	'packages that are missing, by make');
($status, $stderr) = run('sh', '-c', '. scripts/lib.sh; packages_demo=make; tell_missing demo');
is_deeply([$status, $stderr], [0, ''], '... and none');
if (system('id -u | grep -qx 0') == 0 && -x '/usr/bin/setpriv') {
	# Who has no rights, and no sudo.
	($status, $stderr) = run('setpriv', '--reuid=65534', '--clear-groups', 'sh', '-c',
		'command() { [ "$2" != sudo ] && [ -x "/usr/bin/$2" ]; }; ' .
		'. scripts/lib.sh; packages_demo="make no-such nor-that"; need_packages demo');
	is($status, 3, 'packages that somebody without rights lacks');
	is($stderr, "sh: these Debian packages are missing, install them as root: no-such nor-that\n", '... are named in a line');
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
