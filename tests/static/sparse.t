#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# The module as each kernel in KERNELS has it, built with the kernel's extra warnings, looked at by sparse.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tree;

need_tool('sparse', 'sparse');
my @kernels = split ' ', $ENV{KERNELS} // '';
plan tests => 2 * @kernels + 1;
ok(@kernels > 0, 'KERNELS names the kernels to build for');

for my $kernel (@kernels) {
	my $output = qx(make -s lab-sparse-$kernel 2>&1);
	ok($? == 0, "builds for $kernel") or diag($output);
	my $folder = read_file("build/lab/$kernel/kernel") =~ s/\n//r;
	# What is said about the kernel's own headers is not ours to mend.
	my @ours = grep { /warning|error/ && !m{^(\./(include|arch)/|\Q$folder\E)} } split /\n/, $output;
	ok(!@ours, "sparse has nothing to say, $kernel") or diag(join("\n", @ours));
}
