#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# The R-Car boards are what the SoCs are: each IPMMU, SDHI and PCIe controller of our device trees is compared with
# that of the SoC's in Linux (arch/arm64/boot/dts/renesas/). All that differs is in the table below with its reason.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Fdt;
use Test::More;
use Tree;

# H3 ES1 has a tree of its own (r8a77950), which none of our boards is.
my %boards = (
	'r8a7795-es2' => 'r8a77951',
	'r8a7795-es3' => 'r8a77951',
	'r8a7796' => 'r8a77960',
	'r8a77961' => 'r8a77961',
);

# Nodes that are compared, by the beginning of their path
my @kinds = qw(iommu mmc pcie);

# What differs: kind of node (* for all), property, what ours says of it (undef: nothing), and why.
my @differences = (
	['*', [qw(clocks clock-names power-domains resets)], undef,
		'there is no model of clocks, power and resets, and the stock IPMMU driver and our engines ask for none'],
	['*', ['status'], undef, 'the board switches on what it has, and we have all of it'],

	['mmc', ['compatible'], '"iommubench,dmatest"', 'an engine stands for the SDHI, so that no SDHI driver takes it'],
	['mmc', ['reg'], qr/^0x0 0xee1[0-6]0000 0x0 0x10000$/, 'the engine has more registers, at the same address'],
	['mmc', [qw(max-frequency pinctrl-0 pinctrl-1 pinctrl-names vmmc-supply vqmmc-supply cd-gpios wp-gpios bus-width
		mmc-hs200-1_8v mmc-hs400-1_8v no-sd no-sdio non-removable fixed-emmc-driver-type
		full-pwr-cycle-in-suspend sd-uhs-sdr50 sd-uhs-sdr104)], undef,
		'the engine has neither pins nor a card'],

	['pcie', ['compatible'], '"pci-host-ecam-generic"',
		'there is no model of the registers of the controller; configuration space is reached by ECAM'],
	['pcie', ['reg'], qr/^0x0 0x(?:fe0|ee8)00000 0x0 0x200000$/, 'ECAM of two buses, at the same address'],
	['pcie', ['bus-range'], '0x0 0x1', 'there is room for ECAM of two buses'],
	['pcie', ['ranges'], qr/^0x2000000 0x0 0x(?:fe2|eea)00000 .*/,
		'without I/O ports, where ECAM is; memory is as there'],
	['pcie', ['linux,pci-domain'], qr/^0x[01]$/, 'so that the domains are the same in each boot'],
	['pcie', ['interrupt-map'], qr/^0x0 0x0 0x0 0x0 \S+ 0x0 0x0 0x0 0x(?:74|94) 0x4$/,
		'our interrupt controller has addresses of two cells'],
);

# Where phandles are: cells of a row, and the one among them
my %phandles = (
	'iommus' => [2, 0], 'renesas,ipmmu-main' => [2, 0], 'iommu-map' => [4, 1], 'interrupt-map' => [10, 4],
);

# text(TREE, PROPERTY, VALUE): the value for people, with a path for each phandle.
sub text
{
	my ($tree, $property, $value) = @_;

	return undef unless defined($value);
	return join(' ', map { "\"$_\"" } fdt_strings($value)) if $value =~ /\A(?:[\x20-\x7e]{2,}\0)+\z/;
	my @cells = map { sprintf('%#x', $_) } fdt_cells($value);
	if (my $at = $phandles{$property}) {
		my ($row, $place) = @$at;
		my %path = map { ($tree->{$_}{phandle} // '') ne '' ? (sprintf('%#x', fdt_cells($tree->{$_}{phandle})), $_) : () }
			keys %$tree;
		for (my $i = $place; $i < @cells; $i += $row) {
			$cells[$i] = $path{$cells[$i]} // $cells[$i];
		}
	}
	return join(' ', map { $_ eq '0' ? '0x0' : $_ } @cells);
}

# why(KIND, PROPERTY, OURS): the row that allows it, or undef.
sub why
{
	my ($kind, $property, $ours) = @_;

	for my $row (@differences) {
		my ($of, $properties, $value) = @$row;
		next unless ($of eq '*' || $of eq $kind) && grep { $_ eq $property } @$properties;
		return $row if defined($value) == defined($ours) &&
			(!defined($value) || (ref($value) ? $ours =~ $value : $ours eq $value));
	}
	return undef;
}

sub nodes
{
	my ($tree, $kind) = @_;
	return [sort grep { m{^/soc/\Q$kind\E@} } keys %$tree];
}

my $dir = tempdir(CLEANUP => 1);
my %used;

chomp(my $qemu = qx(lab/qemu/build));
is($?, 0, 'a QEMU') or BAIL_OUT('no QEMU');
chomp(my $trees = qx(lab/fetch-trees));
is($?, 0, 'the SoCs\' trees') or BAIL_OUT('no trees');
my ($utlbs) = read_file('lab/qemu/hw/ipmmu/internal.h') =~ /^#define IPMMU_UTLBS\s+(\d+)/m;

for my $board (sort keys %boards) {
	my $dtb = "$dir/$board.dtb";
	my $said = qx($qemu -M iommubench,variant=$board,dumpdtb=$dtb -m 1G -nodefaults -display none 2>&1);
	my $ours = eval { fdt_read(read_file($dtb)) };
	ok($ours, "$board: our tree") or diag($said, $@);
	my $theirs = fdt_read(read_file("$trees/$boards{$board}.dtb"));
	next unless $ours;

	for my $kind (@kinds) {
		my $nodes = nodes($theirs, $kind);
		cmp_ok(scalar(@$nodes), '>=', 2, "$board: the SoC has nodes called $kind");
		is_deeply(nodes($ours, $kind), $nodes, '... all of them, and no more');
		for my $node (grep { $ours->{$_} } @$nodes) {
			my %names = map { $_ => 1 } keys %{$ours->{$node}}, keys %{$theirs->{$node}};
			my @wrong;
			for my $name (sort grep { $_ ne 'phandle' } keys %names) {
				my $our = text($ours, $name, $ours->{$node}{$name});
				my $their = text($theirs, $name, $theirs->{$node}{$name});
				next if defined($our) && defined($their) && $our eq $their;
				my $row = why($kind, $name, $our);
				if ($row) {
					$used{"$row $name"} = 1;
				} else {
					push(@wrong, "$name: ours " . ($our // 'not there') . ', theirs ' . ($their // 'not there'));
				}
			}
			is_deeply(\@wrong, [], "$node");
		}
	}

	# Memory of the buses is as there, behind the I/O ports.
	for my $node (@{nodes($theirs, 'pcie')}) {
		my ($our, $their) = map { text($_, 'ranges', $_->{$node}{ranges}) } $ours, $theirs;
		is($our, $their =~ s/^(?:\S+ ){7}//r, "$node: windows of memory");
	}
	# Masters that we do not have tell as well how many micro-TLBs there are.
	my @numbers = map { my @cells = fdt_cells($_->{iommus}); @cells[grep { $_ % 2 } 0 .. $#cells] }
		grep { defined($_->{iommus}) } values %$theirs;
	cmp_ok(scalar(@numbers), '>', 50, "$board: masters of the SoC's IPMMUs");
	is_deeply([grep { $_ >= $utlbs } @numbers], [], "... at one of $utlbs micro-TLBs");
}

for my $row (@differences) {
	my ($kind, $properties) = @$row;
	is_deeply([grep { !$used{"$row $_"} } @$properties], [], "$kind: the table has only what differs: @$properties[0]");
}

done_testing();
