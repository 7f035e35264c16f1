# SPDX-License-Identifier: GPL-2.0-only
#
# Reads a flattened device tree (devicetree specification 0.4, chapter 5).
package Fdt;

use strict;
use warnings;
use Exporter qw(import);

our @EXPORT = qw(fdt_read fdt_cells fdt_strings);

my $MAGIC = 0xd00dfeed;
my ($BEGIN_NODE, $END_NODE, $PROP, $NOP, $END) = (1, 2, 3, 4, 9);

# fdt_read(BYTES): path of each node to its properties, as they are in the file.
sub fdt_read
{
	my ($file) = @_;
	my ($magic, undef, $at, $names) = unpack('N4', $file);
	my (%tree, @path);

	die "not a device tree\n" unless ($magic // 0) == $MAGIC;
	while (1) {
		my $token = unpack("\@$at N", $file);
		$at += 4;
		if ($token == $BEGIN_NODE) {
			my $name = unpack("\@$at Z*", $file);
			$at += (length($name) + 4) & ~3;
			push(@path, $name);
			$tree{join('/', @path) || '/'} = {};
		} elsif ($token == $END_NODE) {
			pop(@path);
		} elsif ($token == $PROP) {
			my ($length, $name) = unpack("\@$at N2", $file);
			$name = unpack('@' . ($names + $name) . 'Z*', $file);
			$tree{join('/', @path) || '/'}{$name} = substr($file, $at + 8, $length);
			$at += 8 + (($length + 3) & ~3);
		} elsif ($token == $END) {
			return \%tree;
		} elsif ($token != $NOP) {
			die "a token $token at $at\n";
		}
	}
}

# fdt_cells(VALUE): its 32-bit words.
sub fdt_cells
{
	return unpack('N*', $_[0]);
}

# fdt_strings(VALUE): its strings.
sub fdt_strings
{
	return split(/\0/, $_[0]);
}

1;
