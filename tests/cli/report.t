#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# report with folders and files that are not what they should be. result.json is of a run in the lab.
use strict;
use warnings;
use File::Copy qw(copy);
use File::Temp qw(tempdir);
use FindBin;
use JSON::PP;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tool;

$ENV{IOMMUBENCH_DATADIR} = "$top/scripts";
my $good = "$FindBin::Bin/result.json";

sub folder
{
	my (%files) = @_;
	my $dir = tempdir(CLEANUP => 1);
	while (my ($name, $text) = each %files) {
		open my $out, '>', "$dir/$name" or die;
		print $out $text;
		close $out;
	}
	return $dir;
}

sub content
{
	my ($path) = @_;
	open my $in, '<:raw', $path or return '';
	local $/;
	return <$in>;
}

# fits NAME OUTPUT SCHEMA: it is JSON that fits its schema, in which nothing unknown can be.
sub fits
{
	my ($name, $output, $schema) = @_;
	my $path = tempdir(CLEANUP => 1) . '/output.json';
	open my $out, '>', $path or die;
	print $out $output;
	close $out;
	my ($status, $told, $err) = run('python3', '-c',
		'import sys, json, jsonschema; jsonschema.validate(*(json.load(open(p)) for p in sys.argv[1:]))',
		$path, "$top/results/schema/iommubench-$schema-1.schema.json");
	is($status, 0, "$name: fits its schema") or diag($err);
}

my $text = content($good);

refused(2, qr/folder/, 'no folder', $tool, 'report');
refused(2, qr{/nowhere}, 'no such folder', $tool, 'report', '/nowhere');
refused(2, qr/Not a directory/, 'a file as a folder', $tool, 'report', $good);
refused(2, qr/one folder/, 'two folders', $tool, 'report', '/tmp', '/usr');
refused(3, qr/no result|no \*?\.json/i, 'an empty folder', $tool, 'report', folder());

# Files that are no results are named and skipped; without any good one that is an error.
my %bad = (
	'empty' => '',
	'cut' => substr($text, 0, length($text) / 2),
	'array' => '[]',
	'number' => '42',
	'binary' => join('', map { chr } 0 .. 255),
	'foreign' => '{"schema": "something-else/1"}',
	'newer' => $text =~ s{iommubench-result/1}{iommubench-result/2}r,
	'deep' => '[' x 100000,
	'no phases' => $text =~ s/"phases"/"phasen"/r,
	'bad bucket' => $text =~ s/"buckets":\s*\[/"buckets": [[-1, 5], /r,
);
for my $kind (sort keys %bad) {
	my $dir = folder('bad.json' => $bad{$kind});
	my ($status, $out, $err) = run($tool, 'report', '--no-pictures', $dir);
	ok($status == 3 && $err =~ /bad\.json/ && sound($status, $err), "$kind: named, and nothing is left")
		or diag("status $status: $err");
	copy($good, "$dir/good.json");
	($status, $out, $err) = run($tool, 'report', '--no-pictures', $dir);
	ok($status == 0 && $err =~ /\A[^\n]*bad\.json[^\n]*\n\z/, "$kind: skipped beside a good one")
		or diag("status $status: $err");
}

# One good result gives a page of its own.
my $dir = folder('good.json' => $text);
my $out = done_well('a good result', $tool, 'report', '--no-pictures', $dir);
like($out, qr{\Q$dir\E/index\.html}, 'tells where the page is');
like($out, qr/virtual/i, 'says that the machine is virtual');
my $page = content("$dir/index.html");
like($page, qr/virtual/i, 'so does the page');
unlike($page, qr{(?:src|href)="(?!data:|#)[^"]}, 'the page needs no other file');
$out = done_well('the same as CSV', $tool, 'report', '--no-pictures', '--format', 'csv', $dir);
is(scalar(split /\n/, $out), 3, 'a line of names and one for each phase') or diag($out);
$out = done_well('the same as JSON', $tool, 'report', '--no-pictures', '--format', 'json', $dir);
is(decode_json($out)->{results}, 1, 'which says how many results there are');
fits('a result', $out, 'report');
is(done_well('quietly', $tool, 'report', '-q', '--no-pictures', $dir), '', '-q prints nothing');

# Each kind, of which there are three results with few samples: percentiles that these do not tell are null.
{
	my $few = decode_json($text);
	my %named = ('io' => [ 'read', 'write' ], 'iopf' => [ 'fault', 'cpu_fault' ], 'pasid' => [ 'bind', 'unbind' ]);
	my %files = (flush => content("$FindBin::Bin/tlb-flush.json"));
	for my $kind ('map-unmap', sort keys %named) {
		my $one = decode_json($text);
		$one->{tool}{subcommand} = $kind;
		my @names = @{ $named{$kind} // [] };
		$_->{name} = shift @names // $_->{name} for @{ $one->{phases} };
		$one->{io} = { bytes => 1, bytes_per_s => 1, cpu => { busy_ns_per_op => 7 }, disk => { name => 'a' } }
			if $kind eq 'io';
		$one->{iopf} = { faults_per_s => 5, stages => { event => { shown => JSON::PP::false, reason => 'x' } } }
			if $kind eq 'iopf';
		$one->{params}{$_} = 1 for qw(queue_depth live outstanding);
		for my $phase (@{ $one->{phases} }) {
			$phase->{histogram} = { unit => 'tick', ns_per_unit => 16, batch => 1, sub_bucket_bits => 7,
				sum => 500, min => 100, max => 100, count => 5, buckets => [ [ 100, 5 ] ] };
			$phase->{latency_ns}{count} = 5;
			$phase->{latency_ns}{$_} = undef for qw(p90 p99 p99_9 p99_99);
			$phase->{latency_ns}{$_} = 1600 for qw(min mean p50 max);
		}
		$files{"$kind-$_"} = encode_json($one) for 1 .. 2;
		$one->{params}{seed} = 7;
		$files{"$kind-3"} = encode_json($one);
	}
	my $all = folder(map { ("$_.json" => $files{$_}) } keys %files);
	my $json = done_well('all kinds as JSON', $tool, 'report', '--no-pictures', '--format', 'json', $all);
	fits('all kinds', $json, 'report');
	is(scalar @{ decode_json($json)->{comparisons} }, 5, 'which has all of them');
	unlike($json, qr/"p99\w*": [0-9]/, 'no p99 of five samples is told');
	my $table = done_well('all kinds for people', $tool, 'report', '--no-pictures', $all);
	unlike($table, qr/\bnan\b/i, 'and none is no number');
	unlike(content("$all/index.html"), qr/[>\s]-?nan\b/i, 'nor on the page');
}

# Markup in a result stays text.
my $evil = decode_json($text);
$evil->{machine}{kernel} = '<script>alert(1)</script>';
$evil->{warnings} = ['"><img src=x onerror=alert(2)>'];
$dir = folder('evil.json' => encode_json($evil));
done_well('a result with markup in it', $tool, 'report', '--no-pictures', $dir);
unlike(content("$dir/index.html"), qr/<script>alert|<img src=x/, 'the page does not contain it');

# Where it goes.
$dir = folder('good.json' => $text);
my $where = tempdir(CLEANUP => 1);
done_well('another folder for the page', $tool, 'report', '--no-pictures', '-q', '-o', "$where/new", $dir);
ok(-s "$where/new/index.html" && !-e "$dir/index.html", 'which is made');
refused(3, qr{/nowhere}, 'a folder that cannot be made', $tool, 'report', '-q', '--no-pictures', '-o',
	'/nowhere/a/b', $dir);
refused(3, qr/./, 'a file where the folder should be', $tool, 'report', '-q', '--no-pictures', '-o',
	"$dir/good.json", $dir);
my ($status, $stdout, $err) = run('sh', '-c', '"$@" >/dev/full', 'sh', $tool, 'report', '--no-pictures', $dir);
ok($status == 3 && $err =~ /standard output/, 'a full standard output') or diag("status $status: $err");

# Without gnuplot the page goes without pictures, and says so. A PATH without it:
{
	local $ENV{PATH} = '/nowhere';
	($status, $stdout, $err) = run($tool, 'report', '-q', $dir);
	ok($status == 3 && $err =~ /\Aiommubench: [^\n]*gnuplot[^\n]*\n\z/ && -s "$dir/index.html",
	   'gnuplot is missing') or diag("status $status: $err");
}
done_testing();
