#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# iommubench doctor on this machine, whatever it is like, with root and without.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use JSON::PP;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tool;
use Tree qw(contents);

my $dir = tempdir(CLEANUP => 1);
my @states = qw(ok warn fail);

# JSON that fits its schema and agrees with the exit status.
sub sane
{
	my ($name, $status, $text) = @_;
	my $report = eval { decode_json($text) };
	ok($report, "$name: it is JSON") or return {};
	open my $out, '>', "$dir/sane.json" or die;
	print $out $text;
	close $out;
	my ($fits, $told, $err) = run('python3', '-c',
		'import sys, json, jsonschema; jsonschema.validate(*(json.load(open(p)) for p in sys.argv[1:]))',
		"$dir/sane.json", "$top/results/schema/iommubench-doctor-1.schema.json");
	is($fits, 0, "$name: it fits the schema") or diag($err);
	is($status, $report->{measurable} ? 0 : 3, "$name: the exit status says the same");
	my %names;
	$names{$_->{name}}++ for @{$report->{checks}};
	is_deeply([grep { $_ > 1 } values %names], [], "$name: each check is there once");
	return $report;
}

# narrow NAME TEXT: all of it within 80 columns, without colours; its checks as [state, name].
sub narrow
{
	my ($name, $text) = @_;
	is_deeply([grep { length > 80 } split /\n/, $text], [], "$name: no line is wider than 80 columns");
	unlike($text, qr/\e/, "$name: no colours where there is no terminal");
	return [map { [lc $_->[0], $_->[1]] } map { /^(ok|warn|FAIL) +(\w+) / ? [$1, $2] : () } split /\n/, $text];
}

my ($status, $out, $err) = run($tool, 'doctor', '--format', 'json');
is($err, '', 'nothing on stderr');
my $report = sane('as root', $status, $out);
my %check = map { $_->{name} => $_ } @{$report->{checks}};
is($check{rights}{state}, $> ? 'fail' : 'ok', 'rights are as they are');
is($check{iommu}{state} eq 'ok', scalar(() = glob('/sys/kernel/iommu_groups/*')) > 0, 'an IOMMU is there or not');
my ($again, $text) = run($tool, 'doctor');
is($again, $status, 'for people: the same exit status');
is_deeply(narrow('for people', $text), [map { [$_->{state}, $_->{name}] } @{$report->{checks}}], 'and the same checks');
like($text, qr/\n\Q$report->{summary}\E\n/, 'and the same summary');
my ($quiet, $said) = run($tool, 'doctor', '-q', '-o', "$dir/a.json");
is("$quiet $said", "$status ", 'quiet: by the exit status alone');
is_deeply(decode_json(contents("$dir/a.json")), $report, 'a file has the same');

# On a terminal there are colours, unless NO_COLOR says otherwise.
SKIP: {
	skip 'needs script', 2 if system('command -v script >/dev/null');
	for my $plain (0, 1) {
		my ($done, $shown) = run('script', '-qec', ($plain ? 'NO_COLOR=1 ' : '') . "'$tool' doctor", '/dev/null');
		is($shown =~ /^\e\[[0-9;]+m(ok  |warn|FAIL)\e\[0?m  \w/m ? 1 : 0, 1 - $plain,
			'colours on a terminal' . ($plain ? ', but not with NO_COLOR' : ''));
	}
}

SKIP: {
	skip 'needs root and setpriv', 8 if $> || system('command -v setpriv >/dev/null');
	my $copy = private_copy();
	my @nobody = ('setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', $copy, 'doctor');
	my ($less, $json, $complaint) = run(@nobody, '--format', 'json');
	is($complaint, '', 'without rights: nothing on stderr');
	my $seen = sane('without rights', $less, $json);
	my ($rights) = grep { $_->{name} eq 'rights' } @{$seen->{checks}};
	is_deeply([@{$rights}{qw(state commands)}], ['fail', ['sudo iommubench doctor']], 'without rights: that is told');
	narrow('without rights', (run(@nobody))[1]);
}

# --- wrong use ---

refused(2, qr/'here' is one word too many/, 'a word too many', $tool, 'doctor', 'here');
refused(2, qr/'csv' is not one of human, json/, 'an unknown format', $tool, 'doctor', '--format', 'csv');
refused(2, qr/--output: the name is empty/, 'no name', $tool, 'doctor', '-o', '');
refused(2, qr/--output: '-' is no file/, 'no file', $tool, 'doctor', '-o', '-');
refused(3, qr/folder/, 'no such folder', $tool, 'doctor', '-o', "$dir/none/x.json");
done_testing();
