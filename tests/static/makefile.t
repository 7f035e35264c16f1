#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# What the Makefile promises, on a tree of four small sources in a folder with an odd name: what it says, what it makes
# again and when, what it says when a header is missing, how it tells others how files are compiled, what it hands to
# kbuild, and that it takes away what it installed and nothing else, folders included.
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
my $base = abs_path(tempdir(CLEANUP => 1));
my $tree = "$base/it's 100% a b";
mkdir $tree or die;
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
	local $ENV{PATH} = "$ENV{PATH}:/usr/sbin:/sbin";
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
said('library', "  AR      build/host/obj/lib.a\n", 'build/host/obj/lib.a');
my $members = join ' ', sort split ' ', `ar t build/host/obj/lib.a`;
is($members, 'deep.o kinds.o number.o', 'the library is all but what is at the top, and kinds.c');

# --- what is made again ---

sleep 1;
put('src/base/number.h', "#define NUMBER 1\n\nint number(void);\n");
said('a header makes those anew that include it', $built =~ s/^.*(deep|kinds).*\n//mgr);
utime undef, undef, 'Makefile' or die;
said('another Makefile makes all anew, whatever was noted under its names', $built);
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
	is($all =~ s/^make: .*\n//mgr, "missing headers: no/such.h nor/that.h: apt install libsuch-dev libthat-dev\n",
		"names all that is missing in a line$time");
	like($all, qr/Error 3$/m, "the machine cannot do this$time");
}
make();
said('what was there before is remembered', $nothing);
put('sysroot/none', '');
for (
	[ 3, 'another compiler', qr/^CC is no-such-compiler, which is not there: expected a C compiler such as gcc$/,
	  'CC=no-such-compiler' ],
	[ 3, 'a cross compiler', qr/^x86_64-odd-linux-gcc is missing, .* CROSS_COMPILE=x86_64-odd-linux- .*: apt install gcc-x86-64-odd-linux$/,
	  'CROSS_COMPILE=x86_64-odd-linux-' ],
	[ 3, 'a sysroot that is empty', qr/^missing headers: stdio\.h: in SYSROOT=.*, expected the Debian packages libc6-dev$/,
	  "SYSROOT=$tree/sysroot" ],
	[ 3, 'a sysroot that is not there', qr/^SYSROOT is .*nowhere, which is no folder$/, "SYSROOT=$tree/nowhere" ],
	[ 2, 'odd CFLAGS', qr/^CFLAGS is -O"it's", and cc does not compile with it: .*-O.*other options, or leave CFLAGS out$/,
	  'CFLAGS=-Oit\'s' =~ s/it's/"it's"/r ],
	[ 2, 'CFLAGS that hide a header', qr/^CFLAGS is -nostdinc, and .* stdio\.h.*leave CFLAGS out$/, 'CFLAGS=-nostdinc' ],
	[ 2, 'CFLAGS with an open quote', qr/^CFLAGS is -DA="b: expected as many quotes as end$/, 'CFLAGS=-DA="b' ],
	[ 2, 'a PREFIX that is no whole path', qr/PREFIX is "out": expected a path that begins with \/\.  Stop\.$/, 'PREFIX=out' ],
) {
	my ($want, $name, $words, @arguments) = @$_;
	($status, $all) = make(@arguments);
	my @lines = grep { !/^make: / } split /\n/, $all;
	ok($status && $all =~ /Error $want$|PREFIX/m && @lines == 1 && $lines[0] =~ $words, "$name is told in one line")
		or diag("$status: $all");
}
{
	mkdir "$base/bin" or die;
	for my $name (qw(make sh mkdir cat uname grep printf)) {
		my ($path) = grep { -x } map { "$_/$name" } qw(/usr/bin /bin);
		symlink $path, "$base/bin/$name" or die;
	}
	open my $pipe, '-|', "env PATH=\Q$base\E/bin make 2>&1" or die;
	my @lines = grep { !/^make: / } <$pipe>;
	like(join('', @lines), qr/\Acc is missing: apt install gcc libc6-dev libjansson-dev .*libblkid-dev\n\z/,
		'without a compiler all is named that may be missing, in one line');
}
make();

# --- how files are compiled ---

put('tests/unit/test_a.c', "int main(void)\n{\n\treturn 0;\n}\n");
put('tests/unit/test_b.c', "int main(void)\n{\n\treturn 0;\n}\n");
said('compile_commands.json', "  GEN     compile_commands.json\n", 'compile_commands.json', 'CFLAGS=-DTEXT=\'"a\\\\b"\'');
my $list = eval { decode_json(read_file('compile_commands.json')) } // [];
is(join(' ', sort map { $_->{file} } @$list),
	'src/base/number.c src/io/view/renamed.c src/kinds.c src/main.c tests/unit/test_a.c tests/unit/test_b.c',
	'names each file of the tool and of the unit tests');
my @failed = grep { system("cd \Q$_->{directory}\E && mkdir -p \$(dirname '$_->{output}') && $_->{command}") ||
	!-e $_->{output} || $_->{command} !~ /TEXT='"a\\\\b"'/ } @$list;
is_deeply(\@failed, [], 'with a command that compiles it, quotes and all');

# --- where it is built ---

make();
for my $there ("$tree/build/host", './build/other/../host/') {
	said("BUILD=$there is the same folder", $nothing, "BUILD=$there");
}
($status, $all) = make("BUILD=$base/some where");
is($status, 2, 'another folder with a space');
like($all, qr/BUILD is ".*some where": expected .* without a space/, '... is refused');
ok(!-e "$base/some" && !-e "$base/some where", '... and nothing made there');
make_path("$base/other/build");
($status, $all) = make('-C', "$base/other", '-f', "$tree/Makefile", 'clean');
ok($status && $all =~ /expected make -C FOLDER/ && -d "$base/other/build", 'another folder than its own is not cleaned');

# --- what goes to kbuild ---

put('drivers/kmod_iommu_test/Kbuild', "obj-m := kmod_iommu_test.o\n");
put('drivers/kmod_iommu_test/core.c', "int core;\n");
put('drivers/kmod_iommu_test/run/run.c', "int run;\n");
put('include/uapi/abi.h', "#define ABI 1\n");
make_path("$base/kernel/include/config");
open my $kernel, '>', "$base/kernel/Makefile" or die;
print $kernel <<'MAKE';
modules:
	test "$(words $(M))" = 1
	test -f $(M)/include/uapi/abi.h
	cat $(M)/core.c $(M)/run/run.c > $(M)/kmod_iommu_test.ko
modules_install:
	mkdir -p $(INSTALL_MOD_PATH)/lib/modules/6.0-test/updates
	cp $(M)/kmod_iommu_test.ko $(INSTALL_MOD_PATH)/lib/modules/6.0-test/updates
kernelrelease:
	@echo 6.0-test
MAKE
close $kernel;
put("$base/kernel/include/config/auto.conf", "CONFIG_OTHER=y\n");
my @kernel = ("KDIR=$base/kernel", 'V=');
said('the module', "  MODULE  build/module/kmod_iommu_test.ko\n", 'module', @kernel);
is(`cat build/module/kmod_iommu_test.ko`, "int core;\nint run;\n", 'is built, and is where it was asked for');
unlink 'drivers/kmod_iommu_test/run/run.c';
put('drivers/kmod_iommu_test/run/other.c', "int run;\n");
($status) = make('module', @kernel);
ok($status && !-e 'build/module/run/run.c', 'a source that is gone is not built from its copy');
rename 'drivers/kmod_iommu_test/run/other.c', 'drivers/kmod_iommu_test/run/run.c' or die;
($status, $all) = make('-s', 'install-module', "DESTDIR=$base/modules", @kernel);
is("$status $all", '0 ', 'the module is installed');
my $installed = "$base/modules/lib/modules/6.0-test/updates";
is(`cat $installed/kmod_iommu_test.ko`, "int core;\nint run;\n", 'as it was built');
put("$installed/other.ko", "other\n");
put("$installed/kmod_iommu_test_lab.ko.xz", "lab\n");
($status, $all) = make('-s', 'uninstall-module', "DESTDIR=$base/modules", @kernel);
is("$status $all", '0 ', 'and taken away');
is(`find $base/modules ! -type d`, "$installed/other.ko\n", 'with the lab\'s, and nothing else');
unlink "$installed/other.ko";
put("$installed/kmod_iommu_test.ko", "again\n");
make('-s', 'uninstall-module', "DESTDIR=$base/modules", @kernel);
is(`find $base/modules`, "$base/modules\n", 'with its folders, when nothing else is there');
($status, $all) = make('-s', 'install-module', "DESTDIR=$base/no modules", @kernel);
ok($status == 2 && $all =~ /space/ && !-e "$base/no", 'but not where kbuild would take the name for two');
($status, $all) = make('module', "KDIR=$base/nowhere it's");
ok($status && $all =~ /^KDIR is \Q$base\E\/nowhere it's, where no Makefile is: expected a kernel's build tree/m,
	'without a kernel that is said');
for (
	[ 'CONFIG_ARM64=y', 'x86_64', qr/^KDIR is .*, the build tree of a kernel for arm64: give ARCH=arm64 CROSS_COMPILE=/m ],
	[ 'CONFIG_X86=y', 'arm64', qr/^KDIR is .*, the build tree of a kernel for x86: give ARCH=x86 CROSS_COMPILE=/m ],
	[ 'CONFIG_ARM64=y', 'arm64', qr/^odd-gcc is missing, which CROSS_COMPILE=odd- asks for: apt install gcc-odd$/m ],
) {
	my ($line, $arch, $words) = @$_;
	put("$base/kernel/include/config/auto.conf", "$line\n");
	($status, $all) = make('module', @kernel, "ARCH=$arch", 'CROSS_COMPILE=odd-');
	ok($status && $all =~ $words && $all =~ /Error 3$/m, "a kernel with $line, built with ARCH=$arch") or diag($all);
}
unlink "$base/kernel/include/config/auto.conf";
for my $goal ('module', 'uninstall-module') {
	($status, $all) = make($goal, @kernel);
	ok($status && $all =~ /^KDIR is .*, but has no include\/config\/auto\.conf: expected .* modules_prepare/m,
		"$goal: a kernel that was not prepared");
}

# --- what is installed and taken away ---

put($_, "text\n") for qw(scripts/iommubench-bind scripts/iommubench-unbind scripts/plots/common.gp
			  results/schema/one.schema.json man/iommubench.1 man/iommubench-bind.8
			  scripts/completion/iommubench.bash scripts/completion/_iommubench);
# The start of such a name is a folder that nobody asked for.
my $dest = "$base/a b's %c";
make_path("$base/a", "$base/b", "$base/installed");
put("$base/a/kept", "kept\n");
sub installed
{
	return join(' ', sort map { s{^\Q$dest\E/}{}r } split /\n/, qx(find \Q$dest\E ! -type d 2>/dev/null || :));
}
my $all_files = join ' ', map { "usr/local/$_" } qw(bin/iommubench sbin/iommubench-bind sbin/iommubench-unbind
	share/bash-completion/completions/iommubench share/iommubench/plots/common.gp
	share/iommubench/schema/one.schema.json share/man/man1/iommubench.1 share/man/man8/iommubench-bind.8
	share/zsh/site-functions/_iommubench);
($status, $all) = make('-s', 'install', "DESTDIR=$dest");
is("$status $all", '0 ', 'installs');
is(installed(), $all_files, 'all of it, below DESTDIR');
put("$dest/usr/local/share/iommubench/plots/mine.gp", "mine\n");
put("$dest/usr/local/share/man/man1/other.1", "other\n");
($status, $all) = make('-s', 'uninstall', "DESTDIR=$dest");
is("$status $all", '0 ', 'uninstalls');
is(installed(), 'usr/local/share/iommubench/plots/mine.gp usr/local/share/man/man1/other.1', 'what it installed, and nothing else');
ok(!-d "$dest/usr/local/share/iommubench/schema" && -e "$base/a/kept", 'with its folders, and not those of others');
put("$base/shared/precious", "precious\n");
make('-s', $_, "DESTDIR=$dest", "DATADIR=/shared it's") for qw(install uninstall);
ok(!-e "$dest/shared it's", 'a folder of its own is taken away');
($status, $all) = make('-s', 'uninstall', "DATADIR=$base/shared", "PREFIX=$base/none");
ok($status == 0 && -e "$base/shared/precious", 'a folder that others have things in is not');

# Nothing of it stays, folders included, where nothing else is.
sub left
{
	return join(' ', map { s/^\Q$dest\E//r } split /\n/, qx(find \Q$dest\E));
}
for my $prefix ('/usr', "/srv/it's a\$\$b", '/') {
	system('rm', '-rf', $dest);
	my ($in) = make('-s', 'install', "DESTDIR=$dest", "PREFIX=$prefix");
	my $count = split ' ', installed();
	my ($out) = make('-s', 'uninstall', "DESTDIR=$dest", "PREFIX=$prefix");
	is("$in $out " . left(), '0 0 ', "PREFIX=$prefix: nothing is left in DESTDIR, not even an empty folder");
	cmp_ok($count, '>=', 9, '... of what was there');
}
make('-s', $_, "PREFIX=$dest/own") for qw(install uninstall);
ok(!-e "$dest/own", 'nor is without DESTDIR');
make('-s', 'install', "DESTDIR=$dest");
put("$dest/usr/local/bin/mine", "mine\n");
make('-s', 'uninstall', "DESTDIR=$dest");
is(left(), ' /usr /usr/local /usr/local/bin /usr/local/bin/mine', 'a folder of others stays');

# What is installed knows where its data are, whatever it was built for before, and nothing else is compiled for that.
put('src/plot/gnuplot.c', "#include <stdio.h>\nint main(void)\n{\n\tputs(IOMMUBENCH_DATADIR);\n\treturn 0;\n}\n");
put('src/main.c', "extern int nothing;\nint nothing = 3;\n");
make();
my $known = '';
for my $prefix ('/usr', '/usr', "/srv/it's  100% \"a\"", '/usr/local') {
	($status, $all) = make('install', "DESTDIR=$dest", "PREFIX=$prefix");
	is(qx(\Q$dest$prefix\E/bin/iommubench), "$prefix/share/iommubench\n", "PREFIX=$prefix is what the tool knows");
	is(join(' ', $all =~ /^  CC +(\S+)/mg), $known eq $prefix ? '' : 'src/plot/gnuplot.o', '... with no more compiled for it');
	$known = $prefix;
}
($status, $all) = make('CFLAGS=-O1', 'install', "DESTDIR=$dest");
unlike($all, qr/^  CC /m, 'other CFLAGS do not have anything compiled anew while it is installed');

done_testing();
