// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flush strategies, as a table and as a list of words.
 */
#include "flush/view/strategies.h"

#include <stddef.h>

#define AS_ROW(word, name, domain, waits, style)	\
	{ word, IOMMUBENCH_FLUSH_##name, domain, waits, style },
#define AS_WORD(word, name, domain, waits, style)	word,

const struct flush_strategy flush_table[FLUSH_STRATEGIES] = {
	FLUSH_STRATEGY_ROWS(AS_ROW)
};

const char *const flush_strategies[] = {
	FLUSH_STRATEGY_ROWS(AS_WORD)
	NULL
};

const struct flush_strategy *flush_strategy_of(uint32_t number)
{
	const struct flush_strategy *s = flush_table;

	while (s->number != number)
		s++;
	return s;
}
