// SPDX-License-Identifier: GPL-2.0-only
#include "flush/sweep.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <iommubench.h>

#include "base/error.h"
#include "base/xalloc.h"
#include "cli/refuse.h"
#include "flush/view/strategies.h"
#include "text/parse.h"

/* More points than this are a slip of the hand. */
#define MAX_POINTS	10000
/*
 * A default number of mappings: of pages, even the command for a range that an SMMU may have
 * takes two, for 5 and for 32 of them.
 */
#define ODD_MAPPINGS	37
#define STRINGIFY(x)	STRINGIFY_(x)
#define STRINGIFY_(x)	#x

static const struct choice key_words[] = {
	{ "strategy", FLUSH_KEY_STRATEGY },
	{ "size", FLUSH_KEY_SIZE },
	{ "range", FLUSH_KEY_RANGE },
	{ "threads", FLUSH_KEY_THREADS },
	{ "domains", FLUSH_KEY_DOMAINS },
	{ NULL },
};

/* The option that gives one value for a key. */
static const char * const key_options[FLUSH_KEYS] = {
	"--strategy", "--size", "--range", "--threads", "--domains",
};

static int parse_threads(const char *text, uint64_t *value, struct error *e)
{
	return parse_number(text, 1, IOMMUBENCH_MAX_THREADS, value, e);
}

static int parse_mappings(const char *text, uint64_t *value, struct error *e)
{
	return parse_number(text, 1, IOMMUBENCH_MAX_FLUSH_MAPPINGS, value, e);
}

#define AS_ITEM(word, name, domain, waits, style)	"," word

/* "all" is what happens without any list, but it may be said. */
static int parse_strategies(struct flush_sweep *s, const char *text, struct error *e)
{
	struct sweep *list = &s->lists[FLUSH_KEY_STRATEGY];

	s->all = !strcmp(text, "all");
	if (!s->all)
		return sweep_words(list, text, flush_strategy_choices, e);
	sweep_free(list);
	return 0;
}

static int parse_list(struct flush_sweep *s, enum flush_key key, const char *text,
		      struct error *e)
{
	switch (key) {
	case FLUSH_KEY_STRATEGY:
		return parse_strategies(s, text, e);
	case FLUSH_KEY_THREADS:
		return sweep_numbers(&s->lists[key], text, parse_threads, e);
	case FLUSH_KEY_DOMAINS:
		return sweep_words(&s->lists[key], text, flush_domains_choices, e);
	default:
		return sweep_numbers(&s->lists[key], text, parse_size, e);
	}
}

void flush_sweep_list(struct flush_sweep *s, const char *arg, const struct argp_state *state)
{
	const char *equals = strchr(arg, '=');
	struct error e;
	char *word;
	int key;

	if (!equals)
		options_refuse(state, "--sweep",
			       "'%s' has no values, expected KEY=LIST such as range=4K..1M", arg);
	word = xcheck(strndup(arg, (size_t)(equals - arg)));
	options_require(state, "--sweep", parse_choice(word, key_words, &key, &e), &e);
	free(word);
	if (s->swept[key])
		options_refuse(state, "--sweep", "%s is swept twice, give one list",
			       choice_word(key_words, key));
	if (s->lists[key].n || (key == FLUSH_KEY_STRATEGY && s->all))
		options_refuse(state, "--sweep", "%s is given by %s already, give one of them",
			       choice_word(key_words, key), key_options[key]);
	options_require(state, "--sweep", parse_list(s, (enum flush_key)key, equals + 1, &e), &e);
	s->swept[key] = true;
}

void flush_sweep_option(struct flush_sweep *s, enum flush_key key, const char *arg,
			const struct argp_state *state)
{
	const char *option = key_options[key];
	struct error e;

	if (s->swept[key])
		options_refuse(state, option, "--sweep has a list for it, give one of them");
	options_require(state, option, parse_list(s, key, arg, &e), &e);
	if (key != FLUSH_KEY_STRATEGY && s->lists[key].n != 1)
		options_refuse(state, option, "'%s' are several, use --sweep %s=%s", arg,
			       choice_word(key_words, (int)key), arg);
}

/* Options of all subcommands that a sweep may stand for. */
static void take_common(struct flush_sweep *s, const struct options *o,
			const struct argp_state *state)
{
	if (s->swept[FLUSH_KEY_SIZE] && o->size != UINT64_MAX)
		options_refuse(state, "--size", "--sweep has a list for it, give one of them");
	if (s->swept[FLUSH_KEY_THREADS] && o->threads)
		options_refuse(state, "--threads", "--sweep has a list for it, give one of them");
	if (!s->swept[FLUSH_KEY_SIZE])
		sweep_one(&s->lists[FLUSH_KEY_SIZE],
			  o->size == UINT64_MAX ? (uint64_t)sysconf(_SC_PAGESIZE) : o->size);
	if (!s->swept[FLUSH_KEY_THREADS])
		sweep_one(&s->lists[FLUSH_KEY_THREADS], o->threads ? o->threads : 1);
	if (!s->lists[FLUSH_KEY_DOMAINS].n)
		sweep_one(&s->lists[FLUSH_KEY_DOMAINS], IOMMUBENCH_FLUSH_SHARED);
	if (!s->lists[FLUSH_KEY_STRATEGY].n) {
		static const char all[] = FLUSH_STRATEGY_ROWS(AS_ITEM);
		struct error e;

		s->all = true;
		/* Without the comma before the first one. */
		sweep_words(&s->lists[FLUSH_KEY_STRATEGY], all + 1, flush_strategy_choices, &e);
	}
}

static void check_sizes(const struct flush_sweep *s, const struct argp_state *state)
{
	const struct sweep *sizes = &s->lists[FLUSH_KEY_SIZE];
	const struct sweep *ranges = &s->lists[FLUSH_KEY_RANGE];
	size_t i;

	for (i = 0; i < sizes->n; i++)
		options_mapping_size(sizes->values[i], s->swept[FLUSH_KEY_SIZE] ? "--sweep size" :
				     "--size", state);
	for (i = 0; i < ranges->n; i++)
		options_mapping_size(ranges->values[i],
				     s->swept[FLUSH_KEY_RANGE] ? "--sweep range" : "--range",
				     state);
}

/*
 * Where nothing says what is unmapped nor how, one mapping is not all that is looked at: a range
 * that is no power of two takes an IOMMU several invalidations, one of which may be missing.
 */
static void take_default_ranges(struct flush_sweep *s)
{
	const struct sweep *sizes = &s->lists[FLUSH_KEY_SIZE];
	struct sweep *ranges = &s->lists[FLUSH_KEY_RANGE];
	struct error e;
	size_t i;

	if (!s->all || ranges->n)
		return;
	for (i = 0; i < sizes->n; i++)
		if (sizes->values[i] > IOMMUBENCH_MAX_MAPPING_BYTES / ODD_MAPPINGS)
			return;
	s->in_mappings = true;
	sweep_numbers(ranges, "1," STRINGIFY(ODD_MAPPINGS), parse_mappings, &e);
}

/* Values of a key; what has none takes part once. */
static size_t values(const struct flush_sweep *s, int key)
{
	return s->lists[key].n ? s->lists[key].n : 1;
}

size_t flush_sweep_settle(struct flush_sweep *s, const struct options *o,
			  const struct argp_state *state)
{
	size_t total = 1;
	int key;

	take_common(s, o, state);
	check_sizes(s, state);
	take_default_ranges(s);
	for (key = 0; key < FLUSH_KEYS; key++) {
		total *= values(s, key);
		if (total > MAX_POINTS)
			options_refuse(state, "--sweep", "more than %d points: take fewer values",
				       MAX_POINTS);
	}
	return total;
}

void flush_sweep_point(const struct flush_sweep *s, size_t i, struct flush_point *p)
{
	uint64_t value[FLUSH_KEYS];
	int key;

	for (key = FLUSH_KEYS - 1; key >= 0; key--) {
		const struct sweep *list = &s->lists[key];

		value[key] = list->n ? list->values[i % list->n] : 0;
		i /= values(s, key);
	}
	*p = (struct flush_point){
		.strategy = (uint32_t)value[FLUSH_KEY_STRATEGY],
		.domains = (uint32_t)value[FLUSH_KEY_DOMAINS],
		.size = value[FLUSH_KEY_SIZE],
		.threads = (unsigned int)value[FLUSH_KEY_THREADS],
		.range = value[s->lists[FLUSH_KEY_RANGE].n ? FLUSH_KEY_RANGE : FLUSH_KEY_SIZE],
	};
	if (s->in_mappings)
		p->range *= p->size;
}

void flush_sweep_free(struct flush_sweep *s)
{
	size_t i;

	for (i = 0; i < FLUSH_KEYS; i++)
		sweep_free(&s->lists[i]);
}
