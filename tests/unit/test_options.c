// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parsers of the command line: what they take, exactly, and what they refuse.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "cli/options.h"
#include "device/domain_type.h"

/* Last: it makes error_fail() a macro. */
#include <cmocka.h>

typedef int (*parser)(const char *text, uint64_t *value, struct error *e);

struct good {
	const char *text;
	uint64_t value;
};

static void check_good(parser parse, const struct good *cases)
{
	struct error e = { "" };
	uint64_t value;

	for (; cases->text; cases++) {
		value = ~cases->value;
		if (parse(cases->text, &value, &e))
			fail_msg("'%s' was refused: %s", cases->text, e.text);
		if (value != cases->value)
			fail_msg("'%s' became %ju, expected %ju", cases->text, (uintmax_t)value,
				 (uintmax_t)cases->value);
	}
}

/* Refused, with the text in the message, and the value left as it was. */
static void check_bad(parser parse, const char * const *cases)
{
	struct error e;
	uint64_t value;

	for (; *cases; cases++) {
		e.text[0] = '\0';
		value = 12345;
		if (!parse(*cases, &value, &e))
			fail_msg("'%s' was taken as %ju", *cases, (uintmax_t)value);
		assert_int_equal(value, 12345);
		if (!strstr(e.text, *cases))
			fail_msg("the message for '%s' does not name it: %s", *cases, e.text);
		if (!strstr(e.text, "such as"))
			fail_msg("the message for '%s' gives no example: %s", *cases, e.text);
		assert_null(strchr(e.text, '\n'));
	}
}

static void sizes(void **state)
{
	static const struct good good[] = {
		{ "0", 0 },
		{ "1", 1 },
		{ "4096", 4096 },
		{ "4K", 4096 },
		{ "4k", 4096 },
		{ "64K", 65536 },
		{ "2M", 2 << 20 },
		{ "4KiB", 4096 },
		{ "1.5MiB", 3 << 19 },
		{ "1GiB", 1 << 30 },
		{ "1TiB", 1ULL << 40 },
		{ "1G", 1 << 30 },
		{ "1.5M", 3 << 19 },
		{ "0.5K", 512 },
		{ "1T", 1ULL << 40 },
		{ "00000000000000000000000000004K", 4096 },
		{ "1152921504606846976", PARSE_MAX_BYTES },
		{ "1048576T", PARSE_MAX_BYTES },
		{ NULL },
	};
	static const char * const bad[] = {
		"", " ", "K", "-1", "+1", " 4K", "4K ", "4 K", "4KB", "4kiB", "4Ki",
		"4X", "0x1000", "4,096", "1e3", "1.", ".5K", "1.5.5M", "0.3K", "1.5", "nan", "inf",
		"1152921504606846977", "1048577T", "18446744073709551615",
		"18446744073709551616", "17179869184G", "99999999999999999999999999999999999999999",
		"0.00000000000000000000000000000000001K", NULL,
	};
	struct error e;
	uint64_t value;

	check_good(parse_size, good);
	check_bad(parse_size, bad);
	/* A message is one line, whatever was typed. */
	assert_int_equal(parse_size("4K\n\033[2J", &value, &e), -1);
	assert_non_null(strstr(e.text, "'4K??[2J'"));
}

static void durations(void **state)
{
	static const struct good good[] = {
		{ "0", 0 },
		{ "0s", 0 },
		{ "1ns", 1 },
		{ "5us", 5000 },
		{ "100ms", 100000000 },
		{ "2s", 2000000000 },
		{ "0.5s", 500000000 },
		{ "1.000000001s", 1000000001 },
		{ "1m", 60000000000 },
		{ "1.5m", 90000000000 },
		{ "1h", 3600000000000 },
		{ NULL },
	};
	static const char * const bad[] = {
		"", "5", "00", "s", "-1s", "1 s", "1sec", "1S", "1M", "0.5ns", "1.0000000001s",
		"1d", "9999999999999h", "1s2ms", NULL,
	};

	check_good(parse_duration, good);
	check_bad(parse_duration, bad);
}

static void rates(void **state)
{
	static const struct good good[] = {
		{ "1", 1000 },
		{ "500/s", 500000 },
		{ "0.001", 1 },
		{ "10k", 10000000 },
		{ "10k/s", 10000000 },
		{ "10K/s", 10000000 },
		{ "1.5M", 1500000000 },
		{ "1.5M/s", 1500000000 },
		{ "1G/s", PARSE_MAX_RATE_MHZ },
		{ NULL },
	};
	static const char * const bad[] = {
		"", "/s", "-1", "10/m", "10k/", "10 /s", "10/ss", "0.0001", "1m", "10/s/s",
		"99999999999999999999G", "18446744073709552", "1000000000.001", "2G/s", NULL,
	};

	check_good(parse_rate, good);
	check_bad(parse_rate, bad);
}

static void counts(void **state)
{
	static const struct good good[] = {
		{ "0", 0 },
		{ "1000", 1000 },
		{ "10k", 10000 },
		{ "1M", 1000000 },
		{ "1.5k", 1500 },
		{ "1G", 1000000000 },
		{ "1000000G", PARSE_MAX_COUNT },
		{ NULL },
	};
	static const char * const bad[] = {
		"", "-1", "1.5", "1.0005k", "1T", "ten", "1M/s", "1000000000000001", "1000001G",
		"18446744073709551615", "18446744073709551616", NULL,
	};

	check_good(parse_count, good);
	check_bad(parse_count, bad);
}

static void numbers(void **state)
{
	static const char * const bad[] = { "", "0", "11", "-1", "5.0", "5k", "0x5", " 5", "5 " };
	struct error e;
	uint64_t value;
	size_t i;

	assert_int_equal(parse_number("1", 1, 10, &value, &e), 0);
	assert_int_equal(value, 1);
	assert_int_equal(parse_number("10", 1, 10, &value, &e), 0);
	assert_int_equal(value, 10);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		value = 77;
		assert_int_equal(parse_number(bad[i], 1, 10, &value, &e), -1);
		assert_int_equal(value, 77);
		assert_non_null(strstr(e.text, "from 1 to 10"));
	}
	assert_int_equal(parse_number("18446744073709551615", 0, UINT64_MAX, &value, &e), 0);
	assert_true(value == UINT64_MAX);
	assert_int_equal(parse_number("18446744073709551616", 0, UINT64_MAX, &value, &e), -1);
}

static void choices(void **state)
{
	static const struct choice colours[] = { { "red", 3 }, { "blue", 5 }, { NULL } };
	struct error e;
	int value = 0;

	assert_int_equal(parse_choice("blue", colours, &value, &e), 0);
	assert_int_equal(value, 5);
	assert_int_equal(parse_choice("Blue", colours, &value, &e), -1);
	assert_int_equal(parse_choice("", colours, &value, &e), -1);
	assert_int_equal(parse_choice("blu", colours, &value, &e), -1);
	assert_string_equal(e.text, "'blu' is not one of red, blue");
	assert_int_equal(value, 5);
	assert_string_equal(choice_word(colours, 3), "red");
	assert_string_equal(choice_word(colours, 4), "unknown");
}

/* What is written can be read back, and in the shortest way. */
static void size_words(void **state)
{
	static const struct good good[] = {
		{ "0", 0 }, { "1", 1 }, { "1023", 1023 }, { "4K", 4096 }, { "6K", 6144 },
		{ "2M", 2 << 20 }, { "1G", 1 << 30 }, { "1025M", 1025 << 20 },
		{ "1024T", 1ULL << 50 }, { NULL },
	};
	const struct good *g;
	struct error e;
	uint64_t back;
	char buf[32];

	for (g = good; g->text; g++) {
		assert_string_equal(format_size(g->value, buf, sizeof(buf)), g->text);
		assert_int_equal(parse_size(buf, &back, &e), 0);
		assert_true(back == g->value);
	}
}

static void kernel_words(void **state)
{
	assert_int_equal(domain_type_from_sysfs("DMA"), IOMMUBENCH_DOMAIN_STRICT);
	assert_int_equal(domain_type_from_sysfs("DMA-FQ"), IOMMUBENCH_DOMAIN_LAZY);
	assert_int_equal(domain_type_from_sysfs("identity"), IOMMUBENCH_DOMAIN_IDENTITY);
	assert_int_equal(domain_type_from_sysfs("blocked"), IOMMUBENCH_DOMAIN_OTHER);
	assert_int_equal(domain_type_from_sysfs("DMA "), IOMMUBENCH_DOMAIN_OTHER);
	assert_int_equal(domain_type_from_sysfs(""), IOMMUBENCH_DOMAIN_OTHER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes),
		cmocka_unit_test(durations),
		cmocka_unit_test(rates),
		cmocka_unit_test(counts),
		cmocka_unit_test(numbers),
		cmocka_unit_test(choices),
		cmocka_unit_test(size_words),
		cmocka_unit_test(kernel_words),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
