// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is the module there, may it be loaded, and does it fit the tool?
 */
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/xalloc.h"
#include "device/device.h"
#include "doctor/internal.h"

#define SECURE_BOOT	"/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
/* What the kernel's scripts/sign-file puts at the end of a module. */
#define SIGNATURE	"~Module signature appended~\n"

static bool is_loaded(const struct doctor_facts *facts)
{
	return fs_there(facts->root, "/sys/module/" DEVICE_DRIVER);
}

/* Where the module is installed for the running kernel; the caller frees it. NULL for nowhere. */
static char *installed(const struct doctor_facts *facts)
{
	static const char name[] = DEVICE_DRIVER ".ko";
	const char *kernel = facts->topo.kernel;
	char *path = NULL, *line, *end, *next, *base;
	size_t n;
	char *text = (char *)fs_bytes(facts->root, &n, "/lib/modules/%s/modules.dep", kernel);

	/* "updates/kmod_iommu_test.ko.xz: what/it/needs.ko" */
	for (line = text; line && *line && !path; line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		end = strchr(line, ':');
		if (!end)
			continue;
		*end = '\0';
		base = strrchr(line, '/') ? strrchr(line, '/') + 1 : line;
		if (!strncmp(base, name, strlen(name)) &&
		    (!base[strlen(name)] || base[strlen(name)] == '.'))
			path = *line == '/' ? xstrdup(line) :
					      xasprintf("/lib/modules/%s/%s", kernel, line);
	}
	free(text);
	return path;
}

/* Return: 1 for a signed one, 0 for one that is not, -1 when it is compressed or not there. */
static int is_signed(const struct doctor_facts *facts, const char *path)
{
	const size_t length = strlen(SIGNATURE);
	uint8_t *data;
	int ret = -1;
	size_t n;

	if (!path || strcmp(path + strlen(path) - 3, ".ko"))
		return -1;
	data = fs_bytes(facts->root, &n, "%s", path);
	if (data)
		ret = n >= length && !memcmp(data + n - length, SIGNATURE, length);
	free(data);
	return ret;
}

static bool is_secure_boot(const struct doctor_facts *facts)
{
	uint8_t *data;
	size_t n;
	bool on;

	data = fs_bytes(facts->root, &n, SECURE_BOOT);
	/* Four bytes of attributes are before the variable. */
	on = data && n == 5 && data[4] == 1;
	free(data);
	return on;
}

/* "none [integrity] confidentiality": the one in brackets; the caller frees it. */
static char *lockdown_mode(const struct doctor_facts *facts)
{
	char *text = fs_text(facts->root, "/sys/kernel/security/lockdown");
	const char *open = strchr(text, '[');
	char *mode = open ? xasprintf("%.*s", (int)strcspn(open + 1, "]"), open + 1) :
			    xstrdup("none");

	free(text);
	return mode;
}

/*
 * The module, built where it is not installed, gets a key that the owner of the machine tells the
 * firmware to trust.
 */
static void type_sign(struct doctor_finding *f, const char *path)
{
	if (!path)
		doctor_type(f, "make module");
	doctor_type(f, "openssl req -new -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=iommubench/ -keyout mok.key -outform DER -out mok.der");
	doctor_type(f, "/lib/modules/$(uname -r)/build/scripts/sign-file sha256 mok.key mok.der %s",
		    path ? path : "build/module/" DEVICE_DRIVER ".ko");
	doctor_type(f, "mokutil --import mok.der && reboot");
}

/* What the kernel says of modules that nobody signed. */
static void explain_unsigned(const struct doctor_facts *facts, struct doctor_finding *f,
			     const char *why)
{
	char *path = installed(facts);

	switch (is_signed(facts, path)) {
	case 1:
		doctor_say(f, DOCTOR_OK,
			   "only signed modules are taken (%s), and %s is signed: whether by a key that the kernel knows shows when it is loaded",
			   why, DEVICE_DRIVER);
		break;
	case 0:
		doctor_say(f, DOCTOR_FAIL, "only signed modules are taken (%s), and %s is not signed",
			   why, DEVICE_DRIVER);
		type_sign(f, path);
		break;
	default:
		doctor_say(f, DOCTOR_WARN,
			   "only signed modules are taken (%s): if loading %s is refused, sign it",
			   why, DEVICE_DRIVER);
		/* A compressed one is signed before it is compressed, which takes the build. */
		type_sign(f, NULL);
		break;
	}
	free(path);
}

void doctor_lockdown(const struct doctor_facts *facts, struct doctor_finding *f)
{
	char *mode = lockdown_mode(facts);
	char *enforce = fs_text(facts->root, "/sys/module/module/parameters/sig_enforce");
	const char *boot = is_secure_boot(facts) ? "Secure Boot is on" : "no Secure Boot";
	bool locked = strcmp(mode, "none"), loaded = is_loaded(facts);
	char *why = locked ? xasprintf("lockdown is %s, %s", mode, boot) :
			     xasprintf("module.sig_enforce, %s", boot);

	if (!loaded && !fs_there(facts->root, "/proc/modules")) {
		doctor_say(f, DOCTOR_FAIL,
			   "this kernel takes no modules at all: it lacks CONFIG_MODULES");
	} else if (!loaded && fs_number(facts->root, 0, "/proc/sys/kernel/modules_disabled")) {
		doctor_say(f, DOCTOR_FAIL,
			   "kernel.modules_disabled is set: no module is taken until the next boot");
		doctor_type(f, "grep -r modules_disabled /etc/sysctl.conf /etc/sysctl.d");
		doctor_type(f, "reboot");
	} else if (!loaded && (locked || *enforce == 'Y')) {
		explain_unsigned(facts, f, why);
	} else if (!strcmp(mode, "confidentiality")) {
		doctor_say(f, DOCTOR_WARN,
			   "%s: tracepoints and what IOMMU drivers send cannot be counted", why);
		if (is_secure_boot(facts))
			doctor_type(f, "mokutil --disable-validation && reboot");
	} else {
		doctor_say(f, DOCTOR_OK, "lockdown is %s, %s", mode, boot);
	}
	free(why);
	free(enforce);
	free(mode);
}

void doctor_headers(const struct doctor_facts *facts, struct doctor_finding *f)
{
	const char *kernel = facts->topo.kernel;
	char *path = installed(facts);

	if (is_loaded(facts) || path) {
		doctor_say(f, DOCTOR_OK, "not needed: the module is %s",
			   is_loaded(facts) ? "loaded" : "installed");
	} else if (fs_there(facts->root, "/lib/modules/%s/build/Makefile", kernel)) {
		doctor_say(f, DOCTOR_OK, "those of %s are there", kernel);
	} else {
		doctor_say(f, DOCTOR_FAIL,
			   "there is no /lib/modules/%s/build to build the module with", kernel);
		doctor_type_install(facts, f, "headers");
	}
	free(path);
}

void doctor_module(const struct doctor_facts *facts, struct doctor_finding *f)
{
	char *path = installed(facts);

	if (!is_loaded(facts) && path) {
		doctor_say(f, DOCTOR_FAIL, "%s is installed, but not loaded", DEVICE_DRIVER);
		doctor_type(f, "modprobe %s", DEVICE_DRIVER);
	} else if (!is_loaded(facts)) {
		doctor_say(f, DOCTOR_FAIL,
			   "%s is not installed for this kernel: build it where iommubench's sources are",
			   DEVICE_DRIVER);
		doctor_type(f, "make module && insmod build/module/%s.ko", DEVICE_DRIVER);
	} else if (facts->abi == DOCTOR_ABI_OTHER) {
		doctor_say(f, DOCTOR_FAIL, "%s is loaded, but %s", DEVICE_DRIVER,
			   facts->abi_error.text);
		doctor_type(f, "make && make module && make install install-module");
		doctor_type(f, "rmmod %s && modprobe %s", DEVICE_DRIVER, DEVICE_DRIVER);
	} else if (facts->abi == DOCTOR_ABI_CLOSED) {
		doctor_say(f, DOCTOR_FAIL, "%s is loaded, but cannot be asked for its ABI: %s",
			   DEVICE_DRIVER, facts->abi_error.text);
		if (!facts->is_root)
			doctor_type(f, "sudo iommubench doctor");
	} else if (facts->abi == DOCTOR_ABI_SAME) {
		doctor_say(f, DOCTOR_OK, "%s is loaded and speaks ABI %d, as this tool does",
			   DEVICE_DRIVER, IOMMUBENCH_ABI_VERSION);
	} else {
		doctor_say(f, DOCTOR_OK,
			   "%s is loaded; a bound device tells its ABI", DEVICE_DRIVER);
	}
	free(path);
}
