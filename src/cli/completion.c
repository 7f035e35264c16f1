// SPDX-License-Identifier: GPL-2.0-only
#include "cli/completion.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/xalloc.h"
#include "cli/completion_text.h"
#include "cli/refuse.h"

static const struct {
	const char *shell;
	const char *list_begin;
	const char *end;
} shells[] = {
	{ "bash", "_iommubench_subcommands='", COMPLETION_BASH },
	{ "zsh", "_iommubench_subcommands()\n{\n\tlocal -a subcommands=(\n", COMPLETION_ZSH },
};

enum { BASH, ZSH, NR_SHELLS };

static unsigned int shell;

/* The subcommand that tells its options, and whether this is the process in which it does. */
static const char *taken;
static bool asked;

/* Return: true in a child that has to end by end_child(); false when that child has ended. */
static bool in_child(void)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid)
		return true;
	if (pid < 0)
		die(EXIT_UNABLE, "cannot make a process to ask for options: %m");
	if (waitpid(pid, &status, 0) != pid || status)
		die(EXIT_UNABLE, "cannot tell the options of %s", taken);
	return false;
}

/* What is allocated now is of an invocation that never was, and nobody asks for it at exit. */
static void __attribute__((noreturn)) end_child(void)
{
	_exit(fflush(stdout) ? EXIT_UNABLE : EXIT_DONE);
}

/* What an option's value is, beside words. */
enum value_kind {
	VALUE_OTHER,
	VALUE_FILE,
	VALUE_FOLDER,
	VALUE_DEVICE,
};

static const struct {
	const char *bash;
	const char *zsh;
} value_kinds[] = {
	[VALUE_OTHER] = { "other", " " },
	[VALUE_FILE] = { "file", "_files" },
	[VALUE_FOLDER] = { "folder", "_files -/" },
	[VALUE_DEVICE] = { "device", "{compadd -- %s/dev/iommubench/*(N\\:t)}" },
};

/* Names of values, as the help has them. */
static enum value_kind kind_of(const struct argp_option *o)
{
	const char *arg = o->arg;
	size_t n = strlen(arg);

	if (!strcmp(arg, "FILE"))
		return VALUE_FILE;
	if (!strcmp(arg, "FOLDER") || (n >= 3 && !strcmp(arg + n - 3, "DIR")))
		return VALUE_FOLDER;
	if (strstr(o->doc, "/dev/iommubench"))
		return VALUE_DEVICE;
	return VALUE_OTHER;
}

/* Within single quotes, with a backslash before each of these characters. */
static void put_quoted(const char *text, size_t n, const char *special)
{
	for (; n && *text; n--, text++) {
		if (strchr(special, *text))
			putchar('\\');
		if (*text == '\'')
			fputs("'\\''", stdout);
		else
			putchar(*text);
	}
}

/*
 * The words that an option's parser would rather have than a value that none with words takes.
 * The parser may keep the text, so that is not freed.
 */
static const struct choice *words_for(const struct argp *argp, const char *name, const char *value,
				      void *input)
{
	char *option = xasprintf("--%s=%s", name, value);

	parse_choices_missed();
	return options_try(argp, option, input) ? parse_choices_missed() : NULL;
}

static bool takes(const struct argp *argp, const char *name, const char *value, void *input)
{
	return !options_try(argp, xasprintf("--%s=%s", name, value), input);
}

/**
 * struct words - the words that an option takes
 * @choices: these
 * @suffix: behind each
 * @all: "all" as well
 * @several: with commas between them
 */
struct words {
	const struct choice *choices;
	const char *suffix;
	bool all;
	bool several;
};

static struct words find_words(const struct argp *argp, const struct argp_option *o, void *input)
{
	struct words w = { .suffix = "" };
	const struct choice *c;
	char *two;

	w.choices = words_for(argp, o->name, "", input);
	if (!w.choices && kind_of(o) == VALUE_DEVICE) {
		w.all = takes(argp, o->name, "all", input);
		return w;
	}
	if (!w.choices) {
		w.choices = words_for(argp, o->name, "=", input);
		w.suffix = "=";
		return w;
	}
	if (w.choices[1].word) {
		two = xasprintf("%s,%s", w.choices[0].word, w.choices[1].word);
		w.several = takes(argp, o->name, two, input);
		free(two);
	}
	for (c = w.choices; c->word && strcmp(c->word, "all"); c++)
		;
	w.all = !c->word && takes(argp, o->name, "all", input);
	return w;
}

static void put_words(const struct words *w)
{
	const struct choice *c;

	for (c = w->choices; c && c->word; c++)
		printf("%s%s ", c->word, w->suffix);
	if (w->all)
		printf("all ");
}

static bool has_letter(const struct argp_option *o)
{
	return o->key > 0 && o->key <= 0x7f && isgraph(o->key);
}

static void put_bash(const struct argp_option *o, const struct words *w)
{
	printf("\t--%s", o->name);
	if (has_letter(o))
		printf(" | -%c", o->key);
	if (w->several)
		printf(") kind=list");
	else
		printf(") kind=%s", w->choices ? "word" : value_kinds[kind_of(o)].bash);
	if (w->choices || w->all) {
		printf(" words='");
		put_words(w);
		printf("'");
	}
	printf(" ;;\n");
}

/* Letters of what the help says of an option that are enough for a list of them. */
static size_t short_doc(const char *doc)
{
	static const char *const ends[] = { ";", " (", ": " };
	size_t n = strlen(doc);
	const char *end;
	unsigned int i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		end = strstr(doc, ends[i]);
		if (end && (size_t)(end - doc) < n)
			n = (size_t)(end - doc);
	}
	return n;
}

static void put_zsh_action(const struct argp_option *o, const struct words *w)
{
	if (!w->choices) {
		printf(value_kinds[kind_of(o)].zsh, w->all ? "all " : "");
		return;
	}
	if (w->several)
		printf("_sequence compadd - ");
	else
		printf("%s", *w->suffix ? "{compadd -S \"\" -- " : "(");
	put_words(w);
	if (!w->several)
		printf("%s", *w->suffix ? "}" : ")");
}

static void put_zsh_spec(const struct argp_option *o, const struct words *w, const char *option)
{
	printf(" \\\n\t\t'*%s", option);
	if (o->arg)
		printf("%s", option[1] == '-' ? "=" : "+");
	printf("[");
	put_quoted(o->doc, short_doc(o->doc), "[]\\");
	printf("]");
	if (o->arg) {
		printf(":");
		put_quoted(o->arg, strlen(o->arg), ":\\");
		printf(":");
		put_zsh_action(o, w);
	}
	printf("'");
}

static void put_zsh(const struct argp_option *o, const struct words *w)
{
	char option[64];

	snprintf(option, sizeof(option), "--%s", o->name);
	put_zsh_spec(o, w, option);
	if (!has_letter(o))
		return;
	snprintf(option, sizeof(option), "-%c", o->key);
	put_zsh_spec(o, w, option);
}

/* All options of a table and of its children. */
static void put_options(const struct argp *root, const struct argp *argp, void *input,
			void (*put)(const struct argp *root, const struct argp_option *o,
				    void *input))
{
	const struct argp_option *o;
	const struct argp_child *child;

	for (o = argp->options; o && (o->name || o->key || o->doc || o->group); o++)
		if (o->name && !(o->flags & (OPTION_HIDDEN | OPTION_DOC)))
			put(root, o, input);
	for (child = argp->children; child && child->argp; child++)
		put_options(root, child->argp, input, put);
}

static void put_spec(const struct argp_option *o, const struct words *w)
{
	if (shell == ZSH)
		put_zsh(o, w);
	else if (o->arg)
		put_bash(o, w);
}

/* A parser is asked in a process of its own: what it has taken has a say in what it takes next. */
static void put_value(const struct argp *root, const struct argp_option *o, void *input)
{
	struct words w = { NULL };

	if (!o->arg || kind_of(o) == VALUE_FILE) {
		put_spec(o, &w);
	} else if (in_child()) {
		w = find_words(root, o, input);
		put_spec(o, &w);
		end_child();
	}
}

static void put_name(const struct argp *root, const struct argp_option *o, void *input)
{
	printf(" --%s", o->name);
	if (has_letter(o))
		printf(" -%c", o->key);
}

void completion_take(const struct argp *argp, void *input)
{
	bool folder = argp->args_doc && strstr(argp->args_doc, "DIR");

	printf("_iommubench_%s()\n{\n", taken);
	if (shell == ZSH) {
		printf("\t_arguments -s -S");
		put_options(argp, argp, input, put_value);
		if (argp->args_doc)
			printf(" \\\n\t\t'*: :%s'", folder ? "_files -/" : " ");
		printf("\n}\n\n");
	} else {
		printf("\toptions='");
		put_options(argp, argp, input, put_name);
		printf("'\n\tcase $1 in\n");
		put_options(argp, argp, input, put_value);
		printf("\t'') kind=%s ;;\n", folder ? "folder" : "other");
		printf("\t*) return 1 ;;\n\tesac\n}\n\n");
	}
	end_child();
}

bool completion_wanted(void)
{
	return asked;
}

int completion_begin(const char *name)
{
	for (shell = 0; shell < NR_SHELLS; shell++)
		if (!strcmp(shells[shell].shell, name))
			break;
	if (shell == NR_SHELLS)
		return -1;
	printf("# Completion for %s, made by iommubench %s.\n\n", name, IOMMUBENCH_VERSION);
	return 0;
}

void completion_of(const char *name, int (*run)(int argc, char **argv))
{
	char *argv[2] = { (char *)name };

	taken = name;
	if (!in_child())
		return;
	asked = true;
	run(1, argv);
	_exit(EXIT_UNABLE);
}

void completion_list_begin(void)
{
	printf("%s", shells[shell].list_begin);
}

void completion_list(const char *name, const char *summary)
{
	if (shell == BASH) {
		printf(" %s", name);
		return;
	}
	printf("\t\t'%s:", name);
	put_quoted(summary, strlen(summary), ":\\");
	printf("'\n");
}

void completion_end(void)
{
	printf("%s", shells[shell].end);
}
