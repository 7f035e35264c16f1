# SPDX-License-Identifier: GPL-2.0-only
#
# What the tests that look at the source tree share.
package Tree;

use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);
use File::Find qw(find);
use Test::More;

our @EXPORT = qw($top tree_files read_file contents is_script need_tool clean_output);

our $top = abs_path(dirname(__FILE__) . '/../..');
chdir $top or die "$top: $!";

# Every file that is, or is about to be, part of the tree: in a clone what git would take, in an
# unpacked archive everything that was not made by a build.
sub tree_files
{
	my @files;

	if (-e '.git') {
		@files = split /\0/, qx(git ls-files -z --cached --others --exclude-standard);
		die "git ls-files failed\n" if $?;
	} else {
		find({ no_chdir => 1, wanted => sub {
			$File::Find::prune = 1 if m{^\./(build|results/demo[^/]*|\.cache)$|/__pycache__$};
			return if $_ eq './compile_commands.json';
			push @files, s{^\./}{}r if -f && !$File::Find::prune;
		} }, '.');
	}
	@files = sort grep { -f } @files;
	die "no files found\n" unless @files;
	return @files;
}

sub read_file
{
	my ($path) = @_;
	open my $in, '<:raw', $path or die "$path: $!\n";
	local $/;
	return <$in> // '';
}

# What a file holds that need not be there.
sub contents
{
	my ($path) = @_;
	return eval { read_file($path) } // '';
}

# Does the first line name an interpreter that matches?
sub is_script
{
	my ($path, $interpreter) = @_;
	open my $in, '<:raw', $path or die "$path: $!\n";
	my $first = <$in> // '';
	return $first =~ m{^#!.*\b$interpreter\b};
}

# A test that cannot run its tool has failed: what is not checked must not look checked.
sub need_tool
{
	my ($tool, $package) = @_;
	return if grep { -x "$_/$tool" } split /:/, $ENV{PATH};
	plan tests => 1;
	fail("$tool is there");
	diag("$tool is missing: apt install $package");
	exit 1;
}

# One test: the command ends well and has nothing to say.
sub clean_output
{
	my ($name, @command) = @_;
	my ($output, $status);

	my $pid = open(my $pipe, '-|') // die "fork: $!";
	if (!$pid) {
		open STDERR, '>&', \*STDOUT;
		exec(@command) or die "$command[0]: $!\n";
	}
	{
		local $/;
		$output = <$pipe>;
	}
	close $pipe;
	$status = $?;
	my $ok = ok($status == 0 && $output eq '', $name);
	diag($output . ($status ? "(exit status " . ($status >> 8) . ")" : '')) unless $ok;
	return $ok;
}

1;
