// SPDX-License-Identifier: GPL-2.0-only
/*
 * doctor on made-up machines: is the module there, may it be loaded, does it fit?
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

#define KO		KERNEL "/updates/kmod_iommu_test.ko"
#define SIGNED		"~Module signature appended~"
#define SECURE_BOOT	"/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define SIGN(path)	\
	"openssl req -new -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=iommubench/ -keyout mok.key -outform DER -out mok.der\n" \
	"/lib/modules/$(uname -r)/build/scripts/sign-file sha256 mok.key mok.der " path "\n" \
	"mokutil --import mok.der && reboot"

static void secure_boot(unsigned char on)
{
	const unsigned char variable[] = { 6, 0, 0, 0, on };

	tree_bytes(variable, sizeof(variable), SECURE_BOOT);
}

static void install(void)
{
	static const char dep[] = "kernel/drivers/block/loop.ko:\n"
				  "updates/kmod_iommu_test_lab.ko: updates/kmod_iommu_test.ko\n"
				  "updates/kmod_iommu_test.ko:\n";

	tree_bytes(dep, strlen(dep), KERNEL "/modules.dep");
	tree_text("no signature", KO);
}

static void not_there(void **state)
{
	pc();
	finds("module", DOCTOR_FAIL, "not installed for this kernel",
	      "make module && insmod build/module/kmod_iommu_test.ko");
	finds("headers", DOCTOR_FAIL, "no /lib/modules/6.12.0/build", "apt install linux-headers-6.12.0");
	tree_text("NAME=\"Rocky\"\nID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"", "/etc/os-release");
	finds("headers", DOCTOR_FAIL, "no /lib/modules/6.12.0/build", "dnf install kernel-devel-6.12.0");
	tree_text("ID=guix", "/etc/os-release");
	finds("headers", DOCTOR_FAIL, "no /lib/modules/6.12.0/build", "");
	tree_text("", KERNEL "/build/Makefile");
	finds("headers", DOCTOR_OK, "those of 6.12.0 are there", "");
	/* Another module's name that begins alike. */
	tree_text("updates/kmod_iommu_test_lab.ko:", KERNEL "/modules.dep");
	finds("module", DOCTOR_FAIL, "not installed for this kernel",
	      "make module && insmod build/module/kmod_iommu_test.ko");
}

static void only_installed(void **state)
{
	pc();
	install();
	finds("module", DOCTOR_FAIL, "is installed, but not loaded", "modprobe kmod_iommu_test");
	finds("headers", DOCTOR_OK, "not needed: the module is installed", "");
	finds("lockdown", DOCTOR_OK, "lockdown is none, no Secure Boot", "");
	tree_text("/usr/lib/kmod_iommu_test.ko.zst:", KERNEL "/modules.dep");
	finds("module", DOCTOR_FAIL, "is installed, but not loaded", "modprobe kmod_iommu_test");
}

static void is_loaded(void **state)
{
	struct doctor_report report;
	struct doctor_facts facts;

	pc();
	loaded();
	finds("module", DOCTOR_OK, "is loaded; a bound device tells its ABI", "");
	finds("headers", DOCTOR_OK, "not needed: the module is loaded", "");

	assert_int_equal(doctor_facts_read(&facts, tree_root), EXIT_DONE);
	facts.abi = DOCTOR_ABI_SAME;
	doctor_examine(&report, &facts);
	found(&report, "module", DOCTOR_OK, "speaks ABI 1, as this tool does", "");
	doctor_report_free(&report);
	facts.abi = DOCTOR_ABI_OTHER;
	error_set(&facts.abi_error, "the module speaks ABI 7");
	doctor_examine(&report, &facts);
	found(&report, "module", DOCTOR_FAIL, "is loaded, but the module speaks ABI 7",
	      "make && make module && make install install-module\n"
	      "rmmod kmod_iommu_test && modprobe kmod_iommu_test");
	doctor_report_free(&report);
	facts.abi = DOCTOR_ABI_CLOSED;
	error_set(&facts.abi_error, "cannot open a");
	doctor_examine(&report, &facts);
	found(&report, "module", DOCTOR_FAIL, "cannot be asked for its ABI: cannot open a", "");
	doctor_report_free(&report);
	facts.is_root = false;
	doctor_examine(&report, &facts);
	found(&report, "module", DOCTOR_FAIL, "cannot open a", "sudo iommubench doctor");
	doctor_report_free(&report);
	doctor_facts_free(&facts);
}

static void must_be_signed(void **state)
{
	pc();
	secure_boot(0);
	finds("lockdown", DOCTOR_OK, "lockdown is none, no Secure Boot", "");
	secure_boot(1);
	finds("lockdown", DOCTOR_OK, "lockdown is none, Secure Boot is on", "");
	tree_text("none [integrity] confidentiality", "/sys/kernel/security/lockdown");
	finds("lockdown", DOCTOR_WARN, "(lockdown is integrity, Secure Boot is on): if loading",
	      "make module\n" SIGN("build/module/kmod_iommu_test.ko"));
	install();
	finds("lockdown", DOCTOR_FAIL, "is not signed", SIGN(KO));
	tree_text("code" SIGNED, KO);
	finds("lockdown", DOCTOR_OK, "kmod_iommu_test is signed", "");
	tree_text("code" SIGNED "!", KO);
	finds("lockdown", DOCTOR_FAIL, "is not signed", SIGN(KO));
	/* Whether it was taken is no question any more. */
	loaded();
	finds("lockdown", DOCTOR_OK, "lockdown is integrity", "");
}

static void enforced(void **state)
{
	pc();
	install();
	tree_text("[none] integrity confidentiality", "/sys/kernel/security/lockdown");
	tree_text("N", "/sys/module/module/parameters/sig_enforce");
	finds("lockdown", DOCTOR_OK, "lockdown is none", "");
	tree_text("Y", "/sys/module/module/parameters/sig_enforce");
	finds("lockdown", DOCTOR_FAIL, "(module.sig_enforce, no Secure Boot)", SIGN(KO));
}

static void nothing_to_be_seen(void **state)
{
	pc();
	loaded();
	tree_text("none integrity [confidentiality]", "/sys/kernel/security/lockdown");
	finds("lockdown", DOCTOR_WARN, "tracepoints", "");
	secure_boot(1);
	finds("lockdown", DOCTOR_WARN, "tracepoints", "mokutil --disable-validation && reboot");
}

static void no_modules(void **state)
{
	pc();
	install();
	tree_text("1", "/proc/sys/kernel/modules_disabled");
	finds("lockdown", DOCTOR_FAIL, "modules_disabled is set",
	      "grep -r modules_disabled /etc/sysctl.conf /etc/sysctl.d\nreboot");
	gone("/proc/modules");
	finds("lockdown", DOCTOR_FAIL, "lacks CONFIG_MODULES", "");
	loaded();
	finds("lockdown", DOCTOR_OK, "lockdown is none", "");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(not_there),
		TEST(only_installed),
		TEST(is_loaded),
		TEST(must_be_signed),
		TEST(enforced),
		TEST(nothing_to_be_seen),
		TEST(no_modules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
