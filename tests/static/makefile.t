#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# What the Makefile promises, on a tree of four small sources: what it says, what it makes again
# and when, what it says when a header is missing, and how it tells others how files are compiled.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use FindBin;
use JSON::PP;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tree;

# A make that this is called by has no say in it, nor have settings of the caller.
$ENV{LC_ALL} = 'C';
delete @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES V BUILD CC CFLAGS CROSS_COMPILE SYSROOT)};
my $tree = abs_path(tempdir(CLEANUP => 1));
system('cp', 'Makefile', $tree) == 0 or die;
chdir $tree or die;
END { chdir '/' }

sub put
{
	my ($file, $text) = @_;
	make_path($1) if $file =~ m{(.*)/};
	open my $out, '>', $file or die "$file: $!";
	print $out $text;
	close $out;
}

# make ARGUMENT...: exit status, stdout and stderr together.
sub make
{
	my @needs = grep({ /^NEEDS=/ } @_) ? () : 'NEEDS=stdio.h:libc6-dev';
	open my $pipe, '-|', 'sh', '-c', 'exec make "$@" 2>&1', 'make', 'LIBS=', @needs, @_ or die;
	local $/;
	my $output = <$pipe>;
	close $pipe;
	return ($? >> 8, $output);
}

# said NAME, TEXT, ARGUMENT...: make ends well and says just that, in whatever order.
sub said
{
	my ($name, $text, @arguments) = @_;
	my ($status, $output) = make(@arguments);
	is(join("\n", $status, sort split /\n/, $output), join("\n", 0, sort split /\n/, $text), $name);
}

# The tool's own, the library at each depth, and the table that belongs to the library.
put('src/base/number.h', "int number(void);\n");
put('src/base/number.c', "#include \"base/number.h\"\n\nint number(void)\n{\n\treturn 1;\n}\n");
put('src/io/view/deep.c', "extern int deep;\nint deep = 2;\n");
put('src/kinds.c', "extern int kinds;\nint kinds = 4;\n");
put('src/main.c', <<'C');
#include <stdio.h>
#include "base/number.h"
extern int kinds, deep;

int main(void)
{
	printf("%d\n", number() + deep + kinds);
	return 0;
}
C
my $built = <<'SAID';
  CC      src/base/number.o
  CC      src/io/view/deep.o
  CC      src/kinds.o
  CC      src/main.o
  LD      build/host/iommubench
SAID
my $nothing = "make: Nothing to be done for 'all'.";

said('one line for each file', $built);
is(`build/host/iommubench`, "7\n", 'what was linked works');
said('nothing is done twice', $nothing);
my ($status, $all) = make(qw(-B V=1));
is($status, 0, 'V=1 makes it');
like($all, qr{^cc .* -Wall .* -c -o \S+/obj/base/number\.o src/base/number\.c$}m, 'V=1 shows whole commands');
unlike($all, qr/^  CC /m, 'and those only');
said('make -s says nothing', '', '-s', '-B');
said('library', "  AR      build/host/obj/lib.a\n", "$tree/build/host/obj/lib.a");
my $members = join ' ', sort split ' ', `ar t build/host/obj/lib.a`;
is($members, 'deep.o kinds.o number.o', 'the library is all but what is at the top, and kinds.c');

# --- what is made again ---

sleep 1;
put('src/base/number.h', "#define NUMBER 1\n\nint number(void);\n");
said('a header makes those anew that include it', $built =~ s/^.*(deep|kinds).*\n//mgr);
rename 'src/io/view/deep.c', 'src/io/view/renamed.c' or die;
said('a source that has another name', "  CC      src/io/view/renamed.o\n  LD      build/host/iommubench\n");
is(`build/host/iommubench`, "7\n", 'is linked once');
ok(!-e 'build/host/obj/io/view/deep.o', 'its old object is gone');
put('src/base/more.c', "extern int more;\nint more = 5;\n");
make();
unlink 'src/base/more.c';
said('a source that is gone', "  LD      build/host/iommubench\n");
unlike(`nm build/host/iommubench`, qr/ more$/m, 'is in nothing that was linked');
put('src/base/number.c', "#include \"base/number.h\"\n\nint number(void)\n{\n\treturn none;\n}\n");
($status, $all) = make('-s');
ok($status && $all =~ m{src/base/number\.c:5:.*none}, 'a mistake is shown with make -s');
put('src/base/number.c', "#include \"base/number.h\"\n\nint number(void)\n{\n\treturn 1;\n}\n");

# --- what is missing ---

my @missing = ('NEEDS=stdio.h:libc6-dev no/such.h:libsuch-dev nor/that.h:libthat-dev');
for my $time ('', ', each time') {
	($status, $all) = make(@missing);
	ok($status, "does not build without its headers$time");
	is($all =~ s/^make: .*\n//mgr, "no/such.h is missing: apt install libsuch-dev\n" .
		"nor/that.h is missing: apt install libthat-dev\n", "names all that is missing$time");
	like($all, qr/Error 3$/m, "the machine cannot do this$time");
}
make();
said('what was there before is remembered', $nothing);
($status, $all) = make('CC=no-such-compiler');
like($all, qr/^no-such-compiler is missing: apt install gcc$/m, 'another compiler is looked for');
put('sysroot/none', '');
($status, $all) = make("SYSROOT=$tree/sysroot");
like($all, qr/^stdio\.h is missing: /m, 'another sysroot is looked into');

# --- how files are compiled ---

put('tests/unit/test_a.c', "int main(void)\n{\n\treturn 0;\n}\n");
put('tests/unit/test_b.c', "int main(void)\n{\n\treturn 0;\n}\n");
said('compile_commands.json', "  GEN     compile_commands.json\n", 'compile_commands.json', 'CFLAGS=-DTEXT=\'"a\\\\b"\'');
my $list = eval { decode_json(read_file('compile_commands.json')) } // [];
is(join(' ', sort map { $_->{file} } @$list),
	'src/base/number.c src/io/view/renamed.c src/kinds.c src/main.c tests/unit/test_a.c tests/unit/test_b.c',
	'names each file of the tool and of the unit tests');
my @failed = grep { system("cd '$_->{directory}' && mkdir -p \$(dirname '$_->{output}') && $_->{command}") ||
	!-e $_->{output} || $_->{command} !~ /TEXT='"a\\\\b"'/ } @$list;
is_deeply(\@failed, [], 'with a command that compiles it, quotes and all');

done_testing();
