# SPDX-License-Identifier: GPL-2.0-only
#
# Running the tool and judging how it ended. The one with sanitizers is used, so that every test also
# looks for bad memory accesses, leaks and undefined behaviour.
package Tool;

use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;

our @EXPORT = qw($top $tool run refused done_well sound private_copy);

our $top = abs_path(dirname(__FILE__) . '/../..');
our $tool = ($ENV{IOMMUBENCH_SANITIZED} // "$top/build/sanitized") . '/iommubench';
$ENV{LC_ALL} = 'C';
# The libraries' own allocations at exit are not ours.
$ENV{ASAN_OPTIONS} = 'detect_leaks=1:abort_on_error=0:exitcode=99';
$ENV{LSAN_OPTIONS} = 'exitcode=99';
$ENV{UBSAN_OPTIONS} = 'print_stacktrace=1';
delete $ENV{IOMMUBENCH_DATADIR};
-x $tool or BAIL_OUT("$tool is not built: run this through 'tests/run cli'");

# run(COMMAND...): (status, stdout, stderr); a signal is a negative status.
sub run
{
	my (@command) = @_;
	my $dir = tempdir(CLEANUP => 1);
	my $pid = fork() // die "fork: $!";

	if (!$pid) {
		open STDIN, '<', '/dev/null';
		open STDOUT, '>', "$dir/out";
		open STDERR, '>', "$dir/err";
		exec { $command[0] } @command or exit 127;
	}
	waitpid($pid, 0);
	my $status = $? & 127 ? -($? & 127) : $? >> 8;
	my @text = map { open my $in, '<:raw', "$dir/$_" or die; local $/; <$in> // '' } qw(out err);
	return ($status, @text);
}

# What no input may bring about.
sub sound
{
	my ($status, $err) = @_;
	return $status >= 0 && $status < 99 && $err !~ /Sanitizer|runtime error|Assertion/;
}

# refused(STATUS, WORDS, NAME, COMMAND...): that status, one line with these words on stderr, nothing on
# stdout.
sub refused
{
	my ($want, $words, $name, @command) = @_;
	my ($status, $out, $err) = run(@command);
	my $ok = ok($status == $want && $out eq '' &&
		    $err =~ /\A(?:iommubench[a-z -]*|lab\/run|tests\/run): [^\n]+\n\z/ && $err =~ $words &&
		    length($err) < 400, $name);
	diag("@command\nstatus $status, expected $want\nstdout: $out\nstderr: $err\nexpected: $words")
		unless $ok;
	return $ok;
}

# done_well(NAME, COMMAND...): status 0 and nothing on stderr; gives stdout.
sub done_well
{
	my ($name, @command) = @_;
	my ($status, $out, $err) = run(@command);
	ok($status == 0 && $err eq '', $name) or diag("@command\nstatus $status\n$out$err");
	return $out;
}

# Where a user without rights can run it, wherever the tree is.
sub private_copy
{
	my $dir = tempdir(CLEANUP => 1);
	chmod 0755, $dir;
	system('cp', $tool, "$dir/iommubench") == 0 or die "cp failed\n";
	chmod 0755, "$dir/iommubench";
	return "$dir/iommubench";
}

1;
