#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# scripts/hooks/pre-commit in a repository that holds a copy of this tree: off unless asked for;
# then it looks at what is staged, also in a worktree, and a refusal says why.
# IOMMUBENCH_CHECKPATCH is the path of checkpatch.pl.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tree;

need_tool('git', 'git');
my $checkpatch = $ENV{IOMMUBENCH_CHECKPATCH} // '';
delete $ENV{$_} for grep { /^GIT_/ } keys %ENV;
@ENV{qw(LC_ALL GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM)} = ('C', '/dev/null', 1);
@ENV{map { ("GIT_${_}_NAME", "GIT_${_}_EMAIL") } qw(AUTHOR COMMITTER)} = ('Nobody', 'nobody@localhost') x 2;

my $base = abs_path(tempdir(CLEANUP => 1));
my $repo = "$base/repo";
make_path($repo);
system('cp', '-p', '--parents', grep({ m{^(drivers|include|lab|scripts|src|tests)/} } tree_files()), $repo) == 0 or die;
chdir $repo or die;
END { chdir '/' }

# run COMMAND: exit status, stdout and stderr together.
sub run
{
	my ($command) = @_;
	my $output = qx(($command) 2>&1);
	return ($? >> 8, $output);
}

# add FILE, LINE: at its end, and stage it.
sub add
{
	my ($file, $line) = @_;
	open my $out, '>>', $file or die "$file: $!";
	print $out $line;
	close $out;
	system('git', 'add', $file) == 0 or die;
}

# commits NAME, [PATTERN]: what is staged is committed in silence, or refused with that.
sub commits
{
	my ($name, $refusal) = @_;
	my ($status, $output) = run('git commit -q -m text');
	if ($refusal) {
		ok($status && $output =~ $refusal, $name) or diag("status $status\n$output");
		run('git reset -q --hard');
	} else {
		is("$status $output", '0 ', $name);
	}
}

my $wrong = "\nint wrong (void) {return 0;}\n";
my ($status, $output) = run('git init -q . && git add -A && git commit -q -m all');
is("$status $output", '0 ', 'a repository');
add('src/base/error.h', $wrong);
commits('off unless asked for');
run('git reset -q --hard HEAD^; git config core.hooksPath scripts/hooks');

add('src/base/error.h', "\n/* Nothing that anybody minds. */\n");
commits('a sound change');
add('src/base/error.h', $wrong);
commits('bad style is refused, with what to do', qr{src/base/error\.h:\d+: ERROR:.*^pre-commit: not committed\..*--no-verify}ms);
add('src/base/error.h', "#include \"cli/options.h\"\n");
commits('so is an arrow that points up', qr{src/base/error\.h: uses cli/options\.h}m);
add('src/base/error.h', "\n/* Good. */\n");
open my $out, '>>', 'src/base/error.h' or die;
print $out $wrong;
close $out;
commits('what is not staged is not looked at');
like(read_file('src/base/error.h'), qr/\Q$wrong\E\z/, 'nor touched');
run('git reset -q --hard');
add('README', $wrong);
$ENV{IOMMUBENCH_CHECKPATCH} = '';
$ENV{IOMMUBENCH_CACHE} = "$base/cache";
commits('what has no style is not looked at either');
add('src/base/error.h', "\n/* Good again. */\n");
commits('without checkpatch.pl it says what to do', qr{^pre-commit: checkpatch\.pl.* is not here yet\. Run lab/fetch-checkpatch}m);
ok(!-e $ENV{IOMMUBENCH_CACHE}, 'and does not download it');
make_path("$ENV{IOMMUBENCH_CACHE}/checkpatch-0");
symlink $checkpatch, "$ENV{IOMMUBENCH_CACHE}/checkpatch-0/checkpatch.pl" or die;
add('src/base/error.h', $wrong);
commits('it finds the one in the cache', qr{src/base/error\.h:\d+: ERROR:});

run("git worktree add -q $base/other");
chdir "$base/other" or die;
add('src/base/error.h', $wrong);
commits('it works in a worktree', qr{src/base/error\.h:\d+: ERROR:});
add('src/base/error.h', "\n/* Good here. */\n");
add('src/base/file.h', $wrong);
($status, $output) = run('git commit -q -m text src/base/error.h');
is("$status $output", '0 ', 'a part of what is staged');

done_testing();
