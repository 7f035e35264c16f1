// SPDX-License-Identifier: GPL-2.0-only
/*
 * What parameters of a result are called where people read them.
 */
#include "result/words.h"

#include "base/xalloc.h"
#include "result/read.h"
#include "text/units.h"

const char *const words_domains[] = {
	"strict", "lazy", "identity", "no IOMMU", "own domain", "other", NULL,
};

const char *words_domain(const json_t *result)
{
	const char *type = result_text(result, "machine.iommu.domain_type");

	if (!strncmp(result_text(result, "params.api"), "iommu", 5))
		return "own domain";
	if (!strcmp(type, "none"))
		return "no IOMMU";
	return *type ? type : "other";
}

bool words_end_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && !strcmp(s + n - m, end);
}

static char *number_value(const char *key, const json_t *value)
{
	double number = json_number_value(value);

	if (words_end_with(key, "_ns"))
		return xstrdup(units_time_utf8(number).text);
	if ((words_end_with(key, "_bytes") || !strcmp(key, "page_sizes")) && number >= 0)
		return xstrdup(units_size((uint64_t)number).text);
	if (words_end_with(key, "_hz"))
		return xasprintf("%sHz", units_rate(number).text);
	if (words_end_with(key, "_per_s"))
		return xasprintf("%s/s", units_rate(number).text);
	if (json_is_integer(value))
		return xasprintf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
	return xasprintf("%.6g", number);
}

static char *list_value(const char *key, const json_t *value)
{
	char *text = xstrdup("");
	json_t *element;
	size_t i;

	json_array_foreach((json_t *)value, i, element) {
		char *one = words_value(key, element);
		char *longer = xasprintf("%s%s%s", text, *text ? ", " : "", one);

		free(one);
		free(text);
		text = longer;
	}
	return text;
}

char *words_runs(const json_t *result)
{
	double runs = result_number(result, "spread.runs");
	double apart = 100 * result_number(result, "spread.ops_per_s_relative");

	if (!(runs > 1))
		return xstrdup("");
	return xasprintf("%.0f runs, %.*f %% apart", runs, apart < 10 ? 1 : 0, apart);
}

char *words_value(const char *key, const json_t *value)
{
	switch (value ? json_typeof(value) : JSON_NULL) {
	case JSON_STRING:
		return xstrdup(json_string_value(value));
	case JSON_INTEGER:
	case JSON_REAL:
		return number_value(key, value);
	case JSON_TRUE:
		return xstrdup("yes");
	case JSON_FALSE:
		return xstrdup("no");
	case JSON_ARRAY:
		return list_value(key, value);
	case JSON_OBJECT:
		return xcheck(json_dumps(value, JSON_COMPACT));
	default:
		return xstrdup("");
	}
}
