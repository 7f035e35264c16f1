// SPDX-License-Identifier: GPL-2.0-only
#include "cli/suggest.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/* Longer than any word that there is. */
#define LETTERS		40

static unsigned int least_of(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* The optimal string alignment distance. */
static unsigned int slips(const char *a, size_t na, const char *b, size_t nb)
{
	unsigned int d[LETTERS + 1][LETTERS + 1];
	size_t i, k;

	for (i = 0; i <= na; i++)
		d[i][0] = (unsigned int)i;
	for (k = 0; k <= nb; k++)
		d[0][k] = (unsigned int)k;
	for (i = 1; i <= na; i++)
		for (k = 1; k <= nb; k++) {
			d[i][k] = least_of(least_of(d[i - 1][k], d[i][k - 1]) + 1,
					   d[i - 1][k - 1] + (a[i - 1] != b[k - 1]));
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
				d[i][k] = least_of(d[i][k], d[i - 2][k - 2] + 1);
		}
	return d[na][nb];
}

bool suggest_is_near(const char *typed, const char *word, unsigned int *least)
{
	size_t n = strlen(word), nt = strlen(typed);
	unsigned int s;

	if (n > LETTERS || nt > LETTERS)
		return false;
	s = slips(typed, nt, word, n);
	/* A third of the letters: of less, anything could have been meant. */
	if (s > n / 3 || s >= *least)
		return false;
	*least = s;
	return true;
}

/**
 * struct search - a name among options
 * @name: what was typed, without dashes and without a value
 * @n: its letters
 * @known: the option that it is or begins, NULL for none
 * @near: the one it may have been meant to be, NULL for none
 * @least: slips from there
 */
struct search {
	const char *name;
	size_t n;
	const struct argp_option *known;
	const struct argp_option *near;
	unsigned int least;
};

static void look_for(struct search *s, const struct argp *argp)
{
	const struct argp_child *child;
	const struct argp_option *o;
	char typed[LETTERS + 1] = "";

	if (s->n <= LETTERS)
		memcpy(typed, s->name, s->n);
	for (o = argp->options; o && (o->name || o->key || o->doc || o->group); o++) {
		if (!o->name || o->flags & OPTION_DOC)
			continue;
		if (!strncmp(o->name, s->name, s->n))
			s->known = o;
		else if (!(o->flags & OPTION_HIDDEN) && suggest_is_near(typed, o->name, &s->least))
			s->near = o;
	}
	for (child = argp->children; child && child->argp; child++)
		look_for(s, child->argp);
}

static const struct argp_option *find_letter(const struct argp *argp, int letter)
{
	const struct argp_option *o, *found;
	const struct argp_child *child;

	for (o = argp->options; o && (o->name || o->key || o->doc || o->group); o++)
		if (o->key == letter)
			return o;
	for (child = argp->children; child && child->argp; child++) {
		found = find_letter(child->argp, letter);
		if (found)
			return found;
	}
	return NULL;
}

/* Return: whether the value of the last of some letters is the next word. */
static bool letters_want_more(const struct argp *argp, const char *letters)
{
	const struct argp_option *o;

	for (; *letters; letters++) {
		o = find_letter(argp, (unsigned char)*letters);
		if (o && o->arg)
			return !letters[1];
	}
	return false;
}

void suggest_option(const struct argp *argp, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--"); i++) {
		struct search s = { .least = UINT_MAX };

		if (argv[i][0] != '-')
			continue;
		if (argv[i][1] != '-') {
			i += letters_want_more(argp, argv[i] + 1);
			continue;
		}
		s.name = argv[i] + 2;
		s.n = strcspn(s.name, "=");
		look_for(&s, argp);
		if (!s.known && !s.near)
			return;
		if (!s.known) {
			fprintf(stderr, "%s: unrecognized option '--%.*s', did you mean --%s?\n",
				argv[0], (int)s.n, s.name, s.near->name);
			exit(EXIT_USAGE);
		}
		i += s.known->arg && !s.name[s.n];
	}
}
