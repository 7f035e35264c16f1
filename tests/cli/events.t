#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# --events with what cannot be, and list-events on whatever machine this is, with and without root.
use strict;
use warnings;
use FindBin;
use File::Temp qw(tempdir);
use JSON::PP;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tool;

for my $name (qw(map-unmap tlb-flush iopf pasid)) {
	refused(2, qr/--events: .*empty name/, "$name: an empty list", $tool, $name, '-e', '');
	refused(2, qr/--events: .*empty name/, "$name: a comma too many", $tool, $name, '-e', 'cycles,');
	refused(2, qr/--events: .*second '\/'/, "$name: half a PMU", $tool, $name, '--events', 'smmuv3_pmcg/tlb_miss');
	refused(2, qr/--events: 'none'/, "$name: none and something", $tool, $name, '-e', 'none', '-e', 'cycles');
	like((run($tool, $name, '-h'))[1], qr/list-events/, "$name -h tells where the names are");
}

# sane NAME OUTPUT: a list as JSON.
sub sane
{
	my ($name, $text) = @_;
	my $list = eval { decode_json($text) };
	ok($list, "$name: it is JSON") or return {};
	is($list->{schema}, 'iommubench-events/1', "$name: with its schema");
	my $path = tempdir(CLEANUP => 1) . '/list.json';
	open my $out, '>', $path or die;
	print $out $text;
	close $out;
	my ($status, $told, $err) = run('python3', '-c',
		'import sys, json, jsonschema; jsonschema.validate(*(json.load(open(p)) for p in sys.argv[1:]))',
		$path, "$top/results/schema/iommubench-events-1.schema.json");
	is($status, 0, "$name: which it fits") or diag($err);
	my @mute = grep { defined $_->{countable} && !$_->{countable} && $_->{reason} eq '' } @{ $list->{events} };
	is(scalar @mute, 0, "$name: what is not countable has a reason") or diag(encode_json(\@mute));
	my %kinds = map { $_->{kind} => 1 } @{ $list->{events} };
	ok($kinds{$_}, "$name: $_ is told of") for qw(tracepoint commands interrupts);
	return $list;
}

my $list = sane('list-events', done_well('list-events as JSON', $tool, 'list-events', '--format', 'json'));
like(done_well('list-events', $tool, 'list-events'), qr/^interrupts of/m, 'for people');
my $csv = done_well('list-events as CSV', $tool, 'list-events', '--format', 'csv');
is(scalar(() = $csv =~ /^(?:cpu|software|pmu|tracepoint|commands|interrupts),/mg), scalar @{ $list->{events} },
	'a row for each event');
is(done_well('quiet', $tool, 'list-events', '-q'), '', 'quiet says nothing');
my $some = decode_json(done_well('with a word', $tool, 'list-events', 'iommu:', '--format', 'json'));
is(scalar(grep { $_->{name} !~ /iommu:/ } @{ $some->{events} }), 0, 'only what has it');
refused(3, qr/'no-such-event'/, 'a word that nothing has', $tool, 'list-events', 'no-such-event');
refused(2, qr/unexpected argument 'b'/, 'two words', $tool, 'list-events', 'a', 'b');
refused(2, qr/--output: '-'/, 'no file', $tool, 'list-events', '-o', '-');
my $dir = tempdir(CLEANUP => 1);
refused(3, qr/folder/, 'no such folder', $tool, 'list-events', '-o', "$dir/none/x.json");
done_well('into a file', $tool, 'list-events', '-q', '-o', "$dir/list.json");
is_deeply(decode_json(do { local (@ARGV, $/) = "$dir/list.json"; <> })->{schema}, 'iommubench-events/1', 'is there');

SKIP: {
	skip 'needs root, to be without it', 2 if $> != 0;
	my @nobody = qw(setpriv --reuid=65534 --regid=65534 --clear-groups);
	skip 'setpriv cannot run the tool here', 2 if (run(@nobody, $tool, '-V'))[0];
	my $text = done_well('without root', @nobody, $tool, 'list-events', '--format', 'json');
	sane('without root', $text);
}
done_testing();
