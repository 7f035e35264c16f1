#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# Completion for bash and zsh: every option and subcommand that help tells of is offered, with the words that an
# option takes, and the shells themselves complete a line that somebody types.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Tool;
use Tree qw(need_tool);

need_tool('zsh', 'zsh');
my $dir = tempdir(CLEANUP => 1);
chdir($dir) or die;
END { chdir('/') }
$ENV{PATH} = ($tool =~ s{/[^/]*$}{}r) . ":$ENV{PATH}";
$ENV{TERM} = 'dumb';
delete @ENV{qw(BASH_ENV ENV ZDOTDIR PROMPT_COMMAND)};
mkdir('a folder') or die;
mkdir('figures') or die;
system('touch', 'first.json') == 0 or die;

my %script = map { $_ => done_well("--completion $_", $tool, '--completion', $_) } qw(bash zsh);
refused(2, qr/--completion: 'fish' is not one of bash, zsh/, 'another shell', $tool, '--completion', 'fish');
refused(2, qr/--completion: expected one of bash, zsh/, 'no shell', $tool, '--completion');
refused(2, qr/--completion: expected one of bash, zsh/, 'two shells', $tool, '--completion', 'bash', 'zsh');
for my $shell (sort keys %script) {
	open(my $file, '>', "$dir/$shell") or die;
	print $file $script{$shell};
	close($file);
	my ($status, $out, $err) = run($shell, '-n', "$dir/$shell");
	is("$status$out$err", '0', "$shell can read it");
}

# offered(LINE, BREAKS): what bash would put in place of the last word, asked for without a terminal.
sub offered
{
	my ($line, $breaks) = @_;
	my ($status, $out, $err) = run('bash', '--norc', '-c', '. ./bash; COMP_WORDBREAKS=$2; COMP_LINE=$1 COMP_POINT=${#1}; ' .
		'_iommubench; for reply in "${COMPREPLY[@]}"; do printf "%s\n" "$reply"; done', 'bash', $line, $breaks // " \t\n\"'><=;|&(:");
	$err eq '' or diag("$line: $err");
	return join(' ', split /\n/, $out);
}

my ($list) = done_well('-h', $tool, '-h') =~ /^Subcommands:\n(.*?)\n\n/ms;
my @subcommands = $list =~ /^  ([a-z-]+) /mg;
cmp_ok(scalar @subcommands, '>=', 8, 'there are subcommands');
is(offered('iommubench '), "@subcommands --help --version --completion", 'all of them are offered');
my $words = 0;
for my $name (@subcommands) {
	my $help = done_well("$name -h", $tool, $name, '-h');
	# One that does not fit its column may be far to the right.
	my @options = sort $help =~ /^(?: {2,6}(?:-\w, )?(?=--)| {30,}(?=--[a-z-]+=))(--[a-z-]+)/mg;
	my %valued = map { $_ => 1 } $help =~ /^ +(?:-\w, )?(--[a-z-]+)=/mg;
	cmp_ok(scalar @options, '>=', 5, "$name has options");
	my @long = sort grep { /^--/ } split(' ', offered("iommubench $name -"));
	is("@long", "@options", "bash offers all long options of $name, and no others");
	my ($function) = $script{zsh} =~ /^_iommubench_\Q$name\E\(\)\n(\{\n.*?^\})/ms;
	is(join(' ', sort $function =~ /'\*(--[a-z-]+)/g), "@options", "so does zsh");
	is(join(' ', sort $function =~ /'\*(-\w)/g), join(' ', sort $help =~ /^ +(-\w), --/mg), '... and all letters');

	# What is offered for an option is taken by it, as far as the missing module or a later check.
	for my $option (grep { $valued{$_} } @options) {
		for my $word (split(' ', offered("iommubench $name $option ", ' '))) {
			next if -e $word || $word =~ /=$/;
			$words++;
			my ($status, $out, $err) = run($tool, $name, "$option=$word", '--no-such-option');
			ok($err =~ /--no-such-option/, "$name $option $word is taken") or diag($err);
		}
	}
}
cmp_ok($words, '>=', 100, 'words are offered');

for (
	[ 'map-u' => 'map-unmap' ],
	[ 'map-unmap --do' => '--domain-type' ],
	[ 'map-unmap --domain-type ' => 'strict lazy identity' ],
	[ 'map-unmap --domain-type l' => 'lazy' ],
	[ 'map-unmap --domain-type=' => 'strict lazy identity' ],
	[ 'map-unmap --domain-type=l' => 'lazy' ],
	[ 'map-unmap --domain-type=l' => '--domain-type=lazy', ' ' ],
	[ 'map-unmap --domain-type strict,l' => '' ],
	[ 'io --domain-type strict,l' => 'strict,lazy' ],
	[ 'io --domain-type=strict,l' => 'strict,lazy' ],
	[ 'tlb-flush --strategy per-' => 'per-page per-map-full' ],
	[ 'tlb-flush --sweep r' => 'range=' ],
	[ 'pasid --lifecycle exit,kill' => 'exit,killed-at-bind exit,killed-before exit,killed-during exit,killed-after' ],
	[ 'map-unmap --format json --ap' => '--api' ],
	[ 'map-unmap --verify --domain-type i' => 'identity' ],
	[ 'map-unmap -n 5 --api dma-s' => 'dma-single dma-sg' ],
	[ 'map-unmap -d a' => 'all' ],
	[ 'map-unmap -d 0000:00:02.0 --bu' => '--buffer' ],
	[ 'map-unmap -o fir' => 'first.json' ],
	[ 'map-unmap -n ' => '' ],
	[ 'map-unmap ' => '' ],
	[ 'report f' => 'figures' ],
	[ 'report a' => 'a folder' ],
	[ 'report -o f' => 'figures' ],
	[ '--completion ' => 'bash zsh' ],
	[ 'frobnicate --' => '' ],
	[ 'map-unmap --no-such=' => '' ],
) {
	my ($line, $want, $breaks) = @$_;
	is(offered("iommubench $line", $breaks), $want, "iommubench $line");
}

# typed(SHELL, KEYS): what an interactive shell has in its line after these keys.
sub typed
{
	my ($shell, $keys) = @_;
	my $start = $shell eq 'bash' ? 'exec bash --norc --noprofile -i' : 'exec zsh -f -i';
	my $ready = $shell eq 'bash' ? 'PS1=; . ./bash' :
		'PS1=; unsetopt zle_bracketed_paste; autoload -U compinit; compinit -u -D; bindkey "^I" expand-or-complete; . ./zsh';
	unlink('line');
	open(my $input, '|-', 'script', '-q', '-e', '-c', "stty -echo; $start", "$dir/log") or die "script: $!";
	$input->autoflush(1);
	print $input "$ready; touch ready\n";
	for (1 .. 300) {
		last if -e 'ready';
		select(undef, undef, undef, 0.1);
	}
	unlink('ready');
	# What was completed becomes the arguments of a command.
	print $input "${keys}\001printf '%s|' >line \005\nexit\n";
	close($input);
	return -e 'line' ? Tree::read_file('line') : '';
}
{
	open(my $saved, '>&', \*STDOUT) or die;
	open(STDOUT, '>', '/dev/null') or die;
	my @typed = map { my $shell = $_; map { [ $shell, $_, typed($shell, "iommubench $_") ] }
		("map-u\t--do\tl\t", "map-unmap --domain-type=l\t", "io --domain-type strict,la\t", "topo --for\t") } qw(bash zsh);
	open(STDOUT, '>&', $saved) or die;
	my %want = (
		"map-u\t--do\tl\t" => 'iommubench|map-unmap|--domain-type|lazy|',
		"map-unmap --domain-type=l\t" => 'iommubench|map-unmap|--domain-type=lazy|',
		"io --domain-type strict,la\t" => 'iommubench|io|--domain-type|strict,lazy|',
		"topo --for\t" => 'iommubench|topo|--format|',
	);
	for (@typed) {
		my ($shell, $keys, $line) = @$_;
		my $want = $want{$keys};
		# It puts a "=" between an option and its word.
		$want =~ s/type\|/type=/ if $shell eq 'zsh' && $keys =~ /--do\t/;
		is($line, $want, "$shell completes '" . ($keys =~ s/\t/<TAB>/gr) . "'");
	}
}

done_testing();
