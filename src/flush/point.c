// SPDX-License-Identifier: GPL-2.0-only
#include "flush/point.h"

#include <stdio.h>

#include <iommubench.h>

#include "base/xalloc.h"
#include "flush/view/strategies.h"

#define AS_CHOICE(word, name, domain, waits, style)	{ word, IOMMUBENCH_FLUSH_##name },

const struct choice flush_strategy_choices[] = {
	FLUSH_STRATEGY_ROWS(AS_CHOICE)
	{ NULL },
};

const struct choice flush_domains_choices[] = {
	{ "shared", IOMMUBENCH_FLUSH_SHARED },
	{ "per-thread", IOMMUBENCH_FLUSH_PER_THREAD },
	{ NULL },
};

bool flush_own_domain(uint32_t strategy)
{
	return flush_strategy_of(strategy)->domain_type < 0;
}

bool flush_waits(uint32_t strategy)
{
	return flush_strategy_of(strategy)->waits;
}

const char *flush_strategy_word(const struct flush_point *p)
{
	return choice_word(flush_strategy_choices, (int)p->strategy);
}

bool flush_senseless(const struct flush_point *p, struct error *reason)
{
	char size[32], range[32];

	format_size(p->size, size, sizeof(size));
	format_size(p->range, range, sizeof(range));
	reason->text[0] = '\0';
	if (p->domains == IOMMUBENCH_FLUSH_PER_THREAD && !flush_own_domain(p->strategy))
		error_set(reason, "strategy %s works in the device's default domain, of which there is one",
			  flush_strategy_word(p));
	else if (p->range < p->size || p->range % p->size)
		error_set(reason, "a range of %s is no whole number of mappings of %s", range,
			  size);
	else if (p->range / p->size > IOMMUBENCH_MAX_FLUSH_MAPPINGS)
		error_set(reason, "a range of %s has more than %d mappings of %s", range,
			  IOMMUBENCH_MAX_FLUSH_MAPPINGS, size);
	return *reason->text;
}

char *flush_point_name(const struct flush_point *p)
{
	char size[32], range[32];

	format_size(p->size, size, sizeof(size));
	format_size(p->range, range, sizeof(range));
	return xasprintf("%s-%s-%s-%u-%s", flush_strategy_word(p), size, range, p->threads,
			 choice_word(flush_domains_choices, (int)p->domains));
}
