#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# The module built with sparse and the kernel's extra warnings, once for each kernel in KERNELS.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tree;

need_tool('sparse', 'sparse');
my @kernels = split ' ', $ENV{KERNELS} // '';
my $parallel = ($ENV{IOMMUBENCH_JOBS} // 1) > 1 ? 1 : 2;
plan tests => 2 * @kernels + 1;
ok(@kernels > 0, 'KERNELS names the kernels to build for');

for my $kernel (@kernels) {
	my $folder = qx(lab/fetch-kernel $kernel);
	chomp $folder;
	my $output = qx(make -j$parallel module KDIR='$folder/build' MODULE_OUT=build/sparse/$kernel \\
		ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- C=2 W=1 2>&1);
	ok($? == 0, "builds for $kernel") or diag($output);
	# What is said about the kernel's own headers is not ours to mend.
	my @ours = grep { /warning|error/ && !m{^(\./(include|arch)/|\Q$folder\E)} } split /\n/, $output;
	ok(!@ours, "sparse and W=1 have nothing to say, $kernel") or diag(join("\n", @ours));
}
