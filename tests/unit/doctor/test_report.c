// SPDX-License-Identifier: GPL-2.0-only
/*
 * What doctor found, as it is written: within 80 columns, with commands that a shell takes as
 * they were meant, and as JSON.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Before cmocka.h, which has a macro error_fail(). */
#include "base/fs.h"
#include "doctor/doctor.h"

#include <cmocka.h>

#include "../tree.h"
#include "look.h"

/* The lines of the report, as nobody at a terminal sees them. */
static char *printed(const struct doctor_report *report, const struct doctor_facts *facts)
{
	size_t bytes;
	char *text;
	FILE *f = open_memstream(&text, &bytes);

	assert_non_null(f);
	doctor_print(report, facts, f);
	fclose(f);
	return text;
}

static void narrow(const char *text)
{
	const char *line = text, *end;

	for (; *line; line = end + 1) {
		end = strchr(line, '\n');
		assert_non_null(end);
		if (end - line > 80)
			fail_msg("%td columns: %.*s", end - line, (int)(end - line), line);
		assert_int_not_equal(end > line ? end[-1] : 'x', ' ');
	}
}

static void width(void **state)
{
	struct doctor_report report;
	struct doctor_facts facts;
	char *text;

	pc();
	tree_text("none [integrity] confidentiality", "/sys/kernel/security/lockdown");
	behind_iommu("0000:01:00.0", 0x144da808, 0x010802, "nvme", 1);
	tree_text("identity", "/sys/kernel/iommu_groups/1/type");
	tree_text("ro iommu=pt", "/proc/cmdline");
	examine(&report, &facts);
	text = printed(&report, &facts);
	narrow(text);
	assert_non_null(strstr(text, "this machine, Linux 6.12.0\nok    rights      root\n"));
	assert_non_null(strstr(text, "\nwarn  translation all groups"));
	assert_non_null(strstr(text, "\nFAIL  headers "));
	/* What does not fit is continued, and not in the middle of a word. */
	assert_non_null(strstr(text, "\n      $ openssl req -new -x509 -newkey rsa:2048 -nodes -days 3650 -subj \\\n"
			       "            /CN=iommubench/ -keyout mok.key"));
	assert_non_null(strstr(text, "\nnothing can be measured with the module yet: "));
	assert_null(strchr(text, '\033'));
	free(text);
	doctor_report_free(&report);
	doctor_facts_free(&facts);
}

/* Blanks in quotes stay where they are, and a quote in the other ones is none. */
static void quotes(void **state)
{
	struct doctor_finding f = { .name = "iommu" };
	struct doctor_report report = { .findings = &f, .n = 1, .summary = (char *)"" };
	struct doctor_facts facts;
	char *text;

	pc();
	assert_int_equal(doctor_facts_read(&facts, tree_root), EXIT_DONE);
	doctor_say(&f, DOCTOR_WARN, "a\nb");
	doctor_type(&f, "echo 0123456789 0123456789 0123456789 'it is \" one word' \"so 'is this one\" end");
	doctor_type(&f, "echo fits in the line");
	text = printed(&report, &facts);
	narrow(text);
	assert_non_null(strstr(text, "\nwarn  iommu       a?b\n"));
	assert_non_null(strstr(text, "      $ echo 0123456789 0123456789 0123456789 'it is \" one word' \\\n"
			       "            \"so 'is this one\" end\n"
			       "      $ echo fits in the line\n"));
	free(text);
	doctor_finding_free(&f);
	doctor_facts_free(&facts);
}

static void json(void **state)
{
	struct doctor_report report;
	struct doctor_facts facts;
	json_t *j, *check;
	size_t i;

	pc();
	behind_iommu("0000:01:00.0", 0x808610c9, 0x020000, NULL, 1);
	examine(&report, &facts);
	j = doctor_json(&report, &facts);
	assert_string_equal(json_string_value(json_object_get(j, "schema")), "iommubench-doctor/1");
	assert_true(json_is_false(json_object_get(j, "measurable")));
	assert_true(json_is_null(json_object_get(j, "first_command")));
	assert_int_equal(json_array_size(json_object_get(j, "checks")), report.n);
	json_array_foreach(json_object_get(j, "checks"), i, check)
		assert_int_equal(json_array_size(json_object_get(check, "commands")),
				 report.findings[i].commands.n);
	json_decref(j);
	doctor_report_free(&report);
	doctor_facts_free(&facts);

	loaded();
	tree_link("../../../bus/pci/drivers/kmod_iommu_test",
		  "/sys/devices/pci0000:00/0000:01:00.0/driver");
	examine(&report, &facts);
	j = doctor_json(&report, &facts);
	assert_true(json_is_true(json_object_get(j, "measurable")));
	assert_string_equal(json_string_value(json_object_get(j, "first_command")),
			    "iommubench map-unmap -d 0000:01:00.0 --verify");
	json_decref(j);
	doctor_report_free(&report);
	doctor_facts_free(&facts);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(width),
		TEST(quotes),
		TEST(json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
