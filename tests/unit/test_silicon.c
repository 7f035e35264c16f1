// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is said of SoCs whose IOMMU driver refuses devices.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "silicon/silicon.h"

struct chip {
	const char *soc_id;
	const char *revision;
	/* Words of the explanation, NULL when there is none. */
	const char *said;
	const char *fine;
};

static void revisions(void **state)
{
	static const struct chip chips[] = {
		{ "r8a7795", "ES1.1", "R-Car H3 (r8a7795) ES1.1", "ES3.0" },
		{ "r8a7795", "ES2.0", "R-Car H3 (r8a7795) ES2.0", "ES3.0" },
		{ "r8a7795", "ES3.0", NULL, NULL },
		{ "r8a7796", "ES1.0", "R-Car M3-W (r8a7796) ES1.0", "r8a77961" },
		{ "r8a7796", "", "R-Car M3-W (r8a7796), ", "r8a77961" },
		{ "r8a774a1", "ES1.2", "RZ/G2M (r8a774a1) ES1.2", "r8a77961" },
		{ "r8a77961", "ES3.0", NULL, NULL },
		{ "r8a77965", "ES1.0", NULL, NULL },
		{ "", "", NULL, NULL },
	};
	char text[256];
	size_t i;

	for (i = 0; i < sizeof(chips) / sizeof(chips[0]); i++) {
		const struct chip *c = &chips[i];

		assert_int_equal(silicon_explain(text, sizeof(text), "R-Car Gen3", c->soc_id,
						 c->revision, NULL), !!c->said);
		if (!c->said) {
			assert_string_equal(text, "");
			continue;
		}
		assert_non_null(strstr(text, c->said));
		assert_non_null(strstr(text, c->fine));
		/* Nothing was cut off. */
		assert_in_range(strlen(text), 1, sizeof(text) - 2);
	}
}

static void admission(void **state)
{
	char text[256];

	assert_true(silicon_explain(text, sizeof(text), "R-Car Gen3", "r8a7795", "ES3.0",
				    "e6ef0000.video"));
	assert_non_null(strstr(text, "r8a7795 ES3.0"));
	assert_non_null(strstr(text, "ee160000.mmc"));
	assert_in_range(strlen(text), 1, sizeof(text) - 2);
	assert_false(silicon_explain(text, sizeof(text), "R-Car Gen3", "r8a7795", "ES3.0",
				     "ee140000.mmc"));
	assert_false(silicon_explain(text, sizeof(text), "i.MX", "i.MX8M", "1.0", "30b50000.mmc"));
	/* The deny list comes first. */
	assert_true(silicon_explain(text, sizeof(text), "R-Car Gen3", "r8a7796", "ES1.1",
				    "ee140000.mmc"));
	assert_non_null(strstr(text, "refuses them all"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(revisions),
		cmocka_unit_test(admission),
	};

	return cmocka_run_group_tests_name("silicon", tests, NULL, NULL);
}
