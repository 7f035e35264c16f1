// SPDX-License-Identifier: GPL-2.0-only
#include "cli/sweep.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "text/parse.h"

#define EXPECTED	"expected a list such as 4K,64K or a range such as 4K..1G, doubling, or 4K..1Gx4"

static int add(struct sweep *s, uint64_t value, const char *text, struct error *e)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (s->values[i] == value)
			return error_set(e, "'%s' has a value twice", text);
	if (s->n == SWEEP_MAX)
		return error_set(e, "'%s' is more than %d values", text, SWEEP_MAX);
	s->values = xgrow(s->values, s->n + 1, sizeof(*s->values));
	s->values[s->n++] = value;
	return 0;
}

/* The factor behind the last x; 2 when there is none. */
static int take_factor(char *range, uint64_t *factor, struct error *e)
{
	char *x = strrchr(range, 'x');

	*factor = 2;
	if (!x)
		return 0;
	*x = '\0';
	return parse_number(x + 1, 2, 1 << 20, factor, e);
}

static int add_range(struct sweep *s, char *first, char *last, const char *text,
		     int (*parse)(const char *text, uint64_t *value, struct error *e),
		     struct error *e)
{
	uint64_t from, to, factor, value;

	if (take_factor(last, &factor, e) || parse(first, &from, e) || parse(last, &to, e))
		return -1;
	if (!from || to < from)
		return error_set(e, "'%s' has a range that does not go up, " EXPECTED, text);
	for (value = from; value < to; value *= factor) {
		if (add(s, value, text, e))
			return -1;
		if (value > to / factor)
			break;
	}
	return add(s, to, text, e);
}

static int add_item(struct sweep *s, char *item, const char *text,
		    int (*parse)(const char *text, uint64_t *value, struct error *e),
		    struct error *e)
{
	char *dots = strstr(item, "..");
	uint64_t value;

	if (!*item)
		return error_set(e, "'%s' has an empty place, " EXPECTED, text);
	if (dots) {
		*dots = '\0';
		return add_range(s, item, dots + 2, text, parse, e);
	}
	return parse(item, &value, e) ? -1 : add(s, value, text, e);
}

/* The new list takes the place of the old one, unless making it failed. */
static int take(struct sweep *s, struct sweep *made, int ret)
{
	sweep_free(ret ? made : s);
	if (!ret)
		*s = *made;
	return ret;
}

int sweep_numbers(struct sweep *s, const char *text,
		  int (*parse)(const char *text, uint64_t *value, struct error *e),
		  struct error *e)
{
	char *copy = xstrdup(text), *rest = copy, *item;
	struct sweep made = { NULL };
	int ret = 0;

	while (!ret && (item = strsep(&rest, ",")))
		ret = add_item(&made, item, text, parse, e);
	free(copy);
	return take(s, &made, ret);
}

int sweep_words(struct sweep *s, const char *text, const struct choice *choices, struct error *e)
{
	char *copy = xstrdup(text), *rest = copy, *item;
	struct sweep made = { NULL };
	int ret = 0, value;

	while (!ret && (item = strsep(&rest, ","))) {
		ret = parse_choice(item, choices, &value, e);
		if (!ret)
			ret = add(&made, (uint64_t)value, text, e);
	}
	free(copy);
	return take(s, &made, ret);
}

void sweep_one(struct sweep *s, uint64_t value)
{
	sweep_free(s);
	s->values = xcalloc(1, sizeof(*s->values));
	s->values[0] = value;
	s->n = 1;
}

void sweep_free(struct sweep *s)
{
	free(s->values);
	*s = (struct sweep){ 0 };
}
