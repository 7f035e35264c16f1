#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# tests/guest/boot: scripts that share a guest are told apart when one fails, leaves something behind, or ends the guest.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tree;

my $board = 'smmuv3-sva';
my $kernel = $ENV{BOARD_KERNEL} // 'lab-6.12';
my $dir = tempdir(CLEANUP => 1);
my %script = (
	good => 'ok 0 "it is here"',
	fails => 'ok 1 "it is there"',
	leaves => 'iommubench-unbind "$device"; ok 0 "it is here"',
	stays => 'sleep 1000 & ok 0 "it is here"',
	exits => 'ok 0 "it is here"; exit 7',
	panics => 'ok 0 "it is here"; echo c >/proc/sysrq-trigger; sleep 60',
	after => '[ -e "$node" ]; ok $? "the device is bound"',
);
mkdir("$dir/boot") or die;
for my $name (keys %script) {
	open(my $file, '>', "$dir/boot/test_$name.sh") or die;
	print $file "# boot: shared it\n. ./tap.sh\n$script{$name}\ndone_testing\n";
}

# boot NAME...: status, what failed of which script and why, and how many tests there were and should be.
sub boot
{
	my @scripts = map { "$dir/boot/test_$_.sh" } @_;
	my $said = qx(tests/guest/boards --wait && tests/guest/boot --board $board $kernel @scripts 2>/dev/null);
	my $status = $? >> 8;
	my @failed = map { s{boot/test_}{}r } $said =~ /^not ok \d+ - (.*)$/mg;
	my $count = () = $said =~ /^(?:not )?ok /mg;
	my ($plan) = $said =~ /^1\.\.(\d+)$/m;

	is($count, $plan, "@_: the plan") or diag($said);
	return ($status, \@failed, $said);
}

my ($status, $failed, $said);

($status, $failed, $said) = boot(qw(good fails exits leaves after));
is($status, 1, 'several failures');
is_deeply($failed, [
	'fails: it is there',
	'exits: the guest ran the script to its end (1 tests)',
	'leaves: it leaves the guest as it was',
], '... by name, and the one after them has a guest as it should be');
like($said, qr{^#   -/dev/iommubench/.*\n(?s:.*)^ok \d+ - boot/test_after: the device is bound$}m, '... it is told what was left');

($status, $failed, $said) = boot(qw(stays good));
is_deeply([$status, @$failed], [1, 'stays: it leaves the guest as it was'], 'a process that stays');
like($said, qr{^#   \+process sleep$}m, '... is named');

($status, $failed, $said) = boot(qw(good panics after));
is_deeply([$status, @$failed], [1,
	'panics: the guest ran the script to its end (1 tests)',
	"panics: the kernel's console shows no warning",
	'after: the guest ran the script',
], 'the guest dies');
like($said, qr{lab/run: the guest stopped: Kernel panic .*sysrq}, '... it is told how');
like($said, qr{^#   not run, as the guest did not get past boot/test_panics$}m, '... and why another one was not run');
is(() = read_file("build/guest-tests/$board-$kernel/boot/test_panics.out/console.log") =~ /begins$/mg, 1,
	'... its console is its own');

done_testing();
